//! The plane `masks`: letters of a word hidden behind signs, `f*ck`.

use std::ops::Range;

use crate::text::{Class, Folded};

/// Shortest token that is looked at: below, too many words fit.
const FEWEST_SYMBOLS: usize = 4;

/// Longest token that is looked at, and longest word kept.
const MOST_SYMBOLS: usize = 32;

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

    /// Calls `found` with the folded symbols of each masked token and the number of each word that it may hide.
    pub(crate) fn find(&self, folded: &Folded, mut found: impl FnMut(Range<usize>, u32)) {
        let symbols = folded.symbols();
        let is_part = |i: usize| folded.classes()[i] == Class::Latin || is_mask(symbols[i]);
        let (mut at, mut emphasis) = (0, false);
        while at < symbols.len() {
            let length = (at..symbols.len()).take_while(|&i| is_part(i)).count();
            let token = without_marks(symbols, at..at + length, &mut emphasis);
            at += length.max(1);
            let length = token.len();
            let masks = symbols[token.clone()].iter().filter(|&&c| is_mask(c)).count();
            let long = (FEWEST_SYMBOLS..=MOST_SYMBOLS).contains(&length);
            if !long || masks == 0 || masks > length / 2 || beside_digit(folded, &token) {
                continue;
            }
            let same_length = self.words.partition_point(|(w, _)| w.len() < length)
                ..self.words.partition_point(|(w, _)| w.len() <= length);
            let mut steps = MOST_STEPS;
            self.walk(&symbols[token.clone()], 0, same_length, &mut steps, &mut |number| {
                found(token.clone(), number);
            });
        }
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
        let mut start = range.start;
        while start < range.end {
            let letter = if is_mask(symbol) {
                self.words[start].0[depth]
            } else {
                symbol
            };
            let rest = &self.words[start..range.end];
            let from = start + rest.partition_point(|(word, _)| word[depth] < letter);
            let to = start + rest.partition_point(|(word, _)| word[depth] <= letter);
            self.walk(token, depth + 1, from..to, steps, found);
            if !is_mask(symbol) {
                return;
            }
            start = to;
        }
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.words.iter().map(|(word, _)| size_of_val(word.as_ref()) + 24).sum()
    }
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

/// True for what hides a letter.
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
        Masks::new(numbered.collect()).find(&folded, |range, number| {
            found.push((folded.symbols()[range].iter().collect(), number));
        });
        found
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
