//! What 64 symbols are, as bits: so that a look at a clean text goes from one odd place to the next instead of from symbol to symbol.

use crate::{
    simd::{self, Level},
    text::Class,
};

/// One bit a symbol, the first lowest; zeros behind the end of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// It carries meaning: no separator.
    pub(crate) word: u64,
    /// It is a Latin letter.
    pub(crate) latin: u64,
    /// It is a digit.
    pub(crate) digit: u64,
    /// It is a separator, but no space.
    pub(crate) mark: u64,
    /// It is a separator that may be an emoji: no ASCII, no CJK punctuation.
    pub(crate) sign: u64,
    /// It equals the one before.
    pub(crate) same: u64,
}

/// Where separators begin that may be emoji; CJK punctuation stands between.
pub(crate) const SIGNS: [std::ops::Range<u32>; 2] = [0xA0..0x3000, 0x3021..0x11_0000];

impl Marks {
    /// The marks of at most 64 symbols from `at` on.
    pub(crate) fn of(symbols: &[char], classes: &[Class], at: usize) -> Self {
        simd::marks(Level::current(), symbols, classes, at)
    }

    /// The same, symbol by symbol.
    pub(crate) fn scalar(symbols: &[char], classes: &[Class], at: usize) -> Self {
        let mut marks = Self::default();
        for (bit, i) in (at..symbols.len().min(at + 64)).enumerate() {
            let (symbol, class) = (symbols[i], classes[i]);
            let sign = !class.is_word() && SIGNS.iter().any(|signs| signs.contains(&u32::from(symbol)));
            marks.word |= u64::from(class.is_word()) << bit;
            marks.latin |= u64::from(class == Class::Latin) << bit;
            marks.digit |= u64::from(class == Class::Digit) << bit;
            marks.mark |= u64::from(!class.is_word() && symbol != ' ') << bit;
            marks.sign |= u64::from(sign) << bit;
            marks.same |= u64::from(i > 0 && symbols[i - 1] == symbol) << bit;
        }
        marks
    }

    /// The marks of at most `count` symbols from the one on that stands `by` behind the first of these, below 64; `next` are those behind.
    pub(crate) fn across(&self, next: &Self, by: usize, count: usize) -> Self {
        debug_assert!(by < 64);
        let keep = if count < 64 { (1 << count) - 1 } else { !0 };
        let part = |marks: fn(&Self) -> u64| (marks(self) >> by | marks(next) << 1 << (63 - by)) & keep;
        Self {
            word: part(|marks| marks.word),
            latin: part(|marks| marks.latin),
            digit: part(|marks| marks.digit),
            mark: part(|marks| marks.mark),
            sign: part(|marks| marks.sign),
            same: part(|marks| marks.same),
        }
    }

    /// Digits, and separators but spaces: what may stand for a letter.
    pub(crate) fn others(&self) -> u64 {
        self.mark | self.digit
    }

    /// Latin letters before which stand a space and a Latin letter, one of the two beside another letter: what parts two words, and no
    /// letters that stand alone. Some at the edges of the block are left out.
    pub(crate) fn plainly_spaced(&self) -> u64 {
        let space = !(self.word | self.mark);
        let spaced = self.latin & space << 1 & self.latin << 2;
        let (word_behind, word_ahead) = (self.latin >> 1 & !(self.same >> 1), self.latin << 3 & !(self.same << 2));
        spaced & (word_behind | word_ahead)
    }

    /// The marks of a whole text, 64 symbols at a time, with where each block begins.
    pub(crate) fn blocks(symbols: &[char], classes: &[Class]) -> impl Iterator<Item = (usize, Self)> + Clone {
        (0..symbols.len())
            .step_by(64)
            .map(move |at| (at, Self::of(symbols, classes, at)))
    }
}

/// The numbers of the set bits, from `base` on.
pub(crate) fn places(mut bits: u64, base: usize) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (bits != 0).then(|| base + bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        place
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{Folded, fold};

    proptest! {
        #[test]
        fn every_level_sees_the_same(text in "[a-b1 .。一-三🐔é\u{200B}]{0,200}") {
            let mut folded = Folded::default();
            fold(&text, &mut folded);
            let (symbols, classes) = (folded.symbols(), folded.classes());
            for at in (0..symbols.len()).step_by(64) {
                let expected = Marks::scalar(symbols, classes, at);
                for level in Level::available() {
                    prop_assert_eq!(simd::marks(level, symbols, classes, at), expected, "{}", level);
                }
            }
        }
    }
}
