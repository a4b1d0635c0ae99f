//! The fold: one pass over a text that yields symbols, their classes and the bytes they came from.
//!
//! The pass goes through runs of characters of equal length, which need no decision but what the table says, and hands
//! the first character that needs one to `special`. It validates UTF-8 as it goes. Everything here is scalar code and
//! safe; a vector form would replace the runs, and this one would be its oracle.

#![expect(
    clippy::inline_always,
    reason = "the loops over runs must take the decoders in, in every build with optimisation"
)]

use std::fmt;
use std::ops::Range;

use super::special::Special;
use super::table::{self, EXPAND, MAP_ONE};
use super::{Class, Folded};

/// Folds `text` into `out`, replacing what was there. Linear in the length of `text`; allocates only while `out` grows.
///
/// ```
/// use tamis::text::{Folded, fold};
///
/// let mut out = Folded::default();
/// fold("Ｆⓤ\u{200B}с🅺 繁體", &mut out);
/// assert_eq!(out.symbols().iter().collect::<String>(), "fuck 繁体");
/// assert_eq!(out.sources(), [0, 3, 9, 11, 15, 16, 19]);
/// ```
pub fn fold(text: &str, out: &mut Folded) {
    out.clear();
    append(text, out);
}

/// Folds `text` behind what `out` holds already, and returns where its symbols stand. Nothing joins across the border:
/// the text folds as it would by itself, and its offsets count from its own start.
pub fn append(text: &str, out: &mut Folded) -> Range<usize> {
    let start = out.len;
    // A `str` is UTF-8, so the pass cannot fail; if it could, the text would count for nothing.
    if pass(text.as_bytes(), out).is_err() {
        out.len = start;
    }
    start..out.len
}

/// Like [`append`], for bytes that nobody has validated yet. On an error `out` is as before.
pub fn append_bytes(bytes: &[u8], out: &mut Folded) -> Result<Range<usize>, NotUtf8> {
    let start = out.len;
    match pass(bytes, out) {
        Ok(()) => Ok(start..out.len),
        Err(error) => {
            out.len = start;
            Err(error)
        }
    }
}

/// The bytes are no UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUtf8 {
    /// The offset of the first byte that belongs to no character.
    pub at: usize,
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not UTF-8 from byte {} on", self.at)
    }
}

impl std::error::Error for NotUtf8 {}

fn pass(bytes: &[u8], out: &mut Folded) -> Result<(), NotUtf8> {
    // Room for one symbol a byte; only an expansion can need more, and makes it.
    out.reserve(bytes.len());
    let mut special = Special::new(out.len);
    let mut at = 0;
    while let Some(&lead) = bytes.get(at) {
        let stopped = match lead {
            0x00..0x80 => ascii_run(bytes, at, out),
            0xE0..0xF0 => run(bytes, at, out, three_bytes),
            0xC2..0xE0 => run(bytes, at, out, two_bytes),
            _ => run(bytes, at, out, four_bytes),
        };
        // A run that got nowhere stopped at its first character.
        at = if stopped == at {
            special.fold(bytes, at, out)?
        } else {
            stopped
        };
    }
    Ok(())
}

/// Offsets are kept in 32 bits.
#[inline(always)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "texts and terms are limited to far less than 4 GiB"
)]
pub(super) fn offset(at: usize) -> u32 {
    at as u32
}

/// Folds printable ASCII from `at` on; returns where it stopped.
fn ascii_run(bytes: &[u8], at: usize, out: &mut Folded) -> usize {
    let rest = &bytes[at..];
    let (start, end) = (out.len, out.len + rest.len());
    let (symbols, classes, sources) = (
        &mut out.symbols[start..end],
        &mut out.classes[start..end],
        &mut out.sources[start..end],
    );
    let mut done = 0;
    // Sixteen at a time: each of these loops becomes a few vector instructions.
    let blocks = rest.as_chunks::<16>().0.iter();
    let into = symbols
        .as_chunks_mut::<16>()
        .0
        .iter_mut()
        .zip(classes.as_chunks_mut::<16>().0)
        .zip(sources.as_chunks_mut::<16>().0);
    for (block, ((symbols, classes), sources)) in blocks.zip(into) {
        if block.iter().fold(false, |odd, &b| odd | !(0x20..0x7F).contains(&b)) {
            break;
        }
        for i in 0..16 {
            symbols[i] = char::from(block[i].to_ascii_lowercase());
            classes[i] = ascii_class(block[i]);
            sources[i] = offset(at + done + i);
        }
        done += 16;
    }
    let tail = symbols[done..]
        .iter_mut()
        .zip(&mut classes[done..])
        .zip(&mut sources[done..]);
    for (&b, ((symbol, class), source)) in rest[done..].iter().zip(tail) {
        if !(0x20..0x7F).contains(&b) {
            break;
        }
        (*symbol, *class, *source) = (char::from(b.to_ascii_lowercase()), ascii_class(b), offset(at + done));
        done += 1;
    }
    out.len += done;
    at + done
}

/// The class of a printable ASCII character; a test holds it against the table.
#[inline(always)]
fn ascii_class(b: u8) -> Class {
    if b.is_ascii_alphabetic() {
        Class::Latin
    } else if b.is_ascii_digit() {
        Class::Digit
    } else if matches!(b, b'!' | b'?' | b';') {
        Class::SeparatorStrong
    } else {
        Class::SeparatorWeak
    }
}

/// Folds characters of `N` bytes from `at` on, as long as `decode` takes them and each becomes one symbol.
#[inline(always)]
fn run<const N: usize>(bytes: &[u8], at: usize, out: &mut Folded, decode: fn([u8; N]) -> Option<(char, u8)>) -> usize {
    let characters = bytes[at..].as_chunks::<N>().0;
    let (start, end) = (out.len, out.len + characters.len());
    let into = out.symbols[start..end]
        .iter_mut()
        .zip(&mut out.classes[start..end])
        .zip(&mut out.sources[start..end]);
    let mut done = 0;
    for (&character, ((symbol, class), source)) in characters.iter().zip(into) {
        let Some((c, meta)) = decode(character) else { break };
        if meta >= EXPAND {
            break;
        }
        *symbol = if meta < MAP_ONE { c } else { table::symbol(c) };
        *class = table::class(meta);
        *source = offset(at + done * N);
        done += 1;
    }
    out.len += done;
    at + done * N
}

#[inline(always)]
fn two_bytes([a, b]: [u8; 2]) -> Option<(char, u8)> {
    if !(0xC2..0xE0).contains(&a) || b & 0xC0 != 0x80 {
        return None;
    }
    let code = u16::from(a & 0x1F) << 6 | u16::from(b & 0x3F);
    Some((char::from_u32(u32::from(code))?, table::meta_bmp(code)))
}

#[inline(always)]
fn three_bytes([a, b, c]: [u8; 3]) -> Option<(char, u8)> {
    let wide = u32::from_le_bytes([a, b, c, 0]);
    let code = u16::from(a & 0x0F) << 12 | u16::from(b & 0x3F) << 6 | u16::from(c & 0x3F);
    if wide & 0xC0_C0F0 != 0x80_80E0 || code < 0x800 {
        return None;
    }
    Some((char::from_u32(u32::from(code))?, table::meta_bmp(code)))
}

#[inline(always)]
fn four_bytes([a, b, c, d]: [u8; 4]) -> Option<(char, u8)> {
    let wide = u32::from_le_bytes([a, b, c, d]);
    let code = u32::from(a & 0x07) << 18 | u32::from(b & 0x3F) << 12 | u32::from(c & 0x3F) << 6 | u32::from(d & 0x3F);
    if wide & 0xC0C0_C0F8 != 0x8080_80F0 || code < 0x1_0000 {
        return None;
    }
    let c = char::from_u32(code)?;
    Some((c, table::meta(c)))
}
