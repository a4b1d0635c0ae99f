//! What the kernels for AVX-512 share.

#![allow(
    clippy::wildcard_imports,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "intrinsics take bits as signed numbers"
)]

use std::{arch::x86_64::*, ops::Range};

/// 0, 1, 2, ..., 63.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn iota() -> __m512i {
    const IOTA: [u8; 64] = {
        let mut iota = [0; 64];
        let mut i = 0;
        while i < 64 {
            iota[i] = i as u8;
            i += 1;
        }
        iota
    };
    // SAFETY: 64 bytes.
    unsafe { _mm512_loadu_si512(IOTA.as_ptr().cast()) }
}

/// The first so many lanes of 16.
#[inline]
#[target_feature(enable = "bmi2")]
pub(super) fn first_lanes(count: usize) -> u16 {
    _bzhi_u32(0xFFFF, count.min(16) as u32) as u16
}

/// The 16 symbols from `at` on, zeros behind the end.
#[inline]
#[target_feature(enable = "avx512f,bmi2")]
pub(super) fn symbols_from(symbols: &[char], at: usize) -> __m512i {
    let there = symbols.len().saturating_sub(at);
    if there >= 16 {
        // SAFETY: there are 16.
        return unsafe { _mm512_loadu_si512(symbols.as_ptr().add(at).cast()) };
    }
    // SAFETY: the mask reads only the symbols that are there; the address is at most one past the end, or not read at all.
    unsafe { _mm512_maskz_loadu_epi32(first_lanes(there), symbols.as_ptr().wrapping_add(at).cast()) }
}

/// The lanes that hold symbols of a range.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn within(symbols: __m512i, range: &Range<u32>) -> u16 {
    let above = _mm512_sub_epi32(symbols, _mm512_set1_epi32(range.start as i32));
    _mm512_cmplt_epu32_mask(above, _mm512_set1_epi32((range.end - range.start) as i32))
}
