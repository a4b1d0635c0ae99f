//! Terms and texts together: the sieve at every level of vectors against the matcher that anyone would write:
//! `cargo +nightly fuzz run sieve`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tamis::matching::{Engine, Found, Sieve};
use tamis::simd::Level;
use tamis::text::{Folded, fold};

/// Few symbols, so that patterns meet the text and each other: letters, digits and signs, what lies at the borders of the filters' two kinds
/// of symbols and of 16 bits, and zero, which stands for the end of a text in the filters.
const FEW: [char; 16] =
    ['a', 'b', 'z', '1', ' ', '.', '{', 'é', '\u{2E7F}', '\u{2E80}', '信', '微', '加', '\0', '\u{FFFF}', '\u{1F414}'];

/// So many patterns and symbols of a text are enough: the naive matcher compares every pair.
const PATTERNS: usize = 96;
const SYMBOLS: usize = 1_500;

// Two bytes of choices, then patterns and the text, with a byte between them that no UTF-8 holds.
fuzz_target!(|bytes: &[u8]| {
    let [choices, must, ref rest @ ..] = *bytes else { return };
    let few = choices & 1 != 0;
    let mut pieces: Vec<&[u8]> = rest.split(|&byte| byte == 0xFF).collect();
    let text = pieces.pop().unwrap_or_default();
    pieces.truncate(PATTERNS);
    let read = if few { few_symbols } else { folded_symbols };
    let mut patterns: Vec<Vec<char>> = pieces.into_iter().map(read).filter(|pattern| !pattern.is_empty()).collect();
    patterns.sort_unstable();
    patterns.dedup();
    if choices & 2 != 0 {
        patterns.reverse();
    }
    let mut text = if few { planted(text, &patterns) } else { folded_symbols(text) };
    // The end of a text moves through the blocks and vectors with its repetitions.
    text = text.repeat(1 + usize::from(choices >> 4));
    text.truncate(SYMBOLS);
    // Nothing stands behind the last symbol, so that a sanitizer sees whoever reads it.
    check(&patterns, &text.into_boxed_slice(), |pattern| must >> (pattern % 8) & 1 != 0);
});

fn few_symbols(bytes: &[u8]) -> Vec<char> {
    bytes.iter().map(|&byte| FEW[usize::from(byte) % FEW.len()]).collect()
}

fn folded_symbols(bytes: &[u8]) -> Vec<char> {
    let mut folded = Folded::default();
    fold(&String::from_utf8_lossy(bytes), &mut folded);
    folded.symbols().to_vec()
}

/// Symbols, and whole patterns where a byte is large.
fn planted(bytes: &[u8], patterns: &[Vec<char>]) -> Vec<char> {
    let mut text = Vec::new();
    for &byte in bytes {
        match usize::from(byte) {
            large @ 0xC0.. if !patterns.is_empty() => text.extend(&patterns[large % patterns.len()]),
            small => text.push(FEW[small % FEW.len()]),
        }
        if text.len() >= SYMBOLS {
            break;
        }
    }
    text
}

fn check(patterns: &[Vec<char>], text: &[char], must: impl Fn(u32) -> bool) {
    let expected = naive(patterns, text);
    let mut words_at_first = None;
    for level in Level::available() {
        let sieve = Sieve::with_level(patterns, level).expect("distinct, and none empty").with_edges(&must, &must);
        assert_eq!(found(|found| sieve.scan(text, found)), expected, "{level}");
        let words = found(|found| sieve.scan_words(text, found));
        assert!(words.iter().all(|f| expected.binary_search(f).is_ok()), "{level} finds only what is there");
        let left_out = expected.iter().filter(|f| words.binary_search(f).is_err());
        for f in left_out {
            assert!(may_be_left_out(text, f) && must(f.pattern), "{level} leaves out {f:?}");
        }
        assert_eq!(words_at_first.get_or_insert_with(|| words.clone()), &words, "{level} as the narrowest");
    }
}

/// What [`Engine::scan_words`] need not report of a pattern that must be a whole word and begins with a letter.
fn may_be_left_out(text: &[char], found: &Found) -> bool {
    let letter = |at: usize| text.get(at).is_some_and(char::is_ascii_lowercase);
    let inside = |at: u32| at > 0 && letter(at as usize - 1) && letter(at as usize);
    letter(found.start as usize) && (inside(found.start) || inside(found.end))
}

fn found(scan: impl FnOnce(&mut Vec<Found>)) -> Vec<Found> {
    let mut found = Vec::new();
    scan(&mut found);
    found.sort_unstable();
    found
}

/// Every pattern at every position.
fn naive(patterns: &[Vec<char>], text: &[char]) -> Vec<Found> {
    found(|found| {
        for start in 0..text.len() {
            for (number, pattern) in patterns.iter().enumerate() {
                if text[start..].starts_with(pattern) {
                    let [start, end, pattern] = [start, start + pattern.len(), number].map(|n| n as u32);
                    found.push(Found { start, end, pattern });
                }
            }
        }
    })
}
