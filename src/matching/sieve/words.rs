//! Whole words: where words of a text start, and whether such a word begins a pattern.
//!
//! If every pattern that begins with a letter from a to z begins with a whole word, a letter behind a letter need not be asked at all,
//! and one question about the word answers for it: in running text one position in five starts a word, and few words are in a list.

use std::ops::Range;

use super::{
    clear::{BLOCK, Left, Places, first_places},
    filter::{MIX, WIDE},
};
use crate::matching::bloom::Bloom;

/// So many letters of a first word are looked at.
const WORD: usize = 8;

/// So many symbols behind them are, where a pattern has them.
const REST: usize = 4;

/// A block's words are looked at so far beyond its end; kernels write them sixteen at a time.
const AHEAD: usize = 16;

/// The letters that English words are made of: a to z.
pub(crate) const LETTERS: Range<u32> = 0x61..0x7B;

/// 0 to 9.
pub(crate) const DIGITS: Range<u32> = 0x30..0x3A;

/// True for a letter from a to z.
#[inline]
pub(crate) fn is_letter(symbol: u32) -> bool {
    LETTERS.contains(&symbol)
}

/// The number of letters that these symbols begin with.
pub(crate) fn first_word(symbols: &[char]) -> usize {
    let letters = |symbol: &&char| is_letter(u32::from(**symbol));
    symbols.iter().take_while(letters).count()
}

/// Which symbols below [`WIDE`] begin patterns besides letters from a to z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    None,
    Digits,
    Any,
}

impl Others {
    fn of(symbol: u32) -> Self {
        if DIGITS.contains(&symbol) {
            Self::Digits
        } else {
            Self::Any
        }
    }
}

/// What a block says of words.
#[derive(Debug)]
pub(crate) struct Letters {
    /// Its letters as bytes, and those a little beyond it; 0 for any other symbol.
    pub(crate) codes: [u8; BLOCK + AHEAD],
    /// Where letters are, and digits, and wide symbols.
    pub(crate) places: Places,
    pub(crate) digits: Places,
    pub(crate) wide: Places,
}

impl Letters {
    /// None anywhere.
    pub(crate) const NONE: Self = Self {
        codes: [0; BLOCK + AHEAD],
        places: [0; BLOCK / 64],
        digits: [0; BLOCK / 64],
        wide: [0; BLOCK / 64],
    };

    /// Those of the block that these symbols begin with.
    pub(crate) fn read(&mut self, symbols: &[char]) {
        *self = Self::NONE;
        for (code, &symbol) in self.codes.iter_mut().zip(symbols) {
            *code = code_of(symbol);
        }
        for (at, &symbol) in symbols.iter().take(BLOCK).enumerate() {
            let symbol = u32::from(symbol);
            let is = [is_letter(symbol), DIGITS.contains(&symbol), symbol >= WIDE];
            self.note(at, is.map(u64::from));
        }
    }

    /// Notes which of the symbols from `at` on are letters, digits and wide ones.
    #[inline]
    pub(crate) fn note(&mut self, at: usize, [letters, digits, wide]: [u64; 3]) {
        self.places[at / 64] |= letters << (at % 64);
        self.digits[at / 64] |= digits << (at % 64);
        self.wide[at / 64] |= wide << (at % 64);
    }

    /// The places, of a block of so many, that hold no letter and may begin a pattern.
    pub(crate) fn others(&self, others: Others, count: usize) -> Places {
        let there = first_places(count);
        std::array::from_fn(|part| {
            self.wide[part]
                | match others {
                    Others::None => 0,
                    Others::Digits => self.digits[part],
                    Others::Any => there[part] & !self.places[part],
                }
        })
    }

    /// Where words start; `after_letter` where a letter stands before the block.
    pub(crate) fn starts(&self, after_letter: bool) -> Places {
        let mut carry = u64::from(after_letter);
        self.places.map(|places| {
            let starts = places & !(places << 1 | carry);
            carry = places >> 63;
            starts
        })
    }

    fn from(&self, place: u32) -> &[u8; WORD + REST] {
        self.codes[place as usize..].first_chunk().unwrap_or(&[0; WORD + REST])
    }
}

/// The first words of patterns, each under two keys: the word; and the word with what follows it, if a pattern has enough of that, else
/// with nothing.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) filter: Bloom,
    /// What else begins patterns.
    pub(crate) others: Others,
}

impl Words {
    /// The first words of these patterns that begin with one; each comes with whether it must end where a word does.
    pub(crate) fn new<'a>(patterns: impl Iterator<Item = (&'a [char], bool)> + Clone) -> Self {
        let first = |pattern: &[char]| u32::from(pattern[0]);
        let narrow = patterns.filter(|(p, _)| p.len() > 1 && first(p) < WIDE);
        let (lettered, others) = (
            narrow.clone().filter(|(p, _)| is_letter(first(p))),
            narrow.filter(|(p, _)| !is_letter(first(p))),
        );
        let others = others.map(|(p, _)| Others::of(first(p)));
        let mut words = Self {
            filter: Bloom::new(lettered.clone().count() * 2, 32, 1 << 6..=1 << 16),
            others: others
                .reduce(|a, b| if a == b { a } else { Others::Any })
                .unwrap_or(Others::None),
        };
        for (pattern, ends_word) in lettered {
            let mut codes = [0; WORD + REST];
            for (code, &symbol) in codes.iter_mut().zip(pattern) {
                *code = code_of(symbol);
            }
            let (word, length) = word(&codes);
            // Behind a word that ends the pattern stands no letter, which is as good as known.
            let last = pattern.len().min(codes.len()) - 1;
            let known = pattern.len() - length + usize::from(ends_word && codes[last] != 0);
            let rest = if known < REST { 0 } else { rest(&codes, length) };
            words.filter.insert(key(word));
            words.filter.insert(followed(word, rest));
        }
        words
    }

    /// Puts the places of a block where a word starts that may begin a pattern to the front of `left`; returns their number.
    pub(crate) fn clear(&self, letters: &Letters, after_letter: bool, left: &mut Left) -> usize {
        let mut count = 0;
        for (part, mut starts) in (0..).step_by(64).zip(letters.starts(after_letter)) {
            while starts != 0 {
                left[count] = part + starts.trailing_zeros();
                let (word, _) = word(letters.from(left[count]));
                count += usize::from(self.filter.perhaps(key(word)));
                starts &= starts - 1;
            }
        }
        self.keep(letters, left, count)
    }

    /// Keeps those places whose words may begin a pattern together with what follows them.
    pub(crate) fn keep(&self, letters: &Letters, left: &mut Left, count: usize) -> usize {
        let mut kept = 0;
        for at in 0..count {
            let place = left[at];
            let codes = letters.from(place);
            let (word, length) = word(codes);
            let perhaps = |rest| self.filter.perhaps(followed(word, rest));
            left[kept] = place;
            kept += usize::from(perhaps(0) || perhaps(rest(codes, length)));
        }
        kept
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.filter.heap_bytes()
    }
}

/// A letter as a byte, 0 for any other symbol.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "letters are ASCII")]
fn code_of(symbol: char) -> u8 {
    let symbol = u32::from(symbol);
    if is_letter(symbol) { symbol as u8 } else { 0 }
}

/// In each byte a one.
pub(crate) const ONES: u64 = u64::from_le_bytes([1; WORD]);

/// The letters up to the first other symbol, eight at most, and their number.
#[inline]
fn word(codes: &[u8; WORD + REST]) -> (u64, usize) {
    let eight = codes.first_chunk().map_or(0, |&eight| u64::from_le_bytes(eight));
    // The highest bit of each byte that is zero. Above the lowest of them a one may pass for it, which does not matter.
    let zeros = eight.wrapping_sub(ONES) & !eight & ONES << 7;
    let up_to_zero = zeros ^ zeros.wrapping_sub(1);
    (eight & up_to_zero, zeros.trailing_zeros() as usize / 8)
}

/// What stands behind the first letters.
#[inline]
fn rest(codes: &[u8; WORD + REST], length: usize) -> u32 {
    let rest = codes[length..].first_chunk();
    rest.map_or(0, |&rest| u32::from_le_bytes(rest))
}

/// The key of a word: both halves multiplied, and what that brings folded, so that every letter counts in every bit.
#[inline]
fn key(word: u64) -> u32 {
    fold(product(word, MIX[0]).wrapping_add(product(word >> 32, MIX[1])))
}

/// The key of a word with what follows it.
#[inline]
fn followed(word: u64, rest: u32) -> u32 {
    let both = product(word, MIX[1]).wrapping_add(product(word >> 32, MIX[2]));
    fold(both.wrapping_add(product(rest.into(), MIX[3])))
}

/// The lower 32 bits multiplied.
#[inline]
fn product(half: u64, by: u32) -> u64 {
    (half & 0xFFFF_FFFF) * u64::from(by)
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves of 64 bits are in it")]
fn fold(product: u64) -> u32 {
    (product ^ product >> 32) as u32
}
