//! Whether the pieces behind an occurrence of a term's skeleton may be read as the term, and by which planes.

use std::ops::Range;

use super::{
    boundary::Edges,
    gaps::{Gaps, Joint, MOST_WEAK},
    planes::{Plane, Planes},
    shape::Shape,
    skeleton::{Piece, Skeleton},
};
use crate::text::{Class, Folded};

/// A way to read a stretch of text as a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fit {
    /// The folded symbols, from the first piece to the last, separators between them included.
    pub(crate) symbols: Range<u32>,
    /// The pieces, as indices into the skeleton.
    pub(crate) pieces: Range<usize>,
    /// The transformations; never empty.
    pub(crate) planes: Planes,
}

/// An occurrence of a term's skeleton in a text's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) term: &'a Shape,
    pub(crate) edges: Edges,
    pub(crate) text: &'a str,
    pub(crate) folded: &'a Folded,
    pub(crate) skeleton: &'a Skeleton,
    /// Where in the skeleton's symbols the occurrence begins.
    pub(crate) at: usize,
}

impl Candidate<'_> {
    /// The cheapest reading of this occurrence; `None` where no plane allows one, and where none is needed: what a text says openly
    /// is found in its folded stream. O(symbols of the occurrence).
    pub(crate) fn fit(&self) -> Option<Fit> {
        let mut cheapest = None::<Fit>;
        for start in self.starts() {
            for end in self.ends() {
                if let Some(fit) = self.read(start..end)
                    && cheapest
                        .as_ref()
                        .is_none_or(|known| fit.planes.penalty() < known.planes.penalty())
                {
                    cheapest = Some(fit);
                }
            }
        }
        cheapest
    }

    /// Where the occurrence may begin in the run of its first symbol: as often as the term has it; and, where it must stand on a
    /// boundary, behind the last gap or the last end of a token before that, or with the whole run.
    fn starts(&self) -> impl Iterator<Item = usize> + use<> {
        let run = self.skeleton.run(self.at);
        let exact = run.end.saturating_sub(self.term.counts[0] as usize).max(run.start);
        let mut all = [exact; 4];
        if self.edges.start() {
            let before = |is_gap: fn(&Self, usize) -> bool| (run.start + 1..=exact).rev().find(|&i| is_gap(self, i));
            all[1] = before(Self::gap_before).unwrap_or(run.start);
            all[2] = before(Self::token_ends_before).unwrap_or(run.start);
            all[3] = run.start;
        }
        distinct(all)
    }

    /// The same at the other end.
    fn ends(&self) -> impl Iterator<Item = usize> + use<> {
        let last = self.term.symbols.len() - 1;
        let run = self.skeleton.run(self.at + last);
        let exact = (run.start + self.term.counts[last] as usize).min(run.end);
        let mut all = [exact; 4];
        if self.edges.end() {
            let behind = |is_gap: fn(&Self, usize) -> bool| (exact..run.end).find(|&i| is_gap(self, i));
            all[1] = behind(Self::gap_before).unwrap_or(run.end);
            all[2] = behind(Self::token_ends_before).unwrap_or(run.end);
            all[3] = run.end;
        }
        distinct(all)
    }

    /// The separators between a piece and the one before.
    fn before(&self, piece: usize) -> &[char] {
        let [a, b] = [piece - 1, piece].map(|i| self.skeleton.pieces()[i]);
        &self.folded.symbols()[a.end as usize..(b.start as usize).max(a.end as usize)]
    }

    fn gap_before(&self, piece: usize) -> bool {
        !self.before(piece).is_empty()
    }

    /// Whether no token reaches over the gap.
    fn token_ends_before(&self, piece: usize) -> bool {
        let gap = self.before(piece);
        gap.len() > MOST_WEAK || gap.iter().any(|c| c.is_whitespace())
    }

    /// These pieces of the occurrence read as the term.
    fn read(&self, pieces: Range<usize>) -> Option<Fit> {
        let mut planes = Planes::default();
        if self.grown(&pieces)? {
            planes = planes.with(Plane::Runs);
        }
        let gaps = self.gaps(pieces.clone())?;
        if gaps.used() {
            planes = planes.with(Plane::Gaps);
        }
        let all = &self.skeleton.pieces()[pieces.clone()];
        planes = all.iter().filter_map(|piece| piece.plane).fold(planes, Planes::with);
        let symbols = all.first()?.start..all.last()?.end;
        let stands = !planes.is_empty()
            && self
                .edges
                .hold(self.folded, self.text, symbols.start as usize, symbols.end as usize)
            && self.whole_token(&pieces, planes, &gaps);
        stands.then_some(Fit {
            symbols,
            pieces,
            planes,
        })
    }

    /// The runs of the occurrence, cut to these pieces.
    fn runs(&self, pieces: &Range<usize>) -> impl Iterator<Item = (Range<usize>, usize)> {
        let runs = self
            .term
            .counts
            .iter()
            .enumerate()
            .map(|(k, &wanted)| (self.skeleton.run(self.at + k), wanted as usize));
        runs.map(|(run, wanted)| (run.start.max(pieces.start)..run.end.min(pieces.end), wanted))
    }

    /// Whether symbols are repeated beyond the term: `None` where one is written less often than in the term, or where none of the
    /// repeated ones is written three times or more.
    fn grown(&self, pieces: &Range<usize>) -> Option<bool> {
        let (mut grown, mut long) = (false, false);
        for (run, wanted) in self.runs(pieces) {
            let surplus = run.len().checked_sub(wanted)?;
            grown |= surplus > 0;
            long |= surplus > 0 && run.len() >= 3;
        }
        (!grown || long).then_some(grown)
    }

    /// What stands between the pieces; `None` where it is more than the plane allows.
    fn gaps(&self, pieces: Range<usize>) -> Option<Gaps> {
        let mut gaps = Gaps::new(self.term.letters.len());
        // How many letters of the term stand before the run at hand, and before the word.
        let (mut letter, mut word) = (0, 0);
        let mut previous = None::<Piece>;
        for (run, wanted) in self.runs(&pieces) {
            let length = run.len();
            // Gaps in the run since its last joint, how many joints there were, and how many letters before the last.
            let (mut apart, mut met, mut joined) = (0, 0, 0);
            for (j, &piece) in self.skeleton.pieces()[run].iter().enumerate() {
                if let Some(previous) = previous {
                    let is_gap = piece.start > previous.end;
                    let joint = if j == 0 || length == wanted {
                        self.term.joint(letter + j - 1).map(|joint| (j, joint))
                    } else {
                        let next = self.joint_of_grown(letter, wanted, met).filter(|_| is_gap);
                        next.filter(|&(at, _)| at <= j && wanted - at <= length - j)
                    };
                    match joint {
                        Some((at, _)) if j > 0 => {
                            gaps.repeated((at - joined - 1).saturating_sub(apart), previous);
                            (apart, met, joined) = (0, met + 1, at);
                        }
                        _ => apart += usize::from(j > 0 && is_gap),
                    }
                    let joint = joint.map(|(at, separators)| Joint {
                        separators,
                        word: letter + at - std::mem::replace(&mut word, letter + at),
                    });
                    gaps.between(self.folded, previous, piece, joint)?;
                }
                previous = Some(piece);
            }
            if length > wanted && self.joint_of_grown(letter, wanted, met).is_some() {
                return None;
            }
            gaps.repeated((wanted - joined - 1).saturating_sub(apart), previous?);
            letter += wanted;
        }
        gaps.allowed(letter - word).then_some(gaps)
    }

    /// The term's own separators inside a run of its letters that is longer in the text ("noooo one"): those with this number, and how
    /// many of the letters stand before them. The first gap with letters enough on both sides is taken for them.
    fn joint_of_grown(&self, letter: usize, wanted: usize, number: usize) -> Option<(usize, &[char])> {
        let inside = letter..letter + wanted - 1;
        inside
            .filter_map(|at| Some((at + 1 - letter, self.term.joint(at)?)))
            .nth(number)
    }

    /// At an end that must stand on a boundary, what was evaded by gaps or leet must be the whole token, not a part of it.
    fn whole_token(&self, pieces: &Range<usize>, planes: Planes, gaps: &Gaps) -> bool {
        let all = self.skeleton.pieces();
        let (first, last) = (all[pieces.start], all[pieces.end - 1]);
        let from = |at: usize| all[at..].iter().copied();
        let until = |at: usize| all[..at].iter().rev().copied();
        let leet_holds = |neighbour: Option<usize>| {
            !planes.contains(Plane::Leet) || neighbour.is_none_or(|i| !leet_continues(self.folded, i))
        };
        let start_holds = || {
            !(gaps.used() && gaps.continues(self.folded, from(pieces.start), until(pieces.start)))
                && leet_holds((first.start as usize).checked_sub(1))
        };
        let end_holds = || {
            !(gaps.used() && gaps.continues(self.folded, until(pieces.end), from(pieces.end)))
                && leet_holds(Some(last.end as usize).filter(|&i| i < self.folded.symbols().len()))
        };
        (!self.edges.start() || start_holds()) && (!self.edges.end() || end_holds())
    }
}

/// The values without those that stand earlier in the list.
fn distinct(values: [usize; 4]) -> impl Iterator<Item = usize> {
    (0..4)
        .filter(move |&i| !values[..i].contains(&values[i]))
        .map(move |i| values[i])
}

/// True where this symbol beside a leet spelling makes it part of a longer token.
pub(super) fn leet_continues(folded: &Folded, at: usize) -> bool {
    matches!(folded.classes()[at], Class::Latin | Class::Digit) || matches!(folded.symbols()[at], '@' | '$')
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::text::fold;

    /// The slices of `text` that may be read as `term` by gaps and runs, each with its planes.
    pub(in crate::matching) fn fits(term: &str, text: &str) -> Vec<(String, String)> {
        let (mut t, mut x) = (Folded::default(), Folded::default());
        fold(term, &mut t);
        fold(text, &mut x);
        let mut skeleton = Skeleton::default();
        skeleton.read(&x);
        fits_in(&t, text, &x, &skeleton)
    }

    pub(in crate::matching) fn fits_in(
        t: &Folded,
        text: &str,
        folded: &Folded,
        skeleton: &Skeleton,
    ) -> Vec<(String, String)> {
        let (shape, edges) = (Shape::of(t), Edges::new(None, t.classes()));
        let starts = (0..skeleton.symbols().len()).filter(|&at| skeleton.symbols()[at..].starts_with(&shape.symbols));
        let candidate = |at| Candidate {
            term: &shape,
            edges,
            text,
            folded,
            skeleton,
            at,
        };
        let fits = starts.filter_map(|at| candidate(at).fit());
        fits.map(|fit| {
            let bytes = folded.source_bytes(text, fit.symbols);
            let planes: Vec<_> = fit.planes.iter().map(Plane::as_str).collect();
            (
                text[bytes.start as usize..bytes.end as usize].to_owned(),
                planes.join("+"),
            )
        })
        .collect()
    }

    fn one(slice: &str, planes: &str) -> Vec<(String, String)> {
        vec![(slice.to_owned(), planes.to_owned())]
    }

    #[test]
    fn what_is_written_openly_needs_no_plane() {
        assert_eq!(fits("微信", "加微信"), []);
        assert_eq!(fits("fuck", "fuck you"), []);
    }

    #[test]
    fn repetitions_are_taken_out_where_one_is_long() {
        assert_eq!(fits("fuck", "oh fuuuck!"), one("fuuuck", "runs"));
        assert_eq!(fits("ass", "asssss"), one("asssss", "runs"));
        assert_eq!(
            fits("hello", "helo"),
            [],
            "a text may not write a symbol less often than the term"
        );
        assert_eq!(fits("fuck", "fuuck"), [], "two are a typing error");
        assert_eq!(fits("but", "buttt"), one("buttt", "runs"));
    }

    #[test]
    fn at_an_open_end_the_surplus_stays_outside() {
        assert_eq!(fits("微信", "微微-信信"), one("微-信", "gaps"));
    }

    #[test]
    fn a_word_that_ends_with_the_first_letter_hides_nothing() {
        assert_eq!(fits("fuck", "of f.u.c.k knows"), one("f.u.c.k", "gaps"));
        assert_eq!(fits("fuck", "of fffuck"), one("fffuck", "runs"));
    }

    #[test]
    fn letters_grow_at_both_sides_of_a_space() {
        assert_eq!(fits("no one", "noooo one"), one("noooo one", "runs"));
        assert_eq!(fits("chop you up", "chop youuuu up"), one("chop youuuu up", "runs"));
        assert_eq!(fits("noone", "noooo one"), []);
    }

    #[test]
    fn a_doubled_letter_may_stand_apart_from_itself() {
        assert_eq!(fits("bullshit", "bul~lshit"), one("bul~lshit", "gaps"));
        assert_eq!(fits("蛋蛋群", "蛋~蛋群"), one("蛋~蛋群", "gaps"));
    }

    #[test]
    fn a_contraction_is_no_evasion() {
        assert_eq!(fits("hell", "he'll come"), []);
        assert_eq!(fits("hell", "he’ll come"), []);
        assert_eq!(fits("bobs", "bob's"), []);
        assert_eq!(fits("dont", "don't"), []);
        assert_eq!(fits("dont", "don,t"), []);
        assert_eq!(fits("ill", "I.ll come"), []);
        assert_eq!(fits("shit", "shi't"), one("shi't", "gaps"));
        assert_eq!(fits("fuck", "f'uck"), one("f'uck", "gaps"));
    }

    #[test]
    fn gaps_and_runs_add_up() {
        assert_eq!(fits("fuck", "f.u.u.u.c.k"), one("f.u.u.u.c.k", "gaps+runs"));
    }
}
