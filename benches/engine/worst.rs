//! Texts and terms made to hurt: what a byte costs at the worst, and whether longer messages cost more a byte.

use std::time::{Duration, Instant};

use serde::Serialize;
use tamis::{
    contest::{Contestant, Matcher, Patterns, Ready, Rival, Tally, Timing, check_single, medians},
    dictionary::Tolerance,
    snapshot::{Scratch, Snapshot},
};

use crate::{common::random::Random, sets::dictionary, speed::snapshot};

/// A message at the limit, and one far below it.
const LENGTHS: [usize; 2] = [64 * 1024, 1024];
/// So much text is timed for either length.
const BYTES: usize = 512 * 1024;

/// Terms, and a text that repeats.
struct Case {
    name: &'static str,
    terms: Vec<String>,
    text: String,
}

#[derive(Debug, Serialize)]
struct Line {
    name: String,
    /// For messages of 64 KiB and of 1 KiB.
    ns_per_byte: [f64; 2],
}

#[derive(Debug, Serialize)]
pub(crate) struct Report {
    name: &'static str,
    terms: usize,
    matches_per_byte: f64,
    lines: Vec<Line>,
}

impl Report {
    fn print(&self) {
        println!(
            "\nworst case: {}, {} terms, {:.2} matches a byte",
            self.name, self.terms, self.matches_per_byte
        );
        for line in &self.lines {
            let [long, short] = line.ns_per_byte;
            println!(
                "  {:<38}{long:>9.2} ns a byte at 64 KiB{short:>9.2} at 1 KiB  ({:.2} times)",
                line.name,
                long / short
            );
        }
    }
}

/// Hanzi that fold to themselves and mean nothing together.
const HANZI: &str = "天地人山水火木石田土日月星云雨雪风花草鸟鱼虫马牛羊门窗车船米豆瓜";

fn cases() -> Vec<Case> {
    let hanzi: Vec<char> = HANZI.chars().collect();
    let same = |n: usize| "天".repeat(n);
    let two = |n: usize| "天地".repeat(n / 2);
    // Ends that the text does not hold.
    let ends: Vec<char> = ('\u{5200}'..'\u{5600}').step_by(3).collect();
    let pairs = || hanzi.iter().flat_map(|a| hanzi.iter().map(move |b| format!("{a}{b}")));
    let mut random = Random(5);
    let any: String = (0..8_192).map(|_| hanzi[random.below(hanzi.len())]).collect();
    vec![
        Case {
            name: "long common prefix, one symbol repeated",
            terms: ends.iter().map(|end| format!("{}{end}", same(31))).collect(),
            text: same(512),
        },
        Case {
            name: "long common prefix, two symbols by turns",
            terms: ends.iter().map(|end| format!("{}{end}", two(30))).collect(),
            text: two(512),
        },
        Case {
            name: "long common suffix, two symbols by turns",
            terms: ends.iter().map(|end| format!("{end}{}", two(30))).collect(),
            text: two(512),
        },
        Case {
            name: "every stretch of 2 to 64 symbols is a term",
            terms: (2..=64).map(same).collect(),
            text: same(512),
        },
        Case {
            name: "every second stretch of 2 to 64 symbols is a term, the text sets them apart",
            terms: (1..=32).map(|n| two(2 * n)).collect(),
            text: "天-地-".repeat(128),
        },
        Case {
            name: "every pair is a term",
            terms: pairs().collect(),
            text: any.clone(),
        },
        Case {
            name: "every pair begins a term, none ends",
            terms: pairs()
                .zip(ends.iter().cycle())
                .map(|(pair, end)| format!("{pair}{end}"))
                .collect(),
            text: any,
        },
    ]
}

/// Times every case, and prints each as it is done: some take long.
pub(crate) fn measure(rounds: usize) -> Vec<Report> {
    let printed = |case| {
        let report = one(case, rounds);
        report.print();
        report
    };
    cases().into_iter().map(printed).collect()
}

/// Whole messages of about `length` bytes, [`BYTES`] in all.
fn messages(text: &str, length: usize) -> Vec<String> {
    let message: String = text.chars().cycle().take(length / 3).collect();
    vec![message; BYTES / length]
}

fn one(mut case: Case, rounds: usize) -> Report {
    case.terms.sort();
    case.terms.dedup();
    let folded = dictionary(&case.terms, Tolerance::Folded);
    let patterns = Patterns::of(&folded);
    // Folded, so that the rivals look for what we look for.
    let terms: Vec<String> = patterns.symbols.iter().map(|p| p.iter().collect()).collect();
    let standard = snapshot(dictionary(&case.terms, Tolerance::Standard));
    let snapshots = [
        ("whole check, folded", snapshot(folded)),
        ("whole check, standard", standard),
    ];
    let mut rivals = Rival::all(&terms, Duration::ZERO).expect("rivals");
    #[cfg(feature = "hyperscan")]
    rivals.push(Rival::new("hyperscan", crate::hyperscan::build, &terms, Duration::ZERO).expect("Hyperscan"));
    rivals.retain(|rival| !rival.name.contains("no-prefilter"));
    let mut found = 0;
    let columns = LENGTHS.map(|length| {
        let texts = messages(&case.text, length);
        let messages: Vec<&str> = texts.iter().map(String::as_str).collect();
        found = proven(case.name, &patterns, &rivals, &messages);
        let bytes = texts.iter().map(String::len).sum();
        timed(contestants(&patterns, &snapshots, &rivals, &messages), rounds, bytes)
    });
    let lines = columns[0]
        .iter()
        .zip(&columns[1])
        .map(|((name, long), (_, short))| Line {
            name: name.clone(),
            ns_per_byte: [*long, *short],
        });
    Report {
        name: case.name,
        terms: patterns.symbols.len(),
        matches_per_byte: found as f64 / BYTES as f64,
        lines: lines.collect(),
    }
}

/// How many matches there are; panics where a rival finds more or fewer.
fn proven(case: &str, patterns: &Patterns, rivals: &[Rival], messages: &[&str]) -> u64 {
    let ready = Ready::of(messages);
    let mut matcher = Matcher::new(patterns).expect("our engine");
    let mut tally = Tally::default();
    for (at, message) in messages.iter().enumerate() {
        matcher.single(message, |found| tally.add(at, found));
    }
    for rival in rivals {
        assert_eq!(rival.search.tally(patterns, &ready), tally, "{case}: {}", rival.name);
    }
    tally.matches
}

fn contestants<'a>(
    patterns: &'a Patterns,
    snapshots: &'a [(&'static str, Snapshot)],
    rivals: &'a [Rival],
    messages: &'a [&'a str],
) -> Vec<(String, Contestant<'a>)> {
    let mut matcher = Matcher::new(patterns).expect("our engine");
    let mut all: Vec<(String, Contestant<'a>)> = vec![(
        "fold+match, ours".to_owned(),
        Box::new(move || {
            let mut hits = 0;
            for message in messages {
                matcher.single(message, |_| hits += 1);
            }
            hits
        }),
    )];
    let name = "default".parse().expect("a name");
    for (label, snapshot) in snapshots {
        let judge = snapshot.judge(&name).expect("its policy");
        let mut scratch = Scratch::default();
        all.push((
            (*label).to_owned(),
            Box::new(move || check_single(judge, messages, &mut scratch)),
        ));
    }
    for rival in rivals {
        let count = move || messages.iter().map(|message| rival.count(message)).sum();
        all.push((rival.name.to_owned(), Box::new(count)));
    }
    all
}

/// Nanoseconds a byte of each run; only one round where a single run takes seconds, as it may at the worst.
fn timed(runs: Vec<(String, Contestant<'_>)>, rounds: usize, bytes: usize) -> Vec<(String, f64)> {
    let (names, mut contestants): (Vec<_>, Vec<_>) = runs.into_iter().unzip();
    let began = Instant::now();
    let times: Vec<Timing> = medians(&mut contestants, rounds.min(1), || {});
    let times = if began.elapsed() < Duration::from_secs(5) && rounds > 1 {
        medians(&mut contestants, rounds, || {})
    } else {
        times
    };
    let per_byte = |time: Timing| time.median.as_secs_f64() * 1e9 / bytes as f64;
    names.into_iter().zip(times.into_iter().map(per_byte)).collect()
}
