//! The oracle of the planes `mixed_pinyin` and `pinyin`: the pieces of a text, from each on, are held against a term, hanzi by hanzi.

use tamis::text::{Class, Folded};

use crate::{
    naive_planes::{DECOMPOSITION, EMOJI, GAPS, MIXED_PINYIN, PINYIN, Piece, Writing, between, ends_clause},
    naive_tables::{ENGLISH, SOUNDS, SYLLABLES},
};

/// Most ways to read a term that are looked for.
const MOST_READINGS: usize = 4;

/// The stretches of a reading of a text that say `term` with hanzi spelt.
pub(crate) fn disguises(
    term: &Folded,
    guards: (bool, bool),
    folded: &Folded,
    text: &str,
    pieces: &[Piece],
) -> Vec<Writing> {
    let hanzi = term.classes().iter().all(|&class| class == Class::Han);
    if !hanzi || !(2..=16).contains(&term.len()) {
        return Vec::new();
    }
    let speller = Speller {
        term: term.symbols(),
        guards,
        folded,
        text,
        pieces,
    };
    (0..pieces.len()).flat_map(|from| speller.from(from, &[])).collect()
}

/// True where it is not known which syllables are meant: a token that splits in two ways, a term with many ways to read it.
pub(crate) fn is_ambiguous(terms: &[Folded], folded: &Folded) -> bool {
    let sounds = |term: &Folded| {
        term.symbols()
            .iter()
            .map(|c| SOUNDS.get(c).map_or(1, Vec::len))
            .product::<usize>()
    };
    let letters = |at: usize| folded.classes().get(at) == Some(&Class::Latin);
    let starts = (0..folded.len()).filter(|&at| letters(at) && !(at > 0 && letters(at - 1)));
    let token = |at: usize| {
        (at..)
            .take_while(|&at| letters(at))
            .map(|at| folded.symbols()[at])
            .collect::<String>()
    };
    terms.iter().any(|term| sounds(term) > MOST_READINGS) || starts.map(token).any(|token| splits(&token) > 1)
}

/// How many ways there are to split letters into syllables.
fn splits(letters: &str) -> usize {
    if letters.is_empty() {
        return 1;
    }
    let heads = (1..=letters.len()).filter(|&end| SYLLABLES.contains(&letters[..end]));
    heads.map(|end| splits(&letters[end..])).sum()
}

/// A hanzi of the term in the text: the pieces, one hanzi or the letters of a syllable.
#[derive(Clone, Copy, Debug)]
struct Said {
    from: usize,
    to: usize,
    spelt: bool,
}

struct Speller<'a> {
    term: &'a [char],
    guards: (bool, bool),
    folded: &'a Folded,
    text: &'a str,
    pieces: &'a [Piece],
}

impl Speller<'_> {
    /// All ways to say the rest of the term from this piece on.
    fn from(&self, at: usize, said: &[Said]) -> Vec<Writing> {
        let Some(hanzi) = self.term.get(said.len()) else {
            return Vec::from_iter(self.judge(said));
        };
        let mut all = Vec::new();
        let with = |to: usize, spelt: bool| [said, &[Said { from: at, to, spelt }]].concat();
        if self.pieces.get(at).is_some_and(|piece| piece.symbol == *hanzi) {
            all.extend(self.from(at + 1, &with(at + 1, false)));
        }
        for sound in SOUNDS.get(hanzi).into_iter().flatten() {
            let to = at + sound.len();
            if self.pieces.len() >= to && self.is_spelt(at, to, sound) {
                all.extend(self.from(to, &with(to, true)));
            }
        }
        all
    }

    /// Whether these pieces are the letters of a syllable, side by side.
    fn is_spelt(&self, from: usize, to: usize, sound: &str) -> bool {
        let letters = &self.pieces[from..to];
        letters
            .iter()
            .all(|piece| piece.planes == 0 && piece.class == Class::Latin)
            && letters.iter().map(|piece| piece.symbol).eq(sound.chars())
            && letters.windows(2).all(|pair| pair[0].end == pair[1].start)
    }

    fn judge(&self, said: &[Said]) -> Option<Writing> {
        let spelt = said.iter().filter(|said| said.spelt).count();
        let (first, last) = (self.pieces[said[0].from], self.pieces[said[said.len() - 1].to - 1]);
        let letter = |at: usize| self.folded.classes().get(at) == Some(&Class::Latin);
        let part_of_token = self
            .tokens(said)
            .iter()
            .any(|&(from, to)| from > 0 && letter(from - 1) || letter(to));
        let joined = self.guards.0 && first.start > 0 && self.folded.joined(self.text, first.start - 1)
            || self.guards.1 && self.folded.joined(self.text, last.end - 1);
        if spelt == 0 || part_of_token || joined {
            return None;
        }
        let all = spelt == said.len();
        let gaps = self.gaps(said)?;
        let english = self
            .tokens(said)
            .iter()
            .all(|&token| ENGLISH.contains(self.letters(token).as_str()));
        let pieces: Vec<Piece> = said
            .iter()
            .filter(|said| !said.spelt)
            .map(|said| self.pieces[said.from])
            .collect();
        let written = pieces.iter().any(|piece| piece.planes != EMOJI);
        let stands = if all {
            self.is_long_enough(said) && !english
        } else {
            written || !english
        };
        // 5200mA的
        let digit = |at: Option<usize>| at.is_some_and(|at| self.folded.classes()[at] == Class::Digit);
        let unit = !all && said[0].spelt && said[0].to - said[0].from <= 2 && digit(first.start.checked_sub(1));
        let read = pieces
            .iter()
            .fold(0, |all, piece| all | piece.planes & (EMOJI | DECOMPOSITION));
        let planes = read | gaps | if all { PINYIN } else { MIXED_PINYIN };
        (stands && !unit).then_some(((first.start, last.end), planes))
    }

    /// What stands between the hanzi: a space between spelt ones is how they are written.
    fn gaps(&self, said: &[Said]) -> Option<u16> {
        let mut used = 0;
        for pair in said.windows(2) {
            let gap = between(self.folded, self.pieces[pair[0].to - 1], self.pieces[pair[1].from]);
            if gap.is_empty() || gap == [' '] && pair.iter().all(|said| said.spelt) {
                continue;
            }
            used = GAPS;
            let short = gap.len() <= 2 && gap.iter().all(|&c| Class::of(c) != Class::SeparatorStrong);
            let allowed = if said.len() > 2 {
                short || gap.len() == 1
            } else {
                short && !gap.iter().any(|&c| ends_clause(c))
            };
            if !allowed {
                return None;
            }
        }
        Some(used)
    }

    /// Five letters, or four in one token that a hanzi stands right beside; where spaces part them three syllables, each a token.
    fn is_long_enough(&self, said: &[Said]) -> bool {
        let tokens = self.tokens(said);
        let letters: usize = said.iter().map(|said| said.to - said.from).sum();
        let (start, end) = (tokens[0].0, tokens[tokens.len() - 1].1);
        if self.folded.symbols()[start..end].iter().any(|c| c.is_whitespace()) {
            return tokens.len() >= 3 && tokens.len() == said.len();
        }
        let hanzi = |at: Option<usize>| at.and_then(|at| self.folded.classes().get(at)) == Some(&Class::Han);
        let beside = tokens.len() == 1 && (hanzi(start.checked_sub(1)) || hanzi(Some(end)));
        letters >= if beside { 4 } else { 5 }
    }

    /// Where the tokens of what is spelt begin and end.
    fn tokens(&self, said: &[Said]) -> Vec<(usize, usize)> {
        let spelt = said.iter().filter(|said| said.spelt);
        let mut tokens = Vec::<(usize, usize)>::new();
        for (from, to) in spelt.map(|said| (self.pieces[said.from].start, self.pieces[said.to - 1].end)) {
            match tokens.last_mut() {
                Some(token) if token.1 == from => token.1 = to,
                _ => tokens.push((from, to)),
            }
        }
        tokens
    }

    fn letters(&self, (from, to): (usize, usize)) -> String {
        self.folded.symbols()[from..to].iter().collect()
    }
}
