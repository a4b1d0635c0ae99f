//! The oracle of the plane `masks`: every token of a text that may hide letters is held against a term, letter by letter.

use tamis::text::{Class, Folded};

use crate::{
    naive_planes::{GAPS, LEET, MASKS, RUNS, Writing},
    naive_tables::leet,
};

/// The masked tokens of a text that may be `term`, which must be a word of letters.
pub(crate) fn disguises(term: &Folded, guards: (bool, bool), folded: &Folded) -> Vec<Writing> {
    let word = guards == (true, true) && term.classes().iter().all(|&class| class == Class::Latin);
    if !word || !(4..=32).contains(&term.len()) {
        return Vec::new();
    }
    let text = Text { folded };
    let tokens = [text.tokens(), text.wide(), text.rows()].concat();
    let tokens = tokens.iter().filter(|token| !token.is_empty());
    tokens.flat_map(|token| text.reads(token, term)).collect()
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
            self.trim_stars(token, &mut emphasis);
        }
        tokens
    }

    /// Tokens whose symbols are parted by single signs, or that have emoji or other signs for letters inside.
    fn wide(&self) -> Vec<Vec<usize>> {
        let other = |at: usize| !leet(self.symbol(at)).is_empty() && !self.is_digit(at) && self.is_part(at + 1);
        let is_wide = |at: usize| self.is_part(at) || is_picture(self.symbol(at)) || other(at);
        let joins = |at: usize| is_joiner(self.symbol(at)) && at > 0 && is_wide(at - 1) && is_wide(at + 1);
        let mut tokens = self.stretches(|at| is_wide(at) || joins(at));
        let mut emphasis = false;
        for token in &mut tokens {
            self.trim(token, |c| is_picture(c) || is_joiner(c) || c == '?');
            self.trim_stars(token, &mut emphasis);
            if token.iter().all(|&at| self.is_part(at)) {
                token.clear();
            }
            token.retain(|&at| !is_joiner(self.symbol(at)));
        }
        tokens
    }

    fn is_digit(&self, at: usize) -> bool {
        self.folded.classes().get(at) == Some(&Class::Digit)
    }

    fn trim_stars(&self, token: &mut Vec<usize>, emphasis: &mut bool) {
        let star = |i: Option<&usize>| i.is_some_and(|&at| self.symbol(at) == '*');
        let begins = token.len() > 1 && star(token.first()) && !star(token.get(1));
        let ends = token.len() > 1 && star(token.last()) && !star(token.get(token.len() - 2));
        if ends && (begins || *emphasis) {
            *emphasis = false;
            token.pop();
            token.drain(..usize::from(begins));
        } else {
            *emphasis |= begins;
        }
    }

    fn trim(&self, token: &mut Vec<usize>, is: impl Fn(char) -> bool) {
        while token.last().is_some_and(|&at| is(self.symbol(at))) {
            token.pop();
        }
        let ends = token.iter().take_while(|&&at| is(self.symbol(at))).count();
        token.drain(..ends);
    }

    /// Rows of single symbols that single spaces part: whole, and without a word of one letter before them.
    fn rows(&self) -> Vec<Vec<usize>> {
        let is_single = |at: usize| self.is_part(at) && !self.is_part(at + 1) && !(at > 0 && self.is_part(at - 1));
        let goes_on = |at: usize| self.symbol(at + 1) == ' ' && is_single(at + 2);
        let (mut rows, mut from) = (Vec::new(), 0);
        while from < self.folded.len() {
            let mut row = vec![from];
            while goes_on(row[row.len() - 1]) {
                row.push(row[row.len() - 1] + 2);
            }
            if !is_single(from) || row.len() < 2 {
                from += 1;
                continue;
            }
            from = row[row.len() - 1] + 1;
            if ['a', 'i', 'u'].contains(&self.symbol(row[0])) {
                rows.push(row[1..].to_vec());
            }
            rows.push(row);
        }
        rows
    }

    /// The token as the term: letter by letter, or with letters repeated, one of them three times at least.
    fn reads(&self, token: &[usize], term: &Folded) -> Vec<Writing> {
        let runs: Vec<&[usize]> = token
            .chunk_by(|&a, &b| self.is_letter(a) && self.symbol(a) == self.symbol(b))
            .collect();
        let cut = |long: usize, double: usize| -> Vec<usize> {
            let keep = |run: &&[usize]| if run.len() >= 3 { long } else { run.len().min(double) };
            runs.iter().flat_map(|run| run[..keep(run)].to_vec()).collect()
        };
        let mut all = Vec::from_iter(self.read(token, token, term, 0));
        if runs.iter().any(|run| run.len() >= 3) {
            for shorter in [cut(1, 1), cut(1, 2), cut(2, 2)] {
                all.extend(self.read(token, &shorter, term, RUNS));
            }
        }
        all
    }

    fn read(&self, written: &[usize], token: &[usize], term: &Folded, runs: u16) -> Option<Writing> {
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
        let (start, end) = (written[0], written[written.len() - 1] + 1);
        if !token.iter().zip(term.symbols()).all(is) || start > 0 && self.is_digit(start - 1) || self.is_digit(end) {
            return None;
        }
        let gaps = if end - start > written.len() { GAPS } else { 0 };
        let leet = if leet_symbols > 0 { LEET } else { 0 };
        Some(((start, end), MASKS | gaps | leet | runs))
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

fn is_joiner(symbol: char) -> bool {
    ".-~·".contains(symbol)
}
