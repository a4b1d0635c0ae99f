//! What kind of symbol a character is: decides word boundaries and, later, what the evasion planes may skip.

/// The class of a folded symbol.
///
/// The build script writes these numbers into the folding table, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Class {
    /// May stand inside an evaded word: space, `.`, `-`, `_`, `*`, `~`, `·`, `、`, `，`, emoji and every symbol without a mapping.
    SeparatorWeak,
    /// Ends a sentence: `。`, `！`, `？`, `;`, a line break.
    SeparatorStrong,
    /// A decimal digit, whatever its script was.
    Digit,
    /// A Latin letter, or a look-alike that folded to one.
    Latin,
    /// A Chinese character.
    Han,
    /// Hiragana and katakana.
    Kana,
    /// A Korean syllable or letter.
    Hangul,
    /// Thai, Lao, Khmer, Myanmar: scripts written without spaces between words.
    Unspaced,
    /// Cyrillic letters that fold to no Latin one.
    Cyrillic,
    /// Greek letters that fold to no Latin one.
    Greek,
    /// Arabic letters and their kept marks.
    Arabic,
    /// Hebrew letters and their kept marks.
    Hebrew,
    /// Letters and kept marks of the Indic scripts.
    Indic,
    /// Letters of any other script.
    Other,
}

impl Class {
    /// The class that the lower four bits of `number` name; numbers without a class name `Other`.
    ///
    /// Written out so that the compiler sees the numbers to be those of the enumeration, and needs no table.
    #[inline]
    pub(crate) fn from_number(number: u8) -> Self {
        match number & 15 {
            0 => Self::SeparatorWeak,
            1 => Self::SeparatorStrong,
            2 => Self::Digit,
            3 => Self::Latin,
            4 => Self::Han,
            5 => Self::Kana,
            6 => Self::Hangul,
            7 => Self::Unspaced,
            8 => Self::Cyrillic,
            9 => Self::Greek,
            10 => Self::Arabic,
            11 => Self::Hebrew,
            12 => Self::Indic,
            _ => Self::Other,
        }
    }

    /// True for letters and digits: a symbol that carries meaning.
    pub fn is_word(self) -> bool {
        !matches!(self, Self::SeparatorWeak | Self::SeparatorStrong)
    }

    /// True where a term's end needs no boundary unless the dictionary asks for one: scripts without spaces between words.
    pub fn is_unspaced(self) -> bool {
        matches!(self, Self::Han | Self::Kana | Self::Unspaced)
    }

    /// True where a combining mark is part of the spelling, so that the fold keeps it after a symbol of this class.
    pub fn keeps_marks(self) -> bool {
        matches!(
            self,
            Self::Unspaced | Self::Arabic | Self::Hebrew | Self::Indic | Self::Other
        )
    }
}
