//! The contestants of the house, stage by stage, on public faces only.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    dictionary::Dictionary,
    matching::{Edges, Engine, EngineError, EngineKind, Found, Sieve, SortedPatterns, Stream, squeezed},
    snapshot::{Context, Judge, Message, Options, Scratch},
    text::{Folded, append, fold},
};

/// The engine that is measured where none is named: whoever tries another one changes this line, and the default of [`EngineKind`].
pub type Ours = Sieve;

/// So many messages are folded side by side and scanned at once where a batch is measured: enough to fill vectors, few enough to
/// stay in a core's own cache, and a quarter of what a request may hold.
pub const BATCH: usize = 256;

/// The distinct folded terms, and where each may match.
#[derive(Debug)]
pub struct Patterns {
    /// What engines are built from: distinct, in order.
    pub symbols: Vec<Vec<char>>,
    /// What the ends of each ask for.
    pub edges: Vec<Edges>,
}

impl Patterns {
    /// Folds the terms of a dictionary as a snapshot does.
    pub fn of(dictionary: &Dictionary) -> Self {
        let (mut folded, mut stream) = (Folded::default(), Stream::default());
        let mut distinct = BTreeMap::new();
        for term in dictionary.terms.iter() {
            fold(term.text, &mut folded);
            let edges = Edges::new(term.mode, folded.classes());
            distinct.entry(stream.read(&folded).0.to_vec()).or_insert(edges);
        }
        let (symbols, edges) = distinct.into_iter().unzip();
        Self { symbols, edges }
    }
}

/// What was found: how many matches, and a sum over where, in which no order of finding shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All matches, overlapping ones included.
    pub matches: u64,
    checksum: u64,
}

impl Tally {
    /// Counts a match of a message; positions count the folded symbols of that message.
    pub fn add(&mut self, message: usize, found: Found) {
        self.matches += 1;
        let mut mixed = message as u64;
        for part in [found.start, found.end, found.pattern] {
            mixed = (mixed ^ u64::from(part))
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .rotate_left(29);
        }
        self.checksum = self.checksum.wrapping_add(mixed);
    }
}

/// Where in `rows`, messages laid side by side, the one stands that holds all of a match: an engine may find one across two.
/// `at` is where the last match was, so that this is cheap while matches come in order.
fn holding(rows: &[Range<u32>], at: &mut usize, found: Found) -> Option<Range<u32>> {
    if rows.get(*at).is_none_or(|row| found.start < row.start) {
        *at = rows.partition_point(|row| row.end <= found.start);
    }
    while rows.get(*at)?.end <= found.start {
        *at += 1;
    }
    let row = rows.get(*at)?.clone();
    (row.start <= found.start && found.end <= row.end).then_some(row)
}

/// All messages folded, as the engine wants to see them, laid side by side.
#[derive(Debug, Default)]
pub struct Ready {
    symbols: Vec<char>,
    /// For each symbol whether it and the next one belong to one word.
    joined: Vec<bool>,
    /// For each symbol the folded ones of its message that it stands for.
    origins: Vec<(u32, u32)>,
    rows: Vec<Range<u32>>,
}

impl Ready {
    /// Folds every message.
    pub fn of(messages: &[&str]) -> Self {
        let (mut folded, mut stream) = (Folded::default(), Stream::default());
        let mut ready = Self::default();
        for message in messages {
            fold(message, &mut folded);
            let (symbols, origins) = stream.read(&folded);
            let from = index(ready.symbols.len());
            ready.symbols.extend_from_slice(symbols);
            for i in 0..index(symbols.len()) {
                let (start, end) = origins.range(i, i + 1);
                ready.joined.push(folded.joined(message, end as usize - 1));
                ready.origins.push((start, end));
            }
            ready.rows.push(from..index(ready.symbols.len()));
            ready.symbols.push('\0');
            ready.joined.push(false);
            ready.origins.push((0, 0));
        }
        ready
    }

    /// All symbols of all messages, a border behind each.
    pub fn symbols(&self) -> &[char] {
        &self.symbols
    }

    /// The symbols of one message after the other.
    pub fn messages(&self) -> impl Iterator<Item = &[char]> {
        self.rows
            .iter()
            .map(|row| &self.symbols[row.start as usize..row.end as usize])
    }

    /// A match in the symbols of a message, where it stands as its pattern asks: its place among the folded symbols.
    pub fn verified(&self, message: usize, found: Found, edges: Edges) -> Option<Found> {
        let base = self.rows[message].start;
        self.in_row(
            base,
            Found {
                start: base + found.start,
                end: base + found.end,
                ..found
            },
            edges,
        )
    }

    fn in_row(&self, base: u32, found: Found, edges: Edges) -> Option<Found> {
        let broken = |end: u32| end > base && self.joined[end as usize - 1];
        if edges.start() && broken(found.start) || edges.end() && broken(found.end) {
            return None;
        }
        Some(Found {
            start: self.origins[found.start as usize].0,
            end: self.origins[found.end as usize - 1].1,
            pattern: found.pattern,
        })
    }
}

/// The engine with the boundaries of its patterns, and buffers that are used again and again.
#[derive(Debug)]
pub struct Matcher<'p> {
    engine: Box<dyn Engine>,
    edges: &'p [Edges],
    folded: Folded,
    stream: Stream,
    found: Vec<Found>,
    rows: Vec<Range<u32>>,
}

impl<'p> Matcher<'p> {
    /// Builds the engine of the house.
    pub fn new(patterns: &'p Patterns) -> Result<Self, EngineError> {
        Self::with_engine(EngineKind::default(), patterns)
    }

    /// Builds a chosen engine.
    pub fn with_engine(engine: EngineKind, patterns: &'p Patterns) -> Result<Self, EngineError> {
        let symbols = patterns.symbols.iter().map(Vec::len).sum();
        let mut sorted = SortedPatterns::with_room(patterns.symbols.len(), symbols);
        for pattern in &patterns.symbols {
            sorted.push(pattern);
        }
        let edges = |p: u32| patterns.edges[p as usize];
        Ok(Self {
            engine: engine.build(sorted, |p| edges(p).start(), |p| edges(p).end())?,
            edges: &patterns.edges,
            folded: Folded::default(),
            stream: Stream::default(),
            found: Vec::new(),
            rows: Vec::new(),
        })
    }

    /// The memory of the engine, in bytes.
    pub fn heap_bytes(&self) -> usize {
        self.engine.heap_bytes()
    }

    /// Finds the matches in ready symbols: one scan over all of them.
    pub fn ready(&mut self, ready: &Ready, mut hit: impl FnMut(usize, Found)) {
        self.found.clear();
        self.engine.scan_words(&ready.symbols, &mut self.found);
        let mut message = 0;
        for &found in &self.found {
            let Some(row) = holding(&ready.rows, &mut message, found) else {
                continue;
            };
            if let Some(found) = ready.in_row(row.start, found, self.edges[found.pattern as usize]) {
                hit(message, found);
            }
        }
    }

    /// Folds messages side by side and finds their matches with one scan.
    pub fn batch(&mut self, messages: &[&str], mut hit: impl FnMut(usize, Found)) {
        self.found.clear();
        self.folded.clear();
        self.rows.clear();
        for message in messages {
            let range = append(message, &mut self.folded);
            self.rows.push(index(range.start)..index(range.end));
            self.folded.end_text();
        }
        // Few messages hold white space that reads otherwise than it stands.
        let mut odd = vec![false; messages.len()];
        let mut from = 0;
        while let Some(ahead) = squeezed(&self.folded.symbols()[from..]) {
            let message = self.rows.partition_point(|row| row.end as usize <= from + ahead);
            odd[message] = true;
            from = self.rows[message].end as usize;
        }
        self.engine.scan_words(self.folded.symbols(), &mut self.found);
        let mut message = 0;
        for &found in &self.found {
            let Found { start, end, .. } = found;
            let Some(row) = holding(&self.rows, &mut message, found) else {
                continue;
            };
            if odd[message] {
                continue;
            }
            let edges = self.edges[found.pattern as usize];
            let joined = |left: u32| self.folded.joined(messages[message], left as usize);
            let broken = edges.start() && start > row.start && joined(start - 1)
                || edges.end() && end < row.end && joined(end - 1);
            if !broken {
                let (start, end) = (start - row.start, end - row.start);
                hit(message, Found { start, end, ..found });
            }
        }
        for message in (0..messages.len()).filter(|&message| odd[message]) {
            self.single(messages[message], |found| hit(message, found));
        }
    }

    /// Folds one message and finds its matches.
    pub fn single(&mut self, message: &str, mut hit: impl FnMut(Found)) {
        self.found.clear();
        fold(message, &mut self.folded);
        let (symbols, origins) = self.stream.read(&self.folded);
        self.engine.scan_words(symbols, &mut self.found);
        for &found in &self.found {
            let (start, end) = origins.range(found.start, found.end);
            let edges = self.edges[found.pattern as usize];
            if edges.hold(&self.folded, message, start as usize, end as usize) {
                hit(Found { start, end, ..found });
            }
        }
    }
}

/// Judges messages one at a time; how many have a trigger.
pub fn check_single(judge: Judge<'_>, messages: &[&str], scratch: &mut Scratch) -> u64 {
    let (context, options) = (Context::default(), Options::default());
    let triggers = |text: &&str| {
        let message = Message {
            text: text.as_bytes(),
            ..Message::default()
        };
        let verdict = judge.check(&message, &context, &options, scratch);
        u64::from(verdict.is_ok_and(|v| !v.triggers.is_empty()))
    };
    messages.iter().map(triggers).sum()
}

/// Judges messages in batches of [`BATCH`]; how many have a trigger.
pub fn check_batch(judge: Judge<'_>, messages: &[&str], scratch: &mut Scratch) -> u64 {
    let (context, options) = (Context::default(), Options::default());
    let mut triggered = 0;
    for batch in messages.chunks(BATCH) {
        let with_text = |text| Message {
            text,
            ..Message::default()
        };
        let batch: Vec<Message<'_>> = batch.iter().map(|text| with_text(text.as_bytes())).collect();
        judge.check_batch(&batch, &context, &options, scratch, |verdict| {
            triggered += u64::from(verdict.is_ok_and(|v| !v.triggers.is_empty()));
        });
    }
    triggered
}

/// Texts that are measured are far below 2^32 symbols.
fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Tolerance;

    #[test]
    fn all_ways_find_the_same_and_nothing_across_messages() {
        let (dictionary, _) = Dictionary::from_terms(
            "t".parse().unwrap(),
            [("t", "你好\nfree money\nvx\n好世\n")],
            Tolerance::Folded,
        )
        .unwrap();
        let patterns = Patterns::of(&dictionary);
        let messages = ["你", "好世界", "vx", "Free \n money! vxs", "", "你好vx你好", "v", "x"];
        let ready = Ready::of(&messages);
        let mut matcher = Matcher::new(&patterns).unwrap();
        let (mut all, mut batch, mut single) = (Tally::default(), Tally::default(), Tally::default());
        matcher.ready(&ready, |at, found| all.add(at, found));
        matcher.batch(&messages, |at, found| batch.add(at, found));
        for (at, message) in messages.iter().enumerate() {
            matcher.single(message, |found| single.add(at, found));
        }
        assert_eq!(single.matches, 6);
        assert_eq!((all, batch), (single, single));
    }
}
