//! The oracle of the evasion planes `gaps` and `runs`: every stretch of a text, as it stands or as `naive_readings` reads it, is held
//! against a term, letter by letter. Slow, obvious, and written from docs/planes.md alone; it shares with the product only the fold.

use std::{cmp::Reverse, collections::BTreeMap};

use tamis::text::{Class, Folded};

/// The planes in the order of the contract, with their penalties.
pub(crate) const PLANES: [(&str, u8); 10] = [
    ("folded", 0),
    ("gaps", 1),
    ("runs", 1),
    ("leet", 1),
    ("masks", 2),
    ("emoji", 1),
    ("decomposition", 1),
    ("mixed_pinyin", 1),
    ("pinyin", 2),
    ("misspelling", 4),
];
pub(crate) const GAPS: u16 = 1 << 1;
pub(crate) const RUNS: u16 = 1 << 2;
pub(crate) const LEET: u16 = 1 << 3;
pub(crate) const MASKS: u16 = 1 << 4;
pub(crate) const EMOJI: u16 = 1 << 5;
pub(crate) const DECOMPOSITION: u16 = 1 << 6;
pub(crate) const MIXED_PINYIN: u16 = 1 << 7;
pub(crate) const PINYIN: u16 = 1 << 8;
pub(crate) const MISSPELLING: u16 = 1 << 9;

/// A stretch of folded symbols that reads as a term, and by which planes.
pub(crate) type Writing = ((usize, usize), u16);

/// What planes cost together.
pub(crate) fn penalty(planes: u16) -> u8 {
    let used = PLANES.iter().enumerate().filter(|(bit, _)| planes & 1 << bit != 0);
    used.map(|(_, (_, penalty))| penalty).sum()
}

/// The names of planes, in order.
pub(crate) fn names(planes: u16) -> Vec<&'static str> {
    let used = PLANES.iter().enumerate().filter(|(bit, _)| planes & 1 << bit != 0);
    used.map(|(_, (name, _))| *name).collect()
}

/// A letter of a term and the separators that the term has behind it, before its next letter.
#[derive(Clone, Debug)]
struct Letter {
    symbol: char,
    joint: Vec<char>,
}

/// A symbol of a reading of the text that is no separator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    /// The folded symbols that it was read from.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) symbol: char,
    pub(crate) class: Class,
    /// The plane that read it otherwise than it stands, if one did.
    pub(crate) planes: u16,
}

impl Piece {
    /// A symbol as it stands; none where it is a separator.
    pub(crate) fn plain(folded: &Folded, at: usize) -> Option<Self> {
        let class = folded.classes()[at];
        class.is_word().then_some(Self {
            start: at,
            end: at + 1,
            symbol: folded.symbols()[at],
            class,
            planes: 0,
        })
    }

    /// True for scripts that put spaces between words.
    fn is_spaced(self) -> bool {
        !matches!(self.class, Class::Han | Class::Kana | Class::Unspaced)
    }
}

/// The stretches of `text` that may be read as `term` by gaps and runs, each with its planes. `guards` tells for each end whether it must
/// stand on a boundary.
pub(crate) fn disguises(term: &Folded, guards: (bool, bool), folded: &Folded, text: &str) -> Vec<Writing> {
    let pieces = (0..folded.len()).filter_map(|at| Piece::plain(folded, at));
    Reader::new(term, guards, folded, text, pieces.collect()).cheapest()
}

fn letters(term: &Folded) -> Vec<Letter> {
    let mut letters = Vec::<Letter>::new();
    for (&symbol, class) in term.symbols().iter().zip(term.classes()) {
        if class.is_word() {
            letters.push(Letter {
                symbol,
                joint: Vec::new(),
            });
        } else if let Some(last) = letters.last_mut() {
            last.joint.push(symbol);
        }
    }
    if let Some(last) = letters.last_mut() {
        last.joint.clear();
    }
    letters
}

/// A text, read in one way, beside a term.
pub(crate) struct Reader<'a> {
    letters: Vec<Letter>,
    guards: (bool, bool),
    text: &'a str,
    folded: &'a Folded,
    pieces: Vec<Piece>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        term: &Folded,
        guards: (bool, bool),
        folded: &'a Folded,
        text: &'a str,
        pieces: Vec<Piece>,
    ) -> Self {
        let letters = letters(term);
        // A term of one symbol again and again would be found in every long run of it.
        let alone = letters.iter().all(|letter| letter.symbol == letters[0].symbol);
        Self {
            letters,
            guards,
            text,
            folded,
            pieces: if alone { Vec::new() } else { pieces },
        }
    }

    /// Every stretch that reads as the term.
    pub(crate) fn all(&self) -> Vec<Writing> {
        self.spans()
            .map(|(from, to, planes)| (self.symbols(from, to), planes))
            .collect()
    }

    /// Of the readings that begin in one run and end in one, the cheapest; of these the one that begins last and ends first, so that
    /// nothing beyond the writing is taken along.
    pub(crate) fn cheapest(&self) -> Vec<Writing> {
        let mut best = BTreeMap::new();
        for (from, to, planes) in self.spans() {
            let rank = (penalty(planes), Reverse(from), to);
            let place = (self.run_of(from), self.run_of(to - 1));
            let known = best.entry(place).or_insert((rank, self.symbols(from, to), planes));
            if rank < known.0 {
                *known = (rank, self.symbols(from, to), planes);
            }
        }
        best.into_values()
            .map(|(_, symbols, planes)| (symbols, planes))
            .collect()
    }

    fn spans(&self) -> impl Iterator<Item = (usize, usize, u16)> {
        let all = (0..self.pieces.len()).flat_map(|from| (from + 1..=self.pieces.len()).map(move |to| (from, to)));
        all.filter_map(|(from, to)| Some((from, to, self.read(from, to)?)))
    }

    fn symbols(&self, from: usize, to: usize) -> (usize, usize) {
        (self.pieces[from].start, self.pieces[to - 1].end)
    }

    /// Where the stretch of equal symbols begins that a piece belongs to.
    fn run_of(&self, piece: usize) -> usize {
        let equal = |&at: &usize| self.pieces[at].symbol == self.pieces[piece].symbol;
        (0..=piece).rev().take_while(equal).last().unwrap()
    }

    /// The planes by which these pieces are the term; none where they are not, or openly so.
    fn read(&self, from: usize, to: usize) -> Option<u16> {
        let pieces = &self.pieces[from..to];
        let text_runs: Vec<&[Piece]> = pieces.chunk_by(|a, b| a.symbol == b.symbol).collect();
        let term_runs: Vec<&[Letter]> = self.letters.chunk_by(|a, b| a.symbol == b.symbol).collect();
        let same = |(text, term): (&&[Piece], &&[Letter])| text[0].symbol == term[0].symbol && text.len() >= term.len();
        if text_runs.len() != term_runs.len() || !text_runs.iter().zip(&term_runs).all(same) {
            return None;
        }
        let surplus = |at: usize| text_runs[at].len() - term_runs[at].len();
        // Where an end needs no boundary, what is beyond the term's own letters stays outside.
        if !self.guards.0 && surplus(0) > 0 || !self.guards.1 && surplus(text_runs.len() - 1) > 0 {
            return None;
        }
        // Where it needs one, repetitions side by side are taken whole.
        let goes_on = |a: usize, b: usize| {
            let (a, b) = (self.pieces[a], self.pieces[b]);
            a.symbol == b.symbol && between(self.folded, a, b).is_empty()
        };
        if self.guards.0 && surplus(0) > 0 && from > 0 && goes_on(from - 1, from)
            || self.guards.1 && surplus(text_runs.len() - 1) > 0 && to < self.pieces.len() && goes_on(to - 1, to)
        {
            return None;
        }
        let grown: Vec<usize> = (0..text_runs.len()).filter(|&at| surplus(at) > 0).collect();
        if !grown.is_empty() && !grown.iter().any(|&at| text_runs[at].len() >= 3) {
            return None;
        }
        let (first, end) = self.symbols(from, to);
        if self.guards.0 && first > 0 && self.folded.joined(self.text, first - 1)
            || self.guards.1 && self.folded.joined(self.text, end - 1)
        {
            return None;
        }
        let read = pieces.iter().fold(0, |all, piece| all | piece.planes);
        // Leet is a whole token.
        let more = |at: usize| {
            self.folded
                .symbols()
                .get(at)
                .is_some_and(|c| c.is_ascii_digit() || "@$".contains(*c))
                || self.folded.classes().get(at) == Some(&Class::Latin)
        };
        if read & LEET > 0 && (self.guards.0 && first > 0 && more(first - 1) || self.guards.1 && more(end)) {
            return None;
        }
        let runs = read | if grown.is_empty() { 0 } else { RUNS };
        let alignments = alignments(&text_runs, &term_runs);
        let planes = alignments.iter().filter_map(|owner| {
            let gaps = Gaps::of(self, pieces, owner)?;
            (!gaps.used || self.is_whole(from, to, &gaps)).then_some(if gaps.used { runs | GAPS } else { runs })
        });
        planes
            .min_by_key(|&planes| penalty(planes))
            .filter(|&planes| planes > 0)
    }

    /// What is beside a writing with gaps must not be more of the same token, or of the same row of single letters.
    fn is_whole(&self, from: usize, to: usize, gaps: &Gaps) -> bool {
        let goes_on = |inner: usize, step: isize| {
            let beside = |at: usize| at.checked_add_signed(step).filter(|&at| at < self.pieces.len());
            let Some(outer) = beside(inner) else { return false };
            let (a, b) = (self.pieces[inner], self.pieces[outer]);
            if !a.is_spaced() || a.class != b.class {
                return false;
            }
            let gap = self.between(inner.min(outer));
            if !gap.iter().any(|c| c.is_whitespace()) {
                return gap.len() <= 2;
            }
            let is_lone = |at: usize| {
                beside(at).is_none_or(|next| !self.pieces[next].is_spaced() || !self.between(at.min(next)).is_empty())
            };
            // A word of one letter is a word, unless another single letter stands beyond it.
            let is_word = ['a', 'i', 'u'].contains(&b.symbol)
                && beside(outer).is_none_or(|next| self.pieces[next].class != b.class || !is_lone(next));
            // The last word may be none of those that are spaced out; a letter written repeatedly is one.
            let mut stretch: Vec<Piece> = self.pieces[from..to].to_vec();
            if step > 0 {
                stretch.reverse();
            }
            let touching = |pair: &[Piece]| {
                let (a, b) = if step > 0 {
                    (pair[1], pair[0])
                } else {
                    (pair[0], pair[1])
                };
                pair[1].is_spaced() && between(self.folded, a, b).is_empty()
            };
            let solid = stretch.windows(2).take_while(|pair| touching(pair));
            let is_joined = solid.into_iter().any(|pair| pair[1].symbol != a.symbol);
            gaps.blank > 0 && !is_joined && is_lone(outer) && !is_word
        };
        !(self.guards.0 && goes_on(from, -1) || self.guards.1 && goes_on(to - 1, 1))
    }

    /// The separators behind a piece, before the next.
    fn between(&self, piece: usize) -> &[char] {
        between(self.folded, self.pieces[piece], self.pieces[piece + 1])
    }
}

/// What separates two neighbours. Several hanzi of one emoji have one place.
pub(crate) fn between(folded: &Folded, a: Piece, b: Piece) -> &[char] {
    folded.symbols().get(a.end..b.start).unwrap_or_default()
}

/// All ways to give each piece a letter of the term: in order, each letter at least one piece of its own symbol.
fn alignments(text_runs: &[&[Piece]], term_runs: &[&[Letter]]) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    let mut first = 0;
    for (text, term) in text_runs.iter().zip(term_runs) {
        let ways = ways(text.len(), first, first + term.len());
        all = all
            .iter()
            .flat_map(|head: &Vec<usize>| ways.iter().map(move |way| [head.as_slice(), way].concat()))
            .collect();
        first += term.len();
    }
    all
}

/// All ways to share `pieces` among the letters `from..to`.
fn ways(pieces: usize, from: usize, to: usize) -> Vec<Vec<usize>> {
    if from + 1 == to {
        return vec![vec![from; pieces]];
    }
    let rest = to - from - 1;
    (1..=pieces - rest)
        .flat_map(|own| {
            ways(pieces - own, from + 1, to)
                .into_iter()
                .map(move |tail| [vec![from; own], tail].concat())
        })
        .collect()
}

/// What stands between the pieces of a writing.
#[derive(Default)]
struct Gaps {
    /// True where there is more than the term's own separators.
    used: bool,
    /// Between letters of scripts with spaces: how many gaps with white space, and without.
    blank: usize,
    tight: usize,
}

impl Gaps {
    /// None where it is more than the plane allows. `owner` has the term's letter of each piece.
    fn of(reader: &Reader, pieces: &[Piece], owner: &[usize]) -> Option<Self> {
        let mut gaps = Self::default();
        let mut contracted = false;
        for (at, pair) in pieces.windows(2).enumerate() {
            let gap = between(reader.folded, pair[0], pair[1]);
            let joint = &reader.letters[owner[at]].joint;
            if owner[at] != owner[at + 1] && !joint.is_empty() {
                gaps.joint(gap, joint)?;
                continue;
            }
            let words = pair[0].is_spaced() && pair[1].is_spaced();
            if gap.is_empty() {
                continue;
            }
            gaps.used = true;
            let blank = gap.iter().any(|c| c.is_whitespace());
            gaps.blank += usize::from(words && blank);
            gaps.tight += usize::from(words && !blank);
            contracted |= words && is_contracted(pair[0].symbol, gap, &pieces[at + 1..]);
            let strong = gap.iter().any(|&c| Class::of(c) == Class::SeparatorStrong);
            let short = !strong && gap.len() <= 2;
            let allowed = match (words, blank, reader.letters.len()) {
                (true, true, _) => short,
                (false, _, ..=2) => short && !gap.iter().any(|&c| ends_clause(c)),
                _ => short || gap.len() == 1,
            };
            if !allowed {
                return None;
            }
        }
        let english = contracted && gaps.tight == 1 && gaps.blank == 0;
        (!english && rows_stand(reader, pieces, owner)).then_some(gaps)
    }

    /// Where the term has separators there must be some: the same, or white space for white space, or at most two others.
    fn joint(&mut self, gap: &[char], joint: &[char]) -> Option<()> {
        let blank = |gap: &[char]| gap.iter().all(|c| c.is_whitespace());
        if gap.is_empty() || gap != joint && gap.iter().filter(|c| !c.is_whitespace()).count() > 2 {
            return None;
        }
        self.used |= gap != joint && !(blank(gap) && blank(joint));
        Some(())
    }
}

/// White space stands only inside of words of which every letter stands alone, three such letters in a row at least. A row goes on over
/// words of one letter, and from word to word over a space or two.
fn rows_stand(reader: &Reader, pieces: &[Piece], owner: &[usize]) -> bool {
    let (mut row, mut rows) = (Vec::new(), Vec::new());
    let mut from = 0;
    for to in 1..=pieces.len() {
        let ends = to == pieces.len() || owner[to - 1] != owner[to] && !reader.letters[owner[to - 1]].joint.is_empty();
        if !ends {
            continue;
        }
        let (mut blank, mut together) = (false, false);
        for at in from..to - 1 {
            let gap = between(reader.folded, pieces[at], pieces[at + 1]);
            let words = pieces[at].is_spaced() && pieces[at + 1].is_spaced();
            let white = gap.iter().any(|c| c.is_whitespace());
            blank |= words && white;
            together |= words
                && if gap.is_empty() {
                    owner[at] != owner[at + 1]
                } else {
                    !white
                };
        }
        if blank && together {
            return false;
        }
        let letters = owner[to - 1] - owner[from] + 1;
        if !blank && letters > 1 {
            rows.push(std::mem::take(&mut row));
        } else {
            row.push((letters, blank));
        }
        if to < pieces.len() {
            let gap = between(reader.folded, pieces[to - 1], pieces[to]);
            if gap.len() > 2 || gap.iter().any(|c| !c.is_whitespace()) {
                rows.push(std::mem::take(&mut row));
            }
        }
        from = to;
    }
    rows.push(row);
    rows.iter().all(|row| {
        let letters: usize = row.iter().map(|(letters, _)| letters).sum();
        letters >= 3 || row.iter().all(|(_, blank)| !blank)
    })
}

/// True for the apostrophe of don't, he'll, bob's, or what is typed for it.
fn is_contracted(before: char, gap: &[char], behind: &[Piece]) -> bool {
    let mut tail: Vec<char> = behind.iter().map(|piece| piece.symbol).collect();
    tail.dedup();
    let tail: String = tail.iter().collect();
    let apostrophe = |&c: &char| matches!(c, '\'' | '`' | '´');
    gap.iter().all(|c| apostrophe(c) || matches!(c, '.' | ',' | '\\'))
        && (["l", "re", "ve"].contains(&tail.as_str())
            || tail == "t" && before == 'n'
            || gap.iter().any(apostrophe) && ["s", "d", "m"].contains(&tail.as_str()))
}

/// Punctuation between two hanzi that is ordinary prose.
pub(crate) fn ends_clause(c: char) -> bool {
    ",，、:：;；—…\"“”'‘’()（）[]【】《》「」\n".contains(c)
}
