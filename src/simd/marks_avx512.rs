//! The marks of 64 symbols for AVX-512: comparisons whose masks are the answer.

#![allow(
    clippy::wildcard_imports,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "intrinsics take bits as signed numbers"
)]

use std::arch::x86_64::*;

use super::avx512::{symbols_from, within};
use crate::{
    matching::{
        marks::{Marks, SIGNS},
        stream::ODD,
    },
    text::Class,
};

/// See [`super::marks`].
///
/// # Safety
/// The processor has the features; there are as many classes as symbols, and `at` is below their number.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi2")]
pub(super) unsafe fn marks(symbols: &[char], classes: &[Class], at: usize) -> Marks {
    let there = symbols.len() - at;
    let valid = if there >= 64 { !0 } else { (1_u64 << there) - 1 };
    // SAFETY: the mask reads only what is there; a class is a byte.
    let class = unsafe { _mm512_maskz_loadu_epi8(valid, classes.as_ptr().add(at).cast()) };
    let is = |wanted: Class| _mm512_mask_cmpeq_epu8_mask(valid, class, _mm512_set1_epi8(wanted as i8));
    let word = valid & !(is(Class::SeparatorWeak) | is(Class::SeparatorStrong));
    let (mut signs, mut same, mut blank) = (0, 0, 0);
    for quarter in 0..there.min(64).div_ceil(16) {
        let from = at + quarter * 16;
        let lanes = (valid >> (quarter * 16)) as u16;
        let here = symbols_from(symbols, from);
        // Before the first symbol stands none; a lane may be masked off whose address lies before the text.
        let inside = if from == 0 { lanes & !1 } else { lanes };
        // SAFETY: the mask reads only what is there: with `from` 0 not the lane before the first.
        let before =
            unsafe { _mm512_maskz_loadu_epi32(inside, symbols.as_ptr().wrapping_add(from).wrapping_sub(1).cast()) };
        signs |= u64::from(within(here, &SIGNS[0]) | within(here, &SIGNS[1])) << (quarter * 16);
        blank |= u64::from(_mm512_mask_cmpeq_epi32_mask(lanes, here, _mm512_set1_epi32(0x20))) << (quarter * 16);
        same |= u64::from(_mm512_mask_cmpeq_epi32_mask(inside, here, before)) << (quarter * 16);
    }
    Marks {
        word,
        latin: is(Class::Latin),
        digit: is(Class::Digit),
        mark: valid & !word & !blank,
        sign: signs & valid & !word,
        same,
    }
}

/// See [`super::squeezed`].
///
/// # Safety
/// The processor has the features.
#[target_feature(enable = "avx512f,bmi1,bmi2")]
pub(super) unsafe fn squeezed(symbols: &[char]) -> Option<usize> {
    // One of few symbols lies between the first of these and the last; only then are all asked.
    let [low, rest @ ..] = &ODD;
    let above = rest[0].start..rest[rest.len() - 1].end;
    let is_space = |symbols| _mm512_cmpeq_epi32_mask(symbols, _mm512_set1_epi32(0x20));
    let mut last = _mm512_setzero_si512();
    for at in (0..symbols.len()).step_by(16) {
        let here = symbols_from(symbols, at);
        let before = _mm512_alignr_epi32::<15>(here, last);
        let doubled = is_space(here) & is_space(before);
        if doubled | within(here, low) | within(here, &above) != 0 {
            let found = ODD.iter().fold(doubled, |found, odd| found | within(here, odd));
            if found != 0 {
                return Some(at + found.trailing_zeros() as usize);
            }
        }
        last = here;
    }
    None
}
