//! Whether the letters around a gap of a text, taken together, may be words of a term: spares texts like "don't" and "well, I" the
//! closer look at their gaps.
//!
//! A gap hides a Latin term only inside one of its words (`f.uck`) or where the term has another gap between two of them (`kill-you`).
//! Terms that are whole words make that a question of whole words: those on both sides of the gap, as one, must be a word of a term,
//! and stand beside the word that it stands beside there; or they must be two words that stand beside each other in one.

use std::ops::Range;

use super::{bloom::Bloom, boundary::latin_end, shape::Shape};
use crate::text::Class;

/// What parts `i'm`.
const APOSTROPHE: &[char] = &['\''];

/// Most symbols of a gap inside a word.
const LONGEST_GAP: usize = 2;

/// So far what stands beside a word is looked for; beyond, it may be anything.
const REACH: usize = 16;

/// So many pieces of a word are followed to either side of a gap; where there are more, a term may be.
const PIECES: usize = 4;

/// The Latin words of terms, repetitions left out.
#[derive(Debug, PartialEq)]
pub(crate) struct Joins {
    /// Words that no separator parts from another one, and beside which nothing else stands.
    alone: Bloom,
    /// The same of words beside which hanzi or digits stand: the b of 傻b.
    beside_others: Bloom,
    /// Two by two those that a term parts.
    pairs: Bloom,
    /// Of those the ones that it parts by something else than an apostrophe, which English is full of.
    at_apostrophes: Bloom,
    /// And those that plain white space does not part as the term does.
    at_blanks: Bloom,
    /// For the last letter of a word, by its lower five bits, the first letters of words that follow it in `at_blanks`.
    blank_letters: [u32; 32],
}

/// Collects what [`Joins`] knows.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    alone: Vec<u32>,
    beside_others: Vec<u32>,
    pairs: Vec<u32>,
    at_apostrophes: Vec<u32>,
    at_blanks: Vec<u32>,
    blank_letters: [u32; 32],
}

impl Collected {
    /// Takes in the words of a term.
    pub(crate) fn add(&mut self, shape: &Shape) {
        let is_latin = |at: usize| {
            shape
                .letters
                .get(at)
                .is_some_and(|&letter| Class::of(letter) == Class::Latin)
        };
        // The word before, and what parts it from this one.
        let mut before: Option<(&[char], &[char])> = None;
        let mut at = 0;
        while at < shape.letters.len() {
            let from = at;
            at += 1;
            if !is_latin(from) {
                before = None;
                continue;
            }
            while is_latin(at) && shape.joint(at - 1).is_none() {
                at += 1;
            }
            let word = &shape.letters[from..at];
            let joint = shape.joint(at - 1).filter(|_| is_latin(at));
            if before.is_none() && joint.is_none() {
                let lone = from == 0 && at == shape.letters.len();
                let words = if lone { &mut self.alone } else { &mut self.beside_others };
                words.push(Key::default().and(word).number());
            }
            if let Some((first, joint)) = before {
                self.add_pair(first, joint, word);
            }
            before = joint.map(|joint| (word, joint));
        }
    }

    fn add_pair(&mut self, first: &[char], joint: &[char], second: &[char]) {
        let key = Key::default().and(first).and(second).number();
        self.pairs.push(key);
        if joint != APOSTROPHE {
            self.at_apostrophes.push(key);
        }
        let (Some(&last), Some(&next)) = (first.last(), second.first()) else {
            return;
        };
        if joint.iter().any(|c| !c.is_whitespace()) {
            self.at_blanks.push(key);
            self.blank_letters[row(last)] |= 1 << row(next);
        }
    }

    /// Takes in what another one has collected.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.alone.extend(other.alone);
        self.beside_others.extend(other.beside_others);
        self.pairs.extend(other.pairs);
        self.at_apostrophes.extend(other.at_apostrophes);
        self.at_blanks.extend(other.at_blanks);
        for (letters, others) in self.blank_letters.iter_mut().zip(other.blank_letters) {
            *letters |= others;
        }
    }

    pub(crate) fn build(self) -> Joins {
        let filter = |keys: Vec<u32>| {
            let mut filter = Bloom::new(keys.len(), 32, 1 << 4..=1 << 16);
            for key in keys {
                filter.insert(key);
            }
            filter
        };
        Joins {
            alone: filter(self.alone),
            beside_others: filter(self.beside_others),
            pairs: filter(self.pairs),
            at_apostrophes: filter(self.at_apostrophes),
            at_blanks: filter(self.at_blanks),
            blank_letters: self.blank_letters,
        }
    }
}

impl Joins {
    /// False where a plain space between these letters hides nothing, by the letters alone.
    #[inline]
    pub(crate) fn perhaps_blank(&self, before: char, behind: char) -> bool {
        self.blank_letters[row(before)] >> row(behind) & 1 != 0
    }

    /// False where the Latin letters around the gap between `before` and `behind` are surely not those of a term there.
    /// O(letters of a few pieces of words to both sides).
    pub(crate) fn perhaps(&self, symbols: &[char], classes: &[Class], before: usize, behind: usize) -> bool {
        let gap = &symbols[before + 1..behind];
        let signs = gap.iter().filter(|symbol| !symbol.is_whitespace()).count();
        if signs > LONGEST_GAP {
            return false;
        }
        let in_word = signs == gap.len();
        let pairs = match gap {
            APOSTROPHE => &self.at_apostrophes,
            _ if signs == 0 => &self.at_blanks,
            _ => &self.pairs,
        };
        let text = Text { symbols, classes };
        let (Some(left), Some(right)) = (text.pieces_until(before + 1), text.pieces_from(behind)) else {
            return true;
        };
        left.heads().any(|left| {
            right.heads().any(|right| {
                let join = |key| text.and(text.and_back(key, left), right);
                let (start, end) = (left[left.len() - 1].0, right[right.len() - 1].1);
                let key = join(Key::default()).number();
                pairs.perhaps(key) || in_word && self.perhaps_alone(text, start..end, join)
            })
        })
    }

    /// False where these letters, which are read at a place of a text, are surely no word of a term that goes on as the text does.
    pub(crate) fn perhaps_word(
        &self,
        symbols: &[char],
        classes: &[Class],
        place: Range<usize>,
        letters: &[char],
    ) -> bool {
        let text = Text { symbols, classes };
        let join = |key: Key| key.and(letters);
        self.pairs.perhaps(join(Key::default()).number()) || self.perhaps_alone(text, place, join)
    }

    /// Whether the letters at a place, which `join` adds to a key, may be one word of a term there.
    fn perhaps_alone(&self, text: Text<'_>, place: Range<usize>, join: impl Fn(Key) -> Key) -> bool {
        let key = join(Key::default()).number();
        self.alone.perhaps(key)
            || self.beside_others.perhaps(key) && text.is_beside_others(&place)
            || self.beside(text, place, join)
    }

    /// Whether the letters at a place, which `join` adds to a key, may stand beside their neighbour in a term.
    fn beside(&self, text: Text<'_>, place: Range<usize>, join: impl Fn(Key) -> Key) -> bool {
        let behind = || {
            let Some(next) = text.word_behind(place.end) else {
                return false;
            };
            let Some(next) = text.pieces_from(next) else {
                return true;
            };
            let key = join(Key::default());
            next.heads()
                .any(|next| self.pairs.perhaps(text.and(key, next).number()))
        };
        let before = || {
            let Some(last) = text.word_before(place.start) else {
                return false;
            };
            let Some(last) = text.pieces_until(last) else {
                return true;
            };
            last.heads().any(|last| {
                let key = join(text.and_back(Key::default(), last));
                self.pairs.perhaps(key.number())
            })
        };
        behind() || before()
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        let filters = [
            &self.alone,
            &self.beside_others,
            &self.pairs,
            &self.at_apostrophes,
            &self.at_blanks,
        ];
        filters.map(Bloom::heap_bytes).iter().sum()
    }
}

/// The key of letters without their repetitions, letter by letter.
#[derive(Clone, Copy, Debug, Default)]
struct Key {
    mixed: u32,
    last: char,
}

impl Key {
    fn and(mut self, letters: &[char]) -> Self {
        for &letter in letters {
            if letter != self.last {
                // Fibonacci hashing.
                self.mixed = (self.mixed ^ u32::from(letter))
                    .wrapping_mul(0x9E37_79B1)
                    .rotate_left(15);
                self.last = letter;
            }
        }
        self
    }

    fn number(self) -> u32 {
        let mixed = self.mixed.wrapping_mul(0x85EB_CA77);
        mixed ^ mixed >> 16
    }
}

/// The lower five bits of a letter, which tell a to z apart.
fn row(letter: char) -> usize {
    u32::from(letter) as usize & 31
}

/// Where Latin letters side by side begin and end.
type Piece = (usize, usize);

/// The pieces of a word to one side of a gap, from the gap on.
#[derive(Debug, Default)]
struct Pieces {
    all: [Piece; PIECES],
    count: usize,
}

impl Pieces {
    /// Adds one; `None` where there are too many.
    fn push(&mut self, piece: Piece) -> Option<()> {
        *self.all.get_mut(self.count)? = piece;
        self.count += 1;
        Some(())
    }

    /// The first, the first two, and so on.
    fn heads(&self) -> impl Iterator<Item = &[Piece]> {
        (1..=self.count).map(|count| &self.all[..count])
    }
}

#[derive(Clone, Copy)]
struct Text<'a> {
    symbols: &'a [char],
    classes: &'a [Class],
}

impl Text<'_> {
    /// The key with the letters of these pieces behind it, which follow each other to the right.
    fn and(self, key: Key, pieces: &[Piece]) -> Key {
        let letters = pieces.iter().map(|&(start, end)| &self.symbols[start..end]);
        letters.fold(key, Key::and)
    }

    /// The same with pieces that follow each other to the left.
    fn and_back(self, key: Key, pieces: &[Piece]) -> Key {
        let letters = pieces.iter().map(|&(start, end)| &self.symbols[start..end]);
        letters.rfold(key, Key::and)
    }

    /// The pieces of a word that ends at `end`; `None` where they are too many.
    fn pieces_until(self, mut end: usize) -> Option<Pieces> {
        let mut pieces = Pieces::default();
        loop {
            let letters = self.classes[..end].iter().rev();
            let start = end - letters.take_while(|&&class| class == Class::Latin).count();
            pieces.push((start, end))?;
            let gap = (0..start).rev().take(LONGEST_GAP);
            end = start - gap.take_while(|&at| self.is_sign(at)).count();
            if end == start || end == 0 || self.classes[end - 1] != Class::Latin {
                return Some(pieces);
            }
        }
    }

    /// The pieces of a word that begins at `start`; `None` where they are too many.
    fn pieces_from(self, mut start: usize) -> Option<Pieces> {
        let mut pieces = Pieces::default();
        loop {
            let end = latin_end(self.classes, start);
            pieces.push((start, end))?;
            let gap = (end..self.symbols.len()).take(LONGEST_GAP);
            start = end + gap.take_while(|&at| self.is_sign(at)).count();
            if start == end || self.classes.get(start) != Some(&Class::Latin) {
                return Some(pieces);
            }
        }
    }

    /// Where the next Latin word begins, if what stands next is one.
    fn word_behind(self, end: usize) -> Option<usize> {
        let next = end + self.classes[end..].iter().position(|class| class.is_word())?;
        (self.classes[next] == Class::Latin).then_some(next)
    }

    /// Where the Latin word before ends, if what stands before is one.
    fn word_before(self, start: usize) -> Option<usize> {
        let last = self.classes[..start].iter().rposition(|class| class.is_word())?;
        (self.classes[last] == Class::Latin).then_some(last + 1)
    }

    /// False where the next word on either side of a place, if there is one, is surely a Latin one. Signs that are no ASCII may be emoji, which
    /// may be hanzi.
    fn is_beside_others(self, place: &Range<usize>) -> bool {
        // The first symbol that tells: an emoji may be a hanzi. Where none comes soon, there may be one.
        let tells =
            |&(step, at): &(usize, usize)| step == REACH || self.classes[at].is_word() || !self.symbols[at].is_ascii();
        let other = |found: Option<(usize, usize)>| {
            found.is_some_and(|(step, at)| step == REACH || self.classes[at] != Class::Latin)
        };
        other((0..place.start).rev().enumerate().find(tells))
            || other((place.end..self.symbols.len()).enumerate().find(tells))
    }

    fn is_sign(self, at: usize) -> bool {
        !self.classes[at].is_word() && !self.symbols[at].is_whitespace()
    }
}
