//! The fold for AVX-512: 64 bytes of text a step, 16 characters a look-up.
//!
//! 1. Load 64 bytes. Where they begin with sixteen of printable ASCII or more: lower case by an addition, classes by a permute of 128
//!    bytes, and on behind those.
//! 2. Else the bytes that are no continuation (`10xxxxxx`) start characters; the leads say where continuations must stand. Where they do
//!    not, or where a character lies above U+FFFF, the block is cut before it.
//! 3. Compress the positions of the starts to the front and widen the first sixteen; a byte permute brings the bytes of each character into
//!    its lane, shifts and masks make the code.
//! 4. One gather brings symbol and class. Lanes that the table alone cannot decide, and forms that are too long, end the run.
//! 5. Go on where the seventeenth character starts. That is known long before the gather is done, so the next block does not wait for it.
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
    while at < bytes.len() {
        let rest = &bytes[at..];
        let valid = if rest.len() >= 64 { !0 } else { (1 << rest.len()) - 1 };
        // SAFETY: the mask reads only the bytes that are there.
        let block = unsafe { _mm512_maskz_loadu_epi8(valid, rest.as_ptr().cast()) };
        let printable = printable_run(block, valid);
        if printable >= rest.len().min(16) {
            // SAFETY: at least as much room is left as there are bytes, and 64 more.
            unsafe { ascii_block(ascii, block, at, out, done) };
            at += printable;
            done += printable;
            continue;
        }
        let (starts, end) = whole_characters(block, valid);
        let positions = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(_mm512_maskz_compress_epi8(starts, iota())));
        let (codes, long) = decode(block, positions);
        // SAFETY: every code is below 0x10000, the length of the table.
        let entries = unsafe { _mm512_i32gather_epi32::<4>(codes, table.as_ptr().cast()) };
        let stops = u32::from(_mm512_cmpge_epu32_mask(entries, special) | long).trailing_zeros();
        // What hangs on the gather comes late. So where and whether it goes on hangs on the block alone, but for the rare stop.
        let count = starts.count_ones().min(16) as usize;
        let good = count.min(stops as usize);
        // SAFETY: room as above: fewer symbols than bytes have been written.
        unsafe { store(entries, positions, good, at, out, done) };
        if good < count {
            let at = at + nth_bit(starts, good);
            return Stopped {
                at,
                symbols: done + good,
            };
        }
        at += nth_bit(starts, 16).min(end);
        done += count;
        if count < 16 {
            break;
        }
    }
    Stopped { at, symbols: done }
}

/// 64 bytes of a slice that has them.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn load(bytes: &[u8]) -> __m512i {
    debug_assert!(bytes.len() >= 64);
    // SAFETY: the caller's.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

/// How many bytes of printable ASCII a block begins with.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi1")]
fn printable_run(block: __m512i, valid: u64) -> usize {
    let above = _mm512_sub_epi8(block, _mm512_set1_epi8(0x20));
    let others = _mm512_cmpge_epu8_mask(above, _mm512_set1_epi8(0x5F)) | !valid;
    others.trailing_zeros() as usize
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

/// The starts of the characters of a block, up to the first that is malformed, above U+FFFF or cut off, and where that one begins. The end
/// of the block may cut off the last character of a text that goes on: there are more than sixteen before it then, and it is not read in this step.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi1,bmi2,lzcnt")]
fn whole_characters(block: __m512i, valid: u64) -> (u64, usize) {
    let at_least = |lead: u8| _mm512_cmpge_epu8_mask(block, _mm512_set1_epi8(lead as i8));
    let continuations = _mm512_cmplt_epi8_mask(block, _mm512_set1_epi8(-64));
    let starts = !continuations & valid;
    let (two, three, four) = (at_least(0xC0), at_least(0xE0), at_least(0xF0));
    // Continuations that must be there, and the places where that is not what there is: behind the end of the text there is none.
    let wrong = (two << 1 | three << 2) ^ continuations;
    if wrong | four == 0 {
        return (starts, valid.count_ones() as usize);
    }
    // A wrong byte spoils the character before it.
    let before = _bzhi_u64(starts, wrong.trailing_zeros());
    let spoilt = if before == 0 { 1 } else { 1 << before.ilog2() };
    let stops = four | if wrong == 0 { 0 } else { spoilt };
    let end = stops.trailing_zeros();
    (_bzhi_u64(starts, end), end as usize)
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
    // What each byte says beyond what it is; then the first two bytes of each as one number, and that with the third.
    let bits = _mm512_and_si512(bytes, set(0x003F_3F1F));
    let of_two = _mm512_maddubs_epi16(bits, set(0x0001_0140));
    let of_three = _mm512_madd_epi16(of_two, set(0x0001_0040));
    let of_more = _mm512_mask_blend_epi32(three, of_two, of_three);
    let codes = _mm512_mask_and_epi32(_mm512_and_si512(bytes, set(0x7F)), wide, of_more, set(0xFFFF));
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

/// The position of the set bit with this rank, 64 where there is none.
#[inline]
#[target_feature(enable = "bmi1,bmi2")]
fn nth_bit(bits: u64, rank: usize) -> usize {
    _pdep_u64(1 << rank, bits).trailing_zeros() as usize
}
