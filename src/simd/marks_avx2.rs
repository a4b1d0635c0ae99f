//! The marks of 64 symbols for AVX2: comparisons whose masks, 32 classes or 8 symbols at a time, are the answer.

#![allow(
    clippy::wildcard_imports,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "intrinsics take bits as signed numbers"
)]

use std::arch::x86_64::*;

use super::avx2::{is_within, lanes, symbols_from};
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
/// The processor has AVX2.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn marks(symbols: &[char], classes: &[Class], at: usize) -> Marks {
    let there = (symbols.len() - at).min(64);
    let valid = !0 >> (64 - there);
    let halves = halves(&classes[at..at + there]);
    let is = |wanted: Class| {
        let wanted = _mm256_set1_epi8(wanted as i8);
        let bits = halves.map(|half| u64::from(_mm256_movemask_epi8(_mm256_cmpeq_epi8(half, wanted)) as u32));
        (bits[0] | bits[1] << 32) & valid
    };
    let word = valid & !(is(Class::SeparatorWeak) | is(Class::SeparatorStrong));
    let (mut signs, mut same, mut blank) = (0, 0, 0);
    let space = _mm256_set1_epi32(0x20);
    for eight in (0..there).step_by(8) {
        let here = symbols_from(symbols, at + eight);
        let is_sign = _mm256_or_si256(is_within(here, &SIGNS[0]), is_within(here, &SIGNS[1]));
        signs |= u64::from(lanes(is_sign)) << eight;
        blank |= u64::from(lanes(_mm256_cmpeq_epi32(here, space))) << eight;
        let equal = match (at + eight).checked_sub(1) {
            Some(before) => lanes(_mm256_cmpeq_epi32(here, symbols_from(symbols, before))),
            // Before the first symbol stands none.
            None => (1..there.min(8)).fold(0, |same, i| same | u8::from(symbols[i] == symbols[i - 1]) << i),
        };
        same |= u64::from(equal) << eight;
    }
    Marks {
        word,
        latin: is(Class::Latin),
        digit: is(Class::Digit),
        mark: valid & !word & !blank,
        sign: signs & valid & !word,
        same: same & valid,
    }
}

/// At most 64 classes, zeros behind them.
#[inline]
#[target_feature(enable = "avx2")]
fn halves(classes: &[Class]) -> [__m256i; 2] {
    let mut all = [0_u8; 64];
    for (to, &class) in all.iter_mut().zip(classes) {
        *to = class as u8;
    }
    // SAFETY: each has 32 bytes.
    [0, 32].map(|from| unsafe { _mm256_loadu_si256(all.as_ptr().add(from).cast()) })
}

/// See [`super::squeezed`].
///
/// # Safety
/// The processor has AVX2.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn squeezed(symbols: &[char]) -> Option<usize> {
    let mut carry = 0;
    for at in (0..symbols.len()).step_by(8) {
        let here = symbols_from(symbols, at);
        let spaces = lanes(_mm256_cmpeq_epi32(here, _mm256_set1_epi32(0x20)));
        let odd = ODD.iter().fold(_mm256_setzero_si256(), |odd, range| {
            _mm256_or_si256(odd, is_within(here, range))
        });
        let found = lanes(odd) | spaces & (spaces << 1 | carry);
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize);
        }
        carry = spaces >> 7;
    }
    None
}
