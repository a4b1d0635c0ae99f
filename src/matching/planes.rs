//! The evasion planes: by which transformations a text led to a term, and what each costs.

use serde::{Serialize, Serializer};

use crate::dictionary::Tolerance;

/// One transformation. In the order that decides between derivations of equal penalty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Plane {
    /// The text folds to the term, but its code points differ.
    Folded,
    /// Separators stand inside the term: `微-信`, `f.u.c.k`, `f u c k`.
    Gaps,
    /// Letters are repeated, one of them at least three times: `fuuuck`.
    Runs,
    /// Digits or signs stand for letters: `sh1t`.
    Leet,
    /// Letters are masked: `f*ck`.
    Masks,
    /// An emoji stands for what it is called: `🐔` for `鸡`.
    Emoji,
    /// A hanzi is written as its parts: `氵去` for `法`.
    Decomposition,
    /// Some hanzi are spelt in pinyin: `脑can`.
    MixedPinyin,
    /// All hanzi are spelt in pinyin: `naocan`.
    Pinyin,
    /// The word is misspelt: `fcuk`.
    Misspelling,
}

/// Every plane with its name in replies and its penalty.
const PLANES: [(Plane, &str, u8); 10] = [
    (Plane::Folded, "folded", 0),
    (Plane::Gaps, "gaps", 1),
    (Plane::Runs, "runs", 1),
    (Plane::Leet, "leet", 1),
    (Plane::Masks, "masks", 2),
    (Plane::Emoji, "emoji", 1),
    (Plane::Decomposition, "decomposition", 1),
    (Plane::MixedPinyin, "mixed_pinyin", 1),
    (Plane::Pinyin, "pinyin", 2),
    (Plane::Misspelling, "misspelling", 4),
];

impl Plane {
    /// The plane's name in replies.
    pub fn as_str(self) -> &'static str {
        PLANES[self as usize].1
    }

    /// What it adds to the penalty of a match, however often it is used.
    pub fn penalty(self) -> u8 {
        PLANES[self as usize].2
    }
}

/// A set of planes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Planes(u16);

impl Planes {
    /// The planes of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Plane> {
        PLANES
            .into_iter()
            .map(|(plane, ..)| plane)
            .filter(move |&plane| self.0 & (1 << plane as u8) != 0)
    }

    /// The set with one more.
    #[must_use]
    pub fn with(self, plane: Plane) -> Self {
        Self(self.0 | 1 << plane as u8)
    }

    /// True where no plane was needed.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True where `plane` is in the set.
    pub fn contains(self, plane: Plane) -> bool {
        self.0 & (1 << plane as u8) != 0
    }

    /// The sum of the penalties: each plane counts once.
    pub fn penalty(self) -> u8 {
        self.iter().map(Plane::penalty).sum()
    }
}

impl Serialize for Planes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl Tolerance {
    /// The largest penalty at which a hit of a term with this tolerance still stands.
    pub fn budget(self) -> u8 {
        match self {
            Self::Exact | Self::Folded => 0,
            Self::Standard => 3,
            Self::Aggressive => 6,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_stand_in_the_table_at_their_own_number() {
        for (at, (plane, ..)) in PLANES.iter().enumerate() {
            assert_eq!(*plane as usize, at);
        }
    }

    #[test]
    fn each_plane_of_a_set_counts_its_penalty_once() {
        let set = Planes::default().with(Plane::Masks).with(Plane::Gaps).with(Plane::Gaps);
        assert_eq!(set.penalty(), 3);
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["gaps","masks"]"#);
    }
}
