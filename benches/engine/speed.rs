//! One pattern set over one text: first the proof that all find the same, then the times.

use std::{hint::black_box, sync::Arc, time::Duration};

use serde::Serialize;
use tamis::{
    contest::{BATCH, Contestant, Matcher, Patterns, Ready, Rival, Tally, Timing, check_batch, check_single, medians},
    dictionary::Tolerance,
    policy::Policy,
    snapshot::{Scratch, Snapshot},
    text::{Folded, append},
};

use crate::{
    pipelines::{self, Pipeline},
    sets::{Set, Text},
};

/// What a line measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    Limit,
    Fold,
    Match,
    FoldMatchBatch,
    FoldMatchSingle,
    CheckFoldedBatch,
    CheckFoldedSingle,
    CheckStandardBatch,
    CheckStandardSingle,
    RivalSingle,
    RivalWhole,
    PipelineSingle,
    PipelineBatch,
}

/// One contestant's result.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) stage: Stage,
    pub(crate) name: String,
    pub(crate) mb_per_s: f64,
    slowest: f64,
    fastest: f64,
    ns_per_message: f64,
}

/// Everything about one set.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) name: String,
    terms: usize,
    terms_made_up: usize,
    messages: usize,
    bytes: usize,
    /// Equal for all, at equal places.
    matches: u64,
    /// What the rivals report on the raw text that they are timed on: without boundaries, and before any folding.
    rival_matches_raw: u64,
    messages_hit: u64,
    messages_hit_at_standard: u64,
    pub(crate) lines: Vec<Line>,
}

impl Report {
    /// The best of a stage's lines.
    pub(crate) fn best(&self, stages: &[Stage]) -> Option<&Line> {
        let lines = self.lines.iter().filter(|line| stages.contains(&line.stage));
        lines.max_by(|a, b| a.mb_per_s.total_cmp(&b.mb_per_s))
    }

    pub(crate) fn print(&self) {
        println!(
            "\n{}: {} terms ({} made up), {} messages, {} bytes; {} matches in {} messages ({:.1} %), the same for all\n\
             (rivals on the raw text: {} matches; whole check at standard: {} messages)",
            self.name,
            self.terms,
            self.terms_made_up,
            self.messages,
            self.bytes,
            self.matches,
            self.messages_hit,
            self.messages_hit as f64 * 100.0 / self.messages as f64,
            self.rival_matches_raw,
            self.messages_hit_at_standard,
        );
        for line in &self.lines {
            println!(
                "  {:<22}{:<46}{:>7.0} MB/s  ({:.0} to {:.0}){:>9.0} ns a message",
                stage_name(line.stage),
                line.name,
                line.mb_per_s,
                line.slowest,
                line.fastest,
                line.ns_per_message
            );
        }
    }
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Limit => "limit",
        Stage::Fold => "fold",
        Stage::Match => "match only",
        Stage::FoldMatchBatch => "fold+match, batch",
        Stage::FoldMatchSingle => "fold+match, single",
        Stage::CheckFoldedBatch | Stage::CheckStandardBatch => "whole check, batch",
        Stage::CheckFoldedSingle | Stage::CheckStandardSingle => "whole check, single",
        Stage::RivalSingle => "raw match, single",
        Stage::RivalWhole => "raw match, whole",
        Stage::PipelineSingle => "fold, match, single",
        Stage::PipelineBatch => "fold, match, batch",
    }
}

/// All contestants of a set, built.
struct Built<'a> {
    messages: Vec<&'a str>,
    whole: String,
    ready: Ready,
    patterns: Patterns,
    rivals: Vec<Rival>,
    folded: Snapshot,
    standard: Snapshot,
}

/// The snapshot of one dictionary and the policy of a house that has written none.
pub(crate) fn snapshot(dictionary: tamis::dictionary::Dictionary) -> Snapshot {
    let policy = Policy::plain([dictionary.name.clone()]);
    Snapshot::build(vec![Arc::new(dictionary)], vec![Arc::new(policy)]).expect("a sound dictionary")
}

impl<'a> Built<'a> {
    fn new(set: &Set, text: &'a Text) -> Self {
        let messages: Vec<&str> = text.messages.iter().map(String::as_str).collect();
        let mut rivals = Rival::all(&set.terms, Duration::ZERO).expect("rivals");
        #[cfg(feature = "hyperscan")]
        rivals.push(Rival::new("hyperscan", crate::hyperscan::build, &set.terms, Duration::ZERO).expect("Hyperscan"));
        rivals.shrink_to_fit();
        let dictionary = set.dictionary(Tolerance::Folded);
        Self {
            whole: messages.join("\n"),
            ready: Ready::of(&messages),
            patterns: Patterns::of(&dictionary),
            rivals,
            folded: snapshot(dictionary),
            standard: snapshot(set.dictionary(Tolerance::Standard)),
            messages,
        }
    }

    /// Panics where any contestant finds anything else than the first rival does on the folded text.
    fn proven(&self, pipelines: &[Pipeline<'_>]) -> Tally {
        let strings: Vec<String> = self.patterns.symbols.iter().map(|p| p.iter().collect()).collect();
        let tally = self.rivals[0].search.tally(&self.patterns, &self.ready);
        assert!(tally.matches > 0, "a bench without matches proves nothing");
        for rival in &self.rivals {
            assert_eq!(rival.search.tally(&self.patterns, &self.ready), tally, "{}", rival.name);
        }
        assert!(strings.is_sorted(), "patterns stand in the order of the terms");
        let mut matcher = Matcher::new(&self.patterns).expect("our engine");
        let [mut ready, mut batch, mut single] = [Tally::default(); 3];
        matcher.ready(&self.ready, |message, found| ready.add(message, found));
        for (i, messages) in self.messages.chunks(BATCH).enumerate() {
            matcher.batch(messages, |message, found| batch.add(i * BATCH + message, found));
        }
        for (i, message) in self.messages.iter().enumerate() {
            matcher.single(message, |found| single.add(i, found));
        }
        assert_eq!((ready, batch, single), (tally, tally, tally), "ours");
        // The pipelines fold to the same symbols (`Text::new`) and ask for no boundaries.
        let on_folded = |symbols: &[char]| self.rivals[0].count(&symbols.iter().collect::<String>());
        let unbounded: u64 = self.ready.messages().map(on_folded).sum();
        for pipeline in pipelines.iter().filter(|p| p.same_fold) {
            let single: u64 = self.messages.iter().map(|message| (pipeline.count)(message)).sum();
            assert_eq!(single, unbounded, "{}", pipeline.name);
            assert_eq!((pipeline.count)(&self.whole), unbounded, "{}", pipeline.name);
        }
        tally
    }

    fn ours(&self) -> Vec<(Stage, String, Contestant<'_>)> {
        let messages = &self.messages;
        let matcher = || Matcher::new(&self.patterns).expect("our engine");
        let (mut on_ready, mut on_batches, mut on_each) = (matcher(), matcher(), matcher());
        let mut folded = Folded::default();
        let fold = move || {
            let mut symbols = 0;
            for messages in messages.chunks(BATCH) {
                folded.clear();
                for message in messages {
                    append(message, &mut folded);
                }
                symbols += black_box(&folded).len() as u64;
            }
            symbols
        };
        let ready = move || {
            let mut hits = 0;
            on_ready.ready(&self.ready, |_, _| hits += 1);
            hits
        };
        let batch = move || {
            let mut hits = 0;
            for messages in messages.chunks(BATCH) {
                on_batches.batch(messages, |_, _| hits += 1);
            }
            hits
        };
        let single = move || {
            let mut hits = 0;
            for message in messages {
                on_each.single(message, |_| hits += 1);
            }
            hits
        };
        let ours = || "ours".to_owned();
        let mut contestants: Vec<(Stage, String, Contestant<'_>)> = vec![
            (Stage::Limit, "memcpy".to_owned(), copy(self.whole.as_bytes())),
            (Stage::Fold, ours(), Box::new(fold)),
            (Stage::Match, ours(), Box::new(ready)),
            (Stage::FoldMatchBatch, ours(), Box::new(batch)),
            (Stage::FoldMatchSingle, ours(), Box::new(single)),
        ];
        contestants.extend(self.checks());
        contestants
    }

    fn checks(&self) -> Vec<(Stage, String, Contestant<'_>)> {
        let messages = &self.messages;
        let name = "default".parse().expect("a name");
        let mut contestants: Vec<(Stage, String, Contestant<'_>)> = Vec::new();
        for (snapshot, label, batch, single) in [
            (
                &self.folded,
                "ours, folded",
                Stage::CheckFoldedBatch,
                Stage::CheckFoldedSingle,
            ),
            (
                &self.standard,
                "ours, standard",
                Stage::CheckStandardBatch,
                Stage::CheckStandardSingle,
            ),
        ] {
            let judge = snapshot.judge(&name).expect("its policy");
            let (mut for_batch, mut for_single) = (Scratch::default(), Scratch::default());
            let in_batches = move || check_batch(judge, messages, &mut for_batch);
            let one_by_one = move || check_single(judge, messages, &mut for_single);
            contestants.push((batch, label.to_owned(), Box::new(in_batches)));
            contestants.push((single, label.to_owned(), Box::new(one_by_one)));
        }
        contestants
    }

    fn theirs<'b>(&'b self, pipelines: &'b [Pipeline<'b>]) -> Vec<(Stage, String, Contestant<'b>)> {
        let mut contestants: Vec<(Stage, String, Contestant<'_>)> = Vec::new();
        for rival in &self.rivals {
            contestants.push((
                Stage::RivalSingle,
                rival.name.to_owned(),
                Box::new(|| self.messages.iter().map(|message| rival.count(message)).sum()),
            ));
            contestants.push((
                Stage::RivalWhole,
                rival.name.to_owned(),
                Box::new(|| rival.count(&self.whole)),
            ));
        }
        let pieces: Vec<String> = self.messages.chunks(BATCH).map(|batch| batch.join("\n")).collect();
        for pipeline in pipelines {
            contestants.push((
                Stage::PipelineSingle,
                pipeline.name.clone(),
                Box::new(|| self.messages.iter().map(|message| (pipeline.count)(message)).sum()),
            ));
            let pieces = pieces.clone();
            contestants.push((
                Stage::PipelineBatch,
                pipeline.name.clone(),
                Box::new(move || pieces.iter().map(|piece| (pipeline.count)(piece)).sum()),
            ));
        }
        contestants
    }

    fn hit(&self, snapshot: &Snapshot) -> u64 {
        let judge = snapshot.judge(&"default".parse().expect("a name")).expect("its policy");
        check_single(judge, &self.messages, &mut Scratch::default())
    }
}

fn copy(text: &[u8]) -> Contestant<'_> {
    let mut copy = vec![0; text.len()];
    Box::new(move || {
        copy.copy_from_slice(text);
        u64::from(black_box(&copy)[0])
    })
}

/// Proves, then times; no rounds means that the proof is all.
pub(crate) fn measure(set: &Set, text: &Text, rounds: usize) -> Report {
    let built = Built::new(set, text);
    let pipelines = pipelines::all(&set.terms, &built.rivals);
    let tally = built.proven(&pipelines);
    let mut reached = vec![false; built.messages.len()];
    let mut matcher = Matcher::new(&built.patterns).expect("our engine");
    matcher.ready(&built.ready, |message, _| reached[message] = true);
    let messages_hit = reached.into_iter().filter(|&hit| hit).count() as u64;
    assert_eq!(built.hit(&built.folded), messages_hit, "the whole check at folded");

    let mut named = built.ours();
    named.extend(built.theirs(&pipelines));
    let (labels, mut contestants): (Vec<_>, Vec<_>) =
        named.into_iter().map(|(stage, name, run)| ((stage, name), run)).unzip();
    let times = if rounds == 0 {
        Vec::new()
    } else {
        medians(&mut contestants, rounds, || {})
    };
    let line = |((stage, name), time): ((Stage, String), Timing)| {
        let speed = |time: Duration| text.bytes() as f64 / 1e6 / time.as_secs_f64();
        Line {
            stage,
            name,
            mb_per_s: speed(time.median),
            slowest: speed(time.worst),
            fastest: speed(time.best),
            ns_per_message: time.median.as_secs_f64() * 1e9 / text.messages.len() as f64,
        }
    };
    Report {
        name: set.name.clone(),
        terms: set.terms.len(),
        terms_made_up: set.made_up,
        messages: text.messages.len(),
        bytes: text.bytes(),
        matches: tally.matches,
        rival_matches_raw: built.rivals[0].count(&built.whole),
        messages_hit,
        messages_hit_at_standard: built.hit(&built.standard),
        lines: labels.into_iter().zip(times).map(line).collect(),
    }
}
