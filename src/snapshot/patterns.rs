//! From terms and exceptions to patterns in order: folded, and as the evasion planes read them.

use std::{mem, ops::Range};

use super::entry::{Entry, Form, Owner};
use crate::{
    config::limits::MAX_TERM_SYMBOLS,
    dictionary::{MatchMode, Patched, Terms, Texts},
    matching::{Edges, FeedBuilder, Plane, Rewrites, Shape, SortedPatterns, pinyin},
    text::{Alphabets, Folded, fold},
};

/// Some of what is compiled; the number is that of the dictionary or policy.
pub(super) enum Block<'a> {
    Terms(u32, &'a Patched<Terms>, Range<u32>),
    Exceptions(u32, &'a Patched<Texts>, Range<u32>),
    PolicyExceptions(u32, &'a [String]),
}

impl Block<'_> {
    /// How many things it has, edits that took some away not counted.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Terms(_, _, slots) | Self::Exceptions(_, _, slots) => slots.len(),
            Self::PolicyExceptions(_, exceptions) => exceptions.len(),
        }
    }
}

/// The patterns of some blocks in one buffer, with their uses and their order.
#[derive(Default)]
pub(super) struct Run {
    symbols: Vec<char>,
    /// For each use of a pattern, where that ends; it begins where the one before ends.
    ends: Vec<usize>,
    entries: Vec<Entry>,
    /// The uses by their patterns, then by whose they are: the first symbols of each stand beside its number, so that few comparisons
    /// look further.
    order: Vec<(u64, u32)>,
    pub(super) feed: FeedBuilder,
    pub(super) words: Vec<Owner>,
    folded: Folded,
    shape: Shape,
}

impl Run {
    /// The patterns of terms and exceptions. What folds to nothing or is over the limit is left out: the linter refuses it.
    pub(super) fn of(blocks: &[Block<'_>]) -> Self {
        let mut run = Self::default();
        for block in blocks {
            match block {
                Block::Terms(d, terms, slots) => {
                    for (t, term) in terms.in_slots(slots.clone()) {
                        run.add(term.text, term.mode, Owner::Term(*d, t), term.tolerance.budget());
                    }
                }
                Block::Exceptions(d, exceptions, slots) => {
                    for (e, exception) in exceptions.in_slots(slots.clone()) {
                        run.add(exception, None, Owner::DictionaryException(*d, e), 0);
                    }
                }
                Block::PolicyExceptions(p, exceptions) => {
                    for exception in *exceptions {
                        run.add(exception, None, Owner::PolicyException(*p), 0);
                    }
                }
            }
        }
        run.feed.settle();
        run.sorted()
    }

    /// The parts of hanzi, of which the terms themselves know nothing.
    pub(super) fn of_parts(rewrites: &Rewrites) -> Self {
        let mut run = Self::default();
        let edges = Edges::new(Some(MatchMode::Substring), &[]);
        for parts in rewrites.parts() {
            let entry = Entry::new(Owner::Term(0, 0), Form::Parts, edges, Alphabets::default());
            run.push(parts, entry);
        }
        run.sorted()
    }

    /// Adds a text, and its disguises where `budget` allows any.
    fn add(&mut self, text: &str, mode: Option<MatchMode>, owner: Owner, budget: u8) {
        fold(text, &mut self.folded);
        let from = self.symbols.len();
        for &symbol in self.folded.symbols() {
            let space = symbol.is_whitespace();
            let after_space = self.symbols.len() > from && self.symbols.last() == Some(&' ');
            if !(space && after_space) {
                self.symbols.push(if space { ' ' } else { symbol });
            }
        }
        let edges = Edges::new(mode, self.folded.classes());
        let alphabets = match owner {
            Owner::Term(..) => Alphabets::of(text),
            // Exceptions hold however the text is written.
            Owner::DictionaryException(..) | Owner::PolicyException(_) => Alphabets::default(),
        };
        let entry = |form| Entry::new(owner, form, edges, alphabets);
        if (1..=MAX_TERM_SYMBOLS).contains(&(self.symbols.len() - from)) {
            self.end(entry(Form::Folded));
        } else {
            self.symbols.truncate(from);
        }
        if budget > 0 {
            self.add_disguises(edges, owner, budget, entry);
        }
    }

    /// Adds the patterns of the evasion planes for the term that was folded last.
    fn add_disguises(&mut self, edges: Edges, owner: Owner, budget: u8, entry: impl Fn(Form) -> Entry) {
        let (folded, mut shape) = (mem::take(&mut self.folded), mem::take(&mut self.shape));
        shape.read(&folded);
        // A skeleton of one symbol would be found everywhere.
        if shape.symbols.len() > 1 && shape.letters.len() <= MAX_TERM_SYMBOLS {
            self.feed.add_shape(&shape, edges);
            self.push(&shape.symbols, entry(Form::Skeleton));
        }
        pinyin::each_pattern(&folded, |sound| {
            self.feed.add_sound(sound);
            self.push(sound, entry(Form::Sound));
        });
        if edges.start() && edges.end() && !shape.has_joints() {
            let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
            self.feed.add_word(folded.symbols(), number);
            if Plane::Misspelling.penalty() <= budget {
                self.feed.add_misspelt(folded.symbols(), number);
            }
            self.words.push(owner);
        }
        (self.folded, self.shape) = (folded, shape);
    }

    /// Adds a use of a pattern. The skeleton of most Chinese terms is the term itself, which then stands once for both.
    fn push(&mut self, pattern: &[char], entry: Entry) {
        if let Some(last) = self.entries.len().checked_sub(1)
            && self.pattern(last) == pattern
            && let Some(both) = self.entries[last].and(entry)
        {
            self.entries[last] = both;
            return;
        }
        self.symbols.extend(pattern);
        self.end(entry);
    }

    /// Makes of the symbols that no pattern has yet the pattern of a use.
    fn end(&mut self, entry: Entry) {
        self.ends.push(self.symbols.len());
        self.entries.push(entry);
    }

    /// The pattern of a use.
    fn pattern(&self, number: usize) -> &[char] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.symbols[start..self.ends[number]]
    }

    fn sorted(mut self) -> Self {
        let key = |pattern: &[char]| {
            let symbol = |at| pattern.get(at).map_or(0, |&symbol| u64::from(u32::from(symbol)) + 1);
            symbol(0) << 42 | symbol(1) << 21 | symbol(2)
        };
        let numbered = (0..).zip(0..self.ends.len());
        let mut order: Vec<_> = numbered.map(|(number, at)| (key(self.pattern(at)), number)).collect();
        order.sort_unstable_by(|a, b| self.place(*a).cmp(&self.place(*b)));
        self.order = order;
        self
    }

    /// What a use is sorted by: the key decides in nearly all comparisons.
    fn place(&self, (key, number): (u64, u32)) -> (u64, &[char], Entry) {
        (key, self.pattern(number as usize), self.entries[number as usize])
    }
}

/// Distinct patterns in order, and of each its uses.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) patterns: SortedPatterns,
    /// For each pattern the start of its entries; one more at the end.
    pub(super) starts: Vec<u32>,
    pub(super) entries: Vec<Entry>,
}

impl Merged {
    /// The patterns of all runs. O(uses x runs).
    pub(super) fn of(runs: &[Run]) -> Self {
        let uses: usize = runs.iter().map(|run| run.entries.len()).sum();
        let mut merged = Self {
            patterns: SortedPatterns::with_room(uses, runs.iter().map(|run| run.symbols.len()).sum()),
            starts: Vec::with_capacity(uses + 1),
            entries: Vec::with_capacity(uses),
        };
        let mut rests: Vec<_> = runs.iter().map(|run| (run, run.order.iter().peekable())).collect();
        loop {
            let heads = rests.iter_mut().enumerate();
            let heads = heads.filter_map(|(at, (run, rest))| Some((run.place(**rest.peek()?), at)));
            let Some(((_, pattern, entry), at)) = heads.min() else {
                break;
            };
            rests[at].1.next();
            if merged.patterns.push(pattern) {
                merged
                    .starts
                    .push(u32::try_from(merged.entries.len()).unwrap_or(u32::MAX));
            }
            merged.entries.push(entry);
        }
        merged
            .starts
            .push(u32::try_from(merged.entries.len()).unwrap_or(u32::MAX));
        merged.patterns.shrink();
        merged.starts.shrink_to_fit();
        merged
    }
}
