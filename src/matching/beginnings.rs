//! Whether a word of a text may be the beginning of a disguised term: spares texts like "don't" the closer look at their gaps.

use super::{
    bloom::Bloom,
    shape::Shape,
    sieve::filter::{Mixed, is_letter},
};
use crate::text::Class;

/// So many symbols of a text are looked at for the first four of a skeleton; where separators fill them, a term may begin.
const REACH: usize = 16;

/// The beginnings of skeletons: their first four symbols, or the first two of shorter ones.
#[derive(Debug)]
pub(crate) struct Beginnings {
    keys: Bloom,
    /// Whether every term that begins with a letter from a to z must begin at the start of a word; whether none has separators.
    at_words: bool,
    single: bool,
}

/// Collects what [`Beginnings`] knows.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    keys: Vec<u32>,
    inside_words: bool,
    several_words: bool,
}

impl Collected {
    /// Takes in the shape of a term, and whether it must begin at the start of a word.
    pub(crate) fn add(&mut self, shape: &Shape, at_word: bool) {
        self.keys.push(key(&shape.symbols, shape.symbols.len() >= 4));
        if shape.symbols.first().is_some_and(|&first| is_letter(u32::from(first))) {
            self.inside_words |= !at_word;
            self.several_words |= shape.has_joints();
        }
    }

    pub(crate) fn build(self) -> Beginnings {
        let mut keys = Bloom::new(self.keys.len(), 32, 1 << 4..=1 << 16);
        self.keys.into_iter().for_each(|key| keys.insert(key));
        Beginnings {
            keys,
            at_words: !self.inside_words,
            single: !self.several_words,
        }
    }
}

/// The key of the first four symbols, or of the first two.
fn key(symbols: &[char], four: bool) -> u32 {
    let mixed = Mixed::at(symbols, 0);
    if four { mixed.four() } else { !mixed.two() }
}

impl Beginnings {
    /// Starts to look at a text from its first symbol.
    pub(crate) fn walk<'a>(&'a self, symbols: &'a [char], classes: &'a [Class]) -> Walk<'a> {
        Walk {
            beginnings: self,
            symbols,
            classes,
            at: 0,
            token: 0,
            last: None,
            plain: self.at_words,
        }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.keys.heap_bytes()
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
    /// The last word that may begin a term.
    last: Option<usize>,
    /// Whether only words of letters from a to z have been seen, and terms that begin with one begin there.
    plain: bool,
}

impl Walk<'_> {
    /// False where surely no term begins that goes on behind the symbol at `gap`. The gaps must be asked for in order.
    pub(crate) fn may_span(&mut self, gap: usize) -> bool {
        while self.plain && self.at <= gap {
            let at = self.at;
            if self.symbols[at].is_whitespace() {
                self.token = at + 1;
            }
            let letter = is_letter(u32::from(self.symbols[at]));
            self.plain &= letter || !self.classes[at].is_word();
            if letter && !(at > 0 && self.classes[at - 1] == self.classes[at]) && self.may_begin(at) {
                self.last = Some(at);
            }
            self.at += 1;
        }
        !self.plain
            || self
                .last
                .is_some_and(|last| !self.beginnings.single || last >= self.token)
    }

    fn may_begin(&self, at: usize) -> bool {
        let end = self.symbols.len().min(at + REACH);
        let (mut first, mut count) = (['\0'; 4], 0);
        for i in at..end {
            let again = count > 0 && first[count - 1] == self.symbols[i];
            if self.classes[i].is_word() && !again {
                first[count] = self.symbols[i];
                count += 1;
                if count == 4 {
                    break;
                }
            }
        }
        let cut = count < 4 && end < self.symbols.len();
        let keys = &self.beginnings.keys;
        cut || count >= 2 && (keys.perhaps(key(&first, false)) || count == 4 && keys.perhaps(key(&first, true)))
    }
}
