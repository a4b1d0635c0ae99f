//! The plane `misspelling`: a token that is no English word and one slip of the pen away from a term, `fcuk`.
//!
//! A word and its misspelling become equal where each loses a letter, or where doubled letters are written once. So every word is kept under
//! all that is left of it then, and looked up by all that is left of a token: the idea of `SymSpell` (Wolf Garbe), for one edit.

use std::ops::Range;

use super::{bloom::Bloom, boundary::latin_end, tables::is_english};
use crate::text::{Class, Folded};

/// So many letters a word and a token have.
const LETTERS: std::ops::RangeInclusive<usize> = 3..=32;

/// Shortest word that may lose, get or change a letter; so short, it keeps its last one. Of shorter ones doubled letters alone are read.
const FEWEST_EDITED: usize = 4;

/// Most words that are compared with one token: bounds the work on lists with very many words like each other.
const MOST_COMPARED: usize = 4_096;

/// The Latin words of a segment that may be misspelt, each with a number.
#[derive(Debug, PartialEq)]
pub(crate) struct Misspellings {
    words: Vec<(Box<[char]>, u32)>,
    /// What is left of the words, hashed, with their indices; sorted.
    remains: Vec<(u32, u32)>,
    /// The same without the words, to pass over tokens that are near to none.
    filter: Bloom,
}

impl Misspellings {
    /// Those among `words` that have Latin letters alone, and letters enough.
    pub(crate) fn new(mut words: Vec<(Box<[char]>, u32)>) -> Self {
        let latin = |word: &[char]| word.iter().all(|&c| Class::of(c) == Class::Latin);
        words.retain(|(word, _)| LETTERS.contains(&word.len()) && latin(word));
        let numbered = (0..).zip(&words);
        let mut remains: Vec<(u32, u32)> = numbered
            .flat_map(|(index, (word, _))| remains(word).map(move |key| (key, index)))
            .collect();
        remains.sort_unstable();
        remains.dedup();
        let mut filter = Bloom::new(remains.len(), 16, 1 << 4..=1 << 22);
        for &(key, _) in &remains {
            filter.insert(key);
        }
        Self { words, remains, filter }
    }

    /// False where no token can be a misspelt word. O(symbols), and nothing at all without words.
    pub(crate) fn perhaps(&self, symbols: &[char], classes: &[Class]) -> bool {
        !self.words.is_empty() && tokens(classes).any(|token| self.may_be_near(&symbols[token]))
    }

    /// Calls `found` with the folded symbols of each token that may be a misspelt word, and the number of each such word.
    pub(crate) fn find(&self, folded: &Folded, mut found: impl FnMut(Range<usize>, u32)) {
        let mut near = Vec::new();
        for token in tokens(folded.classes()) {
            let letters = &folded.symbols()[token.clone()];
            if !self.may_be_near(letters) {
                continue;
            }
            near.clear();
            near.extend(remains(letters).flat_map(|key| self.left_with(key)).take(MOST_COMPARED));
            near.sort_unstable();
            near.dedup();
            for &index in &near {
                let (word, number) = &self.words[index as usize];
                if Slip::between(word, letters).is_some() {
                    found(token.clone(), *number);
                }
            }
        }
    }

    fn may_be_near(&self, letters: &[char]) -> bool {
        remains(letters).any(|key| self.filter.perhaps(key)) && !is_english(letters)
    }

    /// The words of which this may be left.
    fn left_with(&self, key: u32) -> impl Iterator<Item = u32> {
        let from = self.remains.partition_point(|&(other, _)| other < key);
        let equal = self.remains[from..].iter().take_while(move |(other, _)| *other == key);
        equal.map(|&(_, index)| index)
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        let words = self.words.iter().map(|(word, _)| size_of_val(word.as_ref()) + 24);
        words.sum::<usize>() + size_of_val(self.remains.as_slice()) + self.filter.heap_bytes()
    }
}

/// What was done to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slip {
    /// One letter is more, less or other.
    Letter,
    /// Two neighbours changed places.
    Swapped,
    /// Letters are doubled, any number of them.
    Doubled,
}

impl Slip {
    /// What was done to `word` where people read `token` as it; see docs/planes.md.
    pub(crate) fn between(word: &[char], token: &[char]) -> Option<Self> {
        if is_doubled(word, token) {
            return Some(Self::Doubled);
        }
        if word.len() < FEWEST_EDITED || word.first() != token.first() {
            return None;
        }
        let same = word.iter().zip(token).take_while(|(a, b)| a == b).count();
        let ends_alike = word.len() > FEWEST_EDITED || word.last() == token.last();
        match (&word[same..], &token[same..]) {
            ([_, ours @ ..], theirs) if ours == theirs => {
                (ends_alike && (is_vowel(word[same]) || is_silent(word, same))).then_some(Self::Letter)
            }
            (ours, [_, theirs @ ..]) if ours == theirs => ends_alike.then_some(Self::Letter),
            ([_, ours @ ..], [_, theirs @ ..]) if ours == theirs => {
                (ends_alike && is_vowel(word[same])).then_some(Self::Letter)
            }
            ([a, b, ours @ ..], [d, c, theirs @ ..]) if (a, b, ours) == (c, d, theirs) => Some(Self::Swapped),
            _ => None,
        }
    }
}

/// True where letters of the word are doubled, and none stands three times: that is what `runs` is for.
fn is_doubled(word: &[char], token: &[char]) -> bool {
    let runs = |letters: &'_ [char]| letters.chunk_by(|a, b| a == b).count();
    let grown = |(ours, theirs): (&[char], &[char])| ours[0] == theirs[0] && (ours.len()..=2).contains(&theirs.len());
    let pairs = word.chunk_by(|a, b| a == b).zip(token.chunk_by(|a, b| a == b));
    word.len() < token.len() && runs(word) == runs(token) && pairs.into_iter().all(grown)
}

/// True where the letter is one of two that are written for one sound: a doubled letter, or `ck`.
fn is_silent(word: &[char], at: usize) -> bool {
    let pair = |pair: &[char]| pair[0] == pair[1] || pair == ['c', 'k'];
    at > 0 && pair(&word[at - 1..=at]) || word.get(at..at + 2).is_some_and(pair)
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// The Latin letters that stand side by side, where they are no more than a word has and no digit stands beside them.
fn tokens(classes: &[Class]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    let all = std::iter::from_fn(move || {
        at += classes[at..].iter().position(|&class| class == Class::Latin)?;
        let start = at;
        at = latin_end(classes, start);
        Some(start..at)
    });
    let digit = |place: Option<usize>| place.and_then(|i| classes.get(i)) == Some(&Class::Digit);
    all.filter(move |token| {
        LETTERS.contains(&token.len()) && !digit(token.start.checked_sub(1)) && !digit(Some(token.end))
    })
}

/// Hashes of what is left of letters: of all of them, of all but one that is not the first, and with doubled ones written once. Few words
/// have more in common by chance.
fn remains(letters: &[char]) -> impl Iterator<Item = u32> {
    let mut before = 0;
    let all_but_one = (1..=letters.len()).map(move |at| {
        before = mix(before, letters[at - 1]);
        let behind = letters.get(at + 1..).unwrap_or_default();
        upper(behind.iter().copied().fold(before, mix))
    });
    let once = move || upper(letters.chunk_by(|a, b| a == b).map(|run| run[0]).fold(0, mix));
    all_but_one.chain(std::iter::once_with(once))
}

/// Multiplicative hashing, letter by letter. The upper half depends on all of them.
fn mix(hash: u64, letter: char) -> u64 {
    (hash ^ u64::from(letter)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn upper(hash: u64) -> u32 {
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn found(words: &[&str], text: &str) -> Vec<String> {
        let numbered = (0..).zip(words).map(|(i, w)| (w.chars().collect(), i));
        let (words_of, mut folded) = (Misspellings::new(numbered.collect()), Folded::default());
        fold(text, &mut folded);
        let mut found = Vec::new();
        words_of.find(&folded, |range, number| {
            let token: String = folded.symbols()[range].iter().collect();
            found.push(format!("{token} for {}", words[number as usize]));
        });
        assert!(
            found.is_empty() || words_of.perhaps(folded.symbols(), folded.classes()),
            "a glance may see more than there is, and no less: {text}"
        );
        found
    }

    #[test]
    fn a_letter_more_less_or_other_and_two_swapped() {
        assert_eq!(found(&["trash"], "what trsh!"), ["trsh for trash"]);
        assert_eq!(found(&["trash"], "TRAYSH, she said"), ["traysh for trash"]);
        assert_eq!(found(&["trash"], "加trxsh"), ["trxsh for trash"]);
        assert_eq!(found(&["trash"], "tarsh"), ["tarsh for trash"]);
        assert_eq!(found(&["fuck"], "fukc fcuk"), ["fukc for fuck", "fcuk for fuck"]);
    }

    #[test]
    fn letters_doubled_however_many() {
        assert_eq!(found(&["dog"], "doog ddoogg"), ["doog for dog", "ddoogg for dog"]);
        assert_eq!(found(&["dog"], "dooog doggg"), [""; 0], "runs are another plane");
        assert_eq!(found(&["offal"], "oofal"), [""; 0], "a letter is written less often");
    }

    #[test]
    fn words_keep_their_consonants_and_short_ones_their_ends() {
        assert_eq!(found(&["dog"], "dg dxg dogx"), [""; 0]);
        assert_eq!(found(&["blaze"], "blze blaxe lbaze"), ["blze for blaze"]);
        let of = |word: &'static str| move |token| format!("{token} for {word}");
        assert_eq!(
            found(&["fuck"], "fuk fuc fuq fick fock"),
            ["fuk", "fick", "fock"].map(of("fuck"))
        );
        assert_eq!(found(&["fuck"], "fvck fuckx ruck"), ["fvck for fuck"]);
        assert_eq!(
            found(&["bottle"], "botle bottl bottlq bxttle vottle bottxe boltle"),
            ["botle", "bottl", "bottlq", "bxttle"].map(of("bottle"))
        );
    }

    #[test]
    fn english_words_and_what_stands_beside_digits_are_none() {
        assert_eq!(found(&["trash", "place"], "thrash places trashed plate"), [""; 0]);
        assert_eq!(found(&["trash"], "trsh2 4trsh"), [""; 0]);
    }

    #[test]
    fn each_word_is_found_once_for_a_token() {
        assert_eq!(found(&["aabbcc"], "aabcc"), ["aabcc for aabbcc"]);
        assert_eq!(found(&["blood"], "bolod"), ["bolod for blood"]);
    }
}
