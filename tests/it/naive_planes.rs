//! The oracle of the evasion planes `gaps` and `runs`: every stretch of a text is held against a term, letter by letter. Slow,
//! obvious, and written from docs/evasion.md alone; it shares with the product only the fold.

use tamis::text::{Class, Folded, fold};

/// The planes in the order of the contract, with their penalties.
pub(crate) const PLANES: [(&str, u8); 9] = [
    ("folded", 0),
    ("gaps", 1),
    ("runs", 1),
    ("leet", 1),
    ("masks", 2),
    ("emoji", 1),
    ("decomposition", 1),
    ("mixed_pinyin", 1),
    ("pinyin", 2),
];
const GAPS: u16 = 1 << 1;
const RUNS: u16 = 1 << 2;

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

/// A symbol of the text that is no separator.
#[derive(Clone, Copy, Debug)]
struct Piece {
    at: usize,
    symbol: char,
    class: Class,
    /// Which stretch of equal symbols it belongs to, separators not counted.
    run: usize,
}

impl Piece {
    /// True for scripts that put spaces between words.
    fn is_spaced(self) -> bool {
        !matches!(self.class, Class::Han | Class::Kana | Class::Unspaced)
    }
}

/// The stretches of folded symbols of `text` that may be read as `term` by gaps and runs, each with its planes. `guards` tells for each
/// end whether it must stand on a boundary.
pub(crate) fn disguises(term: &str, guards: (bool, bool), text: &str) -> Vec<((usize, usize), u16)> {
    let (mut t, mut x) = (Folded::default(), Folded::default());
    fold(term, &mut t);
    fold(text, &mut x);
    let letters = letters(&t);
    // A term of one symbol again and again would be found in every long run of it.
    if letters.iter().all(|letter| letter.symbol == letters[0].symbol) {
        return Vec::new();
    }
    let reader = Reader {
        letters,
        guards,
        text,
        pieces: pieces(&x),
        folded: x,
    };
    reader.all()
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

fn pieces(folded: &Folded) -> Vec<Piece> {
    let mut pieces = Vec::<Piece>::new();
    for (at, (&symbol, &class)) in folded.symbols().iter().zip(folded.classes()).enumerate() {
        if class.is_word() {
            let run = pieces
                .last()
                .map_or(0, |last| last.run + usize::from(last.symbol != symbol));
            pieces.push(Piece { at, symbol, class, run });
        }
    }
    pieces
}

struct Reader<'a> {
    letters: Vec<Letter>,
    guards: (bool, bool),
    text: &'a str,
    folded: Folded,
    pieces: Vec<Piece>,
}

impl Reader<'_> {
    /// Of the readings that begin in one run and end in one, the cheapest; of these the one that begins last and ends first, so that
    /// nothing beyond the writing is taken along.
    fn all(&self) -> Vec<((usize, usize), u16)> {
        let mut best = std::collections::BTreeMap::new();
        for from in 0..self.pieces.len() {
            for to in from + 1..=self.pieces.len() {
                let Some(planes) = self.read(from, to) else { continue };
                let (first, last) = (self.pieces[from], self.pieces[to - 1]);
                let rank = (penalty(planes), std::cmp::Reverse(from), to);
                let known = best
                    .entry((first.run, last.run))
                    .or_insert((rank, (first.at, last.at + 1), planes));
                if rank < known.0 {
                    *known = (rank, (first.at, last.at + 1), planes);
                }
            }
        }
        best.into_values()
            .map(|(_, symbols, planes)| (symbols, planes))
            .collect()
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
        let grown: Vec<usize> = (0..text_runs.len()).filter(|&at| surplus(at) > 0).collect();
        if !grown.is_empty() && !grown.iter().any(|&at| text_runs[at].len() >= 3) {
            return None;
        }
        let (first, last) = (pieces[0].at, pieces[pieces.len() - 1].at);
        if self.guards.0 && first > 0 && self.folded.joined(self.text, first - 1)
            || self.guards.1 && self.folded.joined(self.text, last)
        {
            return None;
        }
        let runs = if grown.is_empty() { 0 } else { RUNS };
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
            gaps.blank > 0 && is_lone(outer) && !is_word
        };
        !(self.guards.0 && goes_on(from, -1) || self.guards.1 && goes_on(to - 1, 1))
    }

    /// The separators behind a piece, before the next.
    fn between(&self, piece: usize) -> &[char] {
        &self.folded.symbols()[self.pieces[piece].at + 1..self.pieces[piece + 1].at]
    }
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
    /// Between letters of scripts with spaces: how many gaps with white space, without, and neighbours that are different letters of the
    /// term with nothing between them.
    blank: usize,
    tight: usize,
    solid: usize,
}

impl Gaps {
    /// None where it is more than the plane allows. `owner` has the term's letter of each piece.
    fn of(reader: &Reader, pieces: &[Piece], owner: &[usize]) -> Option<Self> {
        let mut gaps = Self::default();
        let mut contracted = false;
        for (at, pair) in pieces.windows(2).enumerate() {
            let gap = &reader.folded.symbols()[pair[0].at + 1..pair[1].at];
            let next = owner[at] != owner[at + 1];
            let joint = &reader.letters[owner[at]].joint;
            if next && !joint.is_empty() {
                gaps.joint(gap, joint)?;
                continue;
            }
            let words = pair[0].is_spaced() && pair[1].is_spaced();
            if gap.is_empty() {
                gaps.solid += usize::from(words && next);
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
        let joints = reader.letters.iter().any(|letter| !letter.joint.is_empty());
        let spaced_out = gaps.tight == 0 && gaps.solid == 0 && reader.letters.len() >= 3 && !joints;
        let english = contracted && gaps.tight == 1 && gaps.blank == 0;
        (!english && (gaps.blank == 0 || spaced_out)).then_some(gaps)
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
fn ends_clause(c: char) -> bool {
    ",，、:：;；—…\"“”'‘’()（）[]【】《》「」\n".contains(c)
}
