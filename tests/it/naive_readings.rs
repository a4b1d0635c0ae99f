//! The oracle of the planes that read symbols otherwise than they stand: `leet`, `emoji` and `decomposition`. It makes every reading of a
//! text, for `naive_planes` to hold against terms.

use tamis::text::{Class, Folded};

use crate::{
    naive_planes::{DECOMPOSITION, EMOJI, LEET, Piece},
    naive_tables::{EMOJI as NAMES, WAYS, leet},
};

/// Most readings of one text: beyond, a test has the wrong texts.
const MOST: usize = 1 << 14;

/// Another way to read the symbols from some place on: how many, as what, by which plane.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Other {
    symbols: usize,
    read: Vec<char>,
    plane: u16,
}

/// For each symbol of a text the other ways to read it. `alphabet` holds the symbols of all terms.
pub(crate) fn others(folded: &Folded, alphabet: &[char]) -> Vec<Vec<Other>> {
    let tokens = leet_tokens(folded);
    let place = |at: usize| {
        let mut all = composed(folded, at, alphabet);
        let names = NAMES.get(&folded.symbols()[at]).into_iter().flatten();
        let known = names.filter(|name| name.chars().all(|c| alphabet.contains(&c)));
        all.extend(known.map(|name| Other {
            symbols: 1,
            read: name.chars().collect(),
            plane: EMOJI,
        }));
        if tokens
            .iter()
            .any(|&(from, to)| (from..to).contains(&at) && is_letter_like(folded, at, to))
        {
            let letters = leet(folded.symbols()[at]).chars();
            all.extend(letters.map(|letter| Other {
                symbols: 1,
                read: vec![letter],
                plane: LEET,
            }));
        }
        all
    };
    (0..folded.len()).map(place).collect()
}

/// The hanzi of the alphabet whose parts stand here.
fn composed(folded: &Folded, at: usize, alphabet: &[char]) -> Vec<Other> {
    let rest: String = folded.symbols()[at..].iter().collect();
    let mut all = Vec::new();
    for hanzi in alphabet {
        for way in WAYS
            .get(hanzi)
            .into_iter()
            .flatten()
            .filter(|way| rest.starts_with(way.as_str()))
        {
            all.push(Other {
                symbols: way.chars().count(),
                read: vec![*hanzi],
                plane: DECOMPOSITION,
            });
        }
    }
    all
}

/// Every reading: at each place as it stands, or in one of the other ways.
pub(crate) fn all(folded: &Folded, others: &[Vec<Other>]) -> Vec<Vec<Piece>> {
    let mut readings = vec![(0, Vec::new())];
    let mut done = Vec::new();
    while let Some((at, pieces)) = readings.pop() {
        assert!(readings.len() + done.len() < MOST, "too many readings");
        if at == folded.len() {
            done.push(pieces);
            continue;
        }
        readings.push((
            at + 1,
            [pieces.clone(), Vec::from_iter(Piece::plain(folded, at))].concat(),
        ));
        for other in &others[at] {
            readings.push((at + other.symbols, [pieces.clone(), other.pieces(at)].concat()));
        }
    }
    done
}

/// The reading that takes at each place the other way with this number, or the last; none where two ways overlap.
pub(crate) fn uniform(folded: &Folded, others: &[Vec<Other>], number: usize) -> Vec<Piece> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    while at < folded.len() {
        if let Some(other) = others[at].get(number).or(others[at].last()) {
            pieces.extend(other.pieces(at));
            at += other.symbols;
        } else {
            pieces.extend(Piece::plain(folded, at));
            at += 1;
        }
    }
    pieces
}

/// True where more than the letter of a digit or sign is to be chosen: two ways that overlap, or a way over symbols that terms have as
/// they stand.
pub(crate) fn is_ambiguous(folded: &Folded, others: &[Vec<Other>], alphabet: &[char]) -> bool {
    let choice = |at: usize| {
        let long = others[at].iter().map(|other| other.symbols).max().unwrap_or(0);
        let here = others[at].len() > 1 && others[at].iter().any(|other| other.plane != LEET);
        let overlap = (at + 1..at + long).any(|i| !others[i].is_empty());
        let plain = (at..at + long).any(|i| alphabet.contains(&folded.symbols()[i]));
        here || overlap || plain
    };
    (0..folded.len()).any(choice)
}

impl Other {
    fn pieces(&self, at: usize) -> Vec<Piece> {
        let piece = |&symbol: &char| Piece {
            start: at,
            end: at + self.symbols,
            symbol,
            class: Class::of(symbol),
            planes: self.plane,
        };
        self.read.iter().map(piece).collect()
    }
}

/// The tokens in which digits and signs may be letters: letters, digits and signs side by side, parted at most by single signs, or by
/// single spaces where every symbol stands alone. It has both, and is no number with a unit or of a model.
fn leet_tokens(folded: &Folded) -> Vec<(usize, usize)> {
    let symbol = |at: usize| folded.symbols().get(at).copied().unwrap_or('\0');
    let is_letter = |at: usize| folded.classes().get(at) == Some(&Class::Latin);
    let is_firm = |at: usize| {
        is_letter(at) || "@$".contains(symbol(at)) || symbol(at).is_ascii_digit() && !leet(symbol(at)).is_empty()
    };
    // Other signs are punctuation where nothing follows.
    let goes_on = |at: usize| {
        is_firm(at + 1)
            || ".-_~*·".contains(symbol(at + 1)) && is_firm(at + 2)
            || symbol(at + 1) == ' ' && is_firm(at + 2) && !(at > 0 && is_firm(at - 1))
    };
    let is_part = |at: usize| is_firm(at) || !leet(symbol(at)).is_empty() && goes_on(at);
    let is_word = |at: usize| folded.classes().get(at).is_some_and(|class| class.is_word());
    let (mut tokens, mut from) = (Vec::new(), 0);
    while from < folded.len() {
        let run = |from: usize| (from..folded.len()).take_while(|&at| is_part(at)).count();
        let mut to = from + run(from);
        let is_alone = |at: usize| is_part(at) && !is_word(at + 1) && !(at > 0 && is_word(at - 1)) && run(at) == 1;
        let mut alone = to > from && is_alone(from);
        while to > from {
            let next = run(to + 1);
            let spaced = symbol(to) == ' ' && alone && is_alone(to + 1);
            if !(next > 0 && ".-_~*·".contains(symbol(to)) || spaced) {
                break;
            }
            alone &= next == 1;
            to += 1 + next;
        }
        let parts: Vec<usize> = (from..to).filter(|&at| is_part(at)).collect();
        let letters = parts.iter().filter(|&&at| is_letter(at)).count();
        if letters > 0 && letters < parts.len() && !is_number(folded, &parts) {
            tokens.push((from, to));
        }
        from = to.max(from + 1);
    }
    tokens
}

/// 45s, 1.5m: several digits with one letter behind them. G45: different ones with one before them.
fn is_number(folded: &Folded, parts: &[usize]) -> bool {
    let digits: String = parts
        .iter()
        .map(|&at| folded.symbols()[at])
        .filter(char::is_ascii_digit)
        .collect();
    let is_letter = |at: usize| folded.classes()[at] == Class::Latin;
    let different = digits.chars().any(|c| !digits.starts_with(c));
    digits.len() >= 2
        && digits.len() + 1 == parts.len()
        && (is_letter(parts[parts.len() - 1]) || is_letter(parts[0]) && different)
}

/// What stands for a letter; but no sign of money before digits that end the token.
fn is_letter_like(folded: &Folded, at: usize, end: usize) -> bool {
    let symbol = folded.symbols()[at];
    let rest = &folded.symbols()[at + 1..end];
    let amount = "$£€¥¢".contains(symbol) && !rest.is_empty() && rest.iter().all(char::is_ascii_digit);
    !leet(symbol).is_empty() && !amount
}
