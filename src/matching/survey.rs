//! Where in the texts of a batch anything stands that a closer look is worth: a first look at all of them at once, since most hold nothing.

use std::ops::Range;

use super::{
    feed::{Fed, Feed},
    marks::{Marks, places},
};
use crate::text::Class;

/// See the module's text. Reused from batch to batch.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// What the symbols of the batch are, 64 by 64.
    marks: Vec<Marks>,
    /// What was seen among them.
    seen: Vec<Seen>,
}

/// One bit a symbol, the first lowest.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// Behind a gap that may hide a term, or far enough in a run: what feeds a skeleton, but where Latin letters stand beside a gap.
    odd: u64,
    /// A sign that may stand for another symbol.
    sign: u64,
    /// A Latin letter: what stands beside those [`Feed::glance`] sees better.
    latin: u64,
}

impl Survey {
    /// Looks at texts that stand side by side, each ended by a [`TEXT_END`](crate::text::TEXT_END). O(symbols).
    pub(crate) fn of(&mut self, feed: &Feed, symbols: &[char], classes: &[Class]) {
        self.marks.clear();
        self.seen.clear();
        if feed.is_empty() {
            return;
        }
        // The last symbol that is a word's, and whether it and the one before it are equal.
        let (mut previous, mut run) = (None::<usize>, 0_u64);
        for (block, marks) in Marks::blocks(symbols, classes) {
            let words = marks.word;
            let before = |at: usize| match words & ((1 << (at - block)) - 1) {
                0 => previous,
                below => Some(block + below.ilog2() as usize),
            };
            let bits = |places: &mut dyn Iterator<Item = usize>| places.fold(0, |bits, at| bits | 1 << (at - block));
            let after_word = words << 1 | u64::from(block > 0 && previous == Some(block - 1));
            let starts = words & !after_word & !marks.latin;
            let mut gaps = 0;
            for at in places(starts, block) {
                let may_part = before(at).is_some_and(|before| feed.may_part(symbols, before, at));
                gaps |= u64::from(may_part) << (at - block);
            }
            let may_hide = |&at: &usize| before(at).is_some_and(|before| feed.may_hide(symbols, classes, before, at));
            let repeated = words & marks.same;
            self.seen.push(Seen {
                odd: repeated & (repeated << 1 | run) | bits(&mut places(gaps, block).filter(may_hide)),
                sign: bits(&mut places(marks.sign, block).filter(|&at| feed.rewrites.knows(symbols[at]))),
                latin: marks.latin,
            });
            self.marks.push(marks);
            run = repeated >> 63;
            if words != 0 {
                previous = Some(block + words.ilog2() as usize);
            }
        }
    }

    /// What the text at a place could feed: all that [`Feed::glance`] sees in it, and seldom more.
    pub(crate) fn glance(&self, feed: &Feed, symbols: &[char], classes: &[Class], place: Range<usize>) -> Fed {
        let seen = self.seen(&place);
        if seen.latin != 0 {
            return feed.glance(&symbols[place.clone()], &classes[place.clone()], self.marks(place));
        }
        Fed {
            skeleton: seen.odd != 0,
            rewritten: seen.sign != 0,
            ..Fed::default()
        }
    }

    /// The marks of the text at a place, as [`Marks::blocks`] gives them.
    pub(crate) fn marks(&self, place: Range<usize>) -> impl Iterator<Item = (usize, Marks)> + Clone {
        let none = Marks::default();
        place.clone().step_by(64).map(move |at| {
            let [low, high] = [0, 1].map(|block| self.marks.get(at / 64 + block).unwrap_or(&none));
            (at - place.start, low.across(high, at % 64, place.end - at))
        })
    }

    /// What was seen at a place, wherever there: the bits tell only whether there are any.
    fn seen(&self, place: &Range<usize>) -> Seen {
        let blocks = place.start / 64..place.end.div_ceil(64);
        let (from, to) = (!0 << (place.start % 64), !0 >> (place.end.wrapping_neg() % 64));
        debug_assert!(self.seen.is_empty() || blocks.end <= self.seen.len());
        let mut all = Seen::default();
        for (block, seen) in blocks.clone().zip(self.seen.get(blocks.clone()).unwrap_or_default()) {
            let inside = if block == blocks.start { from } else { !0 } & if block + 1 == blocks.end { to } else { !0 };
            all.odd |= seen.odd & inside;
            all.sign |= seen.sign & inside;
            all.latin |= seen.latin & inside;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        matching::{Edges, FeedBuilder, Shape},
        text::{Folded, append, fold},
    };

    fn feed(terms: &[&str]) -> Feed {
        let (mut builder, mut folded) = (FeedBuilder::default(), Folded::default());
        builder.add_sound(&['微', '信']);
        for term in terms {
            fold(term, &mut folded);
            builder.add_shape(&Shape::of(&folded), Edges::new(None, folded.classes()));
        }
        let rewrites = builder.rewrites();
        builder.build(rewrites)
    }

    proptest! {
        #[test]
        fn a_text_of_a_batch_looks_as_it_does_alone(
            texts in prop::collection::vec("[微信加氵去a-c1-3 .，。*🐔ａé\u{200B}]{0,20}|(微|信|a|1|-|，| ){0,90}", 1..9),
        ) {
            let feed = feed(&["微信", "加微信", "法", "鸡", "abc", "1a", "13信", "a加"]);
            let (mut batch, mut alone, mut survey) = (Folded::default(), Folded::default(), Survey::default());
            let mut places = Vec::new();
            for text in &texts {
                places.push(append(text, &mut batch));
                batch.end_text();
            }
            let (symbols, classes) = (batch.symbols(), batch.classes());
            survey.of(&feed, symbols, classes);
            for (text, place) in texts.iter().zip(places) {
                fold(text, &mut alone);
                let blocks = Marks::blocks(alone.symbols(), alone.classes());
                prop_assert_eq!(survey.marks(place.clone()).collect::<Vec<_>>(), blocks.clone().collect::<Vec<_>>());
                let expected = feed.glance(alone.symbols(), alone.classes(), blocks);
                let seen = survey.glance(&feed, symbols, classes, place);
                prop_assert!(seen == expected || seen == Fed { skeleton: true, ..expected }, "{text:?}");
            }
        }
    }
}
