//! The static tables of the evasion planes: what a hanzi sounds like, what it is made of, what an emoji or a symbol stands for.
//!
//! What lives here: look-ups over data that build/tables.rs generates, each a pure function of one character or one run of
//! letters. What must not: rules on when a reading counts; those are the planes'. Keys and values are folded symbols.

mod emoji;
mod english;
mod leet;
mod lexicon;
mod parts;
mod readings;
mod spelling;
mod split;
mod syllable;

#[cfg(test)]
mod coverage;

use std::cmp::Ordering;

pub(crate) use {
    emoji::emoji, english::reads_as_english, leet::leet, lexicon::is_english, parts::decompositions,
    readings::readings, spelling::is_spelt, split::split_syllables, syllable::Syllable,
};

/// Whether letters are one of so many sorted words. O(log words).
fn is_among<W: Iterator<Item = char>>(words: usize, word: impl Fn(usize) -> W, letters: &[char]) -> bool {
    let (mut low, mut high) = (0, words);
    while low < high {
        let middle = usize::midpoint(low, high);
        match word(middle).cmp(letters.iter().copied()) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => return true,
        }
    }
    false
}
