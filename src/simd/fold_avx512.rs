//! The fold for AVX-512: 64 bytes of text a step, 16 characters a look-up.
//!
//! 1. Load 64 bytes. The bytes that are no continuation (`10xxxxxx`) start characters; the leads say where continuations must
//!    stand. Where they do not, or where a character lies over U+FFFF or beyond the block, the block is cut before it.
//! 2. Printable ASCII alone: lower case by an addition, classes by a permute of 128 bytes.
//! 3. Sixteen characters of three bytes each: one byte permute brings the bytes of each into its lane, shifts and masks make the code.
//! 4. Else compress the positions of the starts to the front; 16 of them at a time are widened, and a byte permute brings the bytes
//!    of each character into its lane.
//! 5. One gather brings symbol and class. Lanes that the table alone cannot decide, and forms that are too long, end the run.
//!
//! The validation is that of UTF-8 by leads and continuations; what lies above U+FFFF is left to the scalar code.

#![allow(
    clippy::wildcard_imports,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    reason = "intrinsics take bits as signed numbers, and must be inlined to be instructions"
)]

use std::arch::x86_64::*;

use super::{Stopped, avx512::iota};

/// The outputs: symbols (4 bytes each), classes (1), sources (4).
type Outputs = [*mut u8; 3];

/// See [`super::fold_run`].
///
/// # Safety
/// The processor has the features. `at <= bytes.len()`, and each output has room for `bytes.len() - at + SLACK` elements.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) unsafe fn run(
    table: &[u32; 0x1_0000],
    ascii: &[u8; 128],
    special: u8,
    bytes: &[u8],
    mut at: usize,
    out: Outputs,
) -> Stopped {
    let special = _mm512_set1_epi32((u32::from(special) << 24) as i32);
    // SAFETY: `ascii` has 128 bytes.
    let ascii = unsafe { [load(&ascii[..64]), load(&ascii[64..])] };
    let mut done = 0;
    loop {
        let rest = &bytes[at..];
        let valid = if rest.len() >= 64 { !0 } else { (1 << rest.len()) - 1 };
        // SAFETY: the mask reads only the bytes that are there.
        let block = unsafe { _mm512_maskz_loadu_epi8(valid, rest.as_ptr().cast()) };
        if is_printable(block, valid) {
            // SAFETY: at least as much room is left as there are bytes, and 64 more.
            unsafe { ascii_block(ascii, block, at, out, done) };
            let width = valid.count_ones() as usize;
            at += width;
            done += width;
            if width < 64 {
                return Stopped { at, symbols: done };
            }
            continue;
        }
        if let Some(codes) = sixteen_of_three(block, valid) {
            // SAFETY: every code is below 0x10000, the length of the table.
            let entries = unsafe { _mm512_i32gather_epi32::<4>(codes, table.as_ptr().cast()) };
            let short = _mm512_cmplt_epu32_mask(codes, _mm512_set1_epi32(0x800));
            let stop = u32::from(_mm512_cmpge_epu32_mask(entries, special) | short).trailing_zeros();
            let good = stop.min(16) as usize;
            let positions = _mm512_mullo_epi32(_mm512_cvtepu8_epi32(sixteen(iota(), 0)), _mm512_set1_epi32(3));
            // SAFETY: room as below.
            unsafe { store(entries, positions, good, at, out, done) };
            at += good * 3;
            done += good;
            if good < 16 {
                return Stopped { at, symbols: done };
            }
            continue;
        }
        let (todo, cut) = whole_characters(block, valid);
        let starts = _mm512_maskz_compress_epi8(todo, iota());
        let count = todo.count_ones() as usize;
        let mut lanes = 0;
        while lanes < count {
            let positions = _mm512_cvtepu8_epi32(sixteen(starts, lanes / 16));
            let (codes, long) = decode(block, positions);
            // SAFETY: every code is below 0x10000, the length of the table.
            let entries = unsafe { _mm512_i32gather_epi32::<4>(codes, table.as_ptr().cast()) };
            let stop = u32::from(_mm512_cmpge_epu32_mask(entries, special) | long).trailing_zeros();
            let good = (stop as usize).min(count - lanes).min(16);
            // SAFETY: room as above: fewer symbols than bytes have been written.
            unsafe { store(entries, positions, good, at, out, done + lanes) };
            lanes += 16;
            if good < 16 && lanes - 16 + good < count {
                let symbols = lanes - 16 + good;
                return Stopped {
                    at: at + nth_bit(todo, symbols),
                    symbols: done + symbols,
                };
            }
        }
        at += cut;
        done += count;
        if count == 0 {
            return Stopped { at, symbols: done };
        }
    }
}

/// 64 bytes of a slice that has them.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn load(bytes: &[u8]) -> __m512i {
    debug_assert!(bytes.len() >= 64);
    // SAFETY: the caller's.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

/// True where every valid byte is printable ASCII.
#[target_feature(enable = "avx512f,avx512bw")]
fn is_printable(block: __m512i, valid: u64) -> bool {
    let above = _mm512_sub_epi8(block, _mm512_set1_epi8(0x20));
    valid != 0 && _mm512_mask_cmpge_epu8_mask(valid, above, _mm512_set1_epi8(0x5F)) == 0
}

/// The codes of the first sixteen characters of a block, where each has three bytes as hanzi, kana, Hangul and their punctuation do.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn sixteen_of_three(block: __m512i, valid: u64) -> Option<__m512i> {
    const BYTES: u64 = (1 << 48) - 1;
    const LEADS: u64 = 0x2492_4924_9249;
    // The bytes 3 i, 3 i + 1, 3 i + 2 and one that does not matter.
    const SPREAD: [u8; 64] = {
        let mut spread = [0; 64];
        let mut i = 0;
        while i < 64 {
            spread[i] = (i / 4 * 3 + i % 4) as u8;
            i += 1;
        }
        spread
    };
    let continuations = _mm512_cmplt_epi8_mask(block, _mm512_set1_epi8(-64));
    let leads = _mm512_cmpeq_epi8_mask(
        _mm512_and_si512(block, _mm512_set1_epi8(0xF0_u8 as i8)),
        _mm512_set1_epi8(0xE0_u8 as i8),
    );
    if valid & BYTES != BYTES || leads & BYTES != LEADS || continuations & BYTES != BYTES & !LEADS {
        return None;
    }
    // SAFETY: 64 bytes.
    let spread = unsafe { load(&SPREAD) };
    Some(of_three(_mm512_permutexvar_epi8(spread, block)))
}

/// The codes of characters of three bytes, each in the lower bytes of a lane.
#[inline]
#[target_feature(enable = "avx512f")]
fn of_three(bytes: __m512i) -> __m512i {
    let set = |n: i32| _mm512_set1_epi32(n);
    let first = _mm512_slli_epi32::<12>(_mm512_and_si512(bytes, set(0x0F)));
    let second = _mm512_and_si512(_mm512_srli_epi32::<2>(bytes), set(0xFC0));
    let third = _mm512_and_si512(_mm512_srli_epi32::<16>(bytes), set(0x3F));
    _mm512_ternarylogic_epi32::<0xFE>(first, second, third)
}

/// Writes a block of printable ASCII.
///
/// # Safety
/// Each output has room for 64 elements from `done` on.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
unsafe fn ascii_block(
    ascii: [__m512i; 2],
    block: __m512i,
    at: usize,
    [symbols, classes, sources]: Outputs,
    done: usize,
) {
    let upper = _mm512_cmplt_epu8_mask(
        _mm512_sub_epi8(block, _mm512_set1_epi8(b'A' as i8)),
        _mm512_set1_epi8(26),
    );
    let lower = _mm512_mask_add_epi8(block, upper, block, _mm512_set1_epi8(0x20));
    let class = _mm512_permutex2var_epi8(ascii[0], lower, ascii[1]);
    let mut source = _mm512_add_epi32(_mm512_set1_epi32(at as i32), _mm512_cvtepu8_epi32(sixteen(iota(), 0)));
    // SAFETY: the caller's.
    unsafe {
        _mm512_storeu_si512(classes.add(done).cast(), class);
        for part in 0..4 {
            let slot = (done + part * 16) * 4;
            _mm512_storeu_si512(symbols.add(slot).cast(), _mm512_cvtepu8_epi32(sixteen(lower, part)));
            _mm512_storeu_si512(sources.add(slot).cast(), source);
            source = _mm512_add_epi32(source, _mm512_set1_epi32(16));
        }
    }
}

/// The `part`-th 16 bytes of 64.
#[inline]
#[target_feature(enable = "avx512f")]
fn sixteen(bytes: __m512i, part: usize) -> __m128i {
    match part {
        0 => _mm512_castsi512_si128(bytes),
        1 => _mm512_extracti32x4_epi32::<1>(bytes),
        2 => _mm512_extracti32x4_epi32::<2>(bytes),
        _ => _mm512_extracti32x4_epi32::<3>(bytes),
    }
}

/// The starts of the characters of a block that lie whole in it, up to the first that is malformed or above U+FFFF, and where the
/// first that is left begins.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi1,bmi2,lzcnt")]
fn whole_characters(block: __m512i, valid: u64) -> (u64, usize) {
    let at_least = |lead: u8| _mm512_cmpge_epu8_mask(block, _mm512_set1_epi8(lead as i8));
    let continuations = _mm512_cmplt_epi8_mask(block, _mm512_set1_epi8(-64));
    let starts = !continuations & valid;
    let (two, three, four) = (at_least(0xC0), at_least(0xE0), at_least(0xF0));
    // Continuations that must be there, and the first place where that is not what there is.
    let wanted = two << 1 | three << 2;
    let wrong = (wanted ^ continuations) & valid;
    let ends = valid.count_ones();
    let last = |bits: u32| !0_u64 << (ends - bits.min(ends)) & valid;
    let unfinished = two & last(1) | three & last(2);
    // A wrong byte spoils the character before it.
    let before = _bzhi_u64(starts, wrong.trailing_zeros());
    let spoilt = if wrong == 0 || before == 0 {
        u64::from(wrong != 0)
    } else {
        1 << before.ilog2()
    };
    let stops = unfinished | four | spoilt;
    let cut = stops.trailing_zeros().min(ends);
    (_bzhi_u64(starts, cut), cut as usize)
}

/// The codes of the characters that start at sixteen positions, and which of them are too long a form. Lanes of no character hold
/// some code below 0x10000.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn decode(block: __m512i, positions: __m512i) -> (__m512i, u16) {
    let set = |n: i32| _mm512_set1_epi32(n);
    // The byte numbers p, p + 1, p + 2, p + 3 in each lane.
    let spread = _mm512_shuffle_epi8(positions, _mm512_set4_epi32(0x0C0C_0C0C, 0x0808_0808, 0x0404_0404, 0));
    let bytes = _mm512_permutexvar_epi8(_mm512_add_epi8(spread, set(0x0302_0100)), block);
    let wide = _mm512_test_epi32_mask(bytes, set(0x80));
    let three = _mm512_mask_test_epi32_mask(wide, bytes, set(0x20));
    let of_two = _mm512_or_si512(
        _mm512_slli_epi32::<6>(_mm512_and_si512(bytes, set(0x1F))),
        _mm512_and_si512(_mm512_srli_epi32::<8>(bytes), set(0x3F)),
    );
    let codes = _mm512_mask_blend_epi32(wide, _mm512_and_si512(bytes, set(0x7F)), of_two);
    let codes = _mm512_mask_blend_epi32(three, codes, of_three(bytes));
    let long =
        _mm512_mask_cmplt_epu32_mask(wide, codes, set(0x80)) | _mm512_mask_cmplt_epu32_mask(three, codes, set(0x800));
    (codes, long)
}

/// Writes sixteen symbols, of which the first `good` count; in the places of the others stand zeros, which every type has.
///
/// # Safety
/// Each output has room for 16 elements from `done` on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi1,bmi2")]
unsafe fn store(entries: __m512i, positions: __m512i, good: usize, at: usize, out: Outputs, done: usize) {
    let [symbols, classes, sources] = out;
    let entries = _mm512_maskz_mov_epi32(_bzhi_u32(0xFFFF, good as u32) as u16, entries);
    let symbol = _mm512_and_si512(entries, _mm512_set1_epi32(0xFFFF));
    let class = _mm_and_si128(
        _mm512_cvtepi32_epi8(_mm512_srli_epi32::<24>(entries)),
        _mm_set1_epi8(0x0F),
    );
    let source = _mm512_add_epi32(positions, _mm512_set1_epi32(at as i32));
    // SAFETY: the caller's.
    unsafe {
        _mm512_storeu_si512(symbols.add(done * 4).cast(), symbol);
        _mm_storeu_si128(classes.add(done).cast(), class);
        _mm512_storeu_si512(sources.add(done * 4).cast(), source);
    }
}

/// The position of the set bit with this rank.
#[inline]
#[target_feature(enable = "bmi1,bmi2")]
fn nth_bit(bits: u64, rank: usize) -> usize {
    _pdep_u64(1 << rank, bits).trailing_zeros() as usize
}
