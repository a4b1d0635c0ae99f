//! A batch of texts, folded side by side and looked through at once, before any is looked at by itself.
//!
//! Most chat is clean, and what a clean message costs is the calls made for it. So the texts of a batch lie in one buffer, which each
//! engine scans once; those that seem to hide something lie in a second one without their separators, which is scanned too. Only the
//! texts in which a term may stand are taken out and searched.

use std::ops::Range;

use super::{
    build::Snapshot,
    check::Scratch,
    segment::{Form, Segment},
};
use crate::{
    matching::{Fed, Found, is_squeezed},
    text::{Class, Folded, NotUtf8, append_bytes},
};

/// So many segments a snapshot has at most: the base, and the edits since.
pub(super) const SEGMENTS: usize = 2;

/// See the module's text. Reused from batch to batch.
#[derive(Debug, Default)]
pub(super) struct Batch {
    folded: Folded,
    texts: Vec<Text>,
    /// What each segment's engine found, in order of start.
    found: [Vec<Found>; SEGMENTS],
    bare: Bare,
}

/// One text of a batch.
#[derive(Clone, Debug)]
struct Text {
    /// Where its symbols stand.
    symbols: Range<usize>,
    /// What was found in them, for each segment.
    found: [Range<usize>; SEGMENTS],
    /// What it could feed, by a glance, in each segment.
    fed: [Fed; SEGMENTS],
    /// Whether it is to be searched.
    suspect: bool,
}

/// Texts without separators and repetitions.
#[derive(Debug, Default)]
struct Bare {
    symbols: Vec<char>,
    /// For each symbol its index among the folded ones: of the first, where it stood repeatedly.
    origins: Vec<u32>,
    /// For each symbol whether separators parted its repetitions.
    parted: Vec<bool>,
    /// The texts, by their numbers in the batch, and where each ends.
    texts: Vec<(usize, usize)>,
    found: Vec<Found>,
}

impl Batch {
    /// Forgets the texts of the last batch.
    pub(super) fn clear(&mut self) {
        self.folded.clear();
        self.texts.clear();
    }

    /// Folds one more text; returns its number.
    pub(super) fn add(&mut self, text: &[u8]) -> Result<usize, NotUtf8> {
        let symbols = append_bytes(text, &mut self.folded)?;
        self.folded.end_text();
        self.texts.push(Text {
            symbols,
            found: [const { 0..0 }; SEGMENTS],
            fed: [Fed::default(); SEGMENTS],
            suspect: false,
        });
        Ok(self.texts.len() - 1)
    }

    /// Finds out which texts are to be searched.
    pub(super) fn screen(&mut self, snapshot: &Snapshot) {
        for (number, segment) in snapshot.segments().enumerate() {
            self.scan(number, segment);
            self.look(number, segment);
            self.scan_bare(segment);
        }
        for text in &mut self.texts {
            text.suspect |= is_squeezed(&self.folded.symbols()[text.symbols.clone()]);
        }
    }

    /// What the texts say openly.
    fn scan(&mut self, number: usize, segment: &Segment) {
        let found = &mut self.found[number];
        found.clear();
        segment.engine.scan_words(self.folded.symbols(), found);
        if !found.is_sorted_by_key(|f| f.start) {
            found.sort_unstable_by_key(|f| f.start);
        }
        let classes = self.folded.classes();
        let mut next = 0;
        for text in &mut self.texts {
            let from = next;
            while found.get(next).is_some_and(|f| (f.start as usize) < text.symbols.end) {
                let Found { start, end, pattern } = found[next];
                let (start, end) = (start as usize, end as usize);
                let edges = |at| joined(classes, at);
                text.suspect |= !text.suspect
                    && (segment.may_stand(pattern, Form::Folded, || edges(start), || edges(end))
                        || segment.composes(pattern, &self.folded, start));
                next += 1;
            }
            text.found[number] = from..next;
        }
    }

    /// What could feed an evasion plane.
    fn look(&mut self, number: usize, segment: &Segment) {
        self.bare.clear();
        for (at, text) in self.texts.iter_mut().enumerate() {
            let symbols = &self.folded.symbols()[text.symbols.clone()];
            let classes = &self.folded.classes()[text.symbols.clone()];
            let mut fed = segment.feed.glance(symbols, classes);
            text.fed[number] = fed;
            if std::mem::take(&mut fed.skeleton) && !text.suspect {
                self.bare.add(at, symbols, classes, text.symbols.start);
            }
            text.suspect |= fed != Fed::default();
        }
    }

    /// What the texts say without their separators.
    fn scan_bare(&mut self, segment: &Segment) {
        let Bare {
            symbols,
            origins,
            parted,
            texts,
            found,
        } = &mut self.bare;
        if texts.is_empty() {
            return;
        }
        found.clear();
        segment.engine.scan(symbols, found);
        for &Found { start, end, pattern } in &*found {
            let classes = self.folded.classes();
            // Between repetitions that are parted a term may begin and end, whatever stands beside them.
            let edges =
                |at: u32, repeated: u32| !parted[repeated as usize] && joined(classes, origins[at as usize] as usize);
            if segment.may_stand(pattern, Form::Skeleton, || edges(start, start), || edges(end, end - 1)) {
                let text = texts.partition_point(|&(_, end)| end <= start as usize);
                self.texts[texts[text].0].suspect = true;
            }
        }
    }

    /// True where the text with this number is to be searched.
    pub(super) fn is_suspect(&self, text: usize) -> bool {
        self.texts[text].suspect
    }

    /// Takes the text with this number out by itself, with what each engine found wholly inside it, in its own positions, and what it
    /// could feed.
    pub(super) fn take(&self, text: usize, scratch: &mut Scratch) {
        let Text {
            symbols, found, fed, ..
        } = &self.texts[text];
        scratch.folded.copy(&self.folded, symbols.clone());
        scratch.fed = *fed;
        for ((from, range), to) in self.found.iter().zip(found).zip(&mut scratch.open) {
            to.clear();
            let whole = from[range.clone()].iter().filter(|f| f.end as usize <= symbols.end);
            to.extend(whole.map(|f| f.before(symbols.start)));
        }
    }
}

impl Bare {
    fn clear(&mut self) {
        self.symbols.clear();
        self.origins.clear();
        self.parted.clear();
        self.texts.clear();
    }

    /// Adds a text whose symbols stand from `from` on in the batch, as [`Skeleton::read`](crate::matching::Skeleton::read) does.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "batches are limited to far less than 4 GiB"
    )]
    fn add(&mut self, number: usize, symbols: &[char], classes: &[Class], from: usize) {
        let start = self.symbols.len();
        let mut before = 0;
        for (at, (&symbol, _)) in symbols
            .iter()
            .zip(classes)
            .enumerate()
            .filter(|(_, (_, class))| class.is_word())
        {
            if self.symbols.len() == start || self.symbols.last() != Some(&symbol) {
                self.symbols.push(symbol);
                self.origins.push((from + at) as u32);
                self.parted.push(false);
            } else if let Some(parted) = self.parted.last_mut() {
                *parted |= at > before + 1;
            }
            before = at;
        }
        // A border, which no pattern without separators holds.
        self.symbols.push('\0');
        self.origins.push((from + symbols.len()) as u32);
        self.parted.push(false);
        self.texts.push((number, self.symbols.len()));
    }
}

/// True where the symbol at `at` surely goes on the word of the one before it.
fn joined(classes: &[Class], at: usize) -> bool {
    match (
        at.checked_sub(1).and_then(|before| classes.get(before)),
        classes.get(at),
    ) {
        (Some(before), Some(class)) => before == class && class.is_word(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use crate::{
        dictionary::{Dictionary, Tolerance},
        policy::Policy,
        snapshot::{Context, Message, Options, Scratch, Snapshot},
    };

    /// Texts of pieces that meet the terms, evade them, or nearly do; and some of the terms.
    fn cases(pieces: &str, terms: &str) -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
        let split = |list: &str| list.split('|').map(str::to_owned).collect::<Vec<_>>();
        let (pieces, terms) = (split(pieces), split(terms));
        let text = prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|p| p.concat());
        let count = terms.len();
        (
            prop::collection::vec(text, 1..12),
            prop::sample::subsequence(terms, 1..=count),
        )
    }

    fn mixed() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
        cases(
            "微|信|加|v|法|氵|去|脑残|脑can|nao|残|f|uck|fuck|k|ass|hello|3|1|4|@| |  |\n|\u{3000}|.|-|，|。|*|哈|aaa|🐔|鸡|\u{200B}|é|с|!|女|子|好|a|b|k.",
            "微信|加v|加微信|法|违法|脑残|fuck|ass|哈哈|鸡巴|v信|he-llo|3p|残a|好人|你好|baa.|ab",
        )
    }

    fn english() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
        cases(
            "b|k.|f|u|uck|fuck|k|a|s|ass|hole|he|llo|hello|free|money|mo|ney|don|t|'| |. |, |.|-|,|!|?|*|$|@|1|0|uuu|\n|\u{200B}|é|с|3",
            "fuck|ass|hello|free money|he-llo|asshole|free|moon|dont|aa|mono|ab|baa.",
        )
    }

    fn agree(texts: &[String], terms: &[String], aggressive: bool) -> Result<(), TestCaseError> {
        let tolerance = if aggressive {
            Tolerance::Aggressive
        } else {
            Tolerance::Standard
        };
        let list = terms.join("\n");
        let (dictionary, _) = Dictionary::from_terms("t".parse().unwrap(), [("t", list.as_str())], tolerance).unwrap();
        let policy = Policy::plain([dictionary.name.clone()]);
        let name = policy.name.clone();
        let snapshot = Snapshot::build(vec![Arc::new(dictionary)], vec![Arc::new(policy)]).unwrap();
        let judge = snapshot.judge(&name).unwrap();
        let messages: Vec<_> = texts
            .iter()
            .map(|t| Message {
                text: t.as_bytes(),
                ..Message::default()
            })
            .collect();
        let (context, options, mut scratch) = (Context::default(), Options::default(), Scratch::default());
        let mut verdicts = Vec::new();
        judge.check_batch(&messages, &context, &options, &mut scratch, |verdict| {
            verdicts.push(verdict.unwrap());
        });
        for (text, verdict) in texts.iter().zip(&verdicts) {
            prop_assert_eq!(verdict, &judge.searched(text, &options, &mut scratch), "{:?}", text);
        }
        Ok(())
    }

    /// What a batch of one says, and what a search says.
    fn both(term: &str, text: &str) -> [usize; 2] {
        let (dictionary, _) = Dictionary::from_terms("t".parse().unwrap(), [("t", term)], Tolerance::Standard).unwrap();
        let policy = Policy::plain([dictionary.name.clone()]);
        let name = policy.name.clone();
        let snapshot = Snapshot::build(vec![Arc::new(dictionary)], vec![Arc::new(policy)]).unwrap();
        let judge = snapshot.judge(&name).unwrap();
        let message = Message {
            text: text.as_bytes(),
            ..Message::default()
        };
        let (context, options, mut scratch) = (Context::default(), Options::default(), Scratch::default());
        let checked = judge.check(&message, &context, &options, &mut scratch).unwrap();
        let searched = judge.searched(text, &options, &mut scratch);
        [checked, searched].map(|verdict| verdict.triggers.len())
    }

    #[test]
    fn a_run_that_goes_on_behind_a_gap_may_begin_or_end_a_term_at_the_gap() {
        assert_eq!(both("baa.", "baaa a.ab"), [1, 1]);
        assert_eq!(both("ab", "xa a.b"), [1, 1]);
    }

    proptest! {
        #[test]
        fn a_batch_says_what_a_search_of_each_text_says((texts, terms) in mixed(), aggressive in any::<bool>()) {
            agree(&texts, &terms, aggressive)?;
        }

        #[test]
        fn a_batch_of_english_texts_does_too((texts, terms) in english(), aggressive in any::<bool>()) {
            agree(&texts, &terms, aggressive)?;
        }
    }
}
