//! A segment: terms and exceptions of any number of dictionaries and policies, compiled into one engine.

use std::mem;

use super::{
    entry::{Entry, Form, Owner},
    patterns::{Block, Merged, Run},
};
use crate::{
    dictionary::Dictionary,
    matching::{Edges, Engine, EngineError, EngineKind, Feed, FeedBuilder},
    policy::Policy,
    text::Folded,
    threads::{both, is_for_two},
};

/// What all entries of a pattern have in common: bits, so that most occurrences can be passed over without a look at them.
#[derive(Clone, Copy, Debug, Default)]
struct Hints(u8);

impl Hints {
    const STARTS_WORD: u8 = 1;
    const ENDS_WORD: u8 = 2;
    /// Whether a term has it in the folded stream, in the skeleton or as its sound; whether a hanzi of a term has it as its parts.
    const OPEN: u8 = 4;
    const SKELETON: u8 = 8;
    const PARTS: u8 = 16;
    const SOUND: u8 = 32;
    /// Whether it is an exception.
    const EXCEPTION: u8 = 64;

    fn of(entries: &[Entry]) -> Self {
        let all = |edge: fn(Edges) -> bool| entries.iter().all(|e| edge(e.edges()));
        let term = |e: &Entry| matches!(e.owner(), Owner::Term(..));
        let open = |e: &Entry| e.is(Form::Folded) && term(e);
        let any = |form: Form| entries.iter().any(|e| e.is(form));
        let bits = [
            (all(Edges::start), Self::STARTS_WORD),
            (all(Edges::end), Self::ENDS_WORD),
            (entries.iter().any(open), Self::OPEN),
            (any(Form::Skeleton), Self::SKELETON),
            (any(Form::Parts), Self::PARTS),
            (any(Form::Sound), Self::SOUND),
            (entries.iter().any(|e| e.is(Form::Folded) && !term(e)), Self::EXCEPTION),
        ];
        Self(
            bits.into_iter()
                .fold(0, |all, (holds, bit)| if holds { all | bit } else { all }),
        )
    }

    fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }
}

/// Numbers of slots in a dictionary's lists.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slots {
    pub(super) terms: u32,
    pub(super) exceptions: u32,
}

impl Slots {
    /// One past the last slots of a dictionary.
    pub(super) fn end(dictionary: &Dictionary) -> Self {
        let count = |slots: usize| u32::try_from(slots).unwrap_or(u32::MAX);
        Self {
            terms: count(dictionary.terms.slots()),
            exceptions: count(dictionary.exceptions.slots()),
        }
    }
}

/// One engine and the meaning of its patterns.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) engine: Box<dyn Engine>,
    /// For each pattern the start of its entries; one more at the end.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    /// For each pattern what may be said of it without its entries.
    hints: Box<[Hints]>,
    /// What messages could feed the evasion planes of these terms.
    pub(super) feed: Feed,
    /// The terms that are one word, which may be masked or misspelt, by the numbers that the feed gives them.
    pub(super) words: Vec<Owner>,
}

impl Segment {
    /// Compiles terms and exceptions into one engine: of each dictionary those from the given slots on. What folds to nothing or is
    /// over the limit is left out: the linter refuses it. On two threads where there is much to do.
    pub(super) fn build<'a>(
        engine: EngineKind,
        dictionaries: impl Iterator<Item = (&'a Dictionary, Slots)>,
        policies: impl Iterator<Item = &'a Policy>,
    ) -> Result<Self, EngineError> {
        let mut blocks = Vec::new();
        for (d, (dictionary, from)) in (0..).zip(dictionaries) {
            let end = Slots::end(dictionary);
            let pieces = |from: u32, end: u32| {
                let starts = (from..end).step_by(BLOCK as usize);
                starts.map(move |at| at..end.min(at.saturating_add(BLOCK)))
            };
            blocks.extend(pieces(from.terms, end.terms).map(|slots| Block::Terms(d, &dictionary.terms, slots)));
            let slots = pieces(from.exceptions, end.exceptions);
            blocks.extend(slots.map(|slots| Block::Exceptions(d, &dictionary.exceptions, slots)));
        }
        blocks.extend(
            (0..)
                .zip(policies)
                .map(|(p, policy)| Block::PolicyExceptions(p, &policy.exceptions)),
        );
        Self::compile(engine, &blocks, is_for_two(blocks.iter().map(Block::len).sum()))
    }

    /// The same result on one thread as on two.
    fn compile(engine: EngineKind, blocks: &[Block<'_>], two: bool) -> Result<Self, EngineError> {
        let (first, second) = blocks.split_at(if two { blocks.len() / 2 } else { blocks.len() });
        let (second, first) = both(two, || Run::of(second), || Run::of(first));
        let mut runs = vec![first, second];
        let (mut feed, mut words) = (FeedBuilder::default(), Vec::new());
        for run in &mut runs {
            let first_word = u32::try_from(words.len()).unwrap_or(u32::MAX);
            feed.absorb(mem::take(&mut run.feed), first_word);
            words.append(&mut run.words);
        }
        let rewrites = feed.rewrites();
        runs.push(Run::of_parts(&rewrites));
        let merge = || {
            let merged = Merged::of(&runs);
            drop(runs);
            merged
        };
        let (feed, merged) = both(two, || feed.build(rewrites), merge);
        let Merged {
            patterns,
            starts,
            entries,
        } = merged;
        let uses = |pattern: usize| &entries[starts[pattern] as usize..starts[pattern + 1] as usize];
        let hints = (0..patterns.len()).map(|pattern| Hints::of(uses(pattern))).collect();
        // Only the folded stream is asked for words; what other streams hold is no matter there.
        let all = |pattern: u32, edge: fn(Edges) -> bool| {
            let mut folded = uses(pattern as usize).iter().filter(|e| e.is(Form::Folded));
            folded.all(|e| edge(e.edges()))
        };
        words.shrink_to_fit();
        Ok(Segment {
            engine: engine.build(patterns, |p| all(p, Edges::start), |p| all(p, Edges::end))?,
            hints,
            starts,
            entries,
            feed,
            words,
        })
    }

    /// False where an occurrence of a pattern in the stream of a form surely is no term: it has no such use, or one of its ends would have
    /// to stand on a boundary and does not.
    pub(super) fn may_stand(
        &self,
        pattern: u32,
        form: Form,
        start_joined: impl Fn() -> bool,
        end_joined: impl Fn() -> bool,
    ) -> bool {
        let hints = self.hints[pattern as usize];
        let used = match form {
            Form::Folded => Hints::OPEN,
            Form::Skeleton => Hints::SKELETON,
            Form::Sound => Hints::SOUND,
            Form::Parts => Hints::PARTS,
        };
        hints.has(used)
            && !(hints.has(Hints::STARTS_WORD) && start_joined())
            && !(hints.has(Hints::ENDS_WORD) && end_joined())
    }

    /// True where an occurrence of a pattern in a folded text may be a hanzi of a term in parts.
    pub(super) fn composes(&self, pattern: u32, folded: &Folded, at: usize) -> bool {
        self.is_of_parts(pattern) && self.feed.composes(folded, at)
    }

    /// True where a pattern has uses that are exceptions.
    pub(super) fn excepts(&self, pattern: u32) -> bool {
        self.hints[pattern as usize].has(Hints::EXCEPTION)
    }

    /// True where a pattern is the parts of a hanzi of a term.
    pub(super) fn is_of_parts(&self, pattern: u32) -> bool {
        self.hints[pattern as usize].has(Hints::PARTS)
    }

    /// The uses of a pattern.
    pub(super) fn entries(&self, pattern: u32) -> &[Entry] {
        let pattern = pattern as usize;
        &self.entries[self.starts[pattern] as usize..self.starts[pattern + 1] as usize]
    }

    /// The memory that it holds, in bytes.
    pub(super) fn heap_bytes(&self) -> usize {
        self.engine.heap_bytes()
            + self.feed.heap_bytes()
            + self.words.len() * size_of::<Owner>()
            + self.starts.len() * size_of::<u32>()
            + self.entries.len() * size_of::<Entry>()
            + self.hints.len() * size_of::<Hints>()
    }
}

/// Slots that are compiled in one piece.
const BLOCK: u32 = 4_096;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        dictionary::{Tolerance, parse_with},
        folder::Folder,
        matching::Found,
    };

    proptest! {
        #[test]
        fn two_threads_build_what_one_builds(
            terms in prop::collection::hash_set("[刷单信法拉圾]{2,4}|[a-d]{3,5}|[a-c]{2}[ -][a-c]{2}|[0-9]{3}", 2..40),
            cut in 0..40_u32,
        ) {
            let list: Vec<&str> = terms.iter().map(String::as_str).collect();
            let folder = Folder::from_iter([("terms.txt", list.join("\n")), ("allow.txt", list[..2].join("\n"))]);
            let Ok((dictionary, _)) = parse_with("d", &folder, Tolerance::Aggressive) else { return Ok(()) };
            let (end, cut) = (Slots::end(&dictionary), cut.min(Slots::end(&dictionary).terms));
            let blocks = [
                Block::Terms(0, &dictionary.terms, 0..cut),
                Block::Exceptions(0, &dictionary.exceptions, 0..end.exceptions),
                Block::PolicyExceptions(3, &["信刷".to_owned()]),
                Block::Terms(0, &dictionary.terms, cut..end.terms),
            ];
            let [one, two] = [false, true].map(|two| Segment::compile(EngineKind::default(), &blocks, two).unwrap());
            let found = |segment: &Segment| {
                let (mut folded, mut found) = (Folded::default(), Vec::<Found>::new());
                crate::text::fold(&list.join("信"), &mut folded);
                segment.engine.scan(folded.symbols(), &mut found);
                found
            };
            prop_assert_eq!(found(&one), found(&two));
            prop_assert_eq!((one.starts, one.entries, one.words), (two.starts, two.entries, two.words));
            prop_assert_eq!(one.feed, two.feed);
        }
    }
}
