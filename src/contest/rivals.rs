//! The rivals: other people's engines, on the raw text for speed and on the folded text for equality.

use std::{fmt, sync::Arc, time::Duration};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use daachorse::{
    CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, DoubleArrayAhoCorasick,
    DoubleArrayAhoCorasickBuilder,
};

use super::{
    clock::built,
    ours::{Patterns, Ready, Tally},
};
use crate::matching::Found;

/// Most bytes of terms for which a full DFA is tried: its table takes about a kilobyte for each of them.
pub const DFA_MAX_BYTES: usize = 256 * 1024;

/// Told the byte range and the number of a match.
pub type Hit<'a> = dyn FnMut(usize, usize, usize) + 'a;

/// Hands over every occurrence of every pattern in a text.
pub type Each = Box<dyn Fn(&str, &mut Hit<'_>)>;

/// A built engine, behind its two uses. Counting is compiled for the engine as it is; only the comparison goes through a callback.
pub struct Search {
    /// How often patterns occur in a text.
    pub count: Box<dyn Fn(&str) -> u64>,
    /// Hands over every occurrence of every pattern in a text.
    pub each: Each,
    /// The memory that the engine holds, in bytes, by its own account.
    pub heap_bytes: usize,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("heap_bytes", &self.heap_bytes)
            .finish_non_exhaustive()
    }
}

/// Builds a search over patterns.
pub type Build = fn(&[String]) -> Result<Search, String>;

/// Those that come as crates. daachorse stands twice: on some texts its prefilter helps, on others it hurts.
pub const RIVALS: [(&str, Build); 6] = [
    ("daachorse-charwise", |p| charwise(p, true)),
    ("daachorse-charwise-no-prefilter", |p| charwise(p, false)),
    ("daachorse-bytewise", |p| bytewise(p, true)),
    ("daachorse-bytewise-no-prefilter", |p| bytewise(p, false)),
    ("aho-corasick-contiguous-nfa", |p| {
        aho_corasick(AhoCorasickKind::ContiguousNFA, p)
    }),
    ("aho-corasick-dfa", |p| aho_corasick(AhoCorasickKind::DFA, p)),
];

/// A rival, built from the raw terms.
#[derive(Debug)]
pub struct Rival {
    /// As reports call it.
    pub name: &'static str,
    /// The median of its builds.
    pub build_time: Duration,
    /// What it built.
    pub search: Search,
    build: Build,
}

impl Rival {
    /// Builds it, repeatedly until `enough` has passed.
    pub fn new(name: &'static str, build: Build, terms: &[String], enough: Duration) -> Result<Self, String> {
        let (search, build_time) = built(enough, || build(terms)).map_err(|e| format!("{name}: {e}"))?;
        Ok(Self {
            name,
            build_time,
            search,
            build,
        })
    }

    /// Builds all of [`RIVALS`] that are worth it for these terms.
    pub fn all(terms: &[String], enough: Duration) -> Result<Vec<Self>, String> {
        let bytes: usize = terms.iter().map(String::len).sum();
        let fits = |name: &str| name != "aho-corasick-dfa" || bytes <= DFA_MAX_BYTES;
        RIVALS
            .into_iter()
            .filter(|&(name, _)| fits(name))
            .map(|(name, build)| Self::new(name, build, terms, enough))
            .collect()
    }

    /// How often the terms occur in `text`.
    pub fn count(&self, text: &str) -> u64 {
        (self.search.count)(text)
    }

    /// What it finds on the folded text with the folded terms, under our boundaries.
    pub fn tally(&self, patterns: &Patterns, ready: &Ready) -> Result<Tally, String> {
        let folded: Vec<String> = patterns.symbols.iter().map(|p| p.iter().collect()).collect();
        let search = (self.build)(&folded).map_err(|e| format!("{}: {e}", self.name))?;
        Ok(search.tally(patterns, ready))
    }
}

impl Search {
    /// What it finds on the folded text under our boundaries, where it was built from just these patterns.
    pub fn tally(&self, patterns: &Patterns, ready: &Ready) -> Tally {
        let mut tally = Tally::default();
        let (mut text, mut index) = (String::new(), Vec::new());
        for (at, symbols) in ready.messages().enumerate() {
            text.clear();
            index.clear();
            for (i, &symbol) in (0_u32..).zip(symbols) {
                text.push(symbol);
                index.resize(text.len(), i);
            }
            index.push(u32::try_from(symbols.len()).unwrap_or(u32::MAX));
            (self.each)(&text, &mut |start, end, pattern| {
                let found = Found {
                    start: index[start],
                    end: index[end],
                    pattern: u32::try_from(pattern).unwrap_or(u32::MAX),
                };
                if let Some(found) = ready.verified(at, found, patterns.edges[pattern]) {
                    tally.add(at, found);
                }
            });
        }
        tally
    }
}

/// The two uses of an automaton; `$number` is the number of the pattern of a match.
macro_rules! search {
    ($automaton:expr, $heap:ident, $pattern:ident => $number:expr) => {{
        let automaton = Arc::new($automaton);
        let heap_bytes = automaton.$heap();
        let counter = Arc::clone(&automaton);
        Search {
            count: Box::new(move |text| counter.find_overlapping_iter(text).count() as u64),
            each: Box::new(move |text, hit| {
                for $pattern in automaton.find_overlapping_iter(text) {
                    hit($pattern.start(), $pattern.end(), $number);
                }
            }),
            heap_bytes,
        }
    }};
}

fn charwise(patterns: &[String], prefilter: bool) -> Result<Search, String> {
    let automaton: CharwiseDoubleArrayAhoCorasick<u32> = CharwiseDoubleArrayAhoCorasickBuilder::new()
        .use_prefilter(prefilter)
        .build(patterns)
        .map_err(|e| e.to_string())?;
    Ok(search!(automaton, heap_bytes, m => m.value() as usize))
}

fn bytewise(patterns: &[String], prefilter: bool) -> Result<Search, String> {
    let automaton: DoubleArrayAhoCorasick<u32> = DoubleArrayAhoCorasickBuilder::new()
        .use_prefilter(prefilter)
        .build(patterns)
        .map_err(|e| e.to_string())?;
    Ok(search!(automaton, heap_bytes, m => m.value() as usize))
}

fn aho_corasick(kind: AhoCorasickKind, patterns: &[String]) -> Result<Search, String> {
    let automaton = AhoCorasick::builder()
        .kind(Some(kind))
        .build(patterns)
        .map_err(|e| e.to_string())?;
    Ok(search!(automaton, memory_usage, m => m.pattern().as_usize()))
}
