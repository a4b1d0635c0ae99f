//! How fast the fold is, against what it could be compared with: `cargo bench --no-default-features --bench fold -- --corpora DIR`.
//!
//! DIR holds text files, one message a line, Chinese ones named `zh*` and English ones `en*`. Without it a small text is
//! generated, good for a smoke test only. Every line is the median of nine rounds over all messages, one call a message
//! where not said otherwise; the rounds of all contenders take turns. Nothing is timed whose work was not checked first.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::too_many_lines,
    reason = "a program, not an interface"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use icu_normalizer::ComposingNormalizer;
use tamis::text::{Folded, VERSION, append_bytes, fold, table_bytes};
use unicode_normalization::UnicodeNormalization as _;

use common::{
    bare::Bare,
    corpora::{read, turns},
};

mod common;

const ROUNDS: usize = 9;
/// So much of each kind of text: larger than the caches, small enough for a minute in all.
const LIMIT: usize = 6 << 20;
/// Messages a batch, as a server would lay side by side.
const BATCH: usize = 64;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let corpora = args
        .iter()
        .position(|arg| arg == "--corpora")
        .and_then(|at| args.get(at + 1));
    println!(
        "{VERSION}, tables {} bytes, text {}",
        table_bytes(),
        if corpora.is_some() {
            "from --corpora"
        } else {
            "generated"
        }
    );
    let chinese = corpora.map_or_else(
        || generated("今天天氣不錯，我们去公园吧。好的！"),
        |dir| read(dir, "zh", LIMIT),
    );
    let english = corpora.map_or_else(
        || generated("Lunch at 12? See you there, don't be late."),
        |dir| read(dir, "en", LIMIT),
    );
    let mixed = turns(&chinese, &english, 60_000);
    let emoji: Vec<String> = chinese
        .iter()
        .take(60_000)
        .enumerate()
        .map(|(i, text)| with_emoji(text, i))
        .collect();
    let only = args
        .iter()
        .position(|arg| arg == "--only")
        .and_then(|at| args.get(at + 1));
    for (name, texts) in [("zh", &chinese), ("en", &english), ("mixed", &mixed), ("emoji", &emoji)] {
        if only.is_none_or(|only| only == name) {
            compare(name, texts);
        }
    }
}

fn generated(sentence: &str) -> Vec<String> {
    (0..10_000).map(|i| sentence.repeat(1 + i % 4)).collect()
}

/// Every sixth character is followed by an emoji, now and then one of several code points.
fn with_emoji(text: &str, seed: usize) -> String {
    const EMOJI: [&str; 6] = ["😂", "👍🏽", "❤️", "🔥", "👨‍👩‍👧", "🇨🇳"];
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        out.push(c);
        if (i + seed).is_multiple_of(6) {
            out.push_str(EMOJI[(i / 6 + seed) % EMOJI.len()]);
        }
    }
    out
}

/// One contender: a name, and a function over all messages that returns a count of its work.
struct Contender<'a> {
    name: &'static str,
    run: Box<dyn FnMut() -> usize + 'a>,
    seconds: Vec<f64>,
}

fn compare(corpus: &str, texts: &[String]) {
    let bytes: usize = texts.iter().map(String::len).sum();
    check(texts);
    let mut contenders = contenders(texts);
    for round in 0..=ROUNDS {
        for contender in &mut contenders {
            let start = Instant::now();
            black_box((contender.run)());
            // The first round warms caches and buffers.
            if round > 0 {
                contender.seconds.push(start.elapsed().as_secs_f64());
            }
        }
    }
    let mut report = format!("\n{corpus}: {} messages, {bytes} bytes\n", texts.len());
    for contender in &mut contenders {
        contender.seconds.sort_by(f64::total_cmp);
        let speed = |seconds: f64| bytes as f64 / 1e6 / seconds;
        let (best, worst) = (contender.seconds[0], contender.seconds[ROUNDS - 1]);
        let median = contender.seconds[ROUNDS / 2];
        let _ = writeln!(
            report,
            "  {:<44} {:>8.0} MB/s  ({:.0} to {:.0})",
            contender.name,
            speed(median),
            speed(worst),
            speed(best)
        );
    }
    let median = |name: &str| {
        contenders
            .iter()
            .find(|c| c.name.starts_with(name))
            .map_or(f64::NAN, |c| c.seconds[ROUNDS / 2])
    };
    let ours = median("fold, bytes");
    let _ = writeln!(
        report,
        "  ratios of fold, bytes: {:.2} x ICU4X NFKC, {:.2} x the bare loop",
        median("ICU4X NFKC") / ours,
        median("bare") / ours
    );
    print!("{report}");
}

/// The bare loop and the fold must agree on most messages; they cannot where characters go, join or expand.
fn check(texts: &[String]) {
    let (mut bare, mut folded) = (Bare::new(), Folded::default());
    let mut same = 0;
    for text in texts {
        let len = bare.run(text);
        fold(text, &mut folded);
        same += usize::from(*folded.symbols() == bare.out[..len]);
    }
    println!("\nthe bare loop agrees on {same} of {} messages", texts.len());
}

fn contenders(texts: &[String]) -> Vec<Contender<'_>> {
    let contender = |name, run| Contender {
        name,
        run,
        seconds: Vec::new(),
    };
    let symbols: usize = texts
        .iter()
        .map(|text| {
            let mut out = Folded::default();
            fold(text, &mut out);
            out.len()
        })
        .sum();
    let mut copy = Vec::new();
    let (mut single, mut batch, mut valid) = (Folded::default(), Folded::default(), Folded::default());
    let mut bare = Bare::new();
    let (mut icu, mut icu_checked, mut other) = (String::new(), String::new(), String::new());
    let (normalizer, normalizer_too) = (ComposingNormalizer::new_nfkc(), ComposingNormalizer::new_nfkc());
    vec![
        contender(
            "copy",
            Box::new(move || {
                texts
                    .iter()
                    .map(|text| {
                        copy.clear();
                        copy.extend_from_slice(text.as_bytes());
                        black_box(&copy).len()
                    })
                    .sum()
            }),
        ),
        contender(
            "simdutf8, validation alone",
            Box::new(|| {
                texts
                    .iter()
                    .filter(|text| simdutf8::basic::from_utf8(text.as_bytes()).is_ok())
                    .count()
            }),
        ),
        contender(
            "std, validation alone",
            Box::new(|| {
                texts
                    .iter()
                    .filter(|text| std::str::from_utf8(text.as_bytes()).is_ok())
                    .count()
            }),
        ),
        contender(
            "fold, bytes (validates)",
            Box::new(move || {
                let count = texts
                    .iter()
                    .map(|text| {
                        single.clear();
                        let _ = append_bytes(text.as_bytes(), &mut single);
                        black_box(&single).len()
                    })
                    .sum();
                assert_eq!(count, symbols);
                count
            }),
        ),
        contender(
            "fold, bytes in batches of 64 (validates)",
            Box::new(move || {
                let mut count = 0;
                for texts in texts.chunks(BATCH) {
                    batch.clear();
                    for text in texts {
                        let _ = append_bytes(text.as_bytes(), &mut batch);
                    }
                    count += black_box(&batch).len();
                }
                assert_eq!(count, symbols);
                count
            }),
        ),
        contender(
            "fold, str",
            Box::new(move || {
                texts
                    .iter()
                    .map(|text| {
                        fold(text, &mut valid);
                        black_box(&valid).len()
                    })
                    .sum()
            }),
        ),
        contender(
            "bare two-stage look-up loop, str",
            Box::new(move || {
                texts
                    .iter()
                    .map(|text| {
                        let len = bare.run(text);
                        black_box(&bare.out);
                        len
                    })
                    .sum()
            }),
        ),
        contender(
            "ICU4X NFKC into a buffer, str",
            Box::new(move || {
                texts
                    .iter()
                    .map(|text| {
                        icu.clear();
                        let _ = normalizer.normalize_to(text, &mut icu);
                        black_box(&icu).len()
                    })
                    .sum()
            }),
        ),
        contender(
            "validated by std, then ICU4X NFKC",
            Box::new(move || {
                texts
                    .iter()
                    .map(|text| {
                        icu_checked.clear();
                        let text = std::str::from_utf8(black_box(text.as_bytes())).unwrap_or("");
                        let _ = normalizer_too.normalize_to(text, &mut icu_checked);
                        black_box(&icu_checked).len()
                    })
                    .sum()
            }),
        ),
        contender(
            "unicode-normalization NFKC into a buffer, str",
            Box::new(move || {
                texts
                    .iter()
                    .map(|text| {
                        other.clear();
                        other.extend(text.nfkc());
                        black_box(&other).len()
                    })
                    .sum()
            }),
        ),
    ]
}
