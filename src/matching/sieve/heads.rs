//! The exact stage: patterns by their heads.
//!
//! The patterns lie sorted in one buffer. A hash table with linear probing leads from a head to the first pattern that begins with
//! it; those with the same head of four symbols follow it. Where a head has many patterns, what all of them have in common is
//! compared at once, and halving the range symbol by symbol where they part keeps the cost of a position at O(length of the longest
//! pattern x log patterns), whatever the patterns are.

use std::ops::Range;

use super::filter::{Head, MIX, Mixed};
use crate::matching::{EngineError, Found};

/// Patterns are numbered, and their symbols counted, in 32 bits; one number stands for a free slot.
const MOST: usize = u32::MAX as usize - 1;

/// No head lies further from its slot than this.
const PROBES: usize = 128;

/// Ranges up to this size are compared one by one.
const FEW: usize = 4;

/// Distinct patterns in order, in one buffer: their symbols, and 4 bytes a pattern.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SortedPatterns {
    symbols: Vec<char>,
    /// Where each pattern begins in `symbols`; one more at the end.
    starts: Vec<u32>,
}

impl SortedPatterns {
    /// None yet, with room for so many patterns of so many symbols together.
    pub(crate) fn with_room(patterns: usize, symbols: usize) -> Self {
        let mut starts = Vec::with_capacity(patterns + 1);
        starts.push(0);
        Self {
            symbols: Vec::with_capacity(symbols),
            starts,
        }
    }

    /// Adds a pattern that sorts at or behind the last one; false where it is that one again.
    pub(crate) fn push(&mut self, pattern: &[char]) -> bool {
        let is_new = self.len().checked_sub(1).is_none_or(|last| self.get(last) != pattern);
        if is_new {
            self.symbols.extend_from_slice(pattern);
            self.starts.push(offset(self.symbols.len()));
        }
        is_new
    }

    pub(crate) fn shrink(&mut self) {
        self.symbols.shrink_to_fit();
        self.starts.shrink_to_fit();
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &[char]> {
        (0..self.len()).map(|at| self.get(at))
    }

    fn get(&self, at: usize) -> &[char] {
        &self.symbols[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

pub(super) struct Heads {
    patterns: SortedPatterns,
    /// The number of each sorted pattern in the caller's list; empty where that was sorted.
    numbers: Vec<u32>,
    /// One more than the first pattern of a head, 0 where free; a power of two of them, at most three quarters used. Empty where
    /// the heads were chosen so that they collide: then the sorted list is halved instead.
    slots: Vec<u32>,
}

impl Heads {
    pub(super) fn new<P: AsRef<[char]>>(patterns: &[P]) -> Result<Self, EngineError> {
        let sorted = patterns.windows(2).all(|pair| pair[0].as_ref() < pair[1].as_ref());
        let mut numbers: Vec<u32> = (0..).take(if sorted { 0 } else { patterns.len() }).collect();
        numbers.sort_unstable_by_key(|&number| patterns[number as usize].as_ref());
        let total = patterns.iter().map(|p| p.as_ref().len()).sum();
        let mut list = SortedPatterns::with_room(patterns.len(), total);
        for at in 0..patterns.len() {
            let number = numbers.get(at).map_or(at, |&number| number as usize);
            if !list.push(patterns[number].as_ref()) {
                return Err(error(patterns.len(), "two of them are equal"));
            }
        }
        Self::of(list, numbers)
    }

    /// The same for patterns that are sorted; `numbers` are theirs in the caller's list, none where that was sorted.
    pub(super) fn of(patterns: SortedPatterns, numbers: Vec<u32>) -> Result<Self, EngineError> {
        let count = patterns.len();
        if patterns.symbols.len() > MOST || count > MOST {
            return Err(error(count, "they have more symbols than 32 bits can count"));
        }
        if count > 0 && patterns.get(0).is_empty() {
            return Err(error(count, "one of them is empty"));
        }
        let mut heads = Self {
            patterns,
            numbers,
            slots: Vec::new(),
        };
        heads.fill_slots();
        Ok(heads)
    }

    fn fill_slots(&mut self) {
        let first_of_head = |at: &usize| {
            let pattern = self.pattern(*at);
            let Some(head) = Head::of(pattern.len()) else {
                return false;
            };
            let before = at.checked_sub(1).map(|before| self.pattern(before));
            // A shorter neighbour has another head; all others of four symbols or more share theirs when those are equal.
            head != Head::Four || before.is_none_or(|before| before.len() < 4 || before[..4] != pattern[..4])
        };
        let firsts: Vec<usize> = (0..self.len()).filter(first_of_head).collect();
        self.slots = vec![0; (firsts.len() * 4 / 3 + 1).next_power_of_two()];
        for first in firsts {
            let pattern = self.pattern(first);
            let Some(head) = Head::of(pattern.len()) else { continue };
            let slots = self.slots_from(Mixed::at(pattern, 0).head(head));
            let Some(free) = slots.into_iter().find(|&slot| self.slots[slot] == 0) else {
                self.slots = Vec::new();
                return;
            };
            self.slots[free] = offset(first) + 1;
        }
    }

    /// The slots where a head may be.
    fn slots_from(&self, key: u32) -> impl Iterator<Item = usize> + use<> {
        let mask = self.slots.len() - 1;
        // The upper bits: the lower ones chose the word of the filter that let this position pass.
        let first = (key.wrapping_mul(MIX[1]) >> 7) as usize;
        (first..first + PROBES).map(move |slot| slot & mask)
    }

    /// The patterns with their numbers in the caller's list.
    pub(super) fn all(&self) -> impl ExactSizeIterator<Item = (u32, &[char])> + Clone {
        (0..self.len()).map(|at| (self.number(at), self.pattern(at)))
    }

    /// Adds the patterns that stand at a position, of those with the heads whose bits are set.
    pub(super) fn verify(&self, text: &[char], at: usize, heads: u32, found: &mut Vec<Found>) {
        debug_assert!(at < text.len(), "a candidate lies in the text");
        let mixed = Mixed::at(text, at);
        let rest = &text[at..];
        for head in Head::ALL {
            if heads & head.bit() != 0
                && let Some(head_symbols) = rest.get(..head.symbols())
                && let Some(first) = self.first(mixed.head(head), head, head_symbols)
            {
                match head {
                    Head::Two | Head::Three => self.report(at, first, found),
                    Head::Four => self.longer(rest, at, first, found),
                }
            }
        }
    }

    /// The first pattern that begins with this head; for the shorter two lengths, that is it.
    fn first(&self, key: u32, head: Head, symbols: &[char]) -> Option<usize> {
        let is_it = |first: usize| {
            let pattern = self.pattern(first);
            Head::of(pattern.len()) == Some(head) && pattern[..symbols.len()] == *symbols
        };
        if self.slots.is_empty() {
            let first = self.end_of(0..self.len(), |p| p < symbols);
            return (first..self.len()).take(2).find(|&first| is_it(first));
        }
        for slot in self.slots_from(key) {
            let first = (self.slots[slot] as usize).checked_sub(1)?;
            if is_it(first) {
                return Some(first);
            }
        }
        None
    }

    fn len(&self) -> usize {
        self.patterns.len()
    }

    /// Adds the patterns from `first` on that begin like it by four symbols and stand at `rest`.
    fn longer(&self, rest: &[char], at: usize, first: usize, found: &mut Vec<Found>) {
        let mut depth = Head::Four.symbols();
        let all = first..self.len();
        let head = &rest[..depth];
        let mut range = first..self.end_of(all, |p| p.len() >= depth && p[..depth] == *head);
        // All of the range begin with the first `depth` symbols of the text here.
        while range.len() > FEW {
            let (shortest, last) = (self.pattern(range.start), self.pattern(range.end - 1));
            if shortest.len() == depth {
                self.report(at, range.start, found);
                range.start += 1;
                continue;
            }
            // What the first and the last in order have in common, all between them have too.
            let common = shortest[depth..]
                .iter()
                .zip(&last[depth..])
                .take_while(|(a, b)| a == b)
                .count();
            if common > 0 {
                if rest.get(depth..depth + common) != Some(&shortest[depth..depth + common]) {
                    return;
                }
                depth += common;
                continue;
            }
            let Some(symbol) = rest.get(depth) else { return };
            range.start = self.end_of(range.clone(), |p| p[depth] < *symbol);
            range.end = self.end_of(range.clone(), |p| p[depth] == *symbol);
            depth += 1;
        }
        for pattern in range {
            if rest.starts_with(self.pattern(pattern)) {
                self.report(at, pattern, found);
            }
        }
    }

    /// Where the first part of a range ends that holds to a condition: galloping, as it is mostly short, then halving.
    fn end_of(&self, range: Range<usize>, holds: impl Fn(&[char]) -> bool) -> usize {
        let (mut low, mut step) = (range.start, 1);
        let mut high = range.end;
        while low < high {
            let probe = (low + step - 1).min(high - 1);
            if holds(self.pattern(probe)) {
                low = probe + 1;
                step *= 2;
            } else {
                high = probe;
                step = (high - low).div_ceil(2);
            }
        }
        low
    }

    fn report(&self, at: usize, pattern: usize, found: &mut Vec<Found>) {
        found.push(Found {
            start: offset(at),
            end: offset(at + self.pattern(pattern).len()),
            pattern: self.number(pattern),
        });
    }

    fn number(&self, at: usize) -> u32 {
        self.numbers.get(at).copied().unwrap_or(offset(at))
    }

    fn pattern(&self, at: usize) -> &[char] {
        self.patterns.get(at)
    }

    pub(super) fn heap_bytes(&self) -> usize {
        size_of_val(self.patterns.symbols.as_slice())
            + size_of_val(self.patterns.starts.as_slice())
            + size_of_val(self.numbers.as_slice())
            + size_of_val(self.slots.as_slice())
    }
}

fn error(patterns: usize, cause: &str) -> EngineError {
    let cause = cause.to_owned();
    EngineError { patterns, cause }
}

/// Counts are checked against 32 bits when the patterns come in.
#[expect(clippy::cast_possible_truncation, reason = "checked when the patterns come in")]
fn offset(at: usize) -> u32 {
    at as u32
}
