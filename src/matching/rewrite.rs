//! The planes that rewrite symbols: `emoji` (🐔 read as 鸡), `decomposition` (氵去 read as 法) and `leet` (sh1t read as shit).
//!
//! All three make one skeleton with other pieces, so that they also work together. Where a symbol has two readings the skeleton is
//! made twice: once with the likelier reading everywhere, once with the other. Where digits of terms stand among what is rewritten
//! (`力口3p`), it is made once more with digits as they are.

use std::{collections::HashMap, ops::Range};

use super::{
    boundary::latin_end,
    feed::{Pair, Pairs},
    fit::leet_continues,
    joins::Joins,
    planes::Plane,
    skeleton::Skeleton,
    tables,
};
use crate::text::{Class, Folded};

/// Most parts that a hanzi is written as.
const MOST_PARTS: usize = 4;

/// In tokens whose class changes more often, a term is taken to be.
const MOST_EDGES: usize = 8;

/// What stands this far from a token may belong to the same word: behind two signs.
const CLOSE: usize = 3;

/// Most readings of a symbol that count.
const MOST_READINGS: usize = 2;

/// How many times a skeleton is rewritten at most: with each reading, and with digits as they are.
pub(crate) const VARIANTS: usize = MOST_READINGS + 1;

/// A set of symbols: a bit for each code point up to the highest.
#[derive(Debug, Default)]
pub(crate) struct Alphabet(Vec<u64>);

impl Alphabet {
    /// Adds symbols.
    pub(crate) fn extend(&mut self, symbols: &[char]) {
        for &symbol in symbols {
            let code = symbol as usize;
            if code / 64 >= self.0.len() {
                self.0.resize(code / 64 + 1, 0);
            }
            self.0[code / 64] |= 1 << (code % 64);
        }
    }

    /// Adds those of another one.
    pub(crate) fn absorb(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        for (bits, others) in self.0.iter_mut().zip(&other.0) {
            *bits |= others;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The symbols in order.
    fn iter(&self) -> impl Iterator<Item = char> {
        let is_in = |code: &u32| self.0[*code as usize / 64] >> (code % 64) & 1 == 1;
        (0..).take(self.0.len() * 64).filter(is_in).filter_map(char::from_u32)
    }
}

/// The rewritings that could lead to a term of a segment.
#[derive(Debug, PartialEq)]
pub(crate) struct Rewrites {
    /// Every hanzi of a term's skeleton, sorted.
    alphabet: Vec<char>,
    /// The hanzi of the alphabet by their parts.
    compositions: HashMap<Box<[char]>, Vec<char>>,
    /// The first two parts of every composition.
    openings: Pairs,
}

/// What stands at a place of a text besides the symbol itself.
enum Reading {
    /// These hanzi, for one symbol.
    Emoji(&'static str),
    /// This hanzi, for so many symbols.
    Composed(char, usize),
    /// This letter.
    Letter(char),
    /// Itself: a digit that is also one in a term.
    Plain,
}

impl Rewrites {
    /// The rewritings for terms with these symbols in their skeletons.
    pub(crate) fn new(alphabet: &Alphabet) -> Self {
        let alphabet: Vec<_> = alphabet.iter().filter(|&c| Class::of(c) == Class::Han).collect();
        let mut compositions = HashMap::<Box<[char]>, Vec<char>>::new();
        let mut openings = Vec::new();
        for &hanzi in &alphabet {
            for parts in tables::decompositions(hanzi) {
                compositions.entry(parts.into()).or_default().push(hanzi);
                openings.push(Pair::from((parts[0], parts[1])));
            }
        }
        Self {
            alphabet,
            compositions,
            openings: Pairs::of(openings),
        }
    }

    /// The parts of every hanzi of the alphabet, in order.
    pub(crate) fn parts(&self) -> Vec<&[char]> {
        let mut parts: Vec<&[char]> = self.compositions.keys().map(AsRef::as_ref).collect();
        parts.sort_unstable();
        parts
    }

    /// True where the symbol is an emoji whose name could be part of a term.
    pub(crate) fn knows(&self, symbol: char) -> bool {
        self.names(symbol).next().is_some()
    }

    /// The names of an emoji that could be part of a term.
    fn names(&self, symbol: char) -> impl Iterator<Item = &'static str> {
        let known = |name: &&str| name.chars().all(|c| self.alphabet.binary_search(&c).is_ok());
        tables::emoji(symbol).iter().copied().filter(known)
    }

    /// True where rewriting this text could lead to a term. `joins` are the words of all terms with Latin letters, where those are whole
    /// words. O(symbols).
    pub(crate) fn fed(&self, folded: &Folded, neighbours: &Pairs, joins: Option<&Joins>) -> bool {
        let (mut token, mut before) = (Token::default(), None);
        // Whether the last word was read so.
        let mut after_leet = false;
        let mut at = 0;
        while at < folded.symbols().len() {
            token.step(folded, at);
            if let Some(joins) = joins.filter(|_| token.leet && at < token.end) {
                if after_leet || leads(folded, at..token.end, neighbours, before, joins) {
                    return true;
                }
                after_leet = true;
                at = token.end;
                before = folded.symbols()[..at].last().copied();
                continue;
            }
            if token.plain {
                at = token.end;
                before = folded.symbols()[..at].last().copied();
                after_leet = false;
                continue;
            }
            if !self.readings(folded, at, &token, neighbours, before).is_empty() {
                return true;
            }
            if folded.classes()[at].is_word() {
                before = Some(folded.symbols()[at]);
                after_leet = false;
            }
            at += 1;
        }
        false
    }

    /// True where the symbols from `at` on are parts of a hanzi that stands beside a neighbour from a term.
    pub(crate) fn composes(&self, folded: &Folded, at: usize, neighbours: &Pairs) -> bool {
        let before = (0..at).rev().find(|&i| folded.classes()[i].is_word());
        let before = before.map(|i| folded.symbols()[i]);
        !self.composed(folded, at, neighbours, before).is_empty()
    }

    /// Rewrites the text, taking of several readings the one with the number `variant`, or the last; in the last variant digits that
    /// may be digits of a term as such, and the first reading of everything else. True where a later variant may differ.
    pub(crate) fn rewrite(&self, folded: &Folded, neighbours: &Pairs, variant: usize, out: &mut Skeleton) -> bool {
        out.clear();
        let (mut at, mut more, mut token) = (0, false, Token::default());
        while at < folded.symbols().len() {
            token.step(folded, at);
            if token.plain {
                (at..token.end).for_each(|at| out.push_plain(folded, at));
                at = token.end;
                continue;
            }
            let readings = self.readings(folded, at, &token, neighbours, out.symbols().last().copied());
            let (readings, plain) = match readings.split_last() {
                Some((Reading::Plain, letters)) => (letters, true),
                _ => (readings.as_slice(), false),
            };
            more |= variant < MOST_READINGS && (plain || readings.len() > variant + 1);
            let reading = if variant < MOST_READINGS {
                readings.get(variant).or(readings.last())
            } else {
                readings.first().filter(|_| !plain)
            };
            match reading {
                None | Some(Reading::Plain) => out.push_plain(folded, at),
                Some(&Reading::Letter(letter)) => out.push(letter, at..at + 1, Some(Plane::Leet)),
                Some(Reading::Emoji(name)) => name.chars().for_each(|c| out.push(c, at..at + 1, Some(Plane::Emoji))),
                Some(&Reading::Composed(hanzi, parts)) => {
                    out.push(hanzi, at..at + parts, Some(Plane::Decomposition));
                    at += parts - 1;
                }
            }
            at += 1;
        }
        more
    }

    /// How the symbol at `at` may be read other than as itself.
    fn readings(&self, folded: &Folded, at: usize, token: &Token, pairs: &Pairs, before: Option<char>) -> Vec<Reading> {
        let (symbol, class) = (folded.symbols()[at], folded.classes()[at]);
        match class {
            // Kana look like parts: シ去.
            Class::Han | Class::Kana => self.composed(folded, at, pairs, before),
            Class::Latin => Vec::new(),
            _ if token.leet && letter_like(folded, at, token.end) => {
                let after = folded.symbols().get(at + 1).copied();
                let meets =
                    before.is_some_and(|b| pairs.perhaps(b, symbol)) || after.is_some_and(|a| pairs.perhaps(symbol, a));
                let plain = (class == Class::Digit && meets).then_some(Reading::Plain);
                let letters = tables::leet(symbol).iter().map(|&letter| Reading::Letter(letter));
                letters.chain(plain).collect()
            }
            Class::SeparatorWeak if !symbol.is_ascii() => {
                let after = folded.symbols().get(at + 1).copied();
                let meets = |name: &str| {
                    let (first, last) = (name.chars().next(), name.chars().next_back());
                    let beside = |a: Option<char>, b: Option<char>| a.zip(b).is_some_and(|(a, b)| pairs.perhaps(a, b));
                    beside(before, first) || beside(last, after)
                };
                let mut names: Vec<_> = self.names(symbol).collect();
                names.sort_by_key(|name| !meets(name));
                names.into_iter().map(Reading::Emoji).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The hanzi that the symbols from `at` on are parts of, the longest writing first: those that stand beside a neighbour from a term.
    fn composed(&self, folded: &Folded, at: usize, pairs: &Pairs, before: Option<char>) -> Vec<Reading> {
        let symbols = &folded.symbols()[at..];
        if symbols.len() < 2 || !self.openings.perhaps(symbols[0], symbols[1]) {
            return Vec::new();
        }
        let mut readings = Vec::new();
        for parts in (2..=MOST_PARTS.min(symbols.len())).rev() {
            let Some(hanzi) = self.compositions.get(&symbols[..parts]) else {
                continue;
            };
            let means = |i: usize| folded.classes()[i].is_word() || self.knows(folded.symbols()[i]);
            let rest = (at + parts..folded.len()).find(|&i| means(i));
            let rest = rest.map_or(&[][..], |i| &folded.symbols()[i..]);
            // What follows may be rewritten itself: then its pair is not known yet.
            let goes_on = match *rest {
                [first, second, ..] => self.openings.perhaps(first, second) || self.knows(first),
                [only] => self.knows(only),
                [] => false,
            };
            let after = rest.first();
            // Pinyin may stand beside it, or a digit for a letter.
            let is_latin = |c: char| Class::of(c) == Class::Latin || !tables::leet(c).is_empty();
            let meets = |c: char| {
                goes_on
                    || before.is_some_and(|b| pairs.perhaps(b, c) || is_latin(b))
                    || after.is_some_and(|&a| pairs.perhaps(c, a) || is_latin(a))
            };
            let again = |c: char| before == Some(c) || after == Some(&c);
            let fitting = hanzi.iter().filter(|&&c| meets(c) || again(c));
            readings.extend(fitting.map(|&c| (meets(c), Reading::Composed(c, parts))));
        }
        // The same hanzi again only where nothing else is known to be meant.
        if readings.iter().any(|&(meets, _)| meets) {
            readings.retain(|&(meets, _)| meets);
        }
        let mut readings: Vec<_> = readings.into_iter().map(|(_, reading)| reading).collect();
        readings.truncate(MOST_READINGS);
        readings
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        let parts = self
            .compositions
            .iter()
            .map(|(parts, hanzi)| (parts.len() + hanzi.len()) * size_of::<char>() + 56);
        self.alphabet.len() * size_of::<char>() + parts.sum::<usize>() + self.openings.heap_bytes()
    }
}

/// Whether a token with digits or signs for letters may be a word of a term. Told of simple ones: those without digits that may be digits,
/// and with nothing of a word close by.
fn leads(folded: &Folded, place: Range<usize>, pairs: &Pairs, before: Option<char>, joins: &Joins) -> bool {
    let (symbols, classes) = (folded.symbols(), folded.classes());
    let is_sign = |at: &usize| !classes[*at].is_word() && !symbols[*at].is_whitespace();
    let is_close =
        |at: usize| matches!(classes[at], Class::Latin | Class::Digit) || !tables::leet(symbols[at]).is_empty();
    let goes_on = |at: &usize| !is_sign(at) || is_close(*at);
    let behind = (place.end..symbols.len()).take(CLOSE).find(goes_on);
    let ahead = (0..place.start).rev().take(CLOSE).find(goes_on);
    if [behind, ahead].into_iter().flatten().any(is_close) {
        return true;
    }
    // What is read as a letter: with the first reading of all, and with the last; and where each stands.
    let (mut letters, mut places) = ([Vec::new(), Vec::new()], Vec::new());
    for at in place.clone() {
        let symbol = symbols[at];
        let readings = match classes[at] {
            Class::Latin => &[symbol],
            _ if symbol == ' ' || parts_letters(symbol) => continue,
            class => {
                let beside = |a: char| pairs.perhaps(a, symbol);
                let last = letters.iter().map(|letters| letters.last().copied().or(before));
                let next = symbols.get(at + 1);
                let may_be_digit = || last.flatten().any(beside) || next.is_some_and(|&b| pairs.perhaps(symbol, b));
                if class == Class::Digit && may_be_digit() || !letter_like(folded, at, place.end) {
                    return true;
                }
                tables::leet(symbol)
            }
        };
        let (Some(&first), Some(&last)) = (readings.first(), readings.last()) else {
            return true;
        };
        letters[0].push(first);
        letters[1].push(last);
        places.push(at);
    }
    // Beside letters that are set apart another may stand, and any of them be grown.
    let is_apart = places.windows(2).any(|pair| pair[0] + 1 < pair[1]);
    let is_grown = |letters: &Vec<char>| letters.windows(2).all(|pair| pair[0] == pair[1]);
    let is_row = is_apart || letters.iter().any(is_grown);
    // And beside a whole word another one of its term may be spaced out: three letters, of which two are looked for.
    let others = if is_row { 1 } else { 2 };
    let goes_on = |beyond: &mut dyn Iterator<Item = usize>| row_goes_on(folded, beyond, others);
    if goes_on(&mut (place.end..symbols.len())) || goes_on(&mut (0..place.start).rev()) {
        return true;
    }
    // Where the class changes or something stands between, a term may end and begin.
    let is_edge = |&i: &usize| {
        i == 0 || i == places.len() || places[i - 1] + 1 < places[i] || classes[places[i - 1]] != classes[places[i]]
    };
    let edges: Vec<usize> = (0..=places.len()).filter(is_edge).collect();
    let is_word = |part: Range<usize>| {
        let place = places[part.start]..places[part.end - 1] + 1;
        // What is letters alone is no word that was rewritten.
        let rewritten = places[part.clone()].iter().any(|&at| classes[at] != Class::Latin);
        let mut read = letters.iter().map(|letters| &letters[part.clone()]);
        rewritten && read.any(|letters| joins.perhaps_word(symbols, classes, place.clone(), letters))
    };
    let mut starts = edges.iter().enumerate();
    edges.len() > MOST_EDGES
        || starts.any(|(number, &start)| edges[number + 1..].iter().any(|&end| is_word(start..end)))
}

/// Whether `others` letters may stand alone, one by one, each once or repeatedly, at the next of these places.
fn row_goes_on(folded: &Folded, beyond: &mut dyn Iterator<Item = usize>, others: usize) -> bool {
    let (symbols, classes) = (folded.symbols(), folded.classes());
    let is_separator = |at: &usize| !classes[*at].is_word() && tables::leet(symbols[*at]).is_empty();
    let mut beyond = beyond.peekable();
    (0..others).all(|_| {
        while beyond.next_if(is_separator).is_some() {}
        // A sign in the place of the letter may be anything.
        let is_sign = |at: &usize| !classes[*at].is_word() && !leet_continues(folded, *at);
        if beyond.next_if(is_sign).is_some() {
            return true;
        }
        let Some(first) = beyond.next_if(|&at| leet_continues(folded, at)) else {
            return false;
        };
        while beyond.next_if(|&at| symbols[at] == symbols[first]).is_some() {}
        beyond.peek().is_none_or(|&at| !leet_continues(folded, at))
    })
}

/// A run of Latin letters, digits and signs that may stand for letters; single signs may stand between (`s.h.1.t`), and single spaces
/// where every symbol stands alone (`s h 1 t`).
#[derive(Debug, Default)]
struct Token {
    end: usize,
    /// True where it has both letters and what may stand for them.
    leet: bool,
    /// True where it is known to be letters alone.
    plain: bool,
}

impl Token {
    /// Moves on to the token that holds `at`.
    fn step(&mut self, folded: &Folded, at: usize) {
        if at < self.end {
            return;
        }
        let (symbols, classes) = (folded.symbols(), folded.classes());
        // Most are words of letters, and what is no part of one.
        let end = latin_end(classes, at);
        let ends = match symbols.get(end) {
            None | Some(' ') => true,
            Some(&sign) if parts_letters(sign) => matches!(symbols.get(end + 1), None | Some(' ')),
            Some(&symbol) => tables::leet(symbol).is_empty(),
        };
        let is_nothing = !matches!(classes[at], Class::Latin | Class::Digit) && tables::leet(symbols[at]).is_empty();
        (self.leet, self.plain) = (false, end > at + 1 && ends);
        if self.plain || is_nothing {
            self.end = end.max(at + 1);
            return;
        }
        let is_part = |i: usize| is_part(symbols, classes, i);
        let run = |from: usize| (from..symbols.len()).take_while(|&i| is_part(i)).count();
        let is_word = |at: Option<usize>| at.and_then(|at| classes.get(at)).is_some_and(|class| class.is_word());
        let length = run(at);
        self.end = at + length;
        let mut alone = length == 1 && !is_word(at.checked_sub(1));
        while length > 0 && self.end < symbols.len() {
            let next = run(self.end + 1);
            let joins = match symbols[self.end] {
                sign if parts_letters(sign) => next > 0,
                ' ' => alone && next == 1 && !is_word(Some(self.end + 2)),
                _ => false,
            };
            if !joins {
                break;
            }
            self.end += 1 + next;
            alone &= next == 1;
        }
        self.end = self.end.max(at + 1);
        let is_letter = |i: usize| classes[i] == Class::Latin;
        let letters = (at..self.end).any(is_letter);
        let others = (at..self.end).any(|i| is_part(i) && !is_letter(i));
        self.leet = letters && others && !is_number(&symbols[at..self.end], &classes[at..self.end]);
    }
}

/// True for digits with one letter behind them, as in 45s and 1.5m, and for different ones with one before them, as in G45.
fn is_number(symbols: &[char], classes: &[Class]) -> bool {
    let parts = || {
        symbols
            .iter()
            .zip(classes)
            .filter(|(c, class)| class.is_word() || !tables::leet(**c).is_empty())
    };
    let is_letter = |part: Option<(&char, &Class)>| part.is_some_and(|(_, class)| *class == Class::Latin);
    let digits = || parts().filter(|(_, class)| **class == Class::Digit).map(|(c, _)| c);
    let first = digits().next();
    parts().count() == digits().count() + 1
        && digits().count() > 1
        && (is_letter(parts().next_back()) || is_letter(parts().next()) && digits().any(|c| Some(c) != first))
}

/// True for a sign that may stand between the letters of a token.
pub(super) fn parts_letters(symbol: char) -> bool {
    matches!(symbol, '.' | '-' | '_' | '~' | '*' | '·')
}

/// True for what may be in a token: letters, what stands for letters, and of that punctuation only where more of the token follows.
pub(super) fn is_part(symbols: &[char], classes: &[Class], at: usize) -> bool {
    let is_firm = |i: usize| {
        symbols.get(i).is_some_and(|&c| {
            let digit = classes[i] == Class::Digit && !tables::leet(c).is_empty();
            digit || classes[i] == Class::Latin || matches!(c, '@' | '$')
        })
    };
    let is_sign = || symbols.get(at).is_some_and(|&c| !tables::leet(c).is_empty());
    let goes_on = || match symbols.get(at + 1) {
        Some(&sign) if parts_letters(sign) => is_firm(at + 2),
        Some(' ') => is_firm(at + 2) && !at.checked_sub(1).is_some_and(is_firm),
        _ => is_firm(at + 1),
    };
    is_firm(at) || is_sign() && goes_on()
}

/// False for a sign of money before an amount that ends the token.
fn letter_like(folded: &Folded, at: usize, end: usize) -> bool {
    let money = matches!(folded.symbols()[at], '$' | '£' | '€' | '¥' | '¢');
    let rest = &folded.classes()[at + 1..end];
    !(money && !rest.is_empty() && rest.iter().all(|&class| class == Class::Digit))
}

#[cfg(test)]
mod tests {
    use super::super::{fit::tests::fits_in, shape::Shape};
    use super::*;
    use crate::text::fold;

    /// The slices of `text` that may be read as `term` after rewriting, each with its planes.
    fn fits(term: &str, text: &str) -> Vec<(String, String)> {
        let (mut t, mut x) = (Folded::default(), Folded::default());
        fold(term, &mut t);
        fold(text, &mut x);
        let shape = Shape::of(&t);
        let neighbours = Pairs::of(Pair::neighbours(&shape.symbols).collect());
        let mut alphabet = Alphabet::default();
        alphabet.extend(&shape.symbols);
        let rewrites = Rewrites::new(&alphabet);
        let mut skeleton = Skeleton::default();
        let mut all = Vec::new();
        for variant in 0..VARIANTS {
            let more = rewrites.rewrite(&x, &neighbours, variant, &mut skeleton);
            all.extend(fits_in(&t, text, &x, &skeleton));
            if !more {
                break;
            }
        }
        if all.is_empty() {
            return all;
        }
        assert!(rewrites.fed(&x, &neighbours, None), "what is found must have been fed");
        all
    }

    fn one(slice: &str, planes: &str) -> Vec<(String, String)> {
        vec![(slice.to_owned(), planes.to_owned())]
    }

    #[test]
    fn an_emoji_is_read_as_what_it_is_called() {
        assert_eq!(fits("鸡巴", "大🐔巴"), one("🐔巴", "emoji"));
        assert_eq!(fits("你妈", "你🐎好"), one("你🐎", "emoji"), "the second reading of 🐎");
        assert_eq!(fits("你妈", "你-🐎"), one("你-🐎", "gaps+emoji"));
    }

    #[test]
    fn parts_are_read_as_the_hanzi_that_they_form() {
        assert_eq!(fits("非法", "这是非氵去的"), one("非氵去", "decomposition"));
        assert_eq!(fits("非法", "非-氵去"), one("非-氵去", "gaps+decomposition"));
        assert_eq!(fits("你好", "亻尔女子"), one("亻尔女子", "decomposition"));
        assert_eq!(fits("树林", "树木木"), one("树木木", "decomposition"));
        assert_eq!(fits("冰找我", "冰才戈手戈"), one("冰才戈手戈", "decomposition"));
        assert_eq!(fits("鸡bar", "又鸟8ar"), one("又鸟8ar", "leet+decomposition"));
        assert_eq!(fits("非法", "非シ去"), one("非シ去", "decomposition"));
    }

    #[test]
    fn digits_and_signs_are_letters_in_a_token_that_has_letters() {
        assert_eq!(fits("shit", "holy sh1t!"), one("sh1t", "leet"));
        assert_eq!(fits("bitch", "b!tch"), one("b!tch", "leet"));
        assert_eq!(fits("slut", "s1ut"), one("s1ut", "leet"), "the second reading of 1");
        assert_eq!(fits("ass", "a$$"), one("a$$", "leet"));
        assert_eq!(fits("ass", "@ss"), one("@ss", "leet"));
        assert_eq!(fits("ass", "4ss7"), [], "not the whole token");
        assert_eq!(fits("ass", "455"), [], "no letter in it");
        assert_eq!(fits("hit", "1hit!"), []);
        assert_eq!(fits("pissed", "p!$5ed"), one("p!$5ed", "leet"));
        assert_eq!(fits("ass", "45s"), [], "a count");
        assert_eq!(fits("gas", "G45"), [], "the name of a model");
        assert_eq!(fits("ass", "a55"), one("a55", "leet"));
        assert_eq!(fits("ass", "@$s"), one("@$s", "leet"));
        assert_eq!(fits("also", "A£50"), [], "an amount of money");
        assert_eq!(fits("ass", "aaaaas$"), one("aaaaas$", "runs+leet"));
        assert_eq!(
            fits("ass", "aaaaass$"),
            one("aaaaass", "runs"),
            "what is not needed stays outside"
        );
    }

    #[test]
    fn letters_set_apart_may_be_digits_and_signs_too() {
        assert_eq!(fits("shit", "s.h.1.t"), one("s.h.1.t", "gaps+leet"));
        assert_eq!(fits("shit", "oh s h 1 t man"), one("s h 1 t", "gaps+leet"));
        assert_eq!(fits("shit", "s h ! 7!"), one("s h ! 7", "gaps+leet"));
        assert_eq!(fits("shit", "sh!.t"), one("sh!.t", "gaps+leet"));
        assert_eq!(fits("hit", "h! t"), [], "the end of a sentence");
        assert_eq!(fits("mass", "1.455m"), [], "a count");
        assert_eq!(fits("also", "a 1 so"), [], "words");
        assert_eq!(fits("b2b", "a 62b"), [], "6 does not stand alone");
    }

    #[test]
    fn a_digit_beside_its_neighbour_in_a_term_may_be_a_digit() {
        assert_eq!(fits("加3p", "力口3p"), one("力口3p", "decomposition"));
        assert_eq!(fits("车pk10", "🚗pk10"), one("🚗pk10", "emoji"));
    }

    #[test]
    fn parts_meet_parts_and_emoji_across_separators() {
        assert_eq!(fits("你好", "亻尔-女子"), one("亻尔-女子", "gaps+decomposition"));
        assert_eq!(fits("法鸡", "氵去🐔"), one("氵去🐔", "emoji+decomposition"));
    }
}
