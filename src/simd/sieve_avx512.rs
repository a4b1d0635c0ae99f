//! The filters of the sieve for AVX-512: 16 positions a look-up.
//!
//! 1. For 16 positions load the symbols there and those one behind; mix; one gather from the first filter. Where letters of an
//!    alphabet stand among them, the two symbols behind count too, and a second gather asks for short patterns if there are any.
//!    The answers go to fixed places, 16 bits each: an address that hung on what a gather brought would stall the next ones.
//! 2. Compress the positions whose bit stands.
//! 3. For 16 of those at a time gather the symbols and ask the second filter, once for each length of head that there is; compress again.

#![allow(
    clippy::wildcard_imports,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    reason = "intrinsics take bits as signed numbers"
)]

use std::arch::x86_64::*;

use super::avx512::{first_lanes, symbols_from, within};
use crate::matching::{
    bloom::Bloom,
    sieve::{
        clear::{BLOCK, Block, Left},
        filter::{DIGITS, Filters, Head, LETTERS, MIX, Others, WIDE, WORD, is_letter},
    },
};

/// See [`super::clear_block`].
///
/// # Safety
/// The processor has the features.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi1,bmi2,popcnt")]
pub(super) unsafe fn clear_block(block: &Block<'_>, left: &mut Left) -> usize {
    let places = || (0..block.len()).step_by(16);
    let mut masks = [0_u16; BLOCK / 16];
    let mut any = 0;
    for (mask, place) in masks.iter_mut().zip(places()) {
        *mask = first_stage(block, place);
        any |= *mask;
    }
    if any == 0 {
        return 0;
    }
    let mut count = 0;
    let iota = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    for (mask, place) in masks.into_iter().zip(places()) {
        let lanes = _mm512_add_epi32(iota, _mm512_set1_epi32(place as i32));
        count = push(left, count, mask, lanes);
    }
    let mut kept = 0;
    for from in (0..count).step_by(16) {
        debug_assert!(from + 16 <= left.len() && kept <= from);
        // SAFETY: `from` is below BLOCK, and 16 spare slots stand behind those.
        let places = unsafe { _mm512_loadu_si512(left.as_ptr().add(from).cast()) };
        let candidates = second_stage(block.filters, block.symbols, places, first_lanes(count - from));
        let heads = _mm512_test_epi32_mask(candidates, _mm512_set1_epi32((7_u32 << 29) as i32));
        kept = push(left, kept, heads, candidates);
    }
    kept
}

/// Adds the lanes of `mask` behind `count` values; returns how many there are then.
#[inline]
#[target_feature(enable = "avx512f,popcnt")]
fn push(left: &mut Left, count: usize, mask: u16, lanes: __m512i) -> usize {
    debug_assert!(count + 16 <= left.len());
    // SAFETY: at most BLOCK values are ever pushed, and 16 spare slots stand behind those.
    unsafe {
        _mm512_storeu_si512(
            left.as_mut_ptr().add(count).cast(),
            _mm512_maskz_compress_epi32(mask, lanes),
        );
    };
    count + mask.count_ones() as usize
}

/// Which of the 16 positions from `at` on pass the first filter.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2")]
fn first_stage(block: &Block<'_>, at: usize) -> u16 {
    let (filters, symbols) = (block.filters, block.symbols);
    let mut valid = first_lanes(block.len() - at);
    let a = symbols_from(symbols, at);
    let mut narrow = _mm512_mask_cmplt_epu32_mask(valid, a, _mm512_set1_epi32(WIDE as i32));
    let mut passed = 0;
    if let Some(words) = block.words {
        let letters = within(a, &LETTERS);
        let after_letter = match at {
            0 => block.after_letter,
            _ => is_letter(u32::from(symbols[at - 1])),
        };
        let starts = letters & !(letters << 1 | u16::from(after_letter)) & valid;
        if starts != 0 {
            passed = perhaps(starts, &words.words, word_keys(symbols, at, a, starts));
        }
        narrow &= match words.others {
            Others::None => 0,
            Others::Digits => within(a, &DIGITS),
            Others::Any => !letters,
        };
        valid &= narrow | _mm512_cmpge_epu32_mask(a, _mm512_set1_epi32(WIDE as i32));
        if valid == 0 {
            return passed;
        }
    }
    let b = symbols_from(symbols, at + 1);
    let pair = mix(_mm512_xor_si512(a, _mm512_slli_epi32::<16>(b)), MIX[0]);
    let two = finish(pair);
    if narrow == 0 {
        return passed | perhaps(valid, &filters.first, two);
    }
    let c = symbols_from(symbols, at + 2);
    let d = symbols_from(symbols, at + 3);
    let key = _mm512_mask_blend_epi32(narrow, two, four(pair, c, d));
    passed |= perhaps(valid, &filters.first, key);
    if let Some(short) = &filters.short {
        passed |= perhaps(narrow, short, two);
    }
    passed
}

/// The keys of the words that start in some lanes, as [`word_key`](crate::matching::sieve::filter::word_key) makes them.
#[inline]
#[target_feature(enable = "avx512f,bmi2")]
fn word_keys(symbols: &[char], at: usize, first: __m512i, starts: u16) -> __m512i {
    let code = |symbols| _mm512_sub_epi32(symbols, _mm512_set1_epi32(0x60));
    let (mut low, mut high) = (code(first), _mm512_setzero_si512());
    let mut alive = starts;
    for letter in 1..WORD {
        let symbols = symbols_from(symbols, at + letter);
        alive &= within(symbols, &LETTERS);
        let place = |letter: usize| _mm512_set1_epi32(letter as i32 * 5);
        if letter < 6 {
            low = _mm512_mask_or_epi32(low, alive, low, _mm512_sllv_epi32(code(symbols), place(letter)));
        } else {
            high = _mm512_mask_or_epi32(high, alive, high, _mm512_sllv_epi32(code(symbols), place(letter - 6)));
        }
    }
    finish(mix(_mm512_xor_si512(mix(low, MIX[0]), high), MIX[1]))
}

/// The candidates of places: with the bits of the heads that may stand there, none where the place is none.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2")]
fn second_stage(filters: &Filters, symbols: &[char], places: __m512i, valid: u16) -> __m512i {
    // No place of a block looks further ahead.
    let end = symbols.len().min(BLOCK + 3) as i32;
    let symbol = |ahead: i32| {
        let at = _mm512_add_epi32(places, _mm512_set1_epi32(ahead));
        let there = _mm512_mask_cmplt_epu32_mask(valid, at, _mm512_set1_epi32(end));
        // SAFETY: the mask reads only what lies before the end.
        unsafe { _mm512_mask_i32gather_epi32::<4>(_mm512_setzero_si512(), there, at, symbols.as_ptr().cast()) }
    };
    let (a, b, c) = (symbol(0), symbol(1), symbol(2));
    let pair = mix(_mm512_xor_si512(a, _mm512_slli_epi32::<16>(b)), MIX[0]);
    let mut candidates = _mm512_maskz_mov_epi32(valid, places);
    for head in Head::ALL {
        if !filters.heads[head as usize] {
            continue;
        }
        let key = match head {
            Head::Two => finish(mix(finish(pair), MIX[3])),
            Head::Three => finish(mix(_mm512_xor_si512(pair, c), MIX[1])),
            Head::Four => four(pair, c, symbol(3)),
        };
        let may_stand = perhaps(valid, &filters.second, key);
        candidates = _mm512_mask_or_epi32(candidates, may_stand, candidates, _mm512_set1_epi32(head.bit() as i32));
    }
    candidates
}

#[inline]
#[target_feature(enable = "avx512f")]
fn mix(symbols: __m512i, by: u32) -> __m512i {
    _mm512_mullo_epi32(symbols, _mm512_set1_epi32(by as i32))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn finish(mixed: __m512i) -> __m512i {
    _mm512_xor_si512(mixed, _mm512_srli_epi32::<16>(mixed))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn four(pair: __m512i, c: __m512i, d: __m512i) -> __m512i {
    finish(mix(
        _mm512_ternarylogic_epi32::<0x96>(pair, c, _mm512_slli_epi32::<16>(d)),
        MIX[2],
    ))
}

/// Which of the wanted lanes' keys may be in the filter.
#[inline]
#[target_feature(enable = "avx512f")]
fn perhaps(wanted: u16, filter: &Bloom, keys: __m512i) -> u16 {
    let words = filter.words();
    debug_assert!(words.len().is_power_of_two());
    let word = _mm512_and_si512(keys, _mm512_set1_epi32((words.len() - 1) as i32));
    // SAFETY: the mask keeps every index below the number of words.
    let found = unsafe { _mm512_i32gather_epi32::<4>(word, words.as_ptr().cast()) };
    let one = _mm512_set1_epi32(1);
    let five = _mm512_set1_epi32(31);
    let bits = _mm512_or_si512(
        _mm512_sllv_epi32(one, _mm512_srli_epi32::<27>(keys)),
        _mm512_sllv_epi32(one, _mm512_and_si512(_mm512_srli_epi32::<22>(keys), five)),
    );
    _mm512_mask_cmpeq_epi32_mask(wanted, _mm512_and_si512(found, bits), bits)
}
