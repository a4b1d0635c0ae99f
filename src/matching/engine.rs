//! What every engine promises.

use std::fmt;

/// One occurrence of a pattern in the scanned symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Found {
    /// Index of its first symbol.
    pub start: u32,
    /// One past the index of its last symbol.
    pub end: u32,
    /// The pattern's number: its position in the list that the engine was built from.
    pub pattern: u32,
}

impl Found {
    /// The same occurrence where the first `symbols` of the scanned ones are not counted.
    pub(crate) fn before(self, symbols: usize) -> Self {
        let symbols = u32::try_from(symbols).unwrap_or(u32::MAX);
        Self {
            start: self.start.saturating_sub(symbols),
            end: self.end.saturating_sub(symbols),
            pattern: self.pattern,
        }
    }
}

/// Finds all occurrences of many patterns in one pass.
pub trait Engine: fmt::Debug + Send + Sync {
    /// Appends every occurrence of every pattern in `symbols`, overlapping ones included, in any order.
    /// Linear in the symbols, whatever they and the patterns are; each engine says by which factor.
    fn scan(&self, symbols: &[char], found: &mut Vec<Found>);

    /// The same, but of patterns that must be whole words, and of which the engine was told, occurrences may be left out that begin or
    /// end inside a row of letters from a to z.
    fn scan_words(&self, symbols: &[char], found: &mut Vec<Found>) {
        self.scan(symbols, found);
    }

    /// The same, but occurrences may be left out that begin at a symbol to whose index `may_start` says no.
    fn scan_starts(&self, symbols: &[char], may_start: &dyn Fn(usize) -> bool, found: &mut Vec<Found>) {
        let _ = may_start;
        self.scan(symbols, found);
    }

    /// The memory that the engine holds, in bytes.
    fn heap_bytes(&self) -> usize;
}

/// An engine cannot be built from these patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineError {
    /// How many patterns there were.
    pub patterns: usize,
    /// What the engine says.
    pub cause: String,
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "failed to build an engine from {} patterns: {}",
            self.patterns, self.cause
        )
    }
}

impl std::error::Error for EngineError {}
