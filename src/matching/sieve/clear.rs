//! The first two stages over a text, a block of positions at a time.

use super::filter::{Filters, Mixed, WIDE, Words, is_letter, word_key};
use super::heads::{Candidate, POSITION};
use crate::simd::{self, Level};

/// Positions a block: few enough that what is left of them lies beside it on the stack at no cost for a short message.
pub(crate) const BLOCK: usize = 256;

/// Kernels store full width: so many slots behind the last may be overwritten.
pub(crate) const SPARE: usize = 16;

/// What is left of a block.
pub(crate) type Left = [Candidate; BLOCK + SPARE];

/// Calls `each` with every position of a text that the filters cannot clear, in order; with `words` only those of whole words.
/// O(symbols).
pub(super) fn clear(
    level: Level,
    filters: &Filters,
    words: Option<&Words>,
    symbols: &[char],
    mut each: impl FnMut(Candidate),
) {
    let mut left = [0; BLOCK + SPARE];
    // Candidates have 29 bits for a position; texts have at most 64 Ki symbols and batches a few times that.
    let symbols = &symbols[..symbols.len().min(POSITION as usize)];
    for at in (0..symbols.len()).step_by(BLOCK) {
        let count = match level {
            Level::Scalar => scalar(filters, words, symbols, at, &mut left),
            Level::Avx2 | Level::Avx512 => simd::clear_block(level, filters, words, symbols, at, &mut left),
        };
        left[..count].iter().for_each(|&candidate| each(candidate));
    }
}

/// The block from `at` on, position by position.
pub(crate) fn scalar(filters: &Filters, words: Option<&Words>, symbols: &[char], at: usize, left: &mut Left) -> usize {
    let mut count = 0;
    let end = symbols.len().min(at + BLOCK);
    let mut after_letter = at > 0 && is_letter(u32::from(symbols[at - 1]));
    for position in at..end {
        let first = u32::from(symbols[position]);
        let letter = is_letter(first);
        let passed = match words {
            Some(words) if letter => !after_letter && words.words.perhaps(word_key(&symbols[position..])),
            Some(words) if first < WIDE && !words.others.may_begin(first) => false,
            _ => filters.passes_first(first, Mixed::at(symbols, position)),
        };
        // Most are cleared here. No branch on it: which ones is as good as random.
        left[count] = offset(position);
        count += usize::from(passed);
        after_letter = letter;
    }
    second(filters, symbols, left, count)
}

/// The second stage for the positions in `left`, which become candidates.
pub(crate) fn second(filters: &Filters, symbols: &[char], left: &mut Left, count: usize) -> usize {
    let mut kept = 0;
    for at in 0..count {
        let position = left[at];
        let heads = filters.second(Mixed::at(symbols, position as usize));
        left[kept] = position | heads;
        kept += usize::from(heads != 0);
    }
    kept
}

#[expect(clippy::cast_possible_truncation, reason = "positions have 29 bits")]
fn offset(at: usize) -> Candidate {
    at as u32
}
