//! The plane `masks`: letters of a word hidden behind signs, `f*ck`.

use std::ops::Range;

use super::{
    mask_tokens::{each_token, hides},
    planes::{Plane, Planes},
    tables,
};
use crate::text::{Class, Folded};

/// Shortest token that is looked at: below, too many words fit.
const FEWEST_SYMBOLS: usize = 4;

/// Longest token that is looked at, and longest word kept.
const MOST_SYMBOLS: usize = 32;

/// Fewest letters of a token that also has digits or signs for letters.
const FEWEST_LETTERS_BESIDE_LEET: usize = 2;

/// Fewest times that a letter is written where letters are repeated beyond the word.
const LONG_RUN: usize = 3;

/// Most steps through the word list for one token: bounds the work on lists with very many words of one length.
const MOST_STEPS: usize = 4_096;

/// The Latin words of a segment, each with a number, ordered for walking with some letters unknown.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Masks {
    /// Sorted by length, then by letters.
    words: Vec<(Box<[char]>, u32)>,
}

impl Masks {
    /// The words among `terms` that masks can hide: 4 to 32 Latin letters.
    pub(crate) fn new(mut words: Vec<(Box<[char]>, u32)>) -> Self {
        let fits = |word: &[char]| {
            (FEWEST_SYMBOLS..=MOST_SYMBOLS).contains(&word.len()) && word.iter().all(|&c| Class::of(c) == Class::Latin)
        };
        words.retain(|(word, _)| fits(word));
        words.sort_unstable_by(|a, b| (a.0.len(), a).cmp(&(b.0.len(), b)));
        Self { words }
    }

    /// Calls `found` with the folded symbols of each masked token, the number of each word that it may hide, and by which planes.
    pub(crate) fn find(&self, folded: &Folded, mut found: impl FnMut(Range<usize>, u32, Planes)) {
        each_token(folded, |places| {
            if !places.iter().any(|&i| hides(folded.symbols()[i])) {
                return;
            }
            let place = places[0]..places[places.len() - 1] + 1;
            if beside_digit(folded, &place) {
                return;
            }
            let mut planes = Planes::default().with(Plane::Masks);
            if place.len() > places.len() {
                planes = planes.with(Plane::Gaps);
            }
            let mut find_in = |token: &[char], planes: Planes| {
                self.find_in(token, planes, |number, planes| found(place.clone(), number, planes));
            };
            let token: Vec<char> = places.iter().map(|&i| folded.symbols()[i]).collect();
            find_in(&token, planes);
            for shorter in without_runs(&token) {
                find_in(&shorter, planes.with(Plane::Runs));
            }
        });
    }

    /// Calls `found` with the number of each word that the token may hide, and by which planes: leet may come to those given.
    fn find_in(&self, token: &[char], mut planes: Planes, mut found: impl FnMut(u32, Planes)) {
        let length = token.len();
        let masks = token.iter().filter(|&&c| hides(c)).count();
        let letters = token.iter().filter(|&&c| Class::of(c) == Class::Latin).count();
        let leet = length - masks - letters;
        let long = (FEWEST_SYMBOLS..=MOST_SYMBOLS).contains(&length);
        if !long || masks > length / 2 || leet > 0 && letters < FEWEST_LETTERS_BESIDE_LEET {
            return;
        }
        if leet > 0 {
            planes = planes.with(Plane::Leet);
        }
        let same_length = self.words.partition_point(|(w, _)| w.len() < length)
            ..self.words.partition_point(|(w, _)| w.len() <= length);
        let mut steps = MOST_STEPS;
        self.walk(token, 0, same_length, &mut steps, &mut |number| found(number, planes));
    }

    /// Narrows the words in `range`, which agree with the token up to `depth`, letter by letter.
    fn walk(&self, token: &[char], depth: usize, range: Range<usize>, steps: &mut usize, found: &mut impl FnMut(u32)) {
        if range.is_empty() || *steps == 0 {
            return;
        }
        *steps -= 1;
        let Some(&symbol) = token.get(depth) else {
            self.words[range].iter().for_each(|&(_, number)| found(number));
            return;
        };
        let mut narrow = |range: Range<usize>, letter: char| {
            let rest = &self.words[range.clone()];
            let from = range.start + rest.partition_point(|(word, _)| word[depth] < letter);
            let to = range.start + rest.partition_point(|(word, _)| word[depth] <= letter);
            self.walk(token, depth + 1, from..to, steps, found);
            to
        };
        if hides(symbol) {
            let mut start = range.start;
            while start < range.end {
                start = narrow(start..range.end, self.words[start].0[depth]);
            }
        } else if Class::of(symbol) == Class::Latin {
            narrow(range, symbol);
        } else {
            for &letter in tables::leet(symbol) {
                narrow(range.clone(), letter);
            }
        }
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.words.iter().map(|(word, _)| size_of_val(word.as_ref()) + 24).sum()
    }
}

/// The ways to read a token one of whose letters is written three times or more: with every letter once, with doubled ones as they
/// are, with the long runs as doubled letters. None where no letter is.
fn without_runs(token: &[char]) -> Vec<Vec<char>> {
    let runs: Vec<&[char]> = token.chunk_by(|a, b| a == b && Class::of(*a) == Class::Latin).collect();
    if runs.iter().all(|run| run.len() < LONG_RUN) {
        return Vec::new();
    }
    let with = |long: usize, double: usize| -> Vec<char> {
        let cut = |run: &&[char]| {
            if run.len() < LONG_RUN {
                run.len().min(double)
            } else {
                long
            }
        };
        runs.iter().flat_map(|run| run[..cut(run)].iter().copied()).collect()
    };
    let mut readings = vec![with(1, 1), with(1, 2), with(2, 2)];
    readings.dedup();
    readings
}

fn beside_digit(folded: &Folded, token: &Range<usize>) -> bool {
    let digit = |i: Option<usize>| i.and_then(|i| folded.classes().get(i)) == Some(&Class::Digit);
    digit(token.start.checked_sub(1)) || digit(Some(token.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn found(words: &[&str], text: &str) -> Vec<(String, u32)> {
        let numbered = (0..).zip(words).map(|(i, w)| (w.chars().collect(), i));
        let mut folded = Folded::default();
        fold(text, &mut folded);
        let mut found = Vec::new();
        Masks::new(numbered.collect()).find(&folded, |range, number, _| {
            found.push((folded.symbols()[range].iter().collect(), number));
        });
        found
    }

    #[test]
    fn the_letters_may_stand_apart_and_some_may_be_leet() {
        let planes = |text: &str| {
            let mut folded = Folded::default();
            fold(text, &mut folded);
            let mut found = Vec::new();
            let words = vec![("shit".chars().collect(), 0)];
            Masks::new(words).find(&folded, |range, _, planes| {
                let planes: Vec<_> = planes.iter().map(Plane::as_str).collect();
                found.push(folded.symbols()[range].iter().collect::<String>() + " " + &planes.join("+"));
            });
            found
        };
        assert_eq!(planes("oh s h * t happens"), ["s h * t gaps+masks"]);
        assert_eq!(planes("s.*.i.t"), ["s.*.i.t gaps+masks"]);
        assert_eq!(planes("s-h.*t"), ["s-h.*t gaps+masks"]);
        assert_eq!(planes("$h*t!"), ["$h*t leet+masks"]);
        assert_eq!(planes("sh!*"), ["sh!* leet+masks"]);
        assert_eq!(planes("s*t-h*t"), [""; 0], "two words");
        assert_eq!(planes("what a s h * t"), ["s h * t gaps+masks"]);
        assert_eq!(planes("s h * t s"), [""; 0], "a longer row");
        assert_eq!(planes("s.h.*.ty"), [""; 0], "a longer token");
        assert_eq!(planes("$1*t"), [""; 0], "one letter");
        assert_eq!(planes("$h*t2"), [""; 0]);
    }

    #[test]
    fn some_letters_may_be_repeated() {
        assert_eq!(found(&["fuck"], "fuuuu*k"), [("fuuuu*k".to_owned(), 0)]);
        assert_eq!(found(&["butts"], "b*tttts"), [("b*tttts".to_owned(), 0)]);
        assert_eq!(found(&["fuck"], "fuu*k"), [], "two are a typing error");
    }

    #[test]
    fn an_emoji_inside_a_token_hides_a_letter() {
        assert_eq!(found(&["fuck"], "oh f🖕ck! 😂"), [("f🖕ck".to_owned(), 0)]);
        assert_eq!(found(&["fuck"], "😂f🖕🏽🖕k😂😂"), [("f🖕🖕k".to_owned(), 0)]);
        assert_eq!(found(&["fucks"], "fuck😂"), [], "an emoji behind a word");
        assert_eq!(
            found(&["fuck"], "f*ck😂you"),
            [("f*ck".to_owned(), 0)],
            "an emoji between words"
        );
    }

    #[test]
    fn a_masked_word_of_the_same_length_is_found() {
        assert_eq!(found(&["fuck", "duck"], "oh f*ck!"), [("f*ck".to_owned(), 0)]);
        assert_eq!(
            found(&["fuck", "folk"], "f**k"),
            [("f**k".to_owned(), 1), ("f**k".to_owned(), 0)]
        );
        assert_eq!(found(&["bitch"], "b#tch"), [("b#tch".to_owned(), 0)]);
    }

    #[test]
    fn punctuation_at_the_end_hides_nothing() {
        assert_eq!(found(&["days", "this"], "one day? like thi?"), []);
        assert_eq!(found(&["fuck"], "f?ck?"), [("f?ck".to_owned(), 0)]);
        assert_eq!(found(&["seat"], "*a kiss from across the sea*"), [], "emphasis");
        assert_eq!(found(&["hater", "whate"], "I *hate* it"), [], "emphasis");
        assert_eq!(found(&["fuck"], "oh fuc*"), [("fuc*".to_owned(), 0)]);
        assert_eq!(found(&["bitch"], "b*tc*"), [("b*tc*".to_owned(), 0)]);
    }

    #[test]
    fn more_than_half_masked_or_a_part_of_a_token_is_not() {
        assert_eq!(found(&["fuck"], "f***"), []);
        assert_eq!(found(&["fuck"], "f*cker"), []);
        assert_eq!(found(&["fuck"], "3f*ck"), []);
        assert_eq!(found(&["ass"], "a*s"), [], "too short a word");
    }
}
