//! Vector code: the kernels that look at many characters or symbols at once, and the choice between them.
//!
//! What lives here: the inner loops of the fold and of the sieve for AVX-512 and AVX2, and the only `unsafe` of the library. What
//! must not: any rule. Each kernel does what a scalar twin in `text` or `matching` does, which is its oracle and takes over
//! wherever a kernel stops; a kernel may stop anywhere, and knows tables only as numbers.
#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "intrinsics over raw pointers; each block says why it holds")
)]

use std::{fmt, str::FromStr, sync::OnceLock};

use crate::{
    matching::{
        marks::Marks,
        sieve::{
            clear::{self, Block, Left},
            words::Letters,
        },
        stream,
    },
    text::Class,
};

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod fold_avx512;
#[cfg(target_arch = "x86_64")]
mod marks_avx2;
#[cfg(target_arch = "x86_64")]
mod marks_avx512;
#[cfg(target_arch = "x86_64")]
mod sieve_avx2;
#[cfg(target_arch = "x86_64")]
mod sieve_avx512;

/// How wide the instructions are that the kernels use. Ordered: a wider one includes the narrower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No vector code of our own: every processor.
    Scalar,
    /// 256 bits: x86-64 processors since 2013.
    Avx2,
    /// 512 bits with byte permutes (VBMI, VBMI2): Intel since Ice Lake, AMD since Zen 4.
    Avx512,
}

/// The environment variable that forces a level: `scalar`, `avx2` or `avx512`.
pub const VARIABLE: &str = "TAMIS_SIMD";

impl Level {
    /// The level in use: what [`VARIABLE`] names where this machine has it, else the widest that the machine has. Read once.
    pub fn current() -> Self {
        static CURRENT: OnceLock<Level> = OnceLock::new();
        *CURRENT.get_or_init(|| {
            let wanted = Self::wanted().ok().flatten();
            wanted.map_or(Self::widest(), |wanted| wanted.min(Self::widest()))
        })
    }

    /// What [`VARIABLE`] names, `None` where it is not set; an error where no level has that name.
    pub fn wanted() -> Result<Option<Self>, String> {
        let name = std::env::var_os(VARIABLE);
        name.map(|name| name.to_string_lossy().parse()).transpose()
    }

    /// The widest level that this machine has.
    pub fn widest() -> Self {
        static WIDEST: OnceLock<Level> = OnceLock::new();
        *WIDEST.get_or_init(Self::detect)
    }

    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vbmi")
                && is_x86_feature_detected!("avx512vbmi2")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("lzcnt")
                && is_x86_feature_detected!("popcnt");
            if avx512 {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Avx2;
            }
        }
        Self::Scalar
    }

    /// Every level that this machine has, the narrowest first.
    pub fn available() -> impl Iterator<Item = Self> {
        [Self::Scalar, Self::Avx2, Self::Avx512]
            .into_iter()
            .filter(|&level| level <= Self::widest())
    }

    /// The level's name in [`VARIABLE`].
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        [Self::Scalar, Self::Avx2, Self::Avx512]
            .into_iter()
            .find(|level| level.as_str() == name)
            .ok_or_else(|| format!("{VARIABLE} is {name:?}; use scalar, avx2 or avx512"))
    }
}

/// Where a kernel of the fold stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped {
    /// The byte that it would have read next: always the first of a character, or the end, or what is no UTF-8.
    pub(crate) at: usize,
    /// How many symbols it wrote.
    pub(crate) symbols: usize,
}

/// So many slots behind the last symbol may be overwritten by a kernel's full-width stores.
pub(crate) const SLACK: usize = 64;

/// Folds characters from `at` on into the first slots of the three slices, as long as each becomes one symbol by the table alone.
/// `table` holds for each code below U+10000 the symbol, and in the upper byte its meta; metas below `special` need no more than the
/// table. Does nothing where the level has no kernel.
///
/// The slices have room for one symbol a byte from `at` on and [`SLACK`] more.
pub(crate) fn fold_run(
    level: Level,
    table: &[u32; 0x1_0000],
    ascii: &[u8; 128],
    special: u8,
    bytes: &[u8],
    at: usize,
    (symbols, classes, sources): (&mut [char], &mut [Class], &mut [u32]),
) -> Stopped {
    let room = bytes.len() - at + SLACK;
    assert!(symbols.len() >= room && classes.len() >= room && sources.len() >= room);
    match level.min(Level::widest()) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is at most what the machine has, and the assertion above holds the room that the kernel asks for.
        Level::Avx512 => unsafe {
            fold_avx512::run(
                table,
                ascii,
                special,
                bytes,
                at,
                [
                    symbols.as_mut_ptr().cast(),
                    classes.as_mut_ptr().cast(),
                    sources.as_mut_ptr().cast(),
                ],
            )
        },
        _ => Stopped { at, symbols: 0 },
    }
}

/// The positions of a block that the filters cannot clear, as [`clear::scalar`] finds them, in another order perhaps.
pub(crate) fn clear_block(level: Level, block: &Block<'_>, letters: &mut Option<Letters>, left: &mut Left) -> usize {
    match level.min(Level::widest()) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is at most what the machine has.
        Level::Avx512 => unsafe { sieve_avx512::clear_block(block, letters, left) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is at most what the machine has.
        Level::Avx2 => unsafe { sieve_avx2::clear_block(block, letters, left) },
        _ => clear::scalar(block, letters, left),
    }
}

/// The marks of at most 64 symbols from `at` on, as [`Marks::scalar`] finds them. There are as many classes as symbols.
pub(crate) fn marks(level: Level, symbols: &[char], classes: &[Class], at: usize) -> Marks {
    assert!(at < symbols.len() && symbols.len() == classes.len());
    match level.min(Level::widest()) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is at most what the machine has, and the assertion holds the rest.
        Level::Avx512 => unsafe { marks_avx512::marks(symbols, classes, at) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is at most what the machine has.
        Level::Avx2 => unsafe { marks_avx2::marks(symbols, classes, at) },
        _ => Marks::scalar(symbols, classes, at),
    }
}

/// The first white space that is no single space, as [`stream::squeezed_scalar`] finds it.
pub(crate) fn squeezed(level: Level, symbols: &[char]) -> Option<usize> {
    match level.min(Level::widest()) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is at most what the machine has.
        Level::Avx512 => unsafe { marks_avx512::squeezed(symbols) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is at most what the machine has.
        Level::Avx2 => unsafe { marks_avx2::squeezed(symbols) },
        _ => stream::squeezed_scalar(symbols),
    }
}
