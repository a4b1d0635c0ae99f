//! Matching alone: ready symbols in, occurrences out. `cargo bench --bench match`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use data::{Data, Kind};
use tamis::{
    matching::{Automaton, Engine, Stream},
    text::{Folded, fold},
};

mod data;

/// The text's symbols as engines scan them.
fn symbols(text: &str) -> Vec<char> {
    let mut folded = Folded::default();
    fold(text, &mut folded);
    Stream::default().read(&folded).0.to_vec()
}

fn bench_match(c: &mut Criterion) {
    let made = [
        Data::made(Kind::Chinese, 1_000),
        Data::made(Kind::Chinese, 10_000),
        Data::made(Kind::English, 10_000),
    ];
    let mut group = c.benchmark_group("match");
    for data in made.into_iter().chain(Data::real()) {
        let mut patterns: Vec<_> = data
            .terms
            .iter()
            .map(|term| symbols(term))
            .filter(|p| !p.is_empty())
            .collect();
        patterns.sort();
        patterns.dedup();
        let engine = Automaton::new(&patterns).unwrap();
        let messages: Vec<_> = data.messages.iter().map(|message| symbols(message)).collect();
        let mut found = Vec::new();
        let mut scan = || {
            let mut matches = 0;
            for message in &messages {
                found.clear();
                engine.scan(message, &mut found);
                matches += found.len() as u64;
            }
            matches
        };
        data.expect(scan());
        group.throughput(Throughput::Bytes(data.bytes()));
        group.bench_function(BenchmarkId::from_parameter(&data.name), |b| b.iter(&mut scan));
    }
    group.finish();
}

criterion_group!(benches, bench_match);
criterion_main!(benches);
