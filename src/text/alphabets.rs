//! Which alphabets a text is written in, before folding: keeps Russian and Greek words from being read as English ones.
//!
//! The fold turns every look-alike into its Latin letter, wherever it stands, so that `fuсk` with a Cyrillic `с` and `хуй`
//! with a Latin `x` both meet their terms. Then wholly Cyrillic words may fold to English ones: сор (litter) to `cop`.
//! A hit settles it by looking at the original: the letters of term and text must have an alphabet in common.

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
