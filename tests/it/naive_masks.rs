//! The oracle of the plane `masks`: every token of a text that may hide letters is held against a term, letter by letter.

use tamis::text::{Class, Folded};

use crate::{
    naive_planes::{GAPS, LEET, MASKS, Writing},
    naive_tables::leet,
};

/// The masked tokens of a text that may be `term`, which must be a word of letters.
pub(crate) fn disguises(term: &Folded, guards: (bool, bool), folded: &Folded) -> Vec<Writing> {
    let word = guards == (true, true) && term.classes().iter().all(|&class| class == Class::Latin);
    if !word || !(4..=32).contains(&term.len()) {
        return Vec::new();
    }
    let text = Text { folded };
    let tokens = [text.tokens(), text.pictured(), text.rows()].concat();
    tokens.iter().filter_map(|token| text.read(token, term)).collect()
}

/// Folded symbols; tokens are the places of their symbols.
struct Text<'a> {
    folded: &'a Folded,
}

impl Text<'_> {
    fn symbol(&self, at: usize) -> char {
        self.folded.symbols().get(at).copied().unwrap_or('\0')
    }

    fn is_letter(&self, at: usize) -> bool {
        self.folded.classes().get(at) == Some(&Class::Latin)
    }

    fn is_part(&self, at: usize) -> bool {
        let symbol = self.symbol(at);
        let leet = symbol != '2' && symbol.is_ascii_digit() || "@$".contains(symbol);
        self.is_letter(at) || is_mask(symbol) || leet
    }

    /// The longest stretches of such symbols.
    fn stretches(&self, is: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
        let places: Vec<usize> = (0..self.folded.len()).collect();
        let stretches = places.chunk_by(|&a, &b| is(a) == is(b));
        stretches
            .filter(|stretch| is(stretch[0]))
            .map(<[usize]>::to_vec)
            .collect()
    }

    /// Tokens without spaces; without question marks at the ends, and the stars around emphasis, which may begin in one token and end in
    /// another.
    fn tokens(&self) -> Vec<Vec<usize>> {
        let (mut tokens, mut emphasis) = (self.stretches(|at| self.is_part(at)), false);
        for token in &mut tokens {
            self.trim(token, |c| c == '?');
            let star = |i: Option<&usize>| i.is_some_and(|&at| self.symbol(at) == '*');
            let begins = token.len() > 1 && star(token.first()) && !star(token.get(1));
            let ends = token.len() > 1 && star(token.last()) && !star(token.get(token.len() - 2));
            if ends && (begins || emphasis) {
                emphasis = false;
                token.pop();
                token.drain(..usize::from(begins));
            } else {
                emphasis |= begins;
            }
        }
        tokens
    }

    /// Tokens with emoji inside.
    fn pictured(&self) -> Vec<Vec<usize>> {
        let mut tokens = self.stretches(|at| self.is_part(at) || is_picture(self.symbol(at)));
        for token in &mut tokens {
            self.trim(token, is_picture);
            if !token.iter().any(|&at| is_picture(self.symbol(at))) {
                token.clear();
            }
            self.trim(token, |c| c == '?');
            let star = |i: Option<&usize>| i.is_some_and(|&at| self.symbol(at) == '*');
            if token.len() > 2
                && star(token.first())
                && star(token.last())
                && !star(token.get(1))
                && !star(token.get(token.len() - 2))
            {
                token.pop();
                token.remove(0);
            }
        }
        tokens
    }

    fn trim(&self, token: &mut Vec<usize>, is: impl Fn(char) -> bool) {
        while token.last().is_some_and(|&at| is(self.symbol(at))) {
            token.pop();
        }
        let ends = token.iter().take_while(|&&at| is(self.symbol(at))).count();
        token.drain(..ends);
    }

    /// Rows of single symbols that the same sign parts: whole, and without a word of one letter before them.
    fn rows(&self) -> Vec<Vec<usize>> {
        let is_single = |at: usize| self.is_part(at) && !self.is_part(at + 1) && !(at > 0 && self.is_part(at - 1));
        let mut rows = Vec::new();
        let mut from = 0;
        while from < self.folded.len() {
            let sign = self.symbol(from + 1);
            let goes_on = |at: usize| is_single(at) && self.symbol(at + 1) == sign && self.is_part(at + 2);
            if !(is_single(from) && " .-~·".contains(sign) && goes_on(from)) {
                from += 1;
                continue;
            }
            let mut row = vec![from];
            let mut last = from;
            while goes_on(last) && is_single(last + 2) {
                last += 2;
                row.push(last);
            }
            // A word beside a row of letters is another word; letters that a sign joins to it are not.
            let cut = goes_on(last) && (sign != ' ' || row.len() < 2);
            let tail = from >= 2 && sign != ' ' && self.symbol(from - 1) == sign && self.is_part(from - 2);
            if row.len() > 1 && !cut && !tail {
                if sign == ' ' && ['a', 'i', 'u'].contains(&self.symbol(from)) {
                    rows.push(row[1..].to_vec());
                }
                rows.push(row);
                from = last + 1;
            } else {
                from += 1;
            }
        }
        rows
    }

    fn read(&self, token: &[usize], term: &Folded) -> Option<Writing> {
        let of = |is: &dyn Fn(usize) -> bool| token.iter().filter(|&&at| is(at)).count();
        let masks = of(&|at| hides(self.symbol(at)));
        let letters = of(&|at| self.is_letter(at));
        let leet_symbols = token.len() - masks - letters;
        if token.len() != term.len() || masks == 0 || masks > token.len() / 2 || leet_symbols > 0 && letters < 2 {
            return None;
        }
        let is = |(&at, &letter): (&usize, &char)| {
            let symbol = self.symbol(at);
            hides(symbol) || symbol == letter || leet(symbol).contains(letter)
        };
        let (start, end) = (token[0], token[token.len() - 1] + 1);
        let digit = |at: usize| self.folded.classes().get(at) == Some(&Class::Digit);
        if !token.iter().zip(term.symbols()).all(is) || start > 0 && digit(start - 1) || digit(end) {
            return None;
        }
        let gaps = if end - start > token.len() { GAPS } else { 0 };
        let leet = if leet_symbols > 0 { LEET } else { 0 };
        Some(((start, end), MASKS | gaps | leet))
    }
}

fn hides(symbol: char) -> bool {
    is_mask(symbol) || is_picture(symbol)
}

fn is_mask(symbol: char) -> bool {
    "*#%?_•●○■□×".contains(symbol)
}

fn is_picture(symbol: char) -> bool {
    ('\u{2600}'..='\u{27BF}').contains(&symbol) || ('\u{1F300}'..='\u{1FAFF}').contains(&symbol)
}
