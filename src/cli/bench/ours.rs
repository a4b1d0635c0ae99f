//! The contestants of the house, stage by stage, on public faces only.

use std::{collections::BTreeMap, ops::Range};

use super::Corpus;
use crate::{
    dictionary::Dictionary,
    matching::{Automaton, Edges, Engine, EngineError, Found, Stream},
    text::{Folded, fold},
};

/// The distinct folded terms, and where each may match.
pub(super) struct Patterns {
    pub(super) symbols: Vec<Vec<char>>,
    pub(super) edges: Vec<Edges>,
}

impl Patterns {
    /// Folds the terms of a dictionary as a snapshot does.
    pub(super) fn of(dictionary: &Dictionary) -> Self {
        let (mut folded, mut stream) = (Folded::default(), Stream::default());
        let mut distinct = BTreeMap::new();
        for term in dictionary.terms.iter() {
            fold(&term.text, &mut folded);
            let edges = Edges::new(term.mode, folded.classes());
            distinct.entry(stream.read(&folded).0.to_vec()).or_insert(edges);
        }
        let (symbols, edges) = distinct.into_iter().unzip();
        Self { symbols, edges }
    }
}

/// What was found: how many matches, and a sum over where, in which no order of finding shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) matches: u64,
    checksum: u64,
}

impl Tally {
    /// Counts a match of a message.
    pub(super) fn add(&mut self, message: usize, found: Found) {
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

/// All messages folded, as the engine wants to see them, laid side by side.
#[derive(Default)]
pub(super) struct Ready {
    symbols: Vec<char>,
    /// For each symbol whether it and the next one belong to one word.
    joined: Vec<bool>,
    messages: Vec<Range<usize>>,
}

impl Ready {
    /// Folds every message.
    pub(super) fn of(corpus: &Corpus) -> Self {
        let (mut folded, mut stream) = (Folded::default(), Stream::default());
        let mut ready = Self::default();
        for message in corpus.messages() {
            fold(message, &mut folded);
            let (symbols, origins) = stream.read(&folded);
            let from = ready.symbols.len();
            ready.symbols.extend_from_slice(symbols);
            let joined = |i| folded.joined(message, origins.range(i, i + 1).1 as usize - 1);
            ready.joined.extend((0..).zip(symbols).map(|(i, _)| joined(i)));
            ready.messages.push(from..ready.symbols.len());
        }
        ready
    }

    /// The messages one by one.
    pub(super) fn messages(&self) -> impl Iterator<Item = ReadyMessage<'_>> {
        self.messages.iter().map(|range| ReadyMessage {
            symbols: &self.symbols[range.clone()],
            joined: &self.joined[range.clone()],
        })
    }
}

/// One folded message.
#[derive(Clone, Copy)]
pub(super) struct ReadyMessage<'r> {
    pub(super) symbols: &'r [char],
    joined: &'r [bool],
}

impl ReadyMessage<'_> {
    /// True where a match stands as its pattern asks.
    pub(super) fn holds(self, edges: Edges, found: Found) -> bool {
        let broken = |end: u32| end > 0 && self.joined[end as usize - 1];
        !(edges.start() && broken(found.start) || edges.end() && broken(found.end))
    }
}

/// The engine with the boundaries of its patterns.
pub(super) struct Matcher<'p> {
    engine: Automaton,
    edges: &'p [Edges],
    folded: Folded,
    stream: Stream,
    found: Vec<Found>,
}

impl<'p> Matcher<'p> {
    pub(super) fn new(patterns: &'p Patterns) -> Result<Self, EngineError> {
        Ok(Self {
            engine: Automaton::new(&patterns.symbols)?,
            edges: &patterns.edges,
            folded: Folded::default(),
            stream: Stream::default(),
            found: Vec::new(),
        })
    }

    /// Counts the matches in ready symbols, message after message.
    pub(super) fn ready(&mut self, ready: &Ready, mut hit: impl FnMut(usize, Found)) {
        for (at, message) in ready.messages().enumerate() {
            self.found.clear();
            self.engine.scan(message.symbols, &mut self.found);
            for &found in &self.found {
                if message.holds(self.edges[found.pattern as usize], found) {
                    hit(at, found);
                }
            }
        }
    }

    /// Folds one message and counts its matches.
    pub(super) fn message(&mut self, message: &str) -> u64 {
        self.found.clear();
        fold(message, &mut self.folded);
        let (symbols, origins) = self.stream.read(&self.folded);
        self.engine.scan(symbols, &mut self.found);
        let holds = |found: &&Found| {
            let (start, end) = origins.range(found.start, found.end);
            self.edges[found.pattern as usize].hold(&self.folded, message, start as usize, end as usize)
        };
        self.found.iter().filter(holds).count() as u64
    }
}
