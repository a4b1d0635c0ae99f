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

/// Finds all occurrences of many patterns in one pass.
pub trait Engine: fmt::Debug + Send + Sync {
    /// Appends every occurrence of every pattern in `symbols`, overlapping ones included, in any order.
    /// O(symbols + occurrences).
    fn scan(&self, symbols: &[char], found: &mut Vec<Found>);

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
