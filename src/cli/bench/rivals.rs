//! The rivals: other automata, on the raw text for speed and on the folded text for equality.

use std::{sync::Arc, time::Duration};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use daachorse::{
    CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, DoubleArrayAhoCorasick,
    DoubleArrayAhoCorasickBuilder,
};

use super::{
    measure::built,
    ours::{Patterns, Ready, Tally},
};
use crate::{cli::Failure, matching::Found};

/// Most bytes of terms for which a full DFA is tried: its table takes about a kilobyte for each of them.
const DFA_MAX_BYTES: usize = 256 * 1024;

/// Told the byte range and the number of a match.
type Hit<'a> = dyn FnMut(usize, usize, usize) + 'a;

/// Hands over every occurrence of every pattern in a text.
type Each = Box<dyn Fn(&str, &mut Hit<'_>)>;

/// A built automaton, behind its two uses. Counting is compiled for the automaton as it is; only the comparison goes through a callback.
struct Search {
    count: Box<dyn Fn(&str) -> u64>,
    each: Each,
}

/// Builds a search over patterns.
type Build = fn(&[String]) -> Result<Search, String>;

/// A rival, built from the raw terms.
pub(super) struct Rival {
    pub(super) name: &'static str,
    pub(super) build_time: Duration,
    build: Build,
    search: Search,
}

impl Rival {
    /// How often the terms occur in `text`.
    pub(super) fn count(&self, text: &str) -> u64 {
        (self.search.count)(text)
    }

    /// Builds all that are worth it for these terms.
    pub(super) fn all(terms: &[String]) -> Result<Vec<Self>, Failure> {
        let bytes: usize = terms.iter().map(String::len).sum();
        let mut rivals: Vec<(&'static str, Build)> = vec![
            ("daachorse-charwise", |p| charwise(p, true)),
            ("daachorse-charwise-no-prefilter", |p| charwise(p, false)),
            ("daachorse-bytewise", |p| bytewise(p, true)),
            ("daachorse-bytewise-no-prefilter", |p| bytewise(p, false)),
            ("aho-corasick-contiguous-nfa", |p| {
                aho_corasick(AhoCorasickKind::ContiguousNFA, p)
            }),
        ];
        if bytes <= DFA_MAX_BYTES {
            rivals.push(("aho-corasick-dfa", |p| aho_corasick(AhoCorasickKind::DFA, p)));
        }
        let one = |(name, build): (&'static str, Build)| {
            let (search, build_time) =
                built(|| build(terms)).map_err(|e| Failure::work(format_args!("{name}: {e}")))?;
            Ok(Self {
                name,
                build_time,
                build,
                search,
            })
        };
        rivals.into_iter().map(one).collect()
    }

    /// What it finds on the folded text with the folded terms, under our boundaries.
    pub(super) fn tally(&self, patterns: &Patterns, ready: &Ready) -> Result<Tally, Failure> {
        let folded: Vec<String> = patterns.symbols.iter().map(|p| p.iter().collect()).collect();
        let search = (self.build)(&folded).map_err(|e| Failure::work(format_args!("{}: {e}", self.name)))?;
        let mut tally = Tally::default();
        let (mut text, mut index) = (String::new(), Vec::new());
        for (at, message) in ready.messages().enumerate() {
            text.clear();
            index.clear();
            for (i, &symbol) in (0_u32..).zip(message.symbols) {
                text.push(symbol);
                index.resize(text.len(), i);
            }
            index.push(u32::try_from(message.symbols.len()).unwrap_or(u32::MAX));
            (search.each)(&text, &mut |start, end, pattern| {
                let found = Found {
                    start: index[start],
                    end: index[end],
                    pattern: u32::try_from(pattern).unwrap_or(u32::MAX),
                };
                if message.holds(patterns.edges[pattern], found) {
                    tally.add(at, found);
                }
            });
        }
        Ok(tally)
    }
}

/// The two uses of an automaton; `$number` is the number of the pattern of a match.
macro_rules! search {
    ($automaton:expr, $pattern:ident => $number:expr) => {{
        let automaton = Arc::new($automaton);
        let counter = Arc::clone(&automaton);
        Search {
            count: Box::new(move |text| counter.find_overlapping_iter(text).count() as u64),
            each: Box::new(move |text, hit| {
                for $pattern in automaton.find_overlapping_iter(text) {
                    hit($pattern.start(), $pattern.end(), $number);
                }
            }),
        }
    }};
}

fn charwise(patterns: &[String], prefilter: bool) -> Result<Search, String> {
    let automaton: CharwiseDoubleArrayAhoCorasick<u32> = CharwiseDoubleArrayAhoCorasickBuilder::new()
        .use_prefilter(prefilter)
        .build(patterns)
        .map_err(|e| e.to_string())?;
    Ok(search!(automaton, m => m.value() as usize))
}

fn bytewise(patterns: &[String], prefilter: bool) -> Result<Search, String> {
    let automaton: DoubleArrayAhoCorasick<u32> = DoubleArrayAhoCorasickBuilder::new()
        .use_prefilter(prefilter)
        .build(patterns)
        .map_err(|e| e.to_string())?;
    Ok(search!(automaton, m => m.value() as usize))
}

fn aho_corasick(kind: AhoCorasickKind, patterns: &[String]) -> Result<Search, String> {
    let automaton = AhoCorasick::builder()
        .kind(Some(kind))
        .build(patterns)
        .map_err(|e| e.to_string())?;
    Ok(search!(automaton, m => m.pattern().as_usize()))
}
