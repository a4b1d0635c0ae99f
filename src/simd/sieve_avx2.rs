//! The first filter of the sieve for AVX2: 8 positions a look-up. What it leaves is too little for vectors of eight; the scalar code
//! asks the second filter.

#![allow(
    clippy::wildcard_imports,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "intrinsics take bits as signed numbers"
)]

use std::{arch::x86_64::*, ops::Range};

use crate::matching::{
    bloom::Bloom,
    sieve::{
        clear::{self, BLOCK, Block, Left},
        filter::{DIGITS, LETTERS, MIX, Others, WIDE, is_letter, word_key},
    },
};

/// See [`super::clear_block`].
///
/// # Safety
/// The processor has AVX2.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn clear_block(block: &Block<'_>, left: &mut Left) -> usize {
    let mut masks = [0_u8; BLOCK / 8];
    for (mask, place) in masks.iter_mut().zip((0..block.len()).step_by(8)) {
        *mask = first_stage(block, place);
    }
    let mut count = 0;
    for (eight, masks) in (0..).zip(masks.as_chunks::<8>().0) {
        let mut bits = u64::from_le_bytes(*masks);
        while bits != 0 {
            left[count] = eight * 64 + bits.trailing_zeros();
            count += 1;
            bits &= bits - 1;
        }
    }
    clear::second(block, left, count)
}

/// The 8 symbols from `at` on, zeros behind the end.
#[inline]
#[target_feature(enable = "avx2")]
fn symbols_from(symbols: &[char], at: usize) -> __m256i {
    if let Some(eight) = symbols.get(at..at + 8) {
        // SAFETY: there are eight.
        return unsafe { _mm256_loadu_si256(eight.as_ptr().cast()) };
    }
    let mut eight = [0_u32; 8];
    let there = symbols.get(at..).unwrap_or_default();
    eight
        .iter_mut()
        .zip(there)
        .for_each(|(to, &symbol)| *to = u32::from(symbol));
    // SAFETY: there are eight.
    unsafe { _mm256_loadu_si256(eight.as_ptr().cast()) }
}

/// Which of the 8 positions from `at` on pass the first filter.
#[inline]
#[target_feature(enable = "avx2")]
fn first_stage(block: &Block<'_>, at: usize) -> u8 {
    let (filters, symbols) = (block.filters, block.symbols);
    let there = (block.len() - at).min(8);
    let mut valid = (0xFF_u32 >> (8 - there)) as u8;
    let a = symbols_from(symbols, at);
    // Symbols have 21 bits, so a signed comparison will do.
    let is_narrow = _mm256_cmpgt_epi32(_mm256_set1_epi32(WIDE as i32), a);
    let mut narrow = lanes(is_narrow) & valid;
    let mut passed = 0;
    if let Some(words) = block.words {
        let letters = within(a, &LETTERS);
        let after_letter = match at {
            0 => block.after_letter,
            _ => is_letter(u32::from(symbols[at - 1])),
        };
        let mut starts = letters & !(letters << 1 | u8::from(after_letter)) & valid;
        while starts != 0 {
            let lane = starts.trailing_zeros();
            let key = word_key(&symbols[at + lane as usize..]);
            passed |= u8::from(words.words.perhaps(key)) << lane;
            starts &= starts - 1;
        }
        narrow &= match words.others {
            Others::None => 0,
            Others::Digits => within(a, &DIGITS),
            Others::Any => !letters,
        };
        valid &= narrow | !lanes(is_narrow);
        if valid == 0 {
            return passed;
        }
    }
    let b = symbols_from(symbols, at + 1);
    let pair = mix(_mm256_xor_si256(a, _mm256_slli_epi32::<16>(b)), MIX[0]);
    let two = finish(pair);
    if narrow == 0 {
        return passed | perhaps(&filters.first, two) & valid;
    }
    let c = symbols_from(symbols, at + 2);
    let d = symbols_from(symbols, at + 3);
    let key = _mm256_blendv_epi8(two, four(pair, c, d), is_narrow);
    passed |= perhaps(&filters.first, key) & valid;
    if let Some(short) = &filters.short {
        passed |= perhaps(short, two) & narrow;
    }
    passed
}

/// The lanes that hold symbols of a range.
#[inline]
#[target_feature(enable = "avx2")]
fn within(symbols: __m256i, range: &Range<u32>) -> u8 {
    let from = _mm256_cmpgt_epi32(symbols, _mm256_set1_epi32(range.start as i32 - 1));
    let to = _mm256_cmpgt_epi32(_mm256_set1_epi32(range.end as i32), symbols);
    lanes(_mm256_and_si256(from, to))
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

/// The lanes of a mask, as bits.
#[inline]
#[target_feature(enable = "avx2")]
fn lanes(mask: __m256i) -> u8 {
    _mm256_movemask_ps(_mm256_castsi256_ps(mask)) as u8
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
