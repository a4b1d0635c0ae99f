//! The engine on daachorse's charwise double-array Aho-Corasick automaton, stepped over symbols.

use daachorse::CharwiseDoubleArrayAhoCorasick;

use super::engine::{Engine, EngineError, Found};

/// An Aho-Corasick automaton over symbols. `None` where there are no patterns, which the crate refuses.
pub struct Automaton {
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    lengths: Vec<u32>,
}

impl Automaton {
    /// Builds from distinct, non-empty patterns; each is reported by its position in the list.
    pub fn new<P: AsRef<[char]>>(patterns: &[P]) -> Result<Self, EngineError> {
        let error = |cause: String| EngineError {
            patterns: patterns.len(),
            cause,
        };
        let length = |p: &P| u32::try_from(p.as_ref().len()).map_err(|e| error(e.to_string()));
        let lengths = patterns.iter().map(length).collect::<Result<_, _>>()?;
        if patterns.is_empty() {
            return Ok(Self {
                automaton: None,
                lengths,
            });
        }
        let texts = patterns.iter().map(|p| p.as_ref().iter().collect::<String>());
        let automaton = CharwiseDoubleArrayAhoCorasick::new(texts).map_err(|e| error(e.to_string()))?;
        Ok(Self {
            automaton: Some(automaton),
            lengths,
        })
    }
}

impl std::fmt::Debug for Automaton {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Automaton")
            .field("patterns", &self.lengths.len())
            .finish_non_exhaustive()
    }
}

impl Engine for Automaton {
    fn scan(&self, symbols: &[char], found: &mut Vec<Found>) {
        let Some(automaton) = &self.automaton else { return };
        let mut stepper = automaton.find_overlapping_stepper();
        for (end, &symbol) in (1..).zip(symbols) {
            stepper.consume(symbol);
            for matched in stepper.matches() {
                let pattern = matched.value();
                found.push(Found {
                    start: end - self.lengths[pattern as usize],
                    end,
                    pattern,
                });
            }
        }
    }

    fn heap_bytes(&self) -> usize {
        self.automaton
            .as_ref()
            .map_or(0, CharwiseDoubleArrayAhoCorasick::heap_bytes)
            + self.lengths.len() * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(patterns: &[&str], text: &str) -> Vec<(u32, u32, u32)> {
        let patterns: Vec<Vec<char>> = patterns.iter().map(|p| p.chars().collect()).collect();
        let symbols: Vec<char> = text.chars().collect();
        let mut found = Vec::new();
        Automaton::new(&patterns).unwrap().scan(&symbols, &mut found);
        found.sort_unstable();
        found.into_iter().map(|f| (f.start, f.end, f.pattern)).collect()
    }

    #[test]
    fn all_overlapping_occurrences_are_found() {
        assert_eq!(
            scan(&["微信", "信", "加微信"], "加微信号"),
            [(0, 3, 2), (1, 3, 0), (2, 3, 1)]
        );
        assert_eq!(scan(&["aa"], "aaaa"), [(0, 2, 0), (1, 3, 0), (2, 4, 0)]);
    }

    #[test]
    fn no_patterns_find_nothing() {
        assert_eq!(scan(&[], "anything"), []);
    }
}
