//! Which alphabets a text is written in, before folding: keeps Russian and Greek words from being read as English ones.
//!
//! The fold turns every look-alike into its Latin letter, wherever it stands, so that `fuсk` with a Cyrillic `с` and `хуй`
//! with a Latin `x` both meet their terms. Then wholly Cyrillic words may fold to English ones: сор (litter) to `cop`.
//! A hit settles it by looking at the original: the letters of term and text must have an alphabet in common.

use std::ops::Range;

use super::reason::Reason;
use super::table;
use super::{Class, Folded};

/// The alphabets of a piece of text: of its Latin, Cyrillic and Greek letters, and of others that look like Latin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Alphabets(u8);

impl Alphabets {
    const LATIN: u8 = 1;
    const CYRILLIC: u8 = 2;
    const GREEK: u8 = 4;
    const OTHER: u8 = 8;

    /// The alphabets of `original`, a text that was not folded. Styled forms (full-width, circled) count as their letter.
    pub fn of(original: &str) -> Self {
        original
            .chars()
            .fold(Self::default(), |all, c| Self(all.0 | Self::of_char(c)))
    }

    /// True where nothing contradicts that both are the same word: an alphabet in common, or no letters on one side.
    ///
    /// ```
    /// use tamis::text::Alphabets;
    ///
    /// let term = Alphabets::of("cop");
    /// assert!(term.meet(Alphabets::of("соp"))); // one Latin letter among Cyrillic ones: a disguise
    /// assert!(!term.meet(Alphabets::of("сор"))); // all Cyrillic: a Russian word
    /// assert!(Alphabets::of("сор").meet(Alphabets::of("сор"))); // which a Russian term finds
    /// ```
    pub fn meet(self, other: Self) -> bool {
        self.0 == 0 || other.0 == 0 || self.0 & other.0 != 0
    }

    /// Four bits, one for each alphabet.
    pub(crate) fn bits(self) -> u8 {
        self.0
    }

    /// The alphabets of these bits.
    pub(crate) fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    fn of_char(c: char) -> u8 {
        match original_class(c) {
            Class::Latin => Self::LATIN,
            Class::Cyrillic => Self::CYRILLIC,
            Class::Greek => Self::GREEK,
            Class::Other => Self::OTHER,
            _ => 0,
        }
    }
}

/// Where in a text the letters of each alphabet stand, so that the alphabets of long stretches are told without looking each over: a
/// text can hold very many hits. Read when it is first asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Letters {
    /// For each alphabet the places of its letters, in bytes.
    places: [Vec<u32>; 4],
    is_read: bool,
}

/// Stretches of so many bytes are looked over: it costs no more than to ask, and most texts have no hit that is longer.
const SHORT: usize = 32;

impl Letters {
    /// Makes ready for another text.
    pub(crate) fn forget(&mut self) {
        self.is_read = false;
    }

    /// The alphabets of a stretch of `text`, which must be the same until it is forgotten. O(log length of the text), the first time
    /// O(length).
    pub(crate) fn between(&mut self, text: &str, bytes: Range<u32>) -> Alphabets {
        let stretch = &text[bytes.start as usize..bytes.end as usize];
        if stretch.len() <= SHORT {
            return Alphabets::of(stretch);
        }
        if !self.is_read {
            self.read(text);
        }
        let stands = |places: &[u32]| {
            let next = places.partition_point(|&place| place < bytes.start);
            places.get(next).is_some_and(|&place| place < bytes.end)
        };
        let bits = self.places.iter().enumerate();
        Alphabets(bits.fold(0, |all, (alphabet, places)| all | u8::from(stands(places)) << alphabet))
    }

    fn read(&mut self, text: &str) {
        self.places.iter_mut().for_each(Vec::clear);
        self.is_read = true;
        for (at, c) in text.char_indices() {
            let bits = Alphabets::of_char(c);
            if bits != 0 {
                // A character is of one alphabet at most, and texts are limited to far less than 4 GiB.
                self.places[bits.trailing_zeros() as usize].push(u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
    }
}

/// The class of a character before look-alikes are folded: Cyrillic for `с`, although it folds to a Latin `c`.
pub fn original_class(c: char) -> Class {
    if table::reasons(c).contains(Reason::LookAlike) {
        return match c {
            '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' | '\u{1D6A8}'..='\u{1D7CB}' => Class::Greek,
            '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}' | '\u{A640}'..='\u{A69F}' => Class::Cyrillic,
            '\u{B5}' | '∂' | '℮' => Class::SeparatorWeak,
            _ => Class::Other,
        };
    }
    Class::of(c)
}

impl Class {
    /// The class of one character by itself, after folding: of its first symbol where it folds to several, and
    /// [`Class::SeparatorWeak`] where it folds away.
    pub fn of(c: char) -> Self {
        match table::meta(c) {
            meta if !(table::EXPAND..table::MARK).contains(&meta) => table::class(meta),
            table::EXPAND => table::expansion(c)
                .first()
                .map_or(Self::SeparatorWeak, |&first| Self::of(first)),
            table::JAMO_LEADING | table::JAMO_VOWEL | table::JAMO_TRAILING => Self::Hangul,
            table::VOICED => Self::Kana,
            _ => Self::SeparatorWeak,
        }
    }
}

impl Folded {
    /// True where the symbols `left` and `left + 1` belong to one word, so that no term may end between them: both are
    /// letters or both digits, of one class after folding or before. `text` is the text that was folded.
    ///
    /// Before folding matters for words with look-alikes: in сорт the `р` folds to a Latin letter and the `т` next to it
    /// to another one, but a letter without a look-alike, as in кий, would otherwise seem to be of another script.
    pub fn joined(&self, text: &str, left: usize) -> bool {
        let (Some(&a), Some(&b)) = (self.classes().get(left), self.classes().get(left + 1)) else {
            return false;
        };
        if !a.is_word() || !b.is_word() {
            return false;
        }
        a == b || self.original_class(text, left) == self.original_class(text, left + 1)
    }

    /// The class, before look-alikes were folded, of the character that a symbol came from.
    pub fn original_class(&self, text: &str, symbol: usize) -> Class {
        let source = self.sources().get(symbol).map_or(usize::MAX, |&source| source as usize);
        text.get(source..)
            .and_then(|rest| rest.chars().next())
            .map_or(Class::SeparatorWeak, original_class)
    }
}
