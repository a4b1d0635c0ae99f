//! A batch of texts, folded side by side and looked through at once, before any is looked at by itself.
//!
//! Most chat is clean, and what a clean message costs is the calls made for it. So the texts of a batch lie in one buffer, which each
//! engine scans once; those that seem to hide something lie in a second one as they may be read, which is scanned too. Only the
//! texts in which a term may stand are taken out and searched.

use std::ops::Range;

use super::{build::Snapshot, check::Scratch, entry::Form, segment::Segment, streams::Streams};
use crate::{
    matching::{Fed, Found, Survey, joined, squeezed},
    text::{Folded, NotUtf8, append_bytes},
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
    survey: Survey,
    streams: Streams,
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
    /// Whether it holds parts of hanzi of the segment at hand.
    parts: bool,
    /// Whether it is to be searched.
    suspect: bool,
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
            parts: false,
            suspect: false,
        });
        Ok(self.texts.len() - 1)
    }

    /// Finds out which texts are to be searched.
    pub(super) fn screen(&mut self, snapshot: &Snapshot) {
        for (number, segment) in snapshot.segments().enumerate() {
            self.scan(number, segment);
            self.look(number, segment);
            let Self {
                folded, texts, streams, ..
            } = self;
            streams.scan(segment, folded.classes(), |text| texts[text].suspect = true);
        }
        let mut from = 0;
        while let Some(ahead) = squeezed(&self.folded.symbols()[from..]) {
            let text = self.texts.partition_point(|text| text.symbols.end <= from + ahead);
            self.texts[text].suspect = true;
            from = self.texts[text].symbols.end;
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
            text.parts = false;
            while found.get(next).is_some_and(|f| (f.start as usize) < text.symbols.end) {
                let Found { start, end, pattern } = found[next];
                let (start, end) = (start as usize, end as usize);
                let edges = |at| joined(classes, at);
                text.suspect = text.suspect || segment.may_stand(pattern, Form::Folded, || edges(start), || edges(end));
                text.parts = text.parts || segment.composes(pattern, &self.folded, start);
                next += 1;
            }
            text.found[number] = from..next;
        }
    }

    /// What could feed an evasion plane, and the streams of those texts that nothing makes suspects yet.
    fn look(&mut self, number: usize, segment: &Segment) {
        self.streams.clear();
        let (symbols, classes) = (self.folded.symbols(), self.folded.classes());
        self.survey.of(&segment.feed, symbols, classes);
        for (at, text) in self.texts.iter_mut().enumerate() {
            let place = text.symbols.clone();
            let mut fed = self.survey.glance(&segment.feed, symbols, classes, place.clone());
            text.fed[number] = fed;
            if text.suspect {
                continue;
            }
            if std::mem::take(&mut fed.skeleton) {
                self.streams
                    .add_skeleton(at, symbols, self.survey.marks(place.clone()), place.clone());
            }
            if fed != Fed::default() || text.parts {
                text.suspect = self
                    .streams
                    .add_readings(at, &self.folded, place, segment, (fed, text.parts));
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::{prelude::*, test_runner::TestRunner};

    use crate::{
        dictionary::{Dictionary, Tolerance},
        matching::EngineKind,
        policy::Policy,
        snapshot::{Context, Message, Options, Scratch, Snapshot, Verdict},
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
            "b|k.|f|u|uck|fuck|k|a|s|ass|hole|he|llo|hello|free|money|mo|ney|don|t|no|one|o|oo|go| away|'| | |. |, |.|-|,|!|?|*|$|@|1|0|uuu|\n|\u{200B}|é|с|3|🖕|?.|??",
            "fuck|ass|hello|free money|he-llo|asshole|free|moon|dont|aa|mono|ab|baa.|no one|go away fool|no - one|hell go|free money money free|got one",
        )
    }

    fn parted() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
        cases(
            "k|il|l|ki|y|ou|i|m|n|t|go|ne|no|one|gone|im|kill|you|uu|o|'|'|.|.|-| | | |, |. |.-|...|\n|é|1|微|u r a",
            "kill you|im gone|i'm gone|gone|kill|no one|kill-you|you kill gone|k y|no - one|'gone|im 1 one|微 gone|onekill|you you|ok u|a b u",
        )
    }

    fn in_rows() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
        cases(
            "k i l l |kill |y o u |you |g o |go |a w a y |away |n o |no |o n e |one |x |a |i |u |k i l |l y o u |f r e e| |m oo n e y |m |e |1 |傻|, |-|k 1 l l |k1ll |y 0 u |g 0 |0 |@ |4 |kk |\n|. ",
            "kill you|go away|no one|free money|you kill me|kill|one|傻 kill|i kill u|go no one|a one|kill-you|no",
        )
    }

    fn misspelt() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
        cases(
            "fu|f|u|c|k|ck|uk|uu|x|hel|lo|o|el|bot|tle|te|botle|dog|og|good| | |. |-|1|\n|\u{200B}|é|с|微|'",
            "fuck|hello|bottle|fuk|dog|dogs|fuck you|botle|good",
        )
    }

    fn spelt() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
        cases(
            "jia|wei|xin|nao|can|shi|the|me|xi|an|fang|a| | |.|-|, |\n|加|微|信|氵|去|fa|ji|ba|3|🐔|鸡|\u{3000}|é|西安",
            "加微信|脑残|鸡巴|微信|法|违法|西安|方案|是他妈的|加微信加|微加信",
        )
    }

    /// Every text of a batch has the verdict that a search of it alone gives; the verdicts.
    fn agree(
        engine: EngineKind,
        texts: &[String],
        terms: &[String],
        aggressive: bool,
    ) -> Result<Vec<Verdict>, TestCaseError> {
        let tolerance = if aggressive {
            Tolerance::Aggressive
        } else {
            Tolerance::Standard
        };
        let list = terms.join("\n");
        let (dictionary, _) = Dictionary::from_terms("t".parse().unwrap(), [("t", list.as_str())], tolerance).unwrap();
        let policy = Policy::plain([dictionary.name.clone()]);
        let name = policy.name.clone();
        let snapshot = Snapshot::build_with(engine, vec![Arc::new(dictionary)], vec![Arc::new(policy)]).unwrap();
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
        Ok(verdicts)
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
            agree(EngineKind::Sieve, &texts, &terms, aggressive)?;
        }

        #[test]
        fn a_batch_of_spelt_texts_does_too((texts, terms) in spelt(), aggressive in any::<bool>()) {
            agree(EngineKind::Sieve, &texts, &terms, aggressive)?;
        }

        #[test]
        fn a_batch_of_texts_with_gaps_does_too((texts, terms) in parted(), aggressive in any::<bool>()) {
            agree(EngineKind::Sieve, &texts, &terms, aggressive)?;
        }

        #[test]
        fn a_batch_of_texts_in_rows_does_too((texts, terms) in in_rows(), aggressive in any::<bool>()) {
            agree(EngineKind::Sieve, &texts, &terms, aggressive)?;
        }

        #[test]
        fn a_batch_of_misspelt_texts_does_too((texts, terms) in misspelt(), aggressive in any::<bool>()) {
            agree(EngineKind::Sieve, &texts, &terms, aggressive)?;
        }

        #[test]
        fn a_batch_of_english_texts_does_too((texts, terms) in english(), aggressive in any::<bool>()) {
            agree(EngineKind::Sieve, &texts, &terms, aggressive)?;
        }
    }

    #[test]
    fn the_engine_changes_no_verdict() {
        // So many, whatever PROPTEST_CASES says: an automaton has a table of all symbols, which takes far longer to build than these few terms.
        let config = ProptestConfig {
            cases: 64,
            ..ProptestConfig::default()
        };
        let cases = (
            prop_oneof![mixed(), spelt(), parted(), english(), in_rows()],
            any::<bool>(),
        );
        let outcome = TestRunner::new(config).run(&cases, |((texts, terms), aggressive)| {
            let verdicts = |engine| agree(engine, &texts, &terms, aggressive);
            prop_assert_eq!(verdicts(EngineKind::Sieve)?, verdicts(EngineKind::Daachorse)?);
            Ok(())
        });
        outcome.unwrap();
    }
}
