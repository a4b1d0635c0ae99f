//! The fold: one pass over a text that yields symbols, their classes and the bytes they came from.
//!
//! The pass goes through runs of characters of equal length, which need no decision but what the table says, and hands
//! the first character that needs one to `special`. It validates UTF-8 as it goes. Everything here is scalar code and
//! safe; a kernel of `simd` takes the place of the runs where the machine has it, and this code is its oracle.

#![expect(
    clippy::inline_always,
    reason = "the loops over runs must take the decoders in, in every build with optimisation"
)]

use std::fmt;
use std::ops::Range;

use super::special::{Special, decode};
use super::table::{self, EXPAND, MAP_ONE};
use super::{Class, Folded};
use crate::simd::{self, Level, SLACK};

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
    // A `str` is UTF-8, so the pass cannot fail; if it could, the text would count for nothing.
    append_bytes(text.as_bytes(), out).unwrap_or(out.len..out.len)
}

/// Like [`append`], for bytes that nobody has validated yet. On an error `out` is as before.
pub fn append_bytes(bytes: &[u8], out: &mut Folded) -> Result<Range<usize>, NotUtf8> {
    append_bytes_at(Level::current(), bytes, out)
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

/// Folds like [`append_bytes`], with the instructions of one level, or of the widest that the machine has: for tests and
/// measurements.
pub fn append_bytes_at(level: Level, bytes: &[u8], out: &mut Folded) -> Result<Range<usize>, NotUtf8> {
    let start = out.len;
    let passed = match level.min(Level::widest()) {
        Level::Avx512 => pass(vector_run, bytes, out),
        Level::Avx2 | Level::Scalar => pass(scalar_run, bytes, out),
    };
    match passed {
        Ok(()) => Ok(start..out.len),
        Err(error) => {
            out.len = start;
            Err(error)
        }
    }
}

/// `run` folds characters from a byte on that need no decision but the table's, and returns where it stopped.
fn pass(run: impl Fn(&[u8], usize, &mut Folded) -> usize, bytes: &[u8], out: &mut Folded) -> Result<(), NotUtf8> {
    // Room for one symbol a byte; only an expansion can need more, and makes it.
    out.reserve(bytes.len());
    let mut special = Special::new(out.len);
    let mut at = 0;
    loop {
        at = run(bytes, at, out);
        if at == bytes.len() {
            return Ok(());
        }
        // Emoji come in groups, and no run takes them all.
        while {
            at = special.fold(bytes, at, out)?;
            bytes.get(at).is_some_and(|&byte| byte >= 0xF0)
        } {}
    }
}

fn vector_run(bytes: &[u8], at: usize, out: &mut Folded) -> usize {
    let free = out.free(bytes.len() - at + SLACK);
    let stopped = simd::fold_run(Level::Avx512, table::bmp(), &ASCII_CLASS, EXPAND, bytes, at, free);
    out.len += stopped.symbols;
    stopped.at
}

fn scalar_run(bytes: &[u8], mut at: usize, out: &mut Folded) -> usize {
    loop {
        at = plain_run(bytes, at, out);
        if !is_long_ascii(&bytes[at..]) {
            return at;
        }
        let stopped = ascii_run(bytes, at, out);
        if stopped == at {
            return at;
        }
        at = stopped;
    }
}

/// Folds from `at` on, as long as every character becomes one symbol and no long run of ASCII comes; returns where it stopped.
fn plain_run(bytes: &[u8], at: usize, out: &mut Folded) -> usize {
    let mut rest = &bytes[at..];
    let (symbols, classes, sources) = out.free(rest.len());
    let mut done = 0;
    for ((symbol, class), source) in symbols.iter_mut().zip(classes).zip(sources) {
        let (code, after) = match *rest {
            // A lead of E0 may start a form that is too long, so it stands below; Han, kana and hangul never have it.
            [a @ 0xE1..0xF0, b, c, ref after @ ..] if (b ^ 0x80) | (c ^ 0x80) < 0x40 => (
                u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F),
                after,
            ),
            [a @ 0..0x80, ref after @ ..] if !is_long_ascii(rest) => (u32::from(a), after),
            [a @ 0xC2..0xE0, b, ref after @ ..] if b & 0xC0 == 0x80 => {
                (u32::from(a & 0x1F) << 6 | u32::from(b & 0x3F), after)
            }
            [0x80..=0xFF, ..] => {
                // Above U+FFFF, after E0, or not UTF-8.
                let Some((c, meta, after)) = rare(rest) else { break };
                (*symbol, *class, *source) = (c, table::class(meta), offset(bytes.len() - rest.len()));
                rest = after;
                done += 1;
                continue;
            }
            _ => break,
        };
        // No branch on whether the character changes: in Chinese text every tenth does, being punctuation.
        let (meta, Some(c)) = table::fold_bmp(code) else { break };
        if meta >= EXPAND {
            break;
        }
        (*symbol, *class, *source) = (c, table::class(meta), offset(bytes.len() - rest.len()));
        rest = after;
        done += 1;
    }
    out.len += done;
    bytes.len() - rest.len()
}

/// A character by the careful way, if it becomes one symbol: the symbol, its meta and what follows.
fn rare(rest: &[u8]) -> Option<(char, u8, &[u8])> {
    let (c, width) = decode(rest, 0)?;
    let after = &rest[width..];
    match table::meta(c) {
        meta @ 0..MAP_ONE => Some((c, meta, after)),
        meta @ MAP_ONE..EXPAND => Some((table::symbol(c), meta, after)),
        _ => None,
    }
}

/// True where eight bytes of ASCII or more follow: worth the vector loop.
#[inline(always)]
fn is_long_ascii(rest: &[u8]) -> bool {
    rest.first_chunk()
        .is_some_and(|&eight| u64::from_le_bytes(eight) & 0x8080_8080_8080_8080 == 0)
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
    let (symbols, classes, sources) = out.free(rest.len());
    let mut done = 0;
    let into = symbols
        .as_chunks_mut::<16>()
        .0
        .iter_mut()
        .zip(classes.as_chunks_mut::<16>().0)
        .zip(sources.as_chunks_mut::<16>().0);
    for (block, ((symbols, classes), sources)) in rest.as_chunks::<16>().0.iter().zip(into) {
        if block.iter().fold(false, |odd, b| odd | !(0x20..0x7F).contains(b)) {
            break;
        }
        *symbols = block.map(|b| char::from(b.to_ascii_lowercase()));
        *classes = block.map(ascii_class);
        *sources = std::array::from_fn(|i| offset(at + done + i));
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
        *symbol = char::from(b.to_ascii_lowercase());
        *class = ascii_class(b);
        *source = offset(at + done);
        done += 1;
    }
    out.len += done;
    at + done
}

#[inline(always)]
fn ascii_class(b: u8) -> Class {
    Class::from_number(ASCII_CLASS[usize::from(b & 0x7F)])
}

/// The classes of ASCII, nearer at hand than the table; a test holds them against it.
static ASCII_CLASS: [u8; 128] = {
    let mut classes = [Class::SeparatorWeak as u8; 128];
    let mut b = 0_u8;
    while b < 128 {
        classes[b as usize] = match b {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Latin as u8,
            b'0'..=b'9' => Class::Digit as u8,
            b'!' | b'?' | b';' => Class::SeparatorStrong as u8,
            _ => Class::SeparatorWeak as u8,
        };
        b += 1;
    }
    classes
};
