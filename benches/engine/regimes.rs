//! Small lists: from how many terms on which engine is the fastest, on text as chat has it.
//!
//! Ours with the sieve and with daachorse's automaton over symbols, both behind the fold, as a snapshot can have either; and
//! aho-corasick over the raw bytes, which folds nothing: all occurrences, and by its Teddy, which skips those that overlap.

use aho_corasick::{AhoCorasick, MatchKind};
use tamis::{
    contest::{BATCH, Contestant, Matcher, Patterns, Ready, Tally, check_batch, medians},
    dictionary::Tolerance,
    matching::EngineKind,
    policy::Policy,
    snapshot::{Scratch, Snapshot},
};

use crate::{
    sets::{Set, Text},
    words::Words,
};

const COUNTS: [usize; 4] = [1, 10, 100, 1_000];
const ENGINES: [EngineKind; 2] = [EngineKind::Sieve, EngineKind::Daachorse];

/// Proves, times and prints every size of list for one language; no rounds means that the proof is all.
pub(crate) fn measure(language: &str, text: &Text, words: &Words, rounds: usize) {
    for count in COUNTS {
        one(&format!("{language}, {count} terms"), count, text, words, rounds);
    }
}

fn one(name: &str, count: usize, text: &Text, words: &Words, rounds: usize) {
    let set = Set::choose(name, count, 0.02, 0.005, text, &[words]);
    let messages: Vec<&str> = text.messages.iter().map(String::as_str).collect();
    let whole = messages.join("\n");
    let dictionary = set.dictionary(Tolerance::Standard);
    let patterns = Patterns::of(&dictionary);
    let engines = ENGINES.map(|engine| (engine, snapshot(engine, &set)));
    let kind = |kind| {
        AhoCorasick::builder()
            .match_kind(kind)
            .build(&set.terms)
            .expect("terms")
    };
    let (all, teddy) = (kind(MatchKind::Standard), kind(MatchKind::LeftmostFirst));
    let found = proven(&patterns, &messages);
    let hit = |search: &AhoCorasick| messages.iter().filter(|message| search.is_match(message)).count();
    assert_eq!(hit(&all), hit(&teddy), "{name}");

    let overlapping = |text: &str| all.find_overlapping_iter(text).count() as u64;
    let leftmost = |text: &str| teddy.find_iter(text).count() as u64;
    let each = |count: &dyn Fn(&str) -> u64| messages.iter().map(|message| count(message)).sum::<u64>();
    let policy = "default".parse().expect("a name");
    let mut runs: Vec<(String, Contestant<'_>)> = Vec::new();
    for (engine, snapshot) in &engines {
        let matcher = || Matcher::with_engine(*engine, &patterns).expect("an engine");
        let (mut ready, mut batch, mut single, mut scratch) = (matcher(), matcher(), matcher(), Scratch::default());
        let symbols = Ready::of(&messages);
        let messages = &messages;
        let in_batches = move || {
            let mut hits = 0;
            for messages in messages.chunks(BATCH) {
                batch.batch(messages, |_, _| hits += 1);
            }
            hits
        };
        let one_by_one = move || {
            let mut hits = 0;
            for message in messages {
                single.single(message, |_| hits += 1);
            }
            hits
        };
        let judge = snapshot.judge(&policy).expect("its policy");
        let over_symbols = move || {
            let mut hits = 0;
            ready.ready(&symbols, |_, _| hits += 1);
            hits
        };
        runs.push((format!("{engine}, match only"), Box::new(over_symbols)));
        runs.push((format!("{engine}, fold+match, batch"), Box::new(in_batches)));
        runs.push((format!("{engine}, fold+match, single"), Box::new(one_by_one)));
        let check = move || check_batch(judge, messages, &mut scratch);
        runs.push((format!("{engine}, check at standard, batch"), Box::new(check)));
    }
    runs.push(("aho-corasick, raw, single".to_owned(), Box::new(|| each(&overlapping))));
    runs.push(("aho-corasick, raw, whole".to_owned(), Box::new(|| overlapping(&whole))));
    runs.push((
        "aho-corasick, leftmost, raw, single".to_owned(),
        Box::new(|| each(&leftmost)),
    ));
    runs.push((
        "aho-corasick, leftmost, raw, whole".to_owned(),
        Box::new(|| leftmost(&whole)),
    ));

    println!(
        "\n{name}: {found} matches in {} messages, {} bytes",
        messages.len(),
        text.bytes()
    );
    if rounds == 0 {
        return;
    }
    let (labels, mut contestants): (Vec<_>, Vec<_>) = runs.into_iter().unzip();
    for (label, time) in labels.iter().zip(medians(&mut contestants, rounds, || {})) {
        let nanoseconds = time.median.as_secs_f64() * 1e9;
        println!(
            "  {label:<38}{:>8.0} MB/s{:>9.0} ns a message",
            text.bytes() as f64 * 1e3 / nanoseconds,
            nanoseconds / messages.len() as f64
        );
    }
}

/// How many matches there are; panics where the engines find other ones, alone or in batches.
fn proven(patterns: &Patterns, messages: &[&str]) -> u64 {
    let [sieve, daachorse] = ENGINES.map(|engine| {
        let mut matcher = Matcher::with_engine(engine, patterns).expect("an engine");
        let [mut single, mut batch] = [Tally::default(); 2];
        for (at, message) in messages.iter().enumerate() {
            matcher.single(message, |found| single.add(at, found));
        }
        for (i, messages) in messages.chunks(BATCH).enumerate() {
            matcher.batch(messages, |message, found| batch.add(i * BATCH + message, found));
        }
        assert_eq!(single, batch, "{engine}");
        single
    });
    assert_eq!(sieve, daachorse, "the engines");
    sieve.matches
}

fn snapshot(engine: EngineKind, set: &Set) -> Snapshot {
    let dictionary = set.dictionary(Tolerance::Standard);
    let policy = Policy::plain([dictionary.name.clone()]);
    Snapshot::build_with(engine, vec![dictionary.into()], vec![policy.into()]).expect("a sound dictionary")
}
