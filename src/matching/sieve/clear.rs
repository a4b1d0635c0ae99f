//! The first two stages over a text, a block of positions at a time.

use super::{
    filter::{Filters, Mixed},
    words::{Letters, Words, is_letter},
};
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

/// A set of a block's positions.
pub(crate) type Places = [u64; BLOCK / 64];

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

/// Calls `each` with every position of a text that the filters cannot clear and the bits of the heads that may stand there;
/// with `words` only those of whole words. O(symbols).
pub(super) fn clear(
    level: Level,
    filters: &Filters,
    words: Option<&Words>,
    symbols: &[char],
    mut each: impl FnMut(usize, u32),
) {
    let (mut left, mut letters) = ([0; BLOCK + SPARE], None);
    for at in (0..symbols.len()).step_by(BLOCK) {
        let block = Block {
            filters,
            words,
            symbols: &symbols[at..],
            after_letter: at > 0 && is_letter(u32::from(symbols[at - 1])),
        };
        let count = simd::clear_block(level, &block, &mut letters, &mut left);
        for candidate in &left[..count] {
            each(at + (candidate & PLACE) as usize, candidate & !PLACE);
        }
    }
}

/// The first so many positions of a block.
pub(crate) fn first_places(count: usize) -> Places {
    std::array::from_fn(|part| match count.saturating_sub(part * 64) {
        0 => 0,
        count @ 1..64 => (1 << count) - 1,
        _ => !0,
    })
}

/// The block, position by position: its candidates at the front of `left`, and their number. What `letters` holds is replaced.
pub(crate) fn scalar(block: &Block<'_>, letters: &mut Option<Letters>, left: &mut Left) -> usize {
    let (asked, mut count) = match block.words {
        None => (first_places(block.len()), 0),
        Some(words) => {
            let letters = letters.get_or_insert(Letters::NONE);
            letters.read(block.symbols);
            let count = words.clear(letters, block.after_letter, left);
            (letters.others(words.others, block.len()), count)
        }
    };
    for (part, mut asked) in (0..).step_by(64).zip(asked) {
        // Most are cleared here. No branch on it: which ones is as good as random.
        let mut ask = |place: u32, symbols: [char; 4]| {
            left[count] = place;
            let symbols = symbols.map(u32::from);
            count += usize::from(block.filters.passes_first(symbols[0], Mixed::new(symbols)));
        };
        // Where all 64 are asked, and the three symbols behind them are there too, they are gone through one by one.
        let whole = block
            .symbols
            .get(part as usize..)
            .and_then(|rest| rest.first_chunk::<{ 64 + 3 }>());
        if let Some(symbols) = whole.filter(|_| asked == !0) {
            for (place, four) in (part..).zip(symbols.windows(4)) {
                ask(place, [four[0], four[1], four[2], four[3]]);
            }
            continue;
        }
        while asked != 0 {
            let place = part + asked.trailing_zeros();
            let symbol = |i| block.symbols.get(place as usize + i).copied().unwrap_or('\0');
            ask(place, [symbol(0), symbol(1), symbol(2), symbol(3)]);
            asked &= asked - 1;
        }
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
