//! `tamis bench`: how fast on my terms and my text, stage by stage, one thread, against the usual automata.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::Serialize;

use super::{
    Failure, Format, Outcome,
    progress::{Progress, thousands},
};
use crate::{
    config::limits::MAX_TEXT_BYTES,
    contest::{BATCH, Contestant, Matcher, Patterns, ROUNDS, Ready, Rival, Tally, built, check_batch, medians},
    dictionary::{Dictionary, Tolerance},
    identity::Name,
    matching::EngineKind,
    policy::Policy,
    simd::Level,
    snapshot::{Judge, Scratch, Snapshot},
    text::{Folded, fold},
};

const EXAMPLES: &str = "\
Examples:
  tamis bench --terms words.txt --text chat.txt              the house alone
  tamis bench --terms words.txt --text chat.txt --rivals     and daachorse and aho-corasick beside it

Both files hold one entry a line. All numbers are medians of interleaved rounds on one thread, in the
time that it has the processor; builds are timed on the wall. A batch is 256 messages; 1 MB is 10^6
bytes. The rivals match the raw text, each in its better of one call a message and one call over all.
That they find the same as the house is proven beforehand, on the folded text and under the same word
boundaries; where it does not hold, the exit code is 1. TAMIS_SIMD=scalar or avx2 confines the house to
narrower vectors than the machine has.";

/// A build of seconds is not noisy enough to be worth minutes.
const ENOUGH: Duration = Duration::from_secs(10);

/// The flags of `tamis bench`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Terms, one a line.
    #[arg(long, value_name = "FILE")]
    terms: PathBuf,

    /// Messages, one a line.
    #[arg(long, value_name = "FILE")]
    text: PathBuf,

    /// How far evasions are followed: exact, folded, standard, aggressive.
    #[arg(long, value_name = "LEVEL", default_value = "standard", value_parser = super::levels::tolerance())]
    tolerance: Tolerance,

    /// The engine of the house: see `engine` in `tamis config --default`.
    #[arg(long, value_name = "ENGINE", value_enum, default_value_t)]
    engine: EngineKind,

    /// Measure daachorse and aho-corasick too.
    #[arg(long)]
    rivals: bool,

    /// A table for people, or JSON.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Everything measured.
#[derive(Debug, Serialize)]
struct Report {
    /// The vector instructions in use, as `TAMIS_SIMD` names them.
    simd: &'static str,
    engine: EngineKind,
    terms: usize,
    messages: usize,
    bytes: usize,
    matches: u64,
    matches_equal: bool,
    build_ms: f64,
    heap_bytes: usize,
    fold: Throughput,
    match_only_batch: Speed,
    fold_and_match_batch: Speed,
    fold_and_match_single: Speed,
    check_batch: Speed,
    rivals: Vec<RivalSpeed>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Throughput {
    mb_per_s: f64,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Speed {
    mb_per_s: f64,
    ns_per_message: f64,
}

#[derive(Debug, Serialize)]
struct RivalSpeed {
    name: &'static str,
    mb_per_s: f64,
    build_ms: f64,
}

/// The messages, as one text with line feeds between them, as the rivals' concatenated calls want it.
struct Corpus {
    text: String,
    messages: usize,
    bytes: usize,
}

impl Corpus {
    fn read(path: &Path) -> Result<Self, Failure> {
        let named = |cause: &dyn std::fmt::Display| Failure::usage(format_args!("{}: {cause}", path.display()));
        let text = String::from_utf8(fs::read(path).map_err(|e| named(&e))?).map_err(|e| {
            let valid = String::from_utf8_lossy(&e.as_bytes()[..e.utf8_error().valid_up_to()]).into_owned();
            let line = valid.matches('\n').count() + 1;
            named(&format_args!("line {line} is not UTF-8; convert or remove it"))
        })?;
        let (mut messages, mut bytes) = (0, 0);
        for message in text.lines() {
            messages += 1;
            bytes += message.len();
            if message.len() > MAX_TEXT_BYTES {
                let length = message.len();
                return Err(named(&format_args!(
                    "line {messages} has {length} bytes, over the limit of {MAX_TEXT_BYTES} for a message; split or remove it"
                )));
            }
        }
        if bytes == 0 {
            return Err(named(&"holds no text; give a file with one message a line"));
        }
        Ok(Self { text, messages, bytes })
    }

    fn messages(&self) -> Vec<&str> {
        self.text.lines().collect()
    }

    fn throughput(&self, time: Duration) -> f64 {
        rounded(as_f64(self.bytes) / 1e6 / time.as_secs_f64())
    }

    fn speed(&self, time: Duration) -> Speed {
        Speed {
            mb_per_s: self.throughput(time),
            ns_per_message: rounded(time.as_secs_f64() * 1e9 / as_f64(self.messages)),
        }
    }
}

/// Measures, and prints the report.
pub fn run(args: &Args) -> Outcome {
    let corpus = Corpus::read(&args.text)?;
    let bytes = fs::read(&args.terms).map_err(|e| Failure::usage(format_args!("{}: {e}", args.terms.display())))?;
    let file = args.terms.display().to_string();
    let name: Name = "terms".parse().map_err(Failure::work)?;
    let (dictionary, _) =
        Dictionary::from_terms(name, [(file.as_str(), &bytes)], args.tolerance).map_err(Failure::usage)?;
    let rivals = if args.rivals {
        let terms: Vec<String> = dictionary.terms.iter().map(|term| term.text.to_owned()).collect();
        Rival::all(&terms, ENOUGH).map_err(Failure::work)?
    } else {
        Vec::new()
    };
    let report = measure(args.engine, &corpus, &Arc::new(dictionary), &rivals)?;
    print(&report, args.format)?;
    if report.matches_equal {
        Ok(())
    } else {
        Err(Failure::work(
            "the contestants do not find the same matches: the numbers above compare nothing",
        ))
    }
}

fn measure(
    engine: EngineKind,
    corpus: &Corpus,
    dictionary: &Arc<Dictionary>,
    rivals: &[Rival],
) -> Result<Report, Failure> {
    let policy = Arc::new(Policy::plain(vec![dictionary.name.clone()]));
    let name = policy.name.clone();
    let compile = || Snapshot::build_with(engine, vec![Arc::clone(dictionary)], vec![Arc::clone(&policy)]);
    let (snapshot, build_time) = built(ENOUGH, compile).map_err(Failure::usage)?;
    let judge = snapshot
        .judge(&name)
        .ok_or_else(|| Failure::work("the policy is not in its own snapshot"))?;
    let patterns = Patterns::of(dictionary);
    let messages = corpus.messages();
    let ready = Ready::of(&messages);
    let matcher = || Matcher::with_engine(engine, &patterns).map_err(Failure::work);
    let (tally, equal) = compared(matcher()?, &messages, &patterns, &ready, rivals)?;

    let matchers = [matcher()?, matcher()?, matcher()?];
    let times = timed(corpus, &messages, matchers, &ready, judge, rivals);
    let (ours, theirs) = times.split_at(5);
    Ok(Report {
        simd: Level::current().as_str(),
        engine,
        terms: dictionary.terms.len(),
        messages: corpus.messages,
        bytes: corpus.bytes,
        matches: tally.matches,
        matches_equal: equal,
        build_ms: milliseconds(build_time),
        heap_bytes: snapshot.heap_bytes(),
        fold: Throughput {
            mb_per_s: corpus.throughput(ours[0]),
        },
        match_only_batch: corpus.speed(ours[1]),
        fold_and_match_batch: corpus.speed(ours[2]),
        fold_and_match_single: corpus.speed(ours[3]),
        check_batch: corpus.speed(ours[4]),
        rivals: rivals
            .iter()
            .zip(theirs.chunks_exact(2))
            .map(|(rival, times)| RivalSpeed {
                name: rival.name,
                mb_per_s: corpus.throughput(times[0].min(times[1])),
                build_ms: milliseconds(rival.build_time),
            })
            .collect(),
    })
}

/// What is found, and whether every way of ours that is timed, and every rival, finds just that.
fn compared(
    mut matcher: Matcher<'_>,
    messages: &[&str],
    patterns: &Patterns,
    ready: &Ready,
    rivals: &[Rival],
) -> Result<(Tally, bool), Failure> {
    let [mut tally, mut batch, mut single] = [Tally::default(); 3];
    matcher.ready(ready, |message, found| tally.add(message, found));
    for (i, messages) in messages.chunks(BATCH).enumerate() {
        matcher.batch(messages, |message, found| batch.add(i * BATCH + message, found));
    }
    for (i, message) in messages.iter().enumerate() {
        matcher.single(message, |found| single.add(i, found));
    }
    let mut equal = batch == tally && single == tally;
    for rival in rivals {
        equal &= rival.tally(patterns, ready).map_err(Failure::work)? == tally;
    }
    Ok((tally, equal))
}

/// The median times: fold, match only, fold and match in batches and one at a time, check; then two for each rival.
fn timed(
    corpus: &Corpus,
    messages: &[&str],
    [mut matching, mut batch, mut single]: [Matcher<'_>; 3],
    ready: &Ready,
    judge: Judge<'_>,
    rivals: &[Rival],
) -> Vec<Duration> {
    let mut folded = Folded::default();
    let mut scratch = Scratch::default();
    let mut contestants: Vec<Contestant<'_>> = vec![
        Box::new(|| {
            let fold = |message: &&str| {
                fold(message, &mut folded);
                folded.symbols().len() as u64
            };
            messages.iter().map(fold).sum()
        }),
        Box::new(|| {
            let mut matches = 0;
            matching.ready(ready, |_, _| matches += 1);
            matches
        }),
        Box::new(|| {
            let mut matches = 0;
            for messages in messages.chunks(BATCH) {
                batch.batch(messages, |_, _| matches += 1);
            }
            matches
        }),
        Box::new(|| {
            let mut matches = 0;
            for message in messages {
                single.single(message, |_| matches += 1);
            }
            matches
        }),
        Box::new(|| check_batch(judge, messages, &mut scratch)),
    ];
    for rival in rivals {
        contestants.push(Box::new(|| messages.iter().map(|message| rival.count(message)).sum()));
        contestants.push(Box::new(|| rival.count(&corpus.text)));
    }
    let mut progress = Progress::beside_output();
    let runs = contestants.len() * (ROUNDS + 1);
    let mut done = 0;
    let times = medians(&mut contestants, ROUNDS, || {
        done += 1;
        progress.tick(|_| format!("measuring: {done} of {runs} runs"));
    });
    progress.clear();
    times.into_iter().map(|time| time.median).collect()
}

fn print(report: &Report, format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if let Format::Json = format {
        serde_json::to_writer(&mut out, report)?;
        return out.write_all(b"\n");
    }
    let counts = [report.terms, report.messages, report.bytes].map(|n| thousands(n as u64));
    let [terms, messages, bytes] = counts;
    writeln!(
        out,
        "{terms} terms, {messages} messages, {bytes} bytes, {} matches",
        thousands(report.matches)
    )?;
    let heap = thousands(report.heap_bytes as u64);
    writeln!(out, "built in {:.1} ms, {heap} bytes of memory", report.build_ms)?;
    writeln!(out, "engine: {}, vectors: {}\n", report.engine, report.simd)?;
    let row = |out: &mut io::StdoutLock<'_>, name: &str, mb_per_s: f64, rest: &str| {
        writeln!(out, "{name:<34}{mb_per_s:>10.1} MB/s  {rest}")
    };
    row(&mut out, "fold", report.fold.mb_per_s, "")?;
    for (name, speed) in [
        ("match only, batch", report.match_only_batch),
        ("fold and match, batch", report.fold_and_match_batch),
        ("fold and match, one at a time", report.fold_and_match_single),
        ("whole check, batch", report.check_batch),
    ] {
        let each = format!("{:.0} ns a message", speed.ns_per_message);
        row(&mut out, name, speed.mb_per_s, &each)?;
    }
    for rival in &report.rivals {
        let build = format!("built in {:.1} ms", rival.build_ms);
        row(&mut out, rival.name, rival.mb_per_s, &build)?;
    }
    let equal = if report.matches_equal && report.matches == 0 {
        "all find nothing, which proves little: give terms that the text holds"
    } else if report.matches_equal {
        "all find the same"
    } else {
        "THEY DO NOT FIND THE SAME"
    };
    writeln!(out, "\n{equal}")
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn rounded(n: f64) -> f64 {
    (n * 10.0).round() / 10.0
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files that were read into memory")]
fn as_f64(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn keys(value: &Value) -> BTreeSet<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn the_report_has_the_fields_that_others_build_on() {
        let terms = [("terms", "天气\nfree money\n")];
        let (dictionary, _) = Dictionary::from_terms("terms".parse().unwrap(), terms, Tolerance::Standard).unwrap();
        let corpus = Corpus {
            text: "今天天气不错\nFREE  money!\nfreemoney".into(),
            messages: 3,
            bytes: 39,
        };
        let rivals = Rival::all(&["天气".into(), "free money".into()], Duration::ZERO).unwrap();
        let report = measure(EngineKind::default(), &corpus, &Arc::new(dictionary), &rivals).unwrap();
        let json = serde_json::to_value(&report).unwrap();
        let expected = "simd engine terms messages bytes matches matches_equal build_ms heap_bytes fold match_only_batch fold_and_match_batch \
                        fold_and_match_single check_batch rivals";
        assert_eq!(keys(&json), expected.split_whitespace().collect());
        assert_eq!((&json["matches"], &json["matches_equal"]), (&2.into(), &true.into()));
        assert_eq!(keys(&json["fold"]), BTreeSet::from(["mb_per_s"]));
        for speed in [
            "match_only_batch",
            "fold_and_match_batch",
            "fold_and_match_single",
            "check_batch",
        ] {
            assert_eq!(
                keys(&json[speed]),
                BTreeSet::from(["mb_per_s", "ns_per_message"]),
                "{speed}"
            );
        }
        assert_eq!(
            keys(&json["rivals"][0]),
            BTreeSet::from(["name", "mb_per_s", "build_ms"])
        );
        assert_eq!(json["rivals"][0]["name"], "daachorse-charwise");
    }
}
