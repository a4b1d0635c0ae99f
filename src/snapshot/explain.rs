//! Why a piece of text was read as a term, in words that a person understands: `氵去 read as 法`, `'-' skipped`.
//!
//! Derived again from the slice and its planes when a caller asks, so that checks that do not explain carry nothing for it.

use std::ops::Range;

use super::build::Snapshot;
use crate::{
    dictionary::TermRef,
    matching::{
        Candidate, Edges, Fit, Piece, Plane, Planes, Shape, Skeleton, Slip, VARIANTS, hides, is_joiner, pinyin,
    },
    text::{self, Folded, fold},
};

impl Snapshot {
    /// The ordered transformations that lead from `slice`, a match of `term` by `planes`, to the term; empty where it is the term.
    pub(super) fn explain(&self, term: TermRef<'_>, slice: &str, planes: Planes) -> Vec<String> {
        let (mut folded, mut written) = (Folded::default(), Folded::default());
        let mut words = characters(slice, &mut folded);
        fold(term.text, &mut written);
        if planes.contains(Plane::Masks) {
            words.extend(unmasked(&folded, &written));
        }
        if planes.contains(Plane::Misspelling) {
            words.extend(misspelt(&folded, &written));
            return words;
        }
        let mut skeleton = Skeleton::default();
        if let Some(fit) = self.derive(slice, &folded, &written, term, planes, &mut skeleton) {
            let pieces = &skeleton.pieces()[fit.pieces.clone()];
            let syllables = planes.contains(Plane::Pinyin) || planes.contains(Plane::MixedPinyin);
            if syllables && pieces.len() != written.len() {
                words.push(format!("{slice} read as {}", term.text));
            } else {
                let shape = Shape::of(&written);
                words.extend(read_pieces(
                    pieces,
                    slice,
                    &folded,
                    &shape,
                    syllables.then_some(&written),
                ));
            }
        }
        words
    }

    /// The reading with these planes, and in `skeleton` the stream that it was found in.
    fn derive(
        &self,
        slice: &str,
        folded: &Folded,
        written: &Folded,
        term: TermRef<'_>,
        planes: Planes,
        skeleton: &mut Skeleton,
    ) -> Option<Fit> {
        let same = |fit: &Fit| fit.planes == planes;
        if planes.contains(Plane::Pinyin) || planes.contains(Plane::MixedPinyin) {
            return self.derive_syllables(folded, written, planes, skeleton);
        }
        let (shape, edges) = (Shape::of(written), Edges::new(term.mode, written.classes()));
        let fit = |skeleton: &Skeleton| {
            let starts =
                (0..skeleton.symbols().len()).filter(|&at| skeleton.symbols()[at..].starts_with(&shape.symbols));
            let candidate = |at| Candidate {
                term: &shape,
                edges,
                text: slice,
                folded,
                skeleton,
                at,
            };
            starts.filter_map(|at| candidate(at).fit()).find(same)
        };
        skeleton.read(folded);
        if let Some(fit) = fit(skeleton) {
            return Some(fit);
        }
        for segment in self.segments() {
            for variant in 0..VARIANTS {
                segment.feed.rewrite(folded, variant, skeleton);
                if let Some(fit) = fit(skeleton) {
                    return Some(fit);
                }
            }
        }
        None
    }

    /// The same for the planes of pinyin.
    fn derive_syllables(
        &self,
        folded: &Folded,
        written: &Folded,
        planes: Planes,
        skeleton: &mut Skeleton,
    ) -> Option<Fit> {
        let fit = |rewritten: &[Piece], skeleton: &mut Skeleton| {
            pinyin::read(folded, rewritten, skeleton);
            pinyin::derive(written.symbols(), folded, skeleton, 0).filter(|fit| fit.planes == planes)
        };
        if let Some(fit) = fit(&[], skeleton) {
            return Some(fit);
        }
        let mut rewritten = Skeleton::default();
        for segment in self.segments() {
            for variant in 0..VARIANTS {
                segment.feed.rewrite(folded, variant, &mut rewritten);
                if let Some(fit) = fit(rewritten.pieces(), skeleton) {
                    return Some(fit);
                }
            }
        }
        None
    }
}

/// What the fold made of single characters.
fn characters(slice: &str, folded: &mut Folded) -> Vec<String> {
    let steps = text::explain(slice, folded);
    let changed = steps.iter().filter(|step| !step.reasons.is_empty());
    changed
        .map(|step| {
            let became: String = folded.symbols()[step.symbols.clone()].iter().collect();
            let code = u32::from(step.original);
            if became.is_empty() {
                format!("U+{code:04X} dropped ({})", step.reasons)
            } else {
                format!("{} read as {became} ({})", step.original, step.reasons)
            }
        })
        .collect()
}

/// What was done to the word.
fn misspelt(folded: &Folded, written: &Folded) -> Option<String> {
    let [token, word]: [String; 2] = [folded, written].map(|f| f.symbols().iter().collect());
    Some(match Slip::between(written.symbols(), folded.symbols())? {
        Slip::Letter => format!("'{token}' is one letter away from '{word}'"),
        Slip::Swapped => format!("'{token}' is '{word}' with two letters swapped"),
        Slip::Doubled => format!("'{token}' is '{word}' with letters doubled"),
    })
}

/// Which letter stands behind each mask and sign, what parts them, and which are repeated.
fn unmasked(folded: &Folded, written: &Folded) -> Vec<String> {
    let (mut letters, mut words) = (written.symbols().iter().peekable(), Vec::new());
    let mut before = None;
    for run in folded.symbols().chunk_by(|a, b| a == b) {
        let mut surplus = 0;
        for &symbol in run {
            if symbol == ' ' || is_joiner(symbol) {
                words.push(format!("'{symbol}' skipped"));
            } else if before == Some(symbol) && letters.peek() != Some(&&symbol) && !hides(symbol) {
                surplus += 1;
            } else if let Some(letter) = letters.next() {
                if hides(symbol) {
                    words.push(format!("{symbol} stands for {letter}"));
                } else if *letter != symbol {
                    words.push(format!("{symbol} read as {letter}"));
                }
                before = Some(symbol);
            }
        }
        if surplus > 0 {
            words.push(format!("{} written {} times", run[0], run.len()));
        }
    }
    words
}

/// What the planes made of the pieces, from left to right. Where they are syllables, `written` has the hanzi behind them.
fn read_pieces(pieces: &[Piece], slice: &str, folded: &Folded, term: &Shape, written: Option<&Folded>) -> Vec<String> {
    let source = |range: Range<u32>| {
        let bytes = folded.source_bytes(slice, range);
        &slice[bytes.start as usize..bytes.end as usize]
    };
    let mut words = Vec::new();
    let mut at = 0;
    // How many runs of equal symbols end before the next piece.
    let mut runs = 0;
    while at < pieces.len() {
        let piece = pieces[at];
        // Several hanzi of one emoji have one place.
        let same_place = pieces[at..]
            .iter()
            .take_while(|p| (p.start, p.end) == (piece.start, piece.end))
            .count();
        let same = at..at + same_place;
        let read: String = match written {
            Some(hanzi) => hanzi.symbols()[same].iter().collect(),
            None => pieces[same].iter().map(|p| p.symbol).collect(),
        };
        if piece.plane.is_some() {
            words.push(format!("{} read as {read}", source(piece.start..piece.end)));
        }
        let run = pieces[at..]
            .iter()
            .take_while(|p| p.symbol == piece.symbol && p.plane.is_none())
            .count();
        let starts_run = at == 0 || pieces[at - 1].symbol != piece.symbol;
        if run >= 3 && starts_run {
            words.push(format!("{} written {run} times", piece.symbol));
        }
        at += same_place;
        let Some(next) = pieces.get(at) else { break };
        let ends_run = next.symbol != piece.symbol;
        runs += usize::from(ends_run);
        let gap = piece.end as usize..(next.start as usize).max(piece.end as usize);
        let blank = |symbols: &[char]| symbols.iter().all(|c| c.is_whitespace());
        // White space for white space is no disguise.
        let is_own =
            ends_run && term.joint_behind(runs - 1).is_some_and(blank) && blank(&folded.symbols()[gap.clone()]);
        if !gap.is_empty() && !is_own {
            words.push(format!("'{}' skipped", source(piece.end..next.start)));
        }
    }
    words
}
