//! What the kernels for AVX2 share.

#![allow(
    clippy::wildcard_imports,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "intrinsics take bits as signed numbers"
)]

use std::{arch::x86_64::*, ops::Range};

/// The 8 symbols from `at` on, zeros behind the end.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn symbols_from(symbols: &[char], at: usize) -> __m256i {
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

/// The lanes that hold symbols of a range.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn is_within(symbols: __m256i, range: &Range<u32>) -> __m256i {
    let from = _mm256_cmpgt_epi32(symbols, _mm256_set1_epi32(range.start as i32 - 1));
    let to = _mm256_cmpgt_epi32(_mm256_set1_epi32(range.end as i32), symbols);
    _mm256_and_si256(from, to)
}

/// The lanes of a mask, as bits.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn lanes(mask: __m256i) -> u8 {
    _mm256_movemask_ps(_mm256_castsi256_ps(mask)) as u8
}
