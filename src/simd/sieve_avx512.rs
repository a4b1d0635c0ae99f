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

use super::avx512::{first_lanes, iota, symbols_from, within};
use crate::matching::{
    bloom::Bloom,
    sieve::{
        clear::{BLOCK, Block, Left, Places, first_places},
        filter::{Filters, Head, MIX, WIDE},
        words::{DIGITS, LETTERS, Letters, ONES, Words},
    },
};

/// See [`super::clear_block`].
///
/// # Safety
/// The processor has the features.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,bmi1,bmi2,popcnt")]
pub(super) unsafe fn clear_block(block: &Block<'_>, letters: &mut Option<Letters>, left: &mut Left) -> usize {
    let (asked, mut count) = match block.words {
        None => (first_places(block.len()), 0),
        Some(words) => {
            let letters = letters.get_or_insert(Letters::NONE);
            read(letters, block.symbols);
            let count = starts(words, letters, block.after_letter, left);
            (
                letters.others(words.others, block.len()),
                words.keep(letters, left, count),
            )
        }
    };
    if asked != [0; BLOCK / 64] {
        count = first_stages(block, &asked, left, count);
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

/// Adds the asked positions that pass the first filter behind `count` others.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2,popcnt")]
fn first_stages(block: &Block<'_>, asked: &Places, left: &mut Left, mut count: usize) -> usize {
    let places = || (0..block.len()).step_by(16);
    let mut masks = [0_u16; BLOCK / 16];
    for (mask, place) in masks.iter_mut().zip(places()) {
        let asked = (asked[place / 64] >> (place % 64)) as u16;
        if asked != 0 {
            *mask = first_stage(block, place, asked);
        }
    }
    let iota = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    for (mask, place) in masks.into_iter().zip(places()) {
        let lanes = _mm512_add_epi32(iota, _mm512_set1_epi32(place as i32));
        count = push(left, count, mask, lanes);
    }
    count
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

/// Which of the asked positions, 16 from `at` on, pass the first filter.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2")]
fn first_stage(block: &Block<'_>, at: usize, asked: u16) -> u16 {
    let (filters, symbols) = (block.filters, block.symbols);
    let (a, b) = (symbols_from(symbols, at), symbols_from(symbols, at + 1));
    let narrow = _mm512_mask_cmplt_epu32_mask(asked, a, _mm512_set1_epi32(WIDE as i32));
    let pair = mix(_mm512_xor_si512(a, _mm512_slli_epi32::<16>(b)), MIX[0]);
    let two = finish(pair);
    if narrow == 0 || !filters.narrow {
        return perhaps(asked & !narrow, &filters.first, two);
    }
    let (c, d) = (symbols_from(symbols, at + 2), symbols_from(symbols, at + 3));
    let key = _mm512_mask_blend_epi32(narrow, two, four(pair, c, d));
    let mut passed = perhaps(asked, &filters.first, key);
    if let Some(short) = &filters.short {
        passed |= perhaps(narrow, short, two);
    }
    passed
}

/// As [`Letters::read`].
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi2")]
fn read(letters: &mut Letters, symbols: &[char]) {
    // Behind the last symbol come zeros, in the codes some steps of them.
    let end = symbols.len() + 16;
    for part in 0..BLOCK / 64 {
        let [mut places, mut digits, mut wide] = [0; 3];
        for at in (part * 64..end.min(part * 64 + 64)).step_by(16) {
            let here = symbols_from(symbols, at);
            let letter = copy_letters(letters, here, at);
            places |= u64::from(letter) << (at % 64);
            digits |= u64::from(within(here, &DIGITS)) << (at % 64);
            wide |= u64::from(_mm512_cmpge_epu32_mask(here, _mm512_set1_epi32(WIDE as i32))) << (at % 64);
        }
        (letters.places[part], letters.digits[part], letters.wide[part]) = (places, digits, wide);
    }
    if end > BLOCK {
        copy_letters(letters, symbols_from(symbols, BLOCK), BLOCK);
    }
}

/// Writes the codes of sixteen symbols from `at` on; which of them are letters.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn copy_letters(letters: &mut Letters, symbols: __m512i, at: usize) -> u16 {
    let is_letter = within(symbols, &LETTERS);
    let bytes = _mm512_maskz_cvtepi32_epi8(is_letter, symbols);
    let codes = &mut letters.codes[at..at + 16];
    // SAFETY: there are 16 bytes.
    unsafe { _mm_storeu_si128(codes.as_mut_ptr().cast(), bytes) };
    is_letter
}

/// The starts of words that the filter of words lets pass, as the first part of [`Words::clear`].
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,popcnt")]
fn starts(words: &Words, letters: &Letters, after_letter: bool, left: &mut Left) -> usize {
    let mut iota = iota();
    let mut places = [0_u8; BLOCK + 64];
    let mut starts = 0;
    for part in letters.starts(after_letter) {
        debug_assert!(starts + 64 <= places.len());
        // SAFETY: at most BLOCK places are ever stored, and 64 more bytes stand behind those.
        unsafe {
            _mm512_storeu_si512(
                places.as_mut_ptr().add(starts).cast(),
                _mm512_maskz_compress_epi8(part, iota),
            );
        }
        starts += part.count_ones() as usize;
        iota = _mm512_add_epi8(iota, _mm512_set1_epi8(64));
    }
    let mut count = 0;
    for (from, eight) in (0..starts).step_by(8).zip(places.as_chunks::<8>().0) {
        let valid = (0xFF_u32 >> (8 - (starts - from).min(8))) as u8;
        let place = _mm512_cvtepu8_epi64(_mm_cvtsi64_si128(i64::from_le_bytes(*eight)));
        let key = word_keys(letters, place);
        let passed = valid & perhaps_eight(&words.filter, key);
        debug_assert!(count + 16 <= left.len());
        // SAFETY: at most BLOCK places are ever stored, and 16 spare slots stand behind those.
        unsafe {
            _mm256_storeu_si256(
                left.as_mut_ptr().add(count).cast(),
                _mm256_maskz_compress_epi32(passed, _mm512_cvtepi64_epi32(place)),
            );
        }
        count += passed.count_ones() as usize;
    }
    count
}

/// The keys of the words that start at eight places of a block, 64 bits a lane of which the lower half counts.
#[inline]
#[target_feature(enable = "avx512f")]
fn word_keys(letters: &Letters, places: __m512i) -> __m512i {
    // SAFETY: places are below BLOCK, and more than eight bytes stand behind those.
    let eight = unsafe { _mm512_i64gather_epi64::<1>(places, letters.codes.as_ptr().cast()) };
    let ones = _mm512_set1_epi64(ONES as i64);
    // a & !b & c; then a & (b ^ c).
    let zeros = _mm512_ternarylogic_epi64::<0x20>(_mm512_sub_epi64(eight, ones), eight, _mm512_slli_epi64::<7>(ones));
    let before = _mm512_sub_epi64(zeros, _mm512_set1_epi64(1));
    let word = _mm512_ternarylogic_epi64::<0x60>(eight, zeros, before);
    let by = |multiplier: u32| _mm512_set1_epi64(i64::from(multiplier));
    let product = _mm512_add_epi64(
        _mm512_mul_epu32(word, by(MIX[0])),
        _mm512_mul_epu32(_mm512_srli_epi64::<32>(word), by(MIX[1])),
    );
    _mm512_xor_si512(product, _mm512_srli_epi64::<32>(product))
}

/// Which of eight lanes' keys, the lower half of each, may be in the filter.
#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn perhaps_eight(filter: &Bloom, keys: __m512i) -> u8 {
    let words = filter.words();
    debug_assert!(words.len().is_power_of_two());
    let word = _mm512_and_si512(keys, _mm512_set1_epi64((words.len() - 1) as i64));
    // SAFETY: the mask keeps every index below the number of words.
    let found = unsafe { _mm512_i64gather_epi32::<4>(word, words.as_ptr().cast()) };
    let keys = _mm512_cvtepi64_epi32(keys);
    let one = _mm256_set1_epi32(1);
    let bits = _mm256_or_si256(
        _mm256_sllv_epi32(one, _mm256_srli_epi32::<27>(keys)),
        _mm256_sllv_epi32(
            one,
            _mm256_and_si256(_mm256_srli_epi32::<22>(keys), _mm256_set1_epi32(31)),
        ),
    );
    _mm256_cmpeq_epi32_mask(_mm256_and_si256(found, bits), bits)
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
