//! The engine: a staged sieve over folded symbols.
//!
//! An automaton follows one dependent load a symbol. Clean chat does not need that: a text position can begin a pattern only if its
//! next symbols are the *head* of one, its first two to four symbols, and nearly every position is cleared by asking small
//! filters about them. Nothing depends on the position before, so many positions are asked at once.
//!
//! 1. `Filters::first`: every position, one look-up of the first two symbols (of the first four where the script is an alphabet, whose
//!    letter pairs say little); where patterns are whole words, the starts of words, one look-up of the word (`words`).
//! 2. `Filters::second`: what is left, one look-up for each length of head.
//! 3. `heads::Heads`: what is left then, the exact look-up; patterns of one head are neighbours in the sorted list.
//!
//! `docs/engine.md` tells it from the beginning. Positions are cleared by kernels of [`crate::simd`] or by the scalar code of `clear`,
//! which is their oracle.

pub(crate) mod clear;
pub(crate) mod filter;
mod heads;
mod singles;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use std::fmt;

use self::{
    filter::Filters,
    heads::Heads,
    singles::Singles,
    words::{Words, first_word, is_letter},
};
pub(crate) use heads::SortedPatterns;

use super::engine::{Engine, EngineError, Found};
use crate::simd::Level;

/// The staged sieve; see the module's text.
pub struct Sieve {
    level: Level,
    filters: Filters,
    /// Given where there are patterns that begin with a narrow symbol, and all that begin with a letter begin with a whole word.
    words: Option<Words>,
    heads: Heads,
    singles: Singles,
}

impl Sieve {
    /// Builds from distinct, non-empty patterns; each is reported by its position in the list. O(symbols) where the list is sorted, else
    /// it is sorted first. Deterministic.
    pub fn new<P: AsRef<[char]>>(patterns: &[P]) -> Result<Self, EngineError> {
        Self::with_level(patterns, Level::current())
    }

    /// The same with the instructions of one level, or of the widest that the machine has.
    pub fn with_level<P: AsRef<[char]>>(patterns: &[P], level: Level) -> Result<Self, EngineError> {
        Ok(Self::of_heads(Heads::new(patterns)?, level))
    }

    /// The same from patterns that are sorted already.
    pub(crate) fn of(patterns: SortedPatterns) -> Result<Self, EngineError> {
        Ok(Self::of_heads(Heads::of(patterns, Vec::new())?, Level::current()))
    }

    fn of_heads(heads: Heads, level: Level) -> Self {
        Self {
            level: level.min(Level::widest()),
            filters: Filters::new(heads.all().map(|(_, pattern)| pattern)),
            words: None,
            singles: Singles::new(heads.all()),
            heads,
        }
    }
}

impl Sieve {
    /// Tells the engine which patterns must begin and which must end at a boundary, by their numbers. If every pattern that begins with a
    /// letter from a to z begins with a whole word, [`Engine::scan_words`] looks for those by the word and only where words start.
    #[must_use]
    pub fn with_edges(mut self, start: impl Fn(u32) -> bool, end: impl Fn(u32) -> bool) -> Self {
        let whole = |(number, pattern): (u32, &[char])| {
            let is_word = !is_letter(u32::from(pattern[0])) || start(number);
            is_word && (end(number) || first_word(pattern) < pattern.len())
        };
        let lettered = |(_, pattern): &(u32, &[char])| is_letter(u32::from(pattern[0]));
        // Where no pattern begins with a letter or the like, those are not asked anyway.
        if self.filters.narrow && self.heads.all().filter(lettered).all(whole) {
            let patterns = self.heads.all().map(|(number, pattern)| (pattern, end(number)));
            self.words = Some(Words::new(patterns));
        }
        self
    }

    /// What `may_start` says no to need not be looked at.
    fn sift(&self, words: Option<&Words>, symbols: &[char], may_start: impl Fn(usize) -> bool, found: &mut Vec<Found>) {
        self.singles.scan(symbols, found);
        if self.filters.are_empty() {
            return;
        }
        clear::clear(self.level, &self.filters, words, symbols, |at, heads| {
            if may_start(at) {
                self.heads.verify(symbols, at, heads, found);
            }
        });
    }
}

impl Engine for Sieve {
    fn scan(&self, symbols: &[char], found: &mut Vec<Found>) {
        self.sift(None, symbols, |_| true, found);
    }

    fn scan_words(&self, symbols: &[char], found: &mut Vec<Found>) {
        self.sift(self.words.as_ref(), symbols, |_| true, found);
    }

    fn scan_starts(&self, symbols: &[char], may_start: &dyn Fn(usize) -> bool, found: &mut Vec<Found>) {
        self.sift(None, symbols, may_start, found);
    }

    fn heap_bytes(&self) -> usize {
        let words = self.words.as_ref().map_or(0, Words::heap_bytes);
        words + self.filters.heap_bytes() + self.heads.heap_bytes() + self.singles.heap_bytes()
    }
}

impl fmt::Debug for Sieve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sieve")
            .field("level", &self.level)
            .field("patterns", &self.heads.all().len())
            .finish_non_exhaustive()
    }
}
