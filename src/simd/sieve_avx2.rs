//! The first filter of the sieve for AVX2: 8 positions a look-up. What it leaves is too little for vectors of eight; the scalar code
//! asks the second filter.

#![allow(
    clippy::wildcard_imports,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "intrinsics take bits as signed numbers"
)]

use std::arch::x86_64::*;

use super::avx2::{is_within, lanes, symbols_from};
use crate::matching::{
    bloom::Bloom,
    sieve::{
        clear::{self, BLOCK, Block, Left, first_places},
        filter::{MIX, WIDE},
        words::{DIGITS, LETTERS, Letters},
    },
};

/// See [`super::clear_block`].
///
/// # Safety
/// The processor has AVX2.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn clear_block(block: &Block<'_>, letters: &mut Option<Letters>, left: &mut Left) -> usize {
    let (asked, mut count) = match block.words {
        None => (first_places(block.len()), 0),
        Some(words) => {
            let letters = letters.get_or_insert(Letters::NONE);
            read(letters, block.symbols);
            let count = words.clear(letters, block.after_letter, left);
            (letters.others(words.others, block.len()), count)
        }
    };
    let mut masks = [[0; 8]; BLOCK / 64];
    let asked = asked.map(u64::to_le_bytes);
    let eights = masks.as_flattened_mut().iter_mut().zip(asked.as_flattened());
    for (place, (mask, &asked)) in (0..).step_by(8).zip(eights) {
        if asked != 0 {
            *mask = first_stage(block, place, asked);
        }
    }
    for (part, mask) in (0..).step_by(64).zip(masks) {
        let mut bits = u64::from_le_bytes(mask);
        while bits != 0 {
            left[count] = part + bits.trailing_zeros();
            count += 1;
            bits &= bits - 1;
        }
    }
    clear::second(block, left, count)
}

/// Which of the asked positions, 8 from `at` on, pass the first filter.
#[inline]
#[target_feature(enable = "avx2")]
fn first_stage(block: &Block<'_>, at: usize, asked: u8) -> u8 {
    let (filters, symbols) = (block.filters, block.symbols);
    let (a, b) = (symbols_from(symbols, at), symbols_from(symbols, at + 1));
    let is_narrow = is_narrow(a);
    let narrow = lanes(is_narrow) & asked;
    let pair = mix(_mm256_xor_si256(a, _mm256_slli_epi32::<16>(b)), MIX[0]);
    let two = finish(pair);
    if narrow == 0 || !filters.narrow {
        return perhaps(&filters.first, two) & asked & !narrow;
    }
    let (c, d) = (symbols_from(symbols, at + 2), symbols_from(symbols, at + 3));
    let key = _mm256_blendv_epi8(two, four(pair, c, d), is_narrow);
    let mut passed = perhaps(&filters.first, key) & asked;
    if let Some(short) = &filters.short {
        passed |= perhaps(short, two) & narrow;
    }
    passed
}

/// As [`Letters::read`].
#[inline]
#[target_feature(enable = "avx2")]
fn read(letters: &mut Letters, symbols: &[char]) {
    (letters.places, letters.digits, letters.wide) = ([0; BLOCK / 64], [0; BLOCK / 64], [0; BLOCK / 64]);
    // Some steps beyond the end, for zeros.
    let (there, end) = (symbols.len().min(BLOCK), symbols.len() + 16);
    for at in (0..end.min(letters.codes.len())).step_by(8) {
        let here = symbols_from(symbols, at);
        let is_letter = is_within(here, &LETTERS);
        // The lowest byte of each lane, four to a half, then both halves side by side.
        let bytes = _mm256_shuffle_epi8(
            _mm256_and_si256(here, is_letter),
            _mm256_set1_epi64x(0x0808_0808_0C08_0400),
        );
        let eight = _mm256_extract_epi64::<0>(bytes) & 0xFFFF_FFFF | _mm256_extract_epi64::<2>(bytes) << 32;
        letters.codes[at..at + 8].copy_from_slice(&eight.to_le_bytes());
        if at < there {
            let digits = lanes(is_within(here, &DIGITS));
            letters.note(at, [lanes(is_letter), digits, !lanes(is_narrow(here))].map(u64::from));
        }
    }
}

/// The lanes below [`WIDE`]. Symbols have 21 bits, so a signed comparison will do.
#[inline]
#[target_feature(enable = "avx2")]
fn is_narrow(symbols: __m256i) -> __m256i {
    _mm256_cmpgt_epi32(_mm256_set1_epi32(WIDE as i32), symbols)
}

#[inline]
#[target_feature(enable = "avx2")]
fn mix(symbols: __m256i, by: u32) -> __m256i {
    _mm256_mullo_epi32(symbols, _mm256_set1_epi32(by as i32))
}

#[inline]
#[target_feature(enable = "avx2")]
fn finish(mixed: __m256i) -> __m256i {
    _mm256_xor_si256(mixed, _mm256_srli_epi32::<16>(mixed))
}

#[inline]
#[target_feature(enable = "avx2")]
fn four(pair: __m256i, c: __m256i, d: __m256i) -> __m256i {
    let tail = _mm256_xor_si256(c, _mm256_slli_epi32::<16>(d));
    finish(mix(_mm256_xor_si256(pair, tail), MIX[2]))
}

/// Which lanes' keys may be in the filter.
#[inline]
#[target_feature(enable = "avx2")]
fn perhaps(filter: &Bloom, keys: __m256i) -> u8 {
    let words = filter.words();
    debug_assert!(words.len().is_power_of_two());
    let word = _mm256_and_si256(keys, _mm256_set1_epi32((words.len() - 1) as i32));
    // SAFETY: the mask keeps every index below the number of words.
    let found = unsafe { _mm256_i32gather_epi32::<4>(words.as_ptr().cast(), word) };
    let one = _mm256_set1_epi32(1);
    let bits = _mm256_or_si256(
        _mm256_sllv_epi32(one, _mm256_srli_epi32::<27>(keys)),
        _mm256_sllv_epi32(
            one,
            _mm256_and_si256(_mm256_srli_epi32::<22>(keys), _mm256_set1_epi32(31)),
        ),
    );
    lanes(_mm256_cmpeq_epi32(_mm256_and_si256(found, bits), bits))
}
