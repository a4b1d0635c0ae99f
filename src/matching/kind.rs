//! Which engine looks for the patterns.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Automaton, Engine, EngineError, Sieve, SortedPatterns};

/// The engines that a snapshot can be built with. They find the same; what differs is how long they take, and for what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum EngineKind {
    /// The staged sieve: the fastest on chat, clean for the most part.
    #[default]
    Sieve,
    /// daachorse's automaton: the same time for every text, whatever terms and text are.
    Daachorse,
}

impl EngineKind {
    /// Builds the engine. It is told which patterns must begin and which must end at a boundary, by their numbers.
    pub(crate) fn build(
        self,
        patterns: SortedPatterns,
        start: impl Fn(u32) -> bool,
        end: impl Fn(u32) -> bool,
    ) -> Result<Box<dyn Engine>, EngineError> {
        Ok(match self {
            Self::Sieve => Box::new(Sieve::of(patterns)?.with_edges(start, end)),
            Self::Daachorse => Box::new(Automaton::new(&patterns.iter().collect::<Vec<_>>())?),
        })
    }

    /// Its name in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sieve => "sieve",
            Self::Daachorse => "daachorse",
        }
    }
}

impl fmt::Display for EngineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
