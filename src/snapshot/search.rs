//! The search of one text: what it says openly, what it says under a disguise, and which exceptions cover it.

use std::ops::Range;

use super::{
    build::Snapshot,
    check::Scratch,
    report::Hit,
    segment::{Entry, Form, Owner, Segment},
};
use crate::{
    dictionary::Term,
    matching::{Candidate, Fed, Found, Planes, Shape},
    text::{Alphabets, fold},
};

/// A text, and the dictionaries and policy that matter to it.
#[derive(Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) text: &'a str,
    /// For each dictionary of the snapshot whether its terms are looked for.
    pub(super) wanted: &'a [bool],
    /// The policy whose exceptions hold.
    pub(super) policy: Option<u32>,
}

impl Search<'_> {
    /// Leaves in `scratch.hits` every wanted term that the text says, outside exceptions.
    pub(super) fn run(&self, scratch: &mut Scratch) {
        scratch.hits.clear();
        scratch.exceptions.clear();
        fold(self.text, &mut scratch.folded);
        for segment in self.snapshot.segments() {
            self.open(segment, scratch);
            let fed = segment.feed.of(&scratch.folded);
            if fed != Fed::default() {
                self.disguised(segment, fed, scratch);
            }
        }
        if !scratch.hits.is_empty() {
            self.drop_excepted(scratch);
        }
    }

    /// What the folded text says openly: terms and exceptions.
    fn open(&self, segment: &Segment, scratch: &mut Scratch) {
        let Scratch {
            folded,
            stream,
            found,
            exceptions,
            hits,
            ..
        } = scratch;
        found.clear();
        let (symbols, origins) = stream.read(folded);
        segment.engine.scan(symbols, found);
        for &Found { start, end, pattern } in &*found {
            let (start, end) = origins.range(start, end);
            for entry in segment.entries(pattern) {
                let stands = entry.form == Form::Folded
                    && self.concerns(entry)
                    && entry.edges.hold(folded, self.text, start as usize, end as usize)
                    && self.may_be(entry.owner, folded.source_bytes(self.text, start..end));
                match entry.owner {
                    _ if !stands => {}
                    Owner::Term(dictionary, term) => {
                        hits.push(Hit {
                            dictionary,
                            term,
                            symbols: start..end,
                            planes: Planes::default(),
                        });
                    }
                    Owner::DictionaryException(d, _) => exceptions.add(Owner::DictionaryException(d, 0), start, end),
                    Owner::PolicyException(_) => exceptions.add(entry.owner, start, end),
                }
            }
        }
    }

    /// What the streams that the message feeds say.
    fn disguised(&self, segment: &Segment, fed: Fed, scratch: &mut Scratch) {
        if fed.skeleton {
            scratch.skeleton.read(&scratch.folded);
            self.verify(segment, scratch);
        }
    }

    /// Scans the skeleton in `scratch` and keeps what fits a term within its budget.
    fn verify(&self, segment: &Segment, scratch: &mut Scratch) {
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
                let Owner::Term(dictionary, term) = entry.owner else {
                    continue;
                };
                if !self.concerns(entry) {
                    continue;
                }
                let written = self.term(dictionary, term);
                fold(&written.text, folded_term);
                let shape = Shape::of(folded_term);
                let (at, text, edges) = (start as usize, self.text, entry.edges);
                let fit = Candidate {
                    term: &shape,
                    edges,
                    text,
                    folded,
                    skeleton,
                    at,
                }
                .fit();
                let affordable = fit.filter(|fit| {
                    fit.planes.penalty() <= written.tolerance.budget()
                        && self.may_be(entry.owner, folded.source_bytes(text, fit.symbols.clone()))
                });
                hits.extend(affordable.map(|fit| Hit {
                    dictionary,
                    term,
                    symbols: fit.symbols,
                    planes: fit.planes,
                }));
            }
        }
    }

    /// Takes away the hits that lie inside an exception.
    fn drop_excepted(&self, scratch: &mut Scratch) {
        let Scratch { exceptions, hits, .. } = scratch;
        exceptions.seal();
        hits.retain(|hit| {
            let covered = |owner| exceptions.cover(owner, hit.symbols.start, hit.symbols.end);
            let own = Owner::DictionaryException(hit.dictionary, 0);
            !covered(own)
                && !self
                    .policy
                    .is_some_and(|policy| covered(Owner::PolicyException(policy)))
        });
    }

    /// True where the pattern's owner is looked for and still there.
    fn concerns(&self, entry: &Entry) -> bool {
        let relevant = match entry.owner {
            Owner::Term(dictionary, _) | Owner::DictionaryException(dictionary, _) => self.wanted[dictionary as usize],
            Owner::PolicyException(owner) => self.policy == Some(owner),
        };
        relevant && !self.snapshot.is_removed(entry.owner)
    }

    /// True where what was written and what was found may be the same word: a wholly Cyrillic word is no English one, though it may
    /// fold to it. Exceptions may be.
    fn may_be(&self, owner: Owner, bytes: Range<u32>) -> bool {
        let slice = &self.text[bytes.start as usize..bytes.end as usize];
        let Owner::Term(dictionary, term) = owner else {
            return true;
        };
        let written = &self.term(dictionary, term).text;
        slice.is_ascii() && written.is_ascii() || Alphabets::of(written).meet(Alphabets::of(slice))
    }

    fn term(&self, dictionary: u32, term: u32) -> &Term {
        &self.snapshot.dictionaries[dictionary as usize].dictionary.terms[term as usize]
    }
}
