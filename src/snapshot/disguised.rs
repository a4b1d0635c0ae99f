//! What a message says under a disguise: candidates from the skeleton streams, verified piece by piece.

use super::{
    build::Snapshot,
    check::Scratch,
    report::Hit,
    segment::{Form, Owner, Segment},
};
use crate::{
    matching::{Candidate, Fed, Found, Shape},
    text::fold,
};

impl Snapshot {
    /// Adds the hits of the streams that the message feeds.
    pub(super) fn find_disguised(
        &self,
        segment: &Segment,
        fed: Fed,
        wanted: impl Fn(u32) -> bool,
        scratch: &mut Scratch,
    ) {
        if fed.skeleton {
            scratch.skeleton.read(&scratch.folded);
            self.verify(segment, &wanted, scratch);
        }
    }

    /// Scans the skeleton in `scratch` and keeps what fits a wanted term within its budget.
    fn verify(&self, segment: &Segment, wanted: impl Fn(u32) -> bool, scratch: &mut Scratch) {
        let Scratch {
            folded,
            found,
            skeleton,
            term: folded_term,
            hits,
            ..
        } = scratch;
        found.clear();
        segment.engine.scan(skeleton.symbols(), found);
        for &Found { start, pattern, .. } in &*found {
            for entry in segment.entries(pattern).iter().filter(|e| e.form == Form::Skeleton) {
                let Owner::Term(d, t) = entry.owner else { continue };
                if !wanted(d) || self.is_removed(entry.owner) {
                    continue;
                }
                let term = &self.dictionaries[d as usize].dictionary.terms[t as usize];
                fold(&term.text, folded_term);
                let shape = Shape::of(folded_term);
                let candidate = Candidate {
                    term: &shape,
                    edges: entry.edges,
                    folded,
                    skeleton,
                    at: start as usize,
                };
                let fit = candidate
                    .fit()
                    .filter(|fit| fit.planes.penalty() <= term.tolerance.budget());
                hits.extend(fit.map(|fit| Hit {
                    dictionary: d,
                    term: t,
                    symbols: fit.symbols,
                    planes: fit.planes,
                }));
            }
        }
    }
}
