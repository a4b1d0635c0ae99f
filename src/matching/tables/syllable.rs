//! Toneless pinyin syllables: their numbers and their spellings.

use std::fmt;

include!(concat!(env!("OUT_DIR"), "/evasion_syllable.rs"));

/// The most letters that a syllable has: zhuang.
pub(super) const LONGEST: usize = 6;

/// A toneless pinyin syllable, numbered in alphabetical order; ü is written v.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Syllable(pub(super) u16);

impl Syllable {
    /// Its number.
    pub(crate) fn index(self) -> u16 {
        self.0
    }

    /// The syllable with this number.
    pub(crate) fn at(index: u32) -> Option<Self> {
        let index = u16::try_from(index).ok()?;
        (usize::from(index) < NAMES.len()).then_some(Self(index))
    }

    /// Its letters.
    pub(crate) fn as_str(self) -> &'static str {
        NAMES[usize::from(self.0)]
    }
}

impl fmt::Debug for Syllable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The syllable that these lower-case Latin letters spell, exactly. Where keyboards disagree on ü, all they write counts:
/// lü and lv, lüe, lve and lue, ju and jv.
#[cfg(test)]
pub(crate) fn syllable(letters: &[char]) -> Option<Syllable> {
    if letters.is_empty() || letters.len() > LONGEST {
        return None;
    }
    by_code(letters.iter().try_fold(0, |code, &letter| append(code, letter))?)
}

/// The code of the letters of `code` and one more, five bits a letter; build/tables.rs computes the same.
pub(super) fn append(code: u32, letter: char) -> Option<u32> {
    match letter {
        'a'..='z' => Some(code << 5 | (u32::from(letter) - u32::from('a') + 1)),
        'ü' => append(code, 'v'),
        _ => None,
    }
}

/// The syllable whose letters have this code.
pub(super) fn by_code(code: u32) -> Option<Syllable> {
    CODES.binary_search(&code).ok().map(|at| Syllable(INDICES[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(letters: &str) -> Option<&'static str> {
        syllable(&letters.chars().collect::<Vec<_>>()).map(Syllable::as_str)
    }

    #[test]
    fn every_syllable_round_trips() {
        for index in 0..SYLLABLE_COUNT {
            let name = Syllable(index).as_str();
            assert_eq!(spelled(name), Some(name));
            assert!(name.len() <= LONGEST, "{name}");
        }
    }

    #[test]
    fn names_and_codes_are_sorted_and_unique() {
        assert!(NAMES.is_sorted_by(|a, b| a < b));
        assert!(CODES.is_sorted_by(|a, b| a < b));
        assert!((405..420).contains(&SYLLABLE_COUNT), "{SYLLABLE_COUNT}");
    }

    #[test]
    fn every_way_to_write_the_umlaut_spells_the_same() {
        assert_eq!(
            [spelled("lü"), spelled("lv"), spelled("lu")],
            [Some("lv"), Some("lv"), Some("lu")]
        );
        assert_eq!([spelled("nüe"), spelled("nve"), spelled("nue")], [Some("nve"); 3]);
        assert_eq!([spelled("jü"), spelled("jv"), spelled("ju")], [Some("ju"); 3]);
    }

    #[test]
    fn what_is_no_syllable_spells_nothing() {
        for letters in ["", "v", "b", "bi1", "Bi", "bii", "shab", "zhuangg", "傻", "ng", "m"] {
            assert_eq!(spelled(letters), None, "{letters}");
        }
    }
}
