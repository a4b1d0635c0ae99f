//! The first two stages over a text, a block of positions at a time.

use super::filter::{Filters, Mixed, WIDE, Words, is_letter, word_key};
use crate::simd::{self, Level};

/// Positions a block: few enough that what is left of them lies beside it on the stack at no cost for a short message.
pub(crate) const BLOCK: usize = 256;

/// Kernels store full width: so many slots behind the last may be overwritten.
pub(crate) const SPARE: usize = 16;

/// A position that the filters cannot clear: its place in the block in the lower 29 bits, the heads that may stand there above.
pub(crate) type Candidate = u32;

/// What is left of a block.
pub(crate) type Left = [Candidate; BLOCK + SPARE];

/// The bits of a [`Candidate`] that hold the place.
const PLACE: Candidate = (1 << 29) - 1;

/// A block of positions, and what they are asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block<'a> {
    pub(crate) filters: &'a Filters,
    /// Given where only whole words count.
    pub(crate) words: Option<&'a Words>,
    /// The text from the block's first position on, to the end.
    pub(crate) symbols: &'a [char],
    /// Whether the symbol before is a letter.
    pub(crate) after_letter: bool,
}

impl Block<'_> {
    /// The number of its positions.
    pub(crate) fn len(&self) -> usize {
        self.symbols.len().min(BLOCK)
    }
}

/// Calls `each` with every position of a text that the filters cannot clear and the bits of the heads that may stand there, in order;
/// with `words` only those of whole words. O(symbols).
pub(super) fn clear(
    level: Level,
    filters: &Filters,
    words: Option<&Words>,
    symbols: &[char],
    mut each: impl FnMut(usize, u32),
) {
    let mut left = [0; BLOCK + SPARE];
    for at in (0..symbols.len()).step_by(BLOCK) {
        let block = Block {
            filters,
            words,
            symbols: &symbols[at..],
            after_letter: at > 0 && is_letter(u32::from(symbols[at - 1])),
        };
        let count = simd::clear_block(level, &block, &mut left);
        for candidate in &left[..count] {
            each(at + (candidate & PLACE) as usize, candidate & !PLACE);
        }
    }
}

/// The block, position by position: its candidates at the front of `left`, and their number.
pub(crate) fn scalar(block: &Block<'_>, left: &mut Left) -> usize {
    let mut count = 0;
    let mut after_letter = block.after_letter;
    for (place, at) in (0..).zip(0..block.len()) {
        let first = u32::from(block.symbols[at]);
        let letter = is_letter(first);
        let passed = match block.words {
            Some(words) if letter => !after_letter && words.words.perhaps(word_key(&block.symbols[at..])),
            Some(words) if first < WIDE && !words.others.may_begin(first) => false,
            _ => block.filters.passes_first(first, Mixed::at(block.symbols, at)),
        };
        // Most are cleared here. No branch on it: which ones is as good as random.
        left[count] = place;
        count += usize::from(passed);
        after_letter = letter;
    }
    second(block, left, count)
}

/// The second stage for the places in `left`, which become candidates.
pub(crate) fn second(block: &Block<'_>, left: &mut Left, count: usize) -> usize {
    let mut kept = 0;
    for at in 0..count {
        let place = left[at];
        let heads = block.filters.second(Mixed::at(block.symbols, place as usize));
        left[kept] = place | heads;
        kept += usize::from(heads != 0);
    }
    kept
}
