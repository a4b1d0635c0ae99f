//! Whether a word of a text may be the beginning of a disguised term: spares texts like "don't" the closer look at their gaps.

use super::{bloom::Bloom, shape::Shape, sieve::filter::Mixed};
use crate::text::Class;

/// So many symbols of a text are looked at for the first of a skeleton; where separators fill them, a term may begin.
const REACH: usize = 32;

/// How many symbols are looked at: the most of these that a skeleton has.
const LENGTHS: [usize; 4] = [2, 4, 6, 10];

/// Most symbols of a skeleton that are looked at.
const MOST: usize = LENGTHS[3];

/// The beginnings of skeletons that begin with a Latin letter: their first ten symbols, or six, four or two of shorter ones.
#[derive(Debug, PartialEq)]
pub(crate) struct Beginnings {
    /// Their first four symbols, or two: what nearly every word of a text has not.
    openings: Bloom,
    /// Those of all terms, and of those with separators, which reach over white space.
    all: Bloom,
    several: Bloom,
    /// Whether every term that begins with a Latin letter must begin at the start of a word; whether one begins with a digit.
    at_words: bool,
    digits: bool,
}

/// Collects what [`Beginnings`] knows.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    openings: Vec<u32>,
    all: Vec<u32>,
    several: Vec<u32>,
    inside_words: bool,
    digits: bool,
}

impl Collected {
    /// Takes in the shape of a term, and whether it must begin at the start of a word.
    pub(crate) fn add(&mut self, shape: &Shape, at_word: bool) {
        let class = shape.symbols.first().map(|&first| Class::of(first));
        self.digits |= class == Some(Class::Digit);
        if class != Some(Class::Latin) {
            return;
        }
        self.inside_words |= !at_word;
        let longest = |of: &[usize]| of.iter().copied().rfind(|&length| length <= shape.symbols.len());
        let key = |of: &[usize]| key(&shape.symbols, longest(of).unwrap_or(LENGTHS[0]));
        self.openings.push(key(&LENGTHS[..2]));
        self.all.push(key(&LENGTHS));
        if shape.has_joints() {
            self.several.push(key(&LENGTHS));
        }
    }

    /// Takes in what another one has collected.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.openings.extend(other.openings);
        self.all.extend(other.all);
        self.several.extend(other.several);
        self.inside_words |= other.inside_words;
        self.digits |= other.digits;
    }

    pub(crate) fn build(self) -> Beginnings {
        let filter = |keys: Vec<u32>| {
            let mut filter = Bloom::new(keys.len(), 32, 1 << 4..=1 << 16);
            for key in keys {
                filter.insert(key);
            }
            filter
        };
        Beginnings {
            openings: filter(self.openings),
            all: filter(self.all),
            several: filter(self.several),
            at_words: !self.inside_words,
            digits: self.digits,
        }
    }
}

/// The key of so many first symbols, one of [`LENGTHS`].
fn key(symbols: &[char], length: usize) -> u32 {
    let first = Mixed::at(symbols, 0);
    let fifth = || Mixed::at(symbols, 4);
    match length {
        2 => !first.two(),
        4 => first.four(),
        6 => first.four().rotate_left(7) ^ fifth().two(),
        _ => first.four().rotate_left(7) ^ fifth().four().rotate_left(14) ^ Mixed::at(symbols, 8).two(),
    }
}

impl Beginnings {
    /// Whether every term that begins with a Latin letter must begin at the start of a word.
    pub(crate) fn is_of_words(&self) -> bool {
        self.at_words
    }

    /// Starts to look at a text from its first symbol.
    pub(crate) fn walk<'a>(&'a self, symbols: &'a [char], classes: &'a [Class]) -> Walk<'a> {
        Walk {
            beginnings: self,
            symbols,
            classes,
            at: 0,
            token: 0,
            last: None,
            several: false,
            plain: self.at_words,
        }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.openings.heap_bytes() + self.all.heap_bytes() + self.several.heap_bytes()
    }
}

/// What has been seen of a text so far; each symbol is looked at once, however often it is asked.
pub(crate) struct Walk<'a> {
    beginnings: &'a Beginnings,
    symbols: &'a [char],
    classes: &'a [Class],
    at: usize,
    /// Where the last stretch without white space begins.
    token: usize,
    /// The last word that may begin a term, and whether any may begin one with separators.
    last: Option<usize>,
    several: bool,
    /// Whether only such symbols have been seen as begin a term at the start of a word, or none.
    plain: bool,
}

impl Walk<'_> {
    /// False where surely no term begins that goes on behind the symbol at `gap`, or none `of_words`, with separators of its own. The gaps
    /// must be asked for in order.
    pub(crate) fn may_span(&mut self, gap: usize, of_words: bool) -> bool {
        while self.plain && self.at <= gap {
            let at = self.at;
            match self.classes[at] {
                Class::Latin if at == 0 || self.classes[at - 1] != Class::Latin => self.begin(at),
                Class::Digit => self.plain &= !self.beginnings.digits,
                class if class.is_word() => self.plain &= class == Class::Latin,
                _ if self.symbols[at].is_whitespace() => self.token = at + 1,
                _ => {}
            }
            self.at += 1;
        }
        let in_token = |last: usize| last >= self.token;
        !self.plain || self.several || !of_words && self.last.is_some_and(in_token)
    }

    /// Takes in the word at `at`.
    fn begin(&mut self, at: usize) {
        let (mut first, mut count) = (['\0'; MOST], 0);
        let symbols = &self.symbols[at..self.symbols.len().min(at + REACH)];
        let is_cut = at + symbols.len() < self.symbols.len();
        let beginnings = self.beginnings;
        let is_in = |keys: &Bloom, first: &[char], of: &[usize]| {
            let mut lengths = of.iter().filter(|&&length| length <= first.len());
            lengths.any(|&length| keys.perhaps(key(first, length)))
        };
        for (&symbol, class) in symbols.iter().zip(&self.classes[at..]) {
            if class.is_word() && (count == 0 || first[count - 1] != symbol) {
                first[count] = symbol;
                count += 1;
                if count == LENGTHS[1] && !is_in(&beginnings.openings, &first[..count], &LENGTHS[..2]) {
                    return;
                }
                if count == MOST {
                    break;
                }
            }
        }
        let may_be = |keys: &Bloom| is_cut && count < MOST || is_in(keys, &first[..count], &LENGTHS);
        if may_be(&beginnings.all) {
            self.last = Some(at);
            self.several = self.several || may_be(&beginnings.several);
        }
    }
}
