//! What a message could feed: a cheap look that spares clean chat the evasion planes.
//!
//! A term can be evaded by gaps only where two neighbouring symbols of some term stand apart in the text, by repetition only where
//! a symbol stands three times, and so on. A glance at the marks of a text, small filters of neighbouring pairs and of words tell.

use super::{
    bloom::Bloom,
    boundary::Edges,
    gaps::Hides,
    joins::{Collected, Joins},
    marks::{Marks, places},
    mask_tokens::{is_joiner, is_mask, is_picture, is_pictured},
    masks::Masks,
    misspelling::Misspellings,
    pinyin,
    rewrite::{Alphabet, Rewrites, is_part, parts_letters},
    shape::Shape,
    skeleton::Skeleton,
    tables::leet,
};
use crate::text::{Class, Folded, TEXT_END};

/// A set of pairs of symbols that answers "perhaps" or "no".
#[derive(Debug, PartialEq)]
pub(crate) struct Pairs(Bloom);

/// Two symbols as one number: that compares faster, and there are millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair(u64);

impl From<(char, char)> for Pair {
    fn from((a, b): (char, char)) -> Self {
        Self(u64::from(a) << 21 | u64::from(b))
    }
}

impl Pair {
    /// The pairs of neighbours.
    pub(crate) fn neighbours(symbols: &[char]) -> impl Iterator<Item = Self> {
        symbols.windows(2).map(|pair| Self::from((pair[0], pair[1])))
    }

    /// Fibonacci hashing of both code points.
    fn key(self) -> u32 {
        (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
    }
}

impl Pairs {
    /// The filter of these pairs. O(pairs) where they are a few sorted lists one behind the other.
    pub(crate) fn of(mut pairs: Vec<Pair>) -> Self {
        pairs.sort();
        pairs.dedup();
        let mut filter = Bloom::new(pairs.len(), 16, 1 << 4..=1 << 22);
        for pair in pairs {
            filter.insert(pair.key());
        }
        Self(filter)
    }

    /// False where the pair is certainly not in the set.
    pub(crate) fn perhaps(&self, a: char, b: char) -> bool {
        self.0.perhaps(Pair::from((a, b)).key())
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.0.heap_bytes()
    }
}

/// What the terms of a segment could be fed by.
#[derive(Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about the terms")]
pub(crate) struct Feed {
    /// Neighbouring symbols in the skeletons of terms; and of those that have more than two letters the ones of which one is of a script
    /// without spaces.
    neighbours: Pairs,
    long_neighbours: Pairs,
    /// What Latin letters around a gap are in terms that are whole words, and the neighbouring ones of other terms.
    joins: Joins,
    loose: Pairs,
    /// Whether every term is whole words, as far as it begins and ends with Latin letters, so that `loose` is empty.
    whole: bool,
    /// Whether there are terms that may stand inside of words of any script that puts spaces between them, or of numbers.
    inside: bool,
    /// Neighbours that a term parts itself, by white space or a sign; and those where there is a sign or both are equal, so that a text may
    /// have just a space there and yet not say the term openly. Not those that `joins` knows.
    joints: Pairs,
    odd_joints: Pairs,
    /// Neighbouring syllables in the sounds of terms.
    syllables: Pairs,
    /// Whether every term that begins with a Latin letter must begin at the start of a word.
    at_words: bool,
    pub(crate) rewrites: Rewrites,
    pub(crate) masks: Masks,
    pub(crate) misspellings: Misspellings,
    /// Whether there is any term that takes disguises, and whether one of them has a sound.
    any: bool,
    sounds: bool,
}

/// Which looks a message is worth.
#[expect(clippy::struct_excessive_bools, reason = "a set of independent streams, each named")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fed {
    /// Its skeleton, for gaps and runs.
    pub(crate) skeleton: bool,
    /// Its rewritten skeletons, for emoji, parts of hanzi and leet.
    pub(crate) rewritten: bool,
    /// Its masked tokens.
    pub(crate) masked: bool,
    /// Its syllables, for pinyin.
    pub(crate) syllables: bool,
    /// Its misspelt words.
    pub(crate) misspelt: bool,
}

impl Fed {
    /// Everything.
    pub(crate) const ALL: Self = Self {
        skeleton: true,
        rewritten: true,
        masked: true,
        syllables: true,
        misspelt: true,
    };
}

/// Collects what [`Feed`] knows while terms are added.
#[derive(Debug, Default)]
pub(crate) struct FeedBuilder {
    neighbours: Vec<Pair>,
    long_neighbours: Vec<Pair>,
    joins: Collected,
    loose: Vec<Pair>,
    joints: Vec<Pair>,
    odd_joints: Vec<Pair>,
    syllables: Vec<Pair>,
    inside_words: bool,
    any_loose: bool,
    any_inside: bool,
    alphabet: Alphabet,
    words: Vec<(Box<[char]>, u32)>,
    misspelt: Vec<(Box<[char]>, u32)>,
}

impl FeedBuilder {
    /// Takes in the shape of a term, and what its ends ask for.
    pub(crate) fn add_shape(&mut self, shape: &Shape, edges: Edges) {
        // The symbols at ends that may stand inside of a word.
        let open_start = shape.symbols.first().filter(|_| !edges.start());
        let open_end = shape.symbols.last().filter(|_| !edges.end());
        let starts_inside = open_start.is_some_and(|&symbol| is_latin(symbol));
        let whole = !starts_inside && !open_end.is_some_and(|&symbol| is_latin(symbol));
        self.inside_words |= starts_inside;
        self.any_loose |= !whole;
        self.any_inside |= [open_start, open_end]
            .into_iter()
            .flatten()
            .any(|&symbol| !is_unspaced(symbol));
        if whole {
            self.joins.add(shape);
        }
        let both_latin = |&(a, b): &(char, char)| is_latin(a) && is_latin(b);
        let pairs = shape.symbols.windows(2).map(|pair| (pair[0], pair[1]));
        // A doubled symbol may stand apart from itself: bul-lshit.
        let doubled = shape.symbols.iter().zip(&shape.counts).filter(|(_, count)| **count > 1);
        let pairs = pairs.chain(doubled.map(|(&symbol, _)| (symbol, symbol)));
        self.neighbours.extend(pairs.clone().map(Pair::from));
        if shape.letters.len() > 2 {
            let unspaced = |&(a, b): &(char, char)| is_unspaced(a) || is_unspaced(b);
            self.long_neighbours
                .extend(pairs.clone().filter(unspaced).map(Pair::from));
        }
        if !whole {
            self.loose.extend(pairs.filter(both_latin).map(Pair::from));
        }
        for (pair, signs) in shape.parted().filter(|(pair, _)| !(whole && both_latin(pair))) {
            self.joints.push(pair.into());
            if signs || pair.0 == pair.1 {
                self.odd_joints.push(pair.into());
            }
        }
        self.alphabet.extend(&shape.symbols);
    }

    /// Takes in a way to read a term.
    pub(crate) fn add_sound(&mut self, sound: &[char]) {
        self.syllables.extend(Pair::neighbours(sound));
    }

    /// Takes in the letters of a term that may be masked, under a number of the caller's.
    pub(crate) fn add_word(&mut self, letters: &[char], number: u32) {
        self.words.push((letters.into(), number));
    }

    /// Takes in the letters of a term that may be misspelt, under a number of the caller's.
    pub(crate) fn add_misspelt(&mut self, letters: &[char], number: u32) {
        self.misspelt.push((letters.into(), number));
    }

    fn pairs(&mut self) -> [&mut Vec<Pair>; 6] {
        [
            &mut self.neighbours,
            &mut self.long_neighbours,
            &mut self.loose,
            &mut self.joints,
            &mut self.odd_joints,
            &mut self.syllables,
        ]
    }

    /// Keeps of equal things one, in order.
    pub(crate) fn settle(&mut self) {
        for pairs in self.pairs() {
            pairs.sort_unstable();
            pairs.dedup();
        }
    }

    /// Takes in what another one has collected; its words are numbered from here on.
    pub(crate) fn absorb(&mut self, mut other: Self, first_word: u32) {
        for (pairs, others) in self.pairs().into_iter().zip(other.pairs()) {
            pairs.append(others);
        }
        self.joins.absorb(other.joins);
        self.inside_words |= other.inside_words;
        self.any_loose |= other.any_loose;
        self.any_inside |= other.any_inside;
        self.alphabet.absorb(&other.alphabet);
        for (words, others) in [(&mut self.words, other.words), (&mut self.misspelt, other.misspelt)] {
            words.extend(others.into_iter().map(|(word, number)| (word, first_word + number)));
        }
    }

    /// The rewritings that could lead to one of the terms.
    pub(crate) fn rewrites(&self) -> Rewrites {
        Rewrites::new(&self.alphabet)
    }

    /// What all of them could be fed by, `rewrites` among it.
    pub(crate) fn build(self, rewrites: Rewrites) -> Feed {
        Feed {
            any: !self.alphabet.is_empty() || !self.words.is_empty() || !self.syllables.is_empty(),
            sounds: !self.syllables.is_empty(),
            joins: self.joins.build(),
            whole: !self.any_loose,
            inside: self.any_inside,
            loose: Pairs::of(self.loose),
            at_words: !self.inside_words,
            neighbours: Pairs::of(self.neighbours),
            long_neighbours: Pairs::of(self.long_neighbours),
            joints: Pairs::of(self.joints),
            odd_joints: Pairs::of(self.odd_joints),
            syllables: Pairs::of(self.syllables),
            rewrites,
            masks: Masks::new(self.words),
            misspellings: Misspellings::new(self.misspelt),
        }
    }
}

impl Feed {
    /// What is left of what a glance saw, after a closer look; `parts` where the engine found parts of a hanzi. O(symbols).
    pub(crate) fn look(&self, mut glanced: Fed, parts: bool, folded: &Folded) -> Fed {
        glanced.rewritten = (glanced.rewritten || parts && self.any)
            && self
                .rewrites
                .fed(folded, &self.neighbours, self.whole.then_some(&self.joins));
        glanced
    }

    /// True where no term takes disguises, so that no message feeds anything.
    pub(super) fn is_empty(&self) -> bool {
        !self.any
    }

    /// What a message with these marks could feed, by a glance, which may see more than there is. Parts of hanzi it does not see: those are
    /// patterns of the engine, which [`Feed::composes`] then looks at. O(symbols).
    pub(super) fn glance(
        &self,
        symbols: &[char],
        classes: &[Class],
        blocks: impl Iterator<Item = (usize, Marks)> + Clone,
    ) -> Fed {
        let mut fed = Fed::default();
        // The last symbol that is a word's, and whether it and the one before it are equal.
        let (mut previous, mut run) = (None::<usize>, 0_u64);
        // Whether there are letters, and digits or signs that may stand for some.
        let (mut latin, mut others) = (false, false);
        // Whether an emoji may mask one.
        let mut pictured = false;
        let mut walk = pinyin::Walk::default();
        for (block, marks) in blocks.clone() {
            let words = marks.word;
            let after_word = words << 1 | u64::from(block > 0 && previous == Some(block - 1));
            let starts = words & !after_word;
            let spaced = starts & marks.plainly_spaced();
            let odd = |&at: &usize| !self.whole || self.joins.perhaps_blank(symbols[at - 2], symbols[at]);
            let before = |at: usize| match words & ((1 << (at - block)) - 1) {
                0 => previous,
                below => Some(block + below.ilog2() as usize),
            };
            let may_hide = |at: usize| before(at).is_some_and(|before| self.may_hide(symbols, classes, before, at));
            fed.skeleton = fed.skeleton
                || places(starts & !spaced, block).any(may_hide)
                || places(spaced, block).filter(odd).any(may_hide);
            let repeated = words & marks.same;
            fed.skeleton |= repeated & (repeated << 1 | run) != 0;
            run = repeated >> 63;
            others |= marks.others() != 0;
            fed.rewritten |= places(marks.sign, block).any(|at| self.rewrites.knows(symbols[at]));
            pictured |= places(marks.sign, block).any(|at| is_pictured(symbols, at));
            latin |= marks.latin != 0;
            fed.syllables = fed.syllables || self.sounds && walk.block(symbols, classes, block, &marks);
            if words != 0 {
                previous = Some(block + words.ilog2() as usize);
            }
        }
        fed.masked = latin && pictured;
        if latin && others {
            Self::glance_beside_latin(symbols, classes, blocks, &mut fed);
        }
        fed.misspelt = latin && self.misspellings.perhaps(symbols, classes);
        fed
    }

    /// Digits and signs that may stand for a letter, or mask one.
    fn glance_beside_latin(
        symbols: &[char],
        classes: &[Class],
        blocks: impl Iterator<Item = (usize, Marks)>,
        fed: &mut Fed,
    ) {
        for (block, marks) in blocks {
            for at in places(marks.others(), block) {
                let mask = is_mask(symbols[at]) && !is_question(symbols, classes, at);
                let letter = perhaps_leet(symbols, classes, at);
                if (mask && !fed.masked || letter && !fed.rewritten) && is_near_latin(symbols, classes, at) {
                    fed.masked |= mask;
                    fed.rewritten |= letter;
                }
            }
        }
    }

    /// True where the symbols from `at` on are parts of a hanzi that stands beside a neighbour from a term.
    pub(crate) fn composes(&self, folded: &Folded, at: usize) -> bool {
        self.rewrites.composes(folded, at, &self.neighbours)
    }

    /// Whether every term that begins with a Latin letter begins where a word does.
    pub(crate) fn is_of_words(&self) -> bool {
        self.at_words
    }

    /// Rewrites a text; see [`Rewrites::rewrite`].
    pub(crate) fn rewrite(&self, folded: &Folded, variant: usize, out: &mut Skeleton) -> bool {
        self.rewrites.rewrite(folded, &self.neighbours, variant, out)
    }

    /// True where some spelt syllable stands beside one that it stands beside in a term.
    pub(crate) fn sounds(&self, syllables: &Skeleton) -> bool {
        pinyin::fed(syllables, &self.syllables)
    }

    /// False where the gap between two symbols of a batch, not both Latin letters, surely hides nothing, by these alone. Has no branches: most
    /// gaps hide nothing, but which of them cannot be foreseen.
    pub(super) fn may_part(&self, symbols: &[char], before: usize, behind: usize) -> bool {
        let (a, b) = (symbols[before], symbols[behind]);
        let is_border = symbols[behind - 1] == TEXT_END;
        !is_border & ((a == b) | self.neighbours.perhaps(a, b))
    }

    /// Whether the gap between two symbols may stand in a term that has another there, or none. White space between words is a gap
    /// only where the term has one itself, or single letters are spaced out.
    pub(super) fn may_hide(&self, symbols: &[char], classes: &[Class], before: usize, at: usize) -> bool {
        let (a, b) = (symbols[before], symbols[at]);
        // A run may go on behind a gap.
        let beside = |pairs: &Pairs| a == b || pairs.perhaps(a, b);
        let gap = &symbols[before + 1..at];
        let latin = classes[before] == Class::Latin && classes[at] == Class::Latin;
        if latin && self.joins.perhaps(symbols, classes, before, at) {
            return true;
        }
        let in_words = !classes[before].is_unspaced() && !classes[at].is_unspaced();
        let hides = || Hides::of(gap, &classes[before + 1..at], in_words);
        if !in_words || !gap.iter().any(|s| s.is_whitespace()) {
            let of_hanzi = || match hides() {
                Hides::All => true,
                Hides::Long => self.long_neighbours.perhaps(a, b) || self.joints.perhaps(a, b),
                Hides::Nothing => self.joints.perhaps(a, b),
            };
            return beside(if latin { &self.loose } else { &self.neighbours }) && (latin || a == b || of_hanzi());
        }
        let only_blank = gap.iter().all(|s| s.is_whitespace());
        let joints = if only_blank { &self.odd_joints } else { &self.joints };
        let spaced = || hides() == Hides::All && are_spaced(symbols, classes, before, at, self.inside);
        beside(&self.neighbours) && (joints.perhaps(a, b) || spaced())
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.neighbours.heap_bytes()
            + self.long_neighbours.heap_bytes()
            + self.joints.heap_bytes()
            + self.odd_joints.heap_bytes()
            + self.joins.heap_bytes()
            + self.loose.heap_bytes()
            + self.syllables.heap_bytes()
            + self.rewrites.heap_bytes()
            + self.masks.heap_bytes()
            + self.misspellings.heap_bytes()
    }
}

fn is_latin(symbol: char) -> bool {
    Class::of(symbol) == Class::Latin
}

fn is_unspaced(symbol: char) -> bool {
    Class::of(symbol).is_unspaced()
}

/// True where the symbols around a gap stand alone, once or repeated, and beside them a third one, or one that needs no spaces: as long is
/// a term whose letters are spaced out. Where terms may stand `inside` of words, their first
/// and last letter may be parts of words: one side that stands alone is enough.
fn are_spaced(symbols: &[char], classes: &[Class], before: usize, at: usize, inside: bool) -> bool {
    const REACH: usize = 3;
    let is_word = |at: &usize| classes[*at].is_word();
    // Where the repetitions of a symbol stand, if they stand alone.
    let alone = |at: usize| {
        let repeats = |i: &usize| symbols[*i] == symbols[at];
        let start = (0..at).rev().take_while(repeats).last().unwrap_or(at);
        let end = (at..symbols.len()).take_while(repeats).last().unwrap_or(at) + 1;
        let other = |neighbour: Option<usize>| neighbour.and_then(|i| classes.get(i)) != Some(&classes[at]);
        (classes[at].is_unspaced() || other(start.checked_sub(1)) && other(Some(end))).then_some(start..end)
    };
    if inside {
        return alone(before).or(alone(at)).is_some();
    }
    let (Some(left), Some(right)) = (alone(before), alone(at)) else {
        return false;
    };
    let behind = (right.end..symbols.len()).take(REACH).find(is_word);
    let ahead = (0..left.start).rev().take(REACH).find(is_word);
    let third = [behind, ahead].into_iter().flatten().any(|at| alone(at).is_some());
    third || left.len() + right.len() > 2
}

/// True for a digit or sign that may be a letter.
fn perhaps_leet(symbols: &[char], classes: &[Class], at: usize) -> bool {
    !leet(symbols[at]).is_empty() && is_part(symbols, classes, at)
}

/// True for a question mark that only ends what stands before it: that masks nothing.
fn is_question(symbols: &[char], classes: &[Class], at: usize) -> bool {
    let is_margin = |symbol: char| symbol == '?' || is_joiner(symbol) || is_picture(symbol);
    let is_part = |i: usize| classes[i] == Class::Latin || is_mask(symbols[i]) || !leet(symbols[i]).is_empty();
    let is_behind = |i: usize| classes[i] == Class::Latin || symbols[i] == '?';
    let end = symbols.len().min(at + REACH);
    let ends = || match (at + 1..end).find(|&i| !is_margin(symbols[i])) {
        Some(next) => !is_part(next),
        None => end == symbols.len(),
    };
    symbols[at] == '?' && at.checked_sub(1).is_some_and(is_behind) && ends()
}

/// So far signs, digits and what may part them are followed to a letter; beyond, there may be one. Keeps a look linear.
const REACH: usize = 16;

/// True where a letter may stand in one token with the symbol at `at`: next to it, or behind other digits, signs and gaps.
fn is_near_latin(symbols: &[char], classes: &[Class], at: usize) -> bool {
    let is_part = |i: usize| {
        symbols
            .get(i)
            .is_some_and(|&s| classes[i] == Class::Latin || is_mask(s) || !leet(s).is_empty())
    };
    // Signs beside a symbol are no more of the same token for every plane.
    let is_solid = |i: usize| is_part(i) && (classes[i].is_word() || matches!(symbols[i], '@' | '$'));
    let is_lone = |i: usize| !is_solid(i + 1) && !i.checked_sub(1).is_some_and(is_solid);
    // Spaces part single symbols only.
    let goes_on = |i: usize| match symbols[i] {
        sign if parts_letters(sign) => true,
        ' ' => is_lone(i + 1) && i.checked_sub(1).is_some_and(is_lone),
        _ => is_part(i),
    };
    let finds = |mut places: &mut dyn Iterator<Item = usize>| {
        let mut steps = 0;
        let stop = (&mut places).find(|&i| {
            steps += 1;
            steps > REACH || classes[i] == Class::Latin || !goes_on(i)
        });
        stop.is_some_and(|i| steps > REACH || classes[i] == Class::Latin)
    };
    finds(&mut (0..at).rev()) || finds(&mut (at + 1..symbols.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{matching::Survey, text::fold};

    fn fed(terms: &[&str], text: &str) -> Fed {
        let (mut builder, mut folded) = (FeedBuilder::default(), Folded::default());
        builder.add_sound(&['微', '信']);
        for term in terms {
            fold(term, &mut folded);
            builder.add_shape(&Shape::of(&folded), Edges::new(None, folded.classes()));
        }
        fold(text, &mut folded);
        let rewrites = builder.rewrites();
        let feed = builder.build(rewrites);
        let (symbols, classes) = (folded.symbols(), folded.classes());
        let mut survey = Survey::default();
        survey.of(&feed, symbols, classes);
        feed.look(survey.glance(&feed, symbols, classes, 0..folded.len()), true, &folded)
    }

    #[test]
    fn clean_chat_feeds_nothing_but_the_look_at_latin_words() {
        let clean = fed(&["微信", "fuck"], "好的，明天见。see you, don't be late");
        assert_eq!(
            clean,
            Fed {
                syllables: true,
                ..Fed::default()
            }
        );
        assert_eq!(fed(&["微信", "fuck"], "好的，明天见。"), Fed::default());
        assert!(
            !fed(&["fuck"], "half up").skeleton,
            "neighbours across a space between words"
        );
    }

    #[test]
    fn neighbours_that_stand_apart_and_long_runs_feed_the_skeleton() {
        assert!(fed(&["微信"], "微-信").skeleton);
        assert!(fed(&["fuck"], "f u c k").skeleton);
        assert!(fed(&["fuck"], "f.uck").skeleton);
        assert!(fed(&["fuck"], "heyyy").skeleton);
        assert!(
            fed(&["stage"], "?5 t a g e").rewritten,
            "a sign beside a letter set apart"
        );
        assert!(
            fed(&["goal"], "6 o aaa l").rewritten,
            "letters set apart, one of them grown"
        );
        assert!(fed(&["sob"], "$s ooo b").rewritten, "the grown one has a sign among it");
        assert!(!fed(&["goal"], "love 4 u always").rewritten);
    }
}
