//! The engine against its rivals: speed, builds, memory, worst cases, and which goals are held.
//!
//! `cargo bench --bench engine -- --corpora DIR [--quick] [--only NAME] [--json FILE]`, with `--features hyperscan` where its
//! library is installed. DIR holds text files, one message a line, Chinese ones named `zh*` and English ones `en*`; without it
//! messages are generated. NAME is a set (`zh-10k`), or `regimes`, `shipped`, `builds` or `worst`. Words come from packages of the lock
//! file that carry lists. Nothing is timed whose matches were not proven equal first. Without `--bench`, as `cargo test` runs it, it only proves.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::missing_panics_doc,
    clippy::too_many_lines,
    reason = "a program, not an interface"
)]

use std::fs;

use sets::{Set, Text};
use words::{Language, Words};

mod builds;
#[path = "../common/mod.rs"]
mod common;
mod goals;
mod heap;
#[cfg(feature = "hyperscan")]
mod hyperscan;
mod pipelines;
mod regimes;
mod sets;
mod shipped;
mod speed;
mod words;
mod worst;

/// What was asked for.
struct Args {
    corpora: Option<String>,
    only: Option<String>,
    json: Option<String>,
    rounds: usize,
    quick: bool,
    proof: bool,
}

impl Args {
    fn read() -> Self {
        let args: Vec<String> = std::env::args().collect();
        let flag = |name: &str| args.iter().any(|arg| arg == name);
        let value = |name: &str| {
            args.iter()
                .position(|arg| arg == name)
                .and_then(|at| args.get(at + 1))
                .cloned()
        };
        let (quick, proof) = (flag("--quick"), !flag("--bench"));
        Self {
            corpora: value("--corpora"),
            only: value("--only"),
            json: value("--json"),
            rounds: if proof {
                0
            } else if quick {
                3
            } else {
                tamis::contest::ROUNDS
            },
            quick,
            proof,
        }
    }

    fn wants(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == name)
    }

    /// Bytes of text of one language.
    fn limit(&self) -> usize {
        match (self.proof, self.quick) {
            (true, _) => 64 << 10,
            (_, true) => 2 << 20,
            _ => 24 << 20,
        }
    }
}

/// Name, terms, share of messages hit, and the share of messages above which a word is left out.
type Plan = (&'static str, usize, f64, f64);

/// About 2 % of messages have a hit, in one set 22 %.
const CHINESE: [Plan; 5] = [
    ("zh-1k", 1_000, 0.02, 0.002),
    ("zh-10k", 10_000, 0.02, 0.002),
    ("zh-100k", 100_000, 0.02, 0.002),
    ("zh-300k", 300_000, 0.02, 0.002),
    ("zh-10k-rich", 10_000, 0.22, 0.01),
];
const MIXED: [Plan; 2] = [("mixed-10k", 10_000, 0.02, 0.002), ("mixed-100k", 100_000, 0.02, 0.002)];
const ENGLISH: [Plan; 2] = [("en-1k", 1_000, 0.02, 0.002), ("en-10k", 10_000, 0.02, 0.002)];

fn main() {
    let args = Args::read();
    let read = if args.proof { Words::none } else { Words::read };
    let (zh, en) = (read(Language::Chinese), read(Language::English));
    println!(
        "{}, words from packages: {} Chinese, {} English; TAMIS_SIMD {}",
        tamis::text::VERSION,
        zh.real.len(),
        en.real.len(),
        std::env::var("TAMIS_SIMD").as_deref().unwrap_or("not set"),
    );
    let reports = speeds(&args, &zh, &en);
    let (mut builds, mut worst) = (Vec::new(), Vec::new());
    if args.wants("builds") {
        let counts: &[usize] = if args.proof {
            &[1_000]
        } else if args.quick {
            &[100_000]
        } else {
            &[100_000, 1_000_000]
        };
        for &count in counts {
            let report = builds::measure(count, if count > 100_000 { 1 } else { args.rounds }, &zh);
            report.print();
            builds.push(report);
        }
    }
    if args.wants("worst") && !args.proof {
        worst = worst::measure(args.rounds);
    }
    let goals = goals::outcomes(&reports, &builds);
    if !args.proof {
        goals::print(&goals);
    }
    if let Some(path) = &args.json {
        let all = serde_json::json!({ "speed": reports, "builds": builds, "worst": worst, "goals": goals });
        fs::write(path, format!("{all:#}\n")).expect("the file of --json");
    }
}

fn speeds(args: &Args, zh: &Words, en: &Words) -> Vec<speed::Report> {
    let corpus = |prefix, words| match &args.corpora {
        Some(dir) => Text::new(common::corpora::read(dir, prefix, args.limit())),
        None => Text::generated(words, args.limit()),
    };
    let (chinese, english) = (corpus("zh", zh), corpus("en", en));
    let few = if args.quick || args.proof { 4_000 } else { 40_000 };
    let mixed = Text::new(common::corpora::turns(&chinese.messages, &english.messages, few));
    let source = if args.corpora.is_some() {
        "--corpora"
    } else {
        "generated"
    };
    println!(
        "text: {source}; left out because they fold otherwise than one to one: {} of {} Chinese, {} of {} English messages",
        chinese.left_out,
        chinese.left_out + chinese.messages.len(),
        english.left_out,
        english.left_out + english.messages.len()
    );
    if args.wants("regimes") {
        regimes::measure("zh", &chinese, zh, args.rounds);
        regimes::measure("en", &english, en, args.rounds);
    }
    if args.wants("shipped") {
        for (name, text) in shipped::texts(args.corpora.as_deref(), args.limit(), &chinese) {
            shipped::measure(&name, &text, args.rounds);
        }
    }
    let mut reports = Vec::new();
    let plans: [(&[Plan], &Text, &[&Words]); 3] = [
        (&CHINESE, &chinese, &[zh]),
        (&MIXED, &mixed, &[zh, en]),
        (&ENGLISH, &english, &[en]),
    ];
    for (plans, text, words) in plans {
        for &(name, count, share, frequent) in plans {
            // A proof needs no large sets; a quick run not those that take minutes to build.
            let left_out = args.proof && count > 1_000 || args.quick && (count > 100_000 || name == "mixed-100k");
            if !args.wants(name) || left_out {
                continue;
            }
            let set = Set::choose(name, count, share, frequent, text, words);
            let report = speed::measure(&set, text, args.rounds);
            report.print();
            reports.push(report);
        }
    }
    reports
}
