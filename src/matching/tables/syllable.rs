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
    #[cfg(test)]
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
    let codes: Vec<usize> = letters.iter().map(|&letter| letter_code(letter)).collect();
    spellings()
        .find(|(spelling, _)| *spelling == codes)
        .map(|(_, syllable)| syllable)
}

/// The code of a letter of pinyin, from 1 on; 0 for every other. build/tables.rs computes the same.
pub(super) fn letter_code(letter: char) -> usize {
    match u32::from(letter).wrapping_sub(0x60) as usize {
        code @ 1..=26 => code,
        _ if letter == 'ü' => letter_code('v'),
        _ => 0,
    }
}

/// Every way to write a syllable, as the codes of its letters. Where keyboards disagree on ü, all they write counts.
pub(super) fn spellings() -> impl Iterator<Item = (Vec<usize>, Syllable)> {
    CODES.iter().zip(INDICES).map(|(&code, index)| {
        let letters = (0..LONGEST).rev().map(|at| code as usize >> (5 * at) & 31);
        (letters.skip_while(|&letter| letter == 0).collect(), Syllable(index))
    })
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
