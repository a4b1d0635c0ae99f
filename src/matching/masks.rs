//! The plane `masks`: letters of a word hidden behind signs, `f*ck`.

use std::ops::Range;

use super::{
    gaps::is_word,
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

/// Most steps through the word list for one token: bounds the work on lists with very many words of one length.
const MOST_STEPS: usize = 4_096;

/// The Latin words of a segment, each with a number, ordered for walking with some letters unknown.
#[derive(Debug, Default)]
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
        let symbols = folded.symbols();
        let (mut at, mut emphasis, mut token) = (0, false, Vec::new());
        while at < symbols.len() {
            let length = (at..symbols.len()).take_while(|&i| is_part(folded, i)).count();
            token.clear();
            token.extend(without_marks(symbols, at..at + length, &mut emphasis));
            if length != 1 {
                self.find_in(folded, &token, &mut found);
            } else if spread(folded, at, &mut token) {
                self.find_in(folded, &token, &mut found);
                // A word of one letter beside a row may be no part of it: a s h * t.
                if symbols[at + 1] == ' ' && is_word(symbols[at]) {
                    self.find_in(folded, &token[1..], &mut found);
                }
                at = token[token.len() - 1];
            }
            at += length.max(1);
        }
        self.find_pictured(folded, &mut found);
    }

    /// The same for tokens inside which an emoji hides a letter: f🖕ck. Elsewhere an emoji parts words.
    fn find_pictured(&self, folded: &Folded, found: &mut impl FnMut(Range<usize>, u32, Planes)) {
        let symbols = folded.symbols();
        let mut at = 0;
        while at < symbols.len() {
            let in_token = |&i: &usize| is_picture(symbols[i]) || is_part(folded, i);
            let mut token = at..at + (at..symbols.len()).take_while(in_token).count();
            at = token.end.max(at + 1);
            while token.len() > 1 && is_picture(symbols[token.end - 1]) {
                token.end -= 1;
            }
            while token.len() > 1 && is_picture(symbols[token.start]) {
                token.start += 1;
            }
            if symbols[token.clone()].iter().any(|&c| is_picture(c)) {
                let token: Vec<usize> = without_marks(symbols, token, &mut false).collect();
                self.find_in(folded, &token, found);
            }
        }
    }

    /// The same for the symbols at these places.
    fn find_in(&self, folded: &Folded, at: &[usize], found: &mut impl FnMut(Range<usize>, u32, Planes)) {
        if !at.iter().any(|&i| hides(folded.symbols()[i])) {
            return;
        }
        let token: Vec<char> = at.iter().map(|&i| folded.symbols()[i]).collect();
        let length = token.len();
        let masks = token.iter().filter(|&&c| hides(c)).count();
        let letters = at.iter().filter(|&&i| folded.classes()[i] == Class::Latin).count();
        let leet = length - masks - letters;
        let long = (FEWEST_SYMBOLS..=MOST_SYMBOLS).contains(&length);
        if !long || masks == 0 || masks > length / 2 || leet > 0 && letters < FEWEST_LETTERS_BESIDE_LEET {
            return;
        }
        let place = at[0]..at[length - 1] + 1;
        if beside_digit(folded, &place) {
            return;
        }
        let planes = [(place.len() > length, Plane::Gaps), (leet > 0, Plane::Leet)];
        let planes = planes.into_iter().filter(|(used, _)| *used);
        let planes = planes.fold(Planes::default().with(Plane::Masks), |all, (_, plane)| all.with(plane));
        let same_length = self.words.partition_point(|(w, _)| w.len() < length)
            ..self.words.partition_point(|(w, _)| w.len() <= length);
        let mut steps = MOST_STEPS;
        self.walk(&token, 0, same_length, &mut steps, &mut |number| {
            found(place.clone(), number, planes);
        });
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

/// True for a letter, a mask, and what stands for a letter wherever it is.
fn is_part(folded: &Folded, at: usize) -> bool {
    at < folded.len() && is_part_of_token(folded.symbols()[at], folded.classes()[at])
}

fn is_part_of_token(symbol: char, class: Class) -> bool {
    let sign = class == Class::Digit || matches!(symbol, '@' | '$');
    class == Class::Latin || is_mask(symbol) || sign && !tables::leet(symbol).is_empty()
}

/// True where an emoji may hide a letter of the token before it.
pub(crate) fn is_pictured(symbols: &[char], classes: &[Class], at: usize) -> bool {
    at > 0 && is_picture(symbols[at]) && is_part_of_token(symbols[at - 1], classes[at - 1])
}

/// The places of single symbols from `at` on that the same separator parts, `f * c k`; false where there are not two or they are a part
/// of something longer.
fn spread(folded: &Folded, at: usize, places: &mut Vec<usize>) -> bool {
    let symbol = |i: usize| folded.symbols().get(i).copied();
    let Some(sign @ (' ' | '.' | '-' | '~' | '·')) = symbol(at + 1) else {
        return false;
    };
    let mut last = at;
    places.clear();
    places.push(at);
    while symbol(last + 1) == Some(sign) && is_part(folded, last + 2) {
        if is_part(folded, last + 3) {
            // A word behind a row of letters is another word; letters behind a dotted row are not.
            return sign == ' ' && places.len() > 1;
        }
        last += 2;
        places.push(last);
    }
    let begins = at < 2 || sign == ' ' || symbol(at - 1) != Some(sign) || !is_part(folded, at - 2);
    begins && places.len() > 1
}

/// The token without what is punctuation at its ends: question marks, and the stars around `*emphasis*`, which may reach over many
/// tokens: `emphasis` says whether it has begun.
fn without_marks(symbols: &[char], mut token: Range<usize>, emphasis: &mut bool) -> Range<usize> {
    while !token.is_empty() && symbols[token.end - 1] == '?' {
        token.end -= 1;
    }
    while !token.is_empty() && symbols[token.start] == '?' {
        token.start += 1;
    }
    let written = &symbols[token.clone()];
    let begins = matches!(written, ['*', first, ..] if *first != '*');
    let ends = matches!(written, [.., last, '*'] if *last != '*');
    if ends && (begins || *emphasis) {
        *emphasis = false;
        return token.start + usize::from(begins)..token.end - 1;
    }
    *emphasis |= begins;
    token
}

/// True for what hides a letter, an emoji included.
pub(crate) fn hides(symbol: char) -> bool {
    is_mask(symbol) || is_picture(symbol)
}

/// True for most emoji.
fn is_picture(symbol: char) -> bool {
    matches!(symbol, '\u{2600}'..='\u{27BF}' | '\u{1F300}'..='\u{1FAFF}')
}

/// True for a sign that hides a letter.
pub(crate) fn is_mask(symbol: char) -> bool {
    matches!(symbol, '*' | '#' | '%' | '?' | '_' | '•' | '●' | '○' | '■' | '□' | '×')
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
        assert_eq!(planes("$h*t!"), ["$h*t leet+masks"]);
        assert_eq!(planes("what a s h * t"), ["s h * t gaps+masks"]);
        assert_eq!(planes("s h * t s"), [""; 0], "a longer row");
        assert_eq!(planes("s.h.*.ty"), [""; 0], "a longer token");
        assert_eq!(planes("$1*t"), [""; 0], "one letter");
        assert_eq!(planes("$h*t2"), [""; 0]);
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
