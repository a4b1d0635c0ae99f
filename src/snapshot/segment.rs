//! A segment: terms and exceptions of any number of dictionaries and policies, compiled into one engine.

use std::ops::Range;

use crate::{
    config::limits::MAX_TERM_SYMBOLS,
    dictionary::{Dictionary, MatchMode},
    matching::{Edges, Engine, EngineError, Feed, FeedBuilder, Reading, Shape, Sieve, pinyin},
    policy::Policy,
    text::{Folded, fold},
};

/// Whose pattern it is, and so what an occurrence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// A term: the indices of its dictionary and of itself in it.
    Term(u32, u32),
    /// An exception: the indices of its dictionary and of itself in it.
    DictionaryException(u32, u32),
    /// An exception of the policy with this index, for all dictionaries.
    PolicyException(u32),
}

/// Which form of a term or exception a pattern is, and so in which stream it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// The folded symbols.
    Folded,
    /// The skeleton, for terms whose tolerance allows evasion planes.
    Skeleton,
    /// The syllables of a way to read it, for the same terms.
    Sound,
    /// Of no term: the parts of a hanzi of one. A text with such parts is worth a look for decomposed terms.
    Parts,
}

impl From<Reading> for Form {
    fn from(reading: Reading) -> Self {
        match reading {
            Reading::Skeleton => Self::Skeleton,
            Reading::Sound => Self::Sound,
        }
    }
}

/// One use of a pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) owner: Owner,
    pub(super) form: Form,
    pub(super) edges: Edges,
}

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

    fn of(entries: &[Entry]) -> Self {
        let all = |edge: fn(Edges) -> bool| entries.iter().all(|e| edge(e.edges));
        let term = |e: &Entry| matches!(e.owner, Owner::Term(..));
        let open = |e: &Entry| e.form == Form::Folded && term(e);
        let any = |form: Form| entries.iter().any(|e| e.form == form);
        let bits = [
            (all(Edges::start), Self::STARTS_WORD),
            (all(Edges::end), Self::ENDS_WORD),
            (entries.iter().any(open), Self::OPEN),
            (any(Form::Skeleton), Self::SKELETON),
            (any(Form::Parts), Self::PARTS),
            (any(Form::Sound), Self::SOUND),
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
    hints: Vec<Hints>,
    /// What messages could feed the evasion planes of these terms.
    pub(super) feed: Feed,
    /// The terms that may be masked, by the numbers that the feed gives them.
    pub(super) maskable: Vec<Owner>,
}

impl Segment {
    /// Compiles terms and exceptions into one engine: of each dictionary those from the given slots on. What folds to nothing or is
    /// over the limit is left out: the linter refuses it.
    pub(super) fn build<'a>(
        dictionaries: impl Iterator<Item = (&'a Dictionary, Slots)>,
        policies: impl Iterator<Item = &'a Policy>,
    ) -> Result<Self, EngineError> {
        let mut patterns = Patterns::default();
        for (d, (dictionary, from)) in (0..).zip(dictionaries) {
            for (t, term) in dictionary.terms.from_slot(from.terms) {
                patterns.add(term.text, term.mode, Owner::Term(d, t));
                if term.tolerance.budget() > 0 {
                    patterns.add_disguises(term.mode, Owner::Term(d, t));
                }
            }
            for (e, exception) in dictionary.exceptions.from_slot(from.exceptions) {
                patterns.add(exception, None, Owner::DictionaryException(d, e));
            }
        }
        for (p, policy) in (0..).zip(policies) {
            for exception in &policy.exceptions {
                patterns.add(exception, None, Owner::PolicyException(p));
            }
        }
        patterns.compile()
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
        self.hints[pattern as usize].has(Hints::PARTS) && self.feed.composes(folded, at)
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
            + self.maskable.len() * size_of::<Owner>()
            + self.starts.len() * size_of::<u32>()
            + self.entries.len() * size_of::<Entry>()
            + self.hints.len() * size_of::<Hints>()
    }
}

/// Folded terms in one buffer, before they are sorted into distinct patterns.
#[derive(Default)]
struct Patterns {
    folded: Folded,
    symbols: Vec<char>,
    uses: Vec<(Range<usize>, Entry)>,
    feed: FeedBuilder,
    maskable: Vec<Owner>,
}

impl Patterns {
    fn add(&mut self, text: &str, mode: Option<MatchMode>, owner: Owner) {
        fold(text, &mut self.folded);
        let from = self.symbols.len();
        for &symbol in self.folded.symbols() {
            let space = symbol.is_whitespace();
            let after_space = self.symbols.len() > from && self.symbols.last() == Some(&' ');
            if !(space && after_space) {
                self.symbols.push(if space { ' ' } else { symbol });
            }
        }
        let range = from..self.symbols.len();
        if range.is_empty() || range.len() > MAX_TERM_SYMBOLS {
            self.symbols.truncate(from);
        } else {
            let edges = Edges::new(mode, self.folded.classes());
            self.uses.push((
                range,
                Entry {
                    owner,
                    form: Form::Folded,
                    edges,
                },
            ));
        }
    }

    /// Adds the patterns of the evasion planes for the term that was added last.
    fn add_disguises(&mut self, mode: Option<MatchMode>, owner: Owner) {
        let edges = Edges::new(mode, self.folded.classes());
        let shape = Shape::of(&self.folded);
        // A skeleton of one symbol would be found everywhere.
        if shape.symbols.len() > 1 && shape.letters.len() <= MAX_TERM_SYMBOLS {
            self.feed.add_shape(&shape, edges.start());
            self.push(
                &shape.symbols,
                Entry {
                    owner,
                    form: Form::Skeleton,
                    edges,
                },
            );
        }
        let folded = std::mem::take(&mut self.folded);
        pinyin::each_pattern(&folded, |sound| {
            self.feed.add_sound(sound);
            self.push(
                sound,
                Entry {
                    owner,
                    form: Form::Sound,
                    edges,
                },
            );
        });
        self.folded = folded;
        if edges.start() && edges.end() && !shape.has_joints() {
            self.feed.add_word(
                self.folded.symbols(),
                u32::try_from(self.maskable.len()).unwrap_or(u32::MAX),
            );
            self.maskable.push(owner);
        }
    }

    fn push(&mut self, pattern: &[char], entry: Entry) {
        let from = self.symbols.len();
        self.symbols.extend(pattern);
        self.uses.push((from..self.symbols.len(), entry));
    }

    /// The uses by their patterns, then by whose they are and which form. The first symbols of each stand beside its index, so that few
    /// comparisons look further.
    fn order(&self) -> impl Iterator<Item = u32> {
        let key = |pattern: &[char]| {
            let symbol = |at| pattern.get(at).map_or(0, |&symbol| u64::from(u32::from(symbol)) + 1);
            symbol(0) << 42 | symbol(1) << 21 | symbol(2)
        };
        let whole = |index: u32| {
            let (range, entry) = &self.uses[index as usize];
            (&self.symbols[range.clone()], entry.owner, entry.form)
        };
        let uses = (0..).zip(&self.uses);
        let mut order: Vec<(u64, u32)> = uses
            .map(|(index, (range, _))| (key(&self.symbols[range.clone()]), index))
            .collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| whole(a.1).cmp(&whole(b.1))));
        order.into_iter().map(|(_, index)| index)
    }

    fn compile(mut self) -> Result<Segment, EngineError> {
        let feed = std::mem::take(&mut self.feed).build();
        for parts in feed.rewrites.parts() {
            let entry = Entry {
                owner: Owner::Term(0, 0),
                form: Form::Parts,
                edges: Edges::new(Some(MatchMode::Substring), &[]),
            };
            self.push(parts, entry);
        }
        let symbols = &self.symbols;
        let (mut patterns, mut starts, mut entries) = (Vec::<&[char]>::new(), Vec::new(), Vec::new());
        for (at, index) in (0..).zip(self.order()) {
            let (range, entry) = &self.uses[index as usize];
            let pattern = &symbols[range.clone()];
            if patterns.last() != Some(&pattern) {
                patterns.push(pattern);
                starts.push(at);
            }
            entries.push(*entry);
        }
        starts.push(u32::try_from(entries.len()).unwrap_or(u32::MAX));
        let uses = |pattern: usize| &entries[starts[pattern] as usize..starts[pattern + 1] as usize];
        let hints: Vec<_> = (0..patterns.len()).map(|pattern| Hints::of(uses(pattern))).collect();
        // Only the folded stream is asked for words; what other streams hold is no matter there.
        let all = |pattern: u32, edge: fn(Edges) -> bool| {
            let mut folded = uses(pattern as usize).iter().filter(|e| e.form == Form::Folded);
            folded.all(|e| edge(e.edges))
        };
        Ok(Segment {
            engine: Box::new(Sieve::new(&patterns)?.with_edges(|p| all(p, Edges::start), |p| all(p, Edges::end))),
            hints,
            starts,
            entries,
            feed,
            maskable: self.maskable,
        })
    }
}
