//! How many instructions each stage takes, as a gate: `cargo bench --bench instructions`, and with `-- --bless` to accept what is.
//!
//! Counts come from `valgrind --tool=cachegrind` (Debian: valgrind), which needs no counters of the processor and gives the same
//! number again, whatever else the machine does. valgrind has no AVX-512, so that it is the AVX2 code that is counted, or the
//! scalar one under `TAMIS_SIMD=scalar`. Without `--bench`, as `cargo test` runs it, each stage runs once and nothing is counted.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program, not an interface"
)]

use std::{
    collections::BTreeMap,
    env, fs,
    hint::black_box,
    process::{Command, exit},
    sync::Arc,
};

use common::random::Random;
use tamis::{
    contest::{BATCH, Matcher, Patterns, Ready, check_batch, check_single},
    dictionary::{Dictionary, Tolerance},
    policy::Policy,
    snapshot::{Scratch, Snapshot},
    text::{Folded, append},
};

#[path = "../common/mod.rs"]
mod common;

const EXPECTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions/expected.txt");
/// A stage may take this share more or less before the gate closes: seeds of hash maps and allocations move it by less.
const TOLERANCE: f64 = 0.02;
/// Times that a stage is run on top of what prepares it, so that the difference stands out.
const REPEATS: u64 = 20;

/// Name, and what it does `repeats` times; without repeats it prepares only.
type Stage = (&'static str, fn(&Data, u64) -> u64);

const STAGES: [Stage; 6] = [
    ("fold", |data, repeats| {
        let mut folded = Folded::default();
        repeat(repeats, || {
            folded.clear();
            for message in &data.messages {
                append(message, &mut folded);
            }
            black_box(&folded).len() as u64
        })
    }),
    ("match only", |data, repeats| {
        let (patterns, ready) = (
            Patterns::of(&data.dictionary(Tolerance::Folded)),
            Ready::of(&data.messages()),
        );
        let mut matcher = Matcher::new(&patterns).expect("our engine");
        repeat(repeats, || {
            let mut matches = 0;
            matcher.ready(&ready, |_, _| matches += 1);
            matches
        })
    }),
    ("fold and match, batch", |data, repeats| {
        let patterns = Patterns::of(&data.dictionary(Tolerance::Folded));
        let mut matcher = Matcher::new(&patterns).expect("our engine");
        let messages = data.messages();
        repeat(repeats, || {
            let mut matches = 0;
            for batch in messages.chunks(BATCH) {
                matcher.batch(batch, |_, _| matches += 1);
            }
            matches
        })
    }),
    ("fold and match, single", |data, repeats| {
        let patterns = Patterns::of(&data.dictionary(Tolerance::Folded));
        let mut matcher = Matcher::new(&patterns).expect("our engine");
        let messages = data.messages();
        repeat(repeats, || {
            let mut matches = 0;
            for message in &messages {
                matcher.single(message, |_| matches += 1);
            }
            matches
        })
    }),
    ("whole check, standard, batch", |data, repeats| {
        data.check(repeats, check_batch)
    }),
    ("whole check, standard, single", |data, repeats| {
        data.check(repeats, check_single)
    }),
];

fn repeat(repeats: u64, mut run: impl FnMut() -> u64) -> u64 {
    (0..repeats).map(|_| black_box(run())).sum()
}

/// Made from a seed: 1,000 terms of 2 to 5 hanzi, 1,000 messages of 4 to 50, of which about 3 in 100 hold a term.
struct Data {
    terms: Vec<String>,
    messages: Vec<String>,
}

impl Data {
    fn new() -> Self {
        let mut random = Random(1);
        let mut folded = Folded::default();
        // Every 7th of the common ones, where it folds to itself.
        let hanzi: Vec<char> = ('\u{4e00}'..'\u{9fa5}')
            .step_by(7)
            .filter(|&c| {
                folded.clear();
                append(c.encode_utf8(&mut [0; 4]), &mut folded);
                folded.symbols() == [c]
            })
            .collect();
        let terms: Vec<String> = (0..1_000)
            .map(|_| (0..2 + random.below(4)).map(|_| *random.skewed(&hanzi)).collect())
            .collect();
        let messages = (0..1_000)
            .map(|i| {
                let mut message: String = (0..4 + random.below(47)).map(|_| *random.skewed(&hanzi)).collect();
                if i % 33 == 0 {
                    message.push_str(&terms[random.below(terms.len())]);
                }
                message
            })
            .collect();
        Self { terms, messages }
    }

    fn messages(&self) -> Vec<&str> {
        self.messages.iter().map(String::as_str).collect()
    }

    fn dictionary(&self, tolerance: Tolerance) -> Dictionary {
        let list = self.terms.join("\n");
        let name = "gate".parse().expect("a name");
        Dictionary::from_terms(name, [("terms", list.as_str())], tolerance)
            .expect("sound terms")
            .0
    }

    fn check(&self, repeats: u64, check: fn(tamis::snapshot::Judge<'_>, &[&str], &mut Scratch) -> u64) -> u64 {
        let dictionary = self.dictionary(Tolerance::Standard);
        let policy = Policy::plain([dictionary.name.clone()]);
        let snapshot = Snapshot::build(vec![Arc::new(dictionary)], vec![Arc::new(policy)]).expect("a sound dictionary");
        let judge = snapshot.judge(&"default".parse().expect("a name")).expect("its policy");
        let (messages, mut scratch) = (self.messages(), Scratch::default());
        repeat(repeats, || check(judge, &messages, &mut scratch))
    }
}

fn main() {
    let args: Vec<String> = env::args().collect();
    let value = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    if let (Some(stage), Some(repeats)) = (value("--stage"), value("--repeats")) {
        let (_, run) = STAGES.iter().find(|(name, _)| name == stage).expect("a stage");
        black_box(run(&Data::new(), repeats.parse().expect("a number")));
        return;
    }
    if !args.iter().any(|arg| arg == "--bench") {
        let data = Data::new();
        assert!(STAGES.iter().all(|(_, run)| run(&data, 1) > 0), "a stage without work");
        return;
    }
    let counts: Vec<(&str, u64)> = STAGES.iter().map(|&(name, _)| (name, counted(name))).collect();
    if args.iter().any(|arg| arg == "--bless") {
        let lines: Vec<String> = counts
            .iter()
            .map(|(name, count)| format!("{count:>12} {name}\n"))
            .collect();
        let lines = lines.concat();
        fs::write(
            EXPECTED,
            format!("# Instructions a run over 1,000 messages; {}\n{lines}", rustc()),
        )
        .expect(EXPECTED);
        print!("{lines}");
        return;
    }
    if !within(&counts) {
        exit(1);
    }
}

/// The instructions of one run: what a process with [`REPEATS`] runs takes more than one that only prepares.
fn counted(stage: &str) -> u64 {
    let of = |repeats: u64| {
        let output = Command::new("valgrind")
            .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
            .arg(env::current_exe().expect("this program"))
            .args(["--stage", stage, "--repeats", &repeats.to_string()])
            .output()
            .expect("valgrind; install it first");
        let report = String::from_utf8_lossy(&output.stderr).into_owned();
        let count = report
            .lines()
            .find_map(|line| line.split_once("refs:").map(|(_, count)| count.replace(',', "")));
        count
            .and_then(|count| count.trim().parse::<u64>().ok())
            .unwrap_or_else(|| panic!("valgrind: {report}"))
    };
    of(REPEATS).saturating_sub(of(0)) / REPEATS
}

/// Compares with what was expected, and prints both.
fn within(counts: &[(&str, u64)]) -> bool {
    let expected = fs::read_to_string(EXPECTED).expect(EXPECTED);
    let known: BTreeMap<&str, u64> = expected
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .filter_map(|(count, name)| Some((name, count.parse().ok()?)))
        .collect();
    if !expected.contains(&rustc()) {
        println!("note: {EXPECTED} was made with another compiler than {}", rustc());
    }
    let mut all = true;
    for &(name, count) in counts {
        let known = known.get(name).copied().unwrap_or_default();
        let change = count as f64 / known as f64 - 1.0;
        let held = change.abs() <= TOLERANCE;
        all &= held;
        let verdict = match (held, change > 0.0) {
            (true, _) => "as expected",
            (false, true) => "SLOWER; mend it, or accept it with --bless",
            (false, false) => "faster; record it with --bless",
        };
        println!(
            "{name:<32}{count:>12}  expected {known:>12}  {:>+7.2} %  {verdict}",
            change * 100.0
        );
    }
    all
}

fn rustc() -> String {
    let version = Command::new("rustc").arg("-V").output().expect("rustc");
    String::from_utf8_lossy(&version.stdout).trim().to_owned()
}
