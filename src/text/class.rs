//! What kind of symbol a character is: decides word boundaries and, later, what the evasion planes may skip.

/// The class of a folded symbol.
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
    /// The class of one character by itself, after folding.
    pub fn of(c: char) -> Self {
        match c {
            '。' | '！' | '？' | ';' | '!' | '?' | '\n' | '\r' => Self::SeparatorStrong,
            '0'..='9' => Self::Digit,
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Self::Latin,
            '\u{370}'..='\u{3ff}' => Self::Greek,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{590}'..='\u{5ff}' => Self::Hebrew,
            '\u{600}'..='\u{6ff}' => Self::Arabic,
            '\u{900}'..='\u{dff}' => Self::Indic,
            '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => Self::Unspaced,
            '\u{3041}'..='\u{30ff}' => Self::Kana,
            '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' => Self::Hangul,
            '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' => {
                Self::Han
            }
            c if c.is_alphanumeric() => Self::Other,
            _ => Self::SeparatorWeak,
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
}
