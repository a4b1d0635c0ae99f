//! The whole check: bytes in, verdicts out. `cargo bench --bench check`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)]

use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use data::{Data, Kind};
use tamis::{
    dictionary::{Dictionary, Tolerance},
    policy::Policy,
    snapshot::{Context, Message, Options, Scratch, Snapshot},
};

mod data;

/// A snapshot of one dictionary with these terms and the policy of a house that has written none.
fn snapshot(terms: &[String], tolerance: Tolerance) -> Snapshot {
    let list = terms.join("\n");
    let name = "bench".parse().unwrap();
    let (dictionary, _) = Dictionary::from_terms(name, [("terms", list.as_str())], tolerance).unwrap();
    let policy = Policy::plain([dictionary.name.clone()]);
    Snapshot::build(vec![Arc::new(dictionary)], vec![Arc::new(policy)]).unwrap()
}

fn bench_check(c: &mut Criterion) {
    let mut group = c.benchmark_group("check");
    for tolerance in [Tolerance::Folded, Tolerance::Standard] {
        let made = [
            Data::made(Kind::Chinese, 1_000),
            Data::made(Kind::Chinese, 10_000),
            Data::made(Kind::English, 10_000),
        ];
        for data in made.into_iter().chain(Data::real()) {
            let snapshot = snapshot(&data.terms, tolerance);
            let judge = snapshot.judge(&"default".parse().unwrap()).unwrap();
            let (context, options, mut scratch) = (Context::default(), Options::default(), Scratch::default());
            let mut check = || {
                let mut matches = 0;
                for text in &data.messages {
                    let message = Message {
                        text: text.as_bytes(),
                        ..Message::default()
                    };
                    let verdict = judge.check(&message, &context, &options, &mut scratch).unwrap();
                    matches += verdict.triggers.iter().map(|t| t.matches.len() as u64).sum::<u64>();
                }
                matches
            };
            data.expect(check());
            group.throughput(Throughput::Bytes(data.bytes()));
            group.bench_function(BenchmarkId::new(tolerance.as_str(), &data.name), |b| b.iter(&mut check));
        }
    }
    group.finish();
}

criterion_group!(benches, bench_check);
criterion_main!(benches);
