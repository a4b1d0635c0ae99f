//! The skeleton of a text: its symbols without separators and without repetitions, as the evasion planes see it.
//!
//! One scan of a skeleton finds every term whose own skeleton occurs in it; [`super::fit`] then looks at the pieces behind the
//! occurrence and says by which planes, if any, they may be read as the term. A plane that rewrites symbols (an emoji as what it is
//! called, parts as the hanzi that they form) is a skeleton with other pieces.

use std::ops::Range;

use super::planes::Plane;
use crate::text::Folded;

/// One symbol of a skeleton before repetitions are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What it is read as.
    pub(crate) symbol: char,
    /// The folded symbols that it was read from.
    pub(crate) start: u32,
    /// One past the last of them.
    pub(crate) end: u32,
    /// The plane that rewrote it, if one did.
    pub(crate) plane: Option<Plane>,
}

/// A skeleton with its pieces. Reused from message to message.
#[derive(Debug, Default)]
pub(crate) struct Skeleton {
    pieces: Vec<Piece>,
    /// The distinct neighbours of the pieces' symbols: what engines scan.
    symbols: Vec<char>,
    /// For each of `symbols` its first piece.
    first: Vec<u32>,
}

impl Skeleton {
    pub(crate) fn clear(&mut self) {
        self.pieces.clear();
        self.symbols.clear();
        self.first.clear();
    }

    /// Reads a folded text plainly: every symbol that is no separator, as it is.
    pub(crate) fn read(&mut self, folded: &Folded) {
        self.clear();
        for at in 0..folded.symbols().len() {
            self.push_plain(folded, at);
        }
    }

    /// Appends one folded symbol as it is; nothing where it is a separator.
    pub(crate) fn push_plain(&mut self, folded: &Folded, at: usize) {
        if folded.classes()[at].is_word() {
            self.push(folded.symbols()[at], at..at + 1, None);
        }
    }

    /// Appends a piece; it joins the one before where it reads the same.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "texts are limited to far less than 4 GiB"
    )]
    pub(crate) fn push(&mut self, symbol: char, from: Range<usize>, plane: Option<Plane>) {
        if self.symbols.last() != Some(&symbol) {
            self.symbols.push(symbol);
            self.first.push(self.pieces.len() as u32);
        }
        self.pieces.push(Piece {
            symbol,
            start: from.start as u32,
            end: from.end as u32,
            plane,
        });
    }

    /// Appends a piece that does not join the one before, whatever it reads.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "texts are limited to far less than 4 GiB"
    )]
    pub(crate) fn push_apart(&mut self, symbol: char, from: Range<usize>, plane: Option<Plane>) {
        self.symbols.push(symbol);
        self.first.push(self.pieces.len() as u32);
        self.pieces.push(Piece {
            symbol,
            start: from.start as u32,
            end: from.end as u32,
            plane,
        });
    }

    /// What engines scan.
    pub(crate) fn symbols(&self) -> &[char] {
        &self.symbols
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// For each of `symbols` whether a plane rewrote it, wherever it stands repeatedly.
    pub(crate) fn rewritten(&self) -> impl Iterator<Item = bool> {
        let rewritten = |at| self.pieces[self.run(at)].iter().any(|piece| piece.plane.is_some());
        (0..self.symbols.len()).map(rewritten)
    }

    /// The pieces behind one of `symbols`.
    pub(crate) fn run(&self, at: usize) -> Range<usize> {
        let end = self.first.get(at + 1).map_or(self.pieces.len(), |&next| next as usize);
        self.first[at] as usize..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn separators_vanish_and_repetitions_merge_but_every_piece_knows_its_place() {
        let mut folded = Folded::default();
        fold("f.uu-u c", &mut folded);
        let mut skeleton = Skeleton::default();
        skeleton.read(&folded);
        assert_eq!(skeleton.symbols(), ['f', 'u', 'c']);
        assert_eq!(skeleton.run(1), 1..4);
        let places: Vec<_> = skeleton.pieces().iter().map(|p| p.start).collect();
        assert_eq!(places, [0, 2, 3, 5, 7]);
    }
}
