//! The search of one text: what it says openly, what it says under a disguise, and which exceptions cover it.

use std::{cmp::Reverse, ops::Range};

use super::{
    build::Snapshot,
    check::Scratch,
    entry::{Entry, Form, Owner},
    exceptions::Exceptions,
    report::Hit,
    segment::Segment,
};
use crate::{
    config::limits::MAX_HITS_PER_START,
    dictionary::TermRef,
    matching::{Candidate, Edges, Fed, Fit, Found, Plane, Planes, Shape, Skeleton, pinyin},
    text::{Alphabets, Folded, Letters, fold},
};

/// Where a search works.
struct Work<'a> {
    found: &'a mut Vec<Found>,
    /// The term that a candidate is compared with.
    term: &'a mut Folded,
    letters: &'a mut Letters,
    exceptions: &'a Exceptions,
    hits: &'a mut Vec<Hit>,
}

/// So many hits are kept before any are looked at for being too many.
const MANY_HITS: usize = 64 * MAX_HITS_PER_START;

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
    /// Leaves in `scratch.hits` every wanted term that the text says, outside exceptions. The text stands folded in `scratch.folded`,
    /// what the engine of each segment finds in it in `scratch.open`, and what it could feed in `scratch.fed`.
    pub(super) fn run(&self, scratch: &mut Scratch) {
        self.streams(scratch, |segment, glanced, parts, folded| {
            segment.feed.look(glanced, parts, folded)
        });
    }

    /// The same for a text that comes without a batch: no stream is spared, whatever a look at the text would say.
    pub(super) fn run_alone(&self, scratch: &mut Scratch) {
        fold(self.text, &mut scratch.folded);
        for (number, segment) in self.snapshot.segments().enumerate() {
            scratch.open[number].clear();
            segment.engine.scan(scratch.folded.symbols(), &mut scratch.open[number]);
        }
        self.streams(scratch, |_, _, _, _| Fed::ALL);
    }

    /// The open stream, and those others that the text feeds, by a look at what a glance saw and whether there are parts of hanzi.
    fn streams(&self, scratch: &mut Scratch, look: impl Fn(&Segment, Fed, bool, &Folded) -> Fed) {
        scratch.hits.clear();
        scratch.exceptions.clear();
        scratch.letters.forget();
        for (number, segment) in self.snapshot.segments().enumerate() {
            self.except(number, segment, scratch);
        }
        scratch.exceptions.seal();
        for (number, segment) in self.snapshot.segments().enumerate() {
            self.open(number, segment, scratch);
            let parts = scratch.open[number]
                .iter()
                .any(|found| segment.is_of_parts(found.pattern));
            let fed = look(segment, scratch.fed[number], parts, &scratch.folded);
            if fed != Fed::default() {
                self.disguised(segment, fed, scratch);
            }
        }
        self.keep_the_worst(&mut scratch.hits);
    }

    /// The exceptions that the folded text holds: all must be known before any hit is kept.
    fn except(&self, number: usize, segment: &Segment, scratch: &mut Scratch) {
        let Scratch {
            folded,
            stream,
            open,
            exceptions,
            ..
        } = scratch;
        let found = &mut open[number];
        let (symbols, origins) = stream.read(folded);
        if origins.differ() {
            // The batch was scanned as it stands.
            found.clear();
            segment.engine.scan(symbols, found);
        }
        for &Found { start, end, pattern } in found.iter().filter(|found| segment.excepts(found.pattern)) {
            let (start, end) = origins.range(start, end);
            for entry in segment
                .entries(pattern)
                .iter()
                .filter(|e| self.says(**e, folded, start..end))
            {
                match entry.owner() {
                    Owner::Term(..) => {}
                    Owner::DictionaryException(d, _) => exceptions.add(Owner::DictionaryException(d, 0), start, end),
                    Owner::PolicyException(p) => exceptions.add(Owner::PolicyException(p), start, end),
                }
            }
        }
    }

    /// The terms that the folded text says openly.
    fn open(&self, number: usize, segment: &Segment, scratch: &mut Scratch) {
        let Scratch {
            folded,
            letters,
            stream,
            open,
            exceptions,
            hits,
            ..
        } = scratch;
        let (_, origins) = stream.read(folded);
        for &Found { start, end, pattern } in &open[number] {
            let (start, end) = origins.range(start, end);
            for &entry in segment.entries(pattern) {
                let Owner::Term(dictionary, term) = entry.owner() else {
                    continue;
                };
                if self.says(entry, folded, start..end) && self.may_be(entry.alphabets(), folded, start..end, letters) {
                    let hit = Hit {
                        dictionary,
                        term,
                        symbols: start..end,
                        planes: Planes::default(),
                        form: Form::Folded,
                    };
                    self.keep(hit, exceptions, hits);
                }
            }
        }
    }

    /// True where folded symbols that are the pattern of a use stand as it asks.
    fn says(&self, entry: Entry, folded: &Folded, symbols: Range<u32>) -> bool {
        let (start, end) = (symbols.start as usize, symbols.end as usize);
        entry.is(Form::Folded) && self.concerns(entry.owner()) && entry.edges().hold(folded, self.text, start, end)
    }

    /// What the streams that the message feeds say.
    fn disguised(&self, segment: &Segment, fed: Fed, scratch: &mut Scratch) {
        let Scratch {
            folded,
            found,
            room,
            term,
            letters,
            exceptions,
            hits,
            ..
        } = scratch;
        segment.feed.read(folded, fed, room, |reading, stream| {
            let work = Work {
                found,
                term,
                letters,
                exceptions,
                hits,
            };
            self.verify(segment, reading.into(), folded, stream, work);
        });
        if fed.masked {
            self.unmask(segment, scratch);
        }
        if fed.misspelt {
            self.correct(segment, scratch);
        }
    }

    /// Scans a stream and keeps what fits a term within its budget.
    fn verify(&self, segment: &Segment, form: Form, folded: &Folded, skeleton: &Skeleton, work: Work<'_>) {
        let Work {
            found,
            term: folded_term,
            letters,
            exceptions,
            hits,
        } = work;
        found.clear();
        segment.engine.scan(skeleton.symbols(), found);
        for &Found { start, pattern, .. } in &*found {
            for &entry in segment.entries(pattern).iter().filter(|e| e.is(form)) {
                let owner = entry.owner();
                let Owner::Term(dictionary, term) = owner else {
                    continue;
                };
                if !self.concerns(owner) {
                    continue;
                }
                let written = self.term(dictionary, term);
                fold(written.text, folded_term);
                let (at, text, edges) = (start as usize, self.text, entry.edges());
                let fit = match form {
                    Form::Sound => pinyin::fit(folded_term.symbols(), folded, skeleton, at)
                        .filter(|fit| edges.hold(folded, text, fit.symbols.start as usize, fit.symbols.end as usize)),
                    _ => Candidate {
                        term: &Shape::of(folded_term),
                        edges,
                        text,
                        folded,
                        skeleton,
                        at,
                    }
                    .fit(),
                };
                let Some(Fit { symbols, planes, .. }) = fit else {
                    continue;
                };
                let stands = planes.penalty() <= written.tolerance.budget()
                    && (form == Form::Sound || self.may_be(entry.alphabets(), folded, symbols.clone(), letters));
                if stands {
                    let hit = Hit {
                        dictionary,
                        term,
                        symbols,
                        planes,
                        form,
                    };
                    self.keep(hit, exceptions, hits);
                }
            }
        }
    }

    /// Adds the words that masked tokens may hide.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "texts are limited to far less than 4 GiB"
    )]
    fn unmask(&self, segment: &Segment, scratch: &mut Scratch) {
        let Scratch {
            folded,
            exceptions,
            hits,
            ..
        } = scratch;
        segment.feed.masks.find(folded, |token, number, planes| {
            let owner = segment.words[number as usize];
            let Owner::Term(dictionary, term) = owner else { return };
            if self.concerns(owner) && planes.penalty() <= self.term(dictionary, term).tolerance.budget() {
                let symbols = token.start as u32..token.end as u32;
                let hit = Hit {
                    dictionary,
                    term,
                    symbols,
                    planes,
                    form: Form::Folded,
                };
                self.keep(hit, exceptions, hits);
            }
        });
    }

    /// Adds the words that misspelt tokens may be, where no term says just what stands there.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "texts are limited to far less than 4 GiB"
    )]
    fn correct(&self, segment: &Segment, scratch: &mut Scratch) {
        let Scratch {
            folded,
            stream,
            open,
            letters,
            exceptions,
            hits,
            ..
        } = scratch;
        let (_, origins) = stream.read(folded);
        // What is said openly, exceptions or not.
        let mut open_places = Vec::new();
        for (segment, found) in self.snapshot.segments().zip(&*open) {
            for &Found { start, end, pattern } in found {
                let (start, end) = origins.range(start, end);
                let is_said = |entry: &Entry| {
                    matches!(entry.owner(), Owner::Term(..))
                        && self.says(*entry, folded, start..end)
                        && self.may_be(entry.alphabets(), folded, start..end, letters)
                };
                if segment.entries(pattern).iter().any(is_said) {
                    open_places.push((start, end));
                }
            }
        }
        open_places.sort_unstable();
        segment.feed.misspellings.find(folded, |token, number| {
            let owner = segment.words[number as usize];
            let Owner::Term(dictionary, term) = owner else { return };
            let (start, end) = (token.start as u32, token.end as u32);
            let alphabets = Alphabets::of(self.term(dictionary, term).text);
            if self.concerns(owner)
                && open_places.binary_search(&(start, end)).is_err()
                && Edges::of(true, true).hold(folded, self.text, token.start, token.end)
                && self.may_be(alphabets, folded, start..end, letters)
            {
                let hit = Hit {
                    dictionary,
                    term,
                    symbols: start..end,
                    planes: Planes::default().with(Plane::Misspelling),
                    form: Form::Folded,
                };
                self.keep(hit, exceptions, hits);
            }
        });
    }

    /// Adds a hit, unless it lies inside an exception. Before very many would take more room, those go that would go at the end: so
    /// they take the room of a few times [`MAX_HITS_PER_START`] a symbol, whatever the terms are.
    fn keep(&self, hit: Hit, exceptions: &Exceptions, hits: &mut Vec<Hit>) {
        let covered = |owner| exceptions.cover(owner, hit.symbols.start, hit.symbols.end);
        let own = Owner::DictionaryException(hit.dictionary, 0);
        if covered(own)
            || self
                .policy
                .is_some_and(|policy| covered(Owner::PolicyException(policy)))
        {
            return;
        }
        if hits.len() == hits.capacity() && hits.len() >= MANY_HITS {
            self.keep_the_worst(hits);
            if hits.len() > hits.capacity() / 2 {
                hits.reserve(hits.len());
            }
        }
        hits.push(hit);
    }

    /// Keeps at most [`MAX_HITS_PER_START`] hits that start at one symbol of one stream: the most severe, then the longest, then by
    /// id, so that what a verdict costs does not grow with the number of terms.
    fn keep_the_worst(&self, hits: &mut Vec<Hit>) {
        if hits.len() <= MAX_HITS_PER_START {
            return;
        }
        let place = |hit: &Hit| (hit.symbols.start, hit.form);
        let rank = |hit: &Hit| {
            let term = self.term(hit.dictionary, hit.term);
            (
                Reverse(term.severity),
                Reverse(hit.symbols.end),
                hit.dictionary,
                term.id,
                hit.term,
            )
        };
        // They come nearly in this order, and few places have too many: only those are ranked.
        hits.sort_by_key(place);
        let (mut from, mut kept) = (0, 0);
        while from < hits.len() {
            let here = place(&hits[from]);
            let count = hits[from..].iter().take_while(|hit| place(hit) == here).count();
            if count > MAX_HITS_PER_START {
                hits[from..from + count].sort_by(|a, b| rank(a).cmp(&rank(b)));
            }
            for at in from..from + count.min(MAX_HITS_PER_START) {
                hits.swap(kept, at);
                kept += 1;
            }
            from += count;
        }
        hits.truncate(kept);
    }

    /// True where a pattern's owner is looked for and still there.
    fn concerns(&self, owner: Owner) -> bool {
        let relevant = match owner {
            Owner::Term(dictionary, _) | Owner::DictionaryException(dictionary, _) => self.wanted[dictionary as usize],
            Owner::PolicyException(policy) => self.policy == Some(policy),
        };
        relevant && !self.snapshot.is_removed(owner)
    }

    /// True where a term of these alphabets and what was found may be the same word: a wholly Cyrillic word is no English one, though
    /// it may fold to it.
    fn may_be(&self, term: Alphabets, folded: &Folded, symbols: Range<u32>, letters: &mut Letters) -> bool {
        // Most Chinese terms have no letters.
        term == Alphabets::default() || term.meet(letters.between(self.text, folded.source_bytes(self.text, symbols)))
    }

    fn term(&self, dictionary: u32, term: u32) -> TermRef<'_> {
        self.snapshot.dictionaries[dictionary as usize]
            .dictionary
            .terms
            .get(term as usize)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        dictionary::{Tolerance, parse_with},
        folder::Folder,
        matching::EngineKind,
    };

    #[test]
    fn of_very_many_hits_at_one_place_the_longest_outside_exceptions_are_kept() {
        let same = |symbols: usize| "天".repeat(symbols);
        let terms: Vec<String> = (2..=200).map(same).collect();
        let folder = Folder::from_iter([("terms.txt", terms.join("\n")), ("allow.txt", same(60))]);
        let (dictionary, _) = parse_with("d", &folder, Tolerance::Folded).unwrap();
        let dictionary = Arc::new(dictionary);
        let (text, symbols) = (same(220), 220_u32);
        let mut expected: Vec<(u32, u32)> = (0..symbols)
            .flat_map(|start| {
                let ends = (start + 61..=symbols.min(start + 200)).rev();
                ends.take(MAX_HITS_PER_START).map(move |end| (start, end))
            })
            .collect();
        expected.sort_unstable();
        assert!(expected.len() > MANY_HITS);
        for engine in [EngineKind::Sieve, EngineKind::Daachorse] {
            let snapshot = Snapshot::build_with(engine, vec![Arc::clone(&dictionary)], Vec::new()).unwrap();
            let mut scratch = Scratch::default();
            let search = Search {
                snapshot: &snapshot,
                text: &text,
                wanted: &[true],
                policy: None,
            };
            search.run_alone(&mut scratch);
            let mut kept: Vec<_> = scratch.hits.iter().map(|h| (h.symbols.start, h.symbols.end)).collect();
            kept.sort_unstable();
            assert_eq!(kept, expected, "{engine}");
        }
    }
}
