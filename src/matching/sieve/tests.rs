//! The sieve against the matcher that anyone would write, at every level of instructions.

use proptest::prelude::*;

use super::{filter::WIDE, *};
use crate::matching::Automaton;

/// Every pattern at every position.
fn naive(patterns: &[Vec<char>], text: &[char]) -> Vec<Found> {
    let mut found = Vec::new();
    for start in 0..text.len() {
        for (number, pattern) in patterns.iter().enumerate() {
            if text[start..].starts_with(pattern) {
                let [start, end, pattern] = [start, start + pattern.len(), number].map(|n| u32::try_from(n).unwrap());
                found.push(Found { start, end, pattern });
            }
        }
    }
    found
}

fn scan(engine: &dyn Engine, text: &[char]) -> Vec<Found> {
    let mut found = Vec::new();
    engine.scan(text, &mut found);
    found.sort_unstable();
    found
}

fn check(patterns: &[Vec<char>], text: &[char]) -> Result<(), TestCaseError> {
    let mut expected = naive(patterns, text);
    expected.sort_unstable();
    prop_assert_eq!(&scan(&Automaton::new(patterns).unwrap(), text), &expected, "automaton");
    for level in Level::available() {
        let sieve = Sieve::with_level(patterns, level).unwrap();
        prop_assert_eq!(&scan(&sieve, text), &expected, "{}", level);
    }
    Ok(())
}

fn symbols(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// Symbols of few kinds, so that patterns meet the text and each other.
fn few() -> impl Strategy<Value = char> {
    prop::sample::select(symbols("ab1 .信微加é⺀🐔😀"))
}

fn patterns() -> impl Strategy<Value = Vec<Vec<char>>> {
    let pattern = prop_oneof![
        8 => prop::collection::vec(few(), 1..7),
        2 => prop::collection::vec(few(), 1..40),
        1 => prop::collection::vec(any::<char>(), 1..5),
        2 => (prop::sample::select(symbols("a信")), 1..40_usize).prop_map(|(symbol, times)| vec![symbol; times]),
    ];
    prop::collection::vec(pattern, 0..60).prop_map(|mut patterns| {
        patterns.sort();
        patterns.dedup();
        patterns
    })
}

proptest! {
    #[test]
    fn finds_what_the_naive_matcher_finds(patterns in patterns(), text in prop::collection::vec(few(), 0..200)) {
        check(&patterns, &text)?;
    }

    #[test]
    fn finds_planted_patterns_in_long_texts(
        patterns in patterns(),
        gaps in prop::collection::vec((prop::collection::vec(few(), 0..60), any::<prop::sample::Index>()), 0..30),
    ) {
        let mut text = Vec::new();
        for (gap, index) in gaps {
            text.extend(gap);
            if !patterns.is_empty() {
                text.extend(&patterns[index.index(patterns.len())]);
            }
        }
        check(&patterns, &text)?;
    }

    #[test]
    fn patterns_that_begin_with_wide_symbols_are_found_among_letters(
        mut patterns in patterns(),
        text in prop::collection::vec(few(), 0..200),
    ) {
        patterns.retain(|pattern| u32::from(pattern[0]) >= WIDE);
        check(&patterns, &text)?;
        check_words(&patterns, &text)?;
    }

    #[test]
    fn the_order_of_the_patterns_does_not_matter(patterns in patterns(), text in prop::collection::vec(few(), 0..100)) {
        let backwards: Vec<_> = patterns.iter().rev().cloned().collect();
        check(&backwards, &text)?;
    }
}

/// Words of all lengths around those that keys hold, and what may stand between them.
fn wordy(most: usize) -> impl Strategy<Value = Vec<char>> {
    let pieces = "a b ab abababa abababab ababababa abababababab abababababaa - . 1 信 é"
        .split(' ')
        .map(symbols);
    let pieces: Vec<_> = pieces.chain([symbols(" "), symbols(" a"), symbols("a ")]).collect();
    prop::collection::vec(prop::sample::select(pieces), 1..most).prop_map(|pieces| pieces.concat())
}

fn wordy_patterns() -> impl Strategy<Value = Vec<Vec<char>>> {
    prop::collection::btree_set(wordy(6), 1..20).prop_map(|patterns| patterns.into_iter().collect())
}

fn check_words(patterns: &[Vec<char>], text: &[char]) -> Result<(), TestCaseError> {
    let letter = |at: usize| text.get(at).is_some_and(char::is_ascii_lowercase);
    let inside = |at: u32| at > 0 && letter(at as usize) && letter(at as usize - 1);
    let mut all = naive(patterns, text);
    all.sort_unstable();
    for level in Level::available() {
        let mut found = Vec::new();
        let sieve = Sieve::with_level(patterns, level)
            .unwrap()
            .with_edges(|_| true, |_| true);
        prop_assert_eq!(sieve.words.is_some(), sieve.filters.narrow);
        sieve.scan_words(text, &mut found);
        found.sort_unstable();
        prop_assert!(found.iter().all(|f| all.contains(f)), "{}", level);
        let whole = all.iter().filter(|f| !inside(f.start) && !inside(f.end));
        let missed: Vec<_> = whole.filter(|f| !found.contains(f)).collect();
        prop_assert!(missed.is_empty(), "{} misses {:?}", level, missed);
    }
    Ok(())
}

proptest! {
    #[test]
    fn words_are_found_where_words_start(patterns in patterns(), text in prop::collection::vec(few(), 0..200)) {
        check_words(&patterns, &text)?;
    }

    #[test]
    fn words_of_all_lengths_are_found(patterns in wordy_patterns(), text in wordy(120)) {
        check_words(&patterns, &text)?;
    }

    #[test]
    fn planted_words_are_found(patterns in wordy_patterns(), all in prop::collection::vec(any::<prop::sample::Index>(), 1..40)) {
        let text: Vec<_> = all.iter().map(|index| index.get(&patterns).as_slice()).collect();
        check_words(&patterns, &text.join(&' '))?;
    }
}

#[test]
fn patterns_that_share_long_beginnings_are_all_found() {
    let text = symbols(&"a".repeat(300));
    let mut patterns: Vec<_> = (1..=200).map(|length| text[..length].to_vec()).collect();
    patterns.extend((4..=200).map(|length| [&text[..length], &['b']].concat()));
    patterns.sort();
    let sieve = Sieve::new(&patterns).unwrap();
    let mut expected = naive(&patterns, &text);
    expected.sort_unstable();
    assert_eq!(scan(&sieve, &text), expected);
}

#[test]
fn short_and_mixed_terms_are_found() {
    let patterns: Vec<_> = ["信", "v信", "vx", "加v", "q", "加微信", "3p"].map(symbols).to_vec();
    let text = symbols("加v信 vx 加微信 q 3p信");
    let mut expected = naive(&patterns, &text);
    expected.sort_unstable();
    assert_eq!(scan(&Sieve::new(&patterns).unwrap(), &text), expected);
    assert_eq!(expected.len(), 9);
}

#[test]
fn no_patterns_find_nothing() {
    let none: [Vec<char>; 0] = [];
    assert_eq!(scan(&Sieve::new(&none).unwrap(), &symbols("anything")), []);
}

#[test]
fn patterns_must_be_distinct_and_hold_something() {
    assert!(Sieve::new(&[symbols("ab"), symbols("ab")]).is_err());
    assert!(Sieve::new(&[symbols("b"), symbols("")]).is_err());
}

#[test]
fn heads_that_collide_are_found_without_the_hash_table() {
    // To any first two symbols there is a third and a fourth that bring the key to zero.
    let chosen = |first: u32| {
        let mixed = (first ^ 0x4E00 << 16).wrapping_mul(filter::MIX[0]);
        let pattern = [first, 0x4E00, mixed & 0xFFFF, mixed >> 16].map(char::from_u32);
        pattern.into_iter().collect::<Option<Vec<char>>>()
    };
    let distinct: Vec<_> = (0x4E00..0x9000).filter_map(chosen).take(400).collect();
    assert!(distinct.iter().all(|p| filter::Mixed::at(p, 0).four() == 0));
    let text: Vec<char> = distinct.concat();
    let mut expected = naive(&distinct, &text);
    expected.sort_unstable();
    assert_eq!(scan(&Sieve::new(&distinct).unwrap(), &text), expected);
}
