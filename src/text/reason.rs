//! Why the fold changed a character: data for `tamis fold` and for explained verdicts.

use std::fmt;

/// One reason for a change. A character may have several: `Ａ` is wide and a capital.
///
/// The build script writes sets of these into the folding table, bit by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Reason {
    /// A capital letter, or another form that case folding unites (`ß`, `ς`).
    Case,
    /// Full-width or half-width form.
    Width,
    /// A letter that carried an accent, a stroke or a hook.
    Diacritic,
    /// A styled form: mathematical, superscript, ligature, squared word.
    Style,
    /// In a circle, a square or parentheses, or with a full stop.
    Enclosed,
    /// A small capital, or a turned, reversed or otherwise bent letter.
    LetterForm,
    /// A letter of another script that looks like a Latin one.
    LookAlike,
    /// A traditional Chinese character.
    Traditional,
    /// A variant, compatibility or Japanese form of a Chinese character.
    Variant,
    /// A radical or stroke that looks like a whole character.
    Radical,
    /// A digit of another script.
    Digit,
    /// White space of some other kind.
    Space,
    /// A line break of some other kind.
    LineBreak,
    /// A typographic quotation mark, apostrophe or hyphen.
    Punctuation,
    /// Invisible: zero-width, bidirectional control, filler, variation selector.
    Invisible,
    /// A control character.
    Control,
    /// Only stretches the word.
    Stretch,
    /// The skin tone of an emoji.
    SkinTone,
    /// A combining mark that the script of its base does not need.
    Mark,
    /// Written as one with the character before it: か + ゙ is が.
    Joined,
    /// A regional indicator that is part of no flag.
    FlagLetter,
    /// Written as one where the fold writes a letter and its marks apart.
    Apart,
}

impl Reason {
    /// Every reason, in the order of their numbers.
    pub const ALL: [Self; 22] = [
        Self::Case,
        Self::Width,
        Self::Diacritic,
        Self::Style,
        Self::Enclosed,
        Self::LetterForm,
        Self::LookAlike,
        Self::Traditional,
        Self::Variant,
        Self::Radical,
        Self::Digit,
        Self::Space,
        Self::LineBreak,
        Self::Punctuation,
        Self::Invisible,
        Self::Control,
        Self::Stretch,
        Self::SkinTone,
        Self::Mark,
        Self::Joined,
        Self::FlagLetter,
        Self::Apart,
    ];

    /// The reason in a word or two, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Width => "width",
            Self::Diacritic => "diacritic",
            Self::Style => "style",
            Self::Enclosed => "enclosed",
            Self::LetterForm => "letter form",
            Self::LookAlike => "look-alike",
            Self::Traditional => "traditional",
            Self::Variant => "variant",
            Self::Radical => "radical",
            Self::Digit => "digit",
            Self::Space => "white space",
            Self::LineBreak => "line break",
            Self::Punctuation => "punctuation",
            Self::Invisible => "invisible",
            Self::Control => "control",
            Self::Stretch => "stretch",
            Self::SkinTone => "skin tone",
            Self::Mark => "mark",
            Self::Joined => "joined",
            Self::FlagLetter => "flag letter",
            Self::Apart => "taken apart",
        }
    }
}

/// A set of reasons.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Reasons(pub(crate) u32);

impl Reasons {
    /// True where nothing changed.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True where `reason` is one of them.
    pub fn contains(self, reason: Reason) -> bool {
        self.0 & (1 << reason as u8) != 0
    }

    /// The same set with `reason` in it.
    #[must_use]
    pub fn with(self, reason: Reason) -> Self {
        Self(self.0 | 1 << reason as u8)
    }

    /// The reasons, in the order of [`Reason::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |&reason| self.contains(reason))
    }
}

impl fmt::Display for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, reason) in self.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{}", reason.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
