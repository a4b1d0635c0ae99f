//! The filters of the sieve: what a text position must pass before anything exact is asked.
//!
//! A position that begins a pattern always passes; others pass rarely.

use crate::matching::bloom::Bloom;

/// Symbols from here on are Chinese characters, kana, Hangul and the like: two of them already say much. Those below are letters
/// of alphabets, digits and signs.
pub(crate) const WIDE: u32 = 0x2E80;

/// The multipliers that mix symbols: odd, their bits without a pattern (those of xxHash32).
pub(crate) const MIX: [u32; 4] = [0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D, 0x27D4_EB2F];

/// How long a head is: two, three or four symbols, the last for all longer patterns too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    Two,
    Three,
    Four,
}

impl Head {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Two, Self::Three, Self::Four];

    /// The head of a pattern of so many symbols; `None` for a single one, which has none.
    pub(crate) fn of(length: usize) -> Option<Self> {
        match length {
            0 | 1 => None,
            2 => Some(Self::Two),
            3 => Some(Self::Three),
            _ => Some(Self::Four),
        }
    }

    /// Its number of symbols.
    pub(crate) fn symbols(self) -> usize {
        self as usize + 2
    }

    /// The bit that stands for it in a [`Candidate`](super::clear::Candidate).
    pub(crate) fn bit(self) -> u32 {
        1 << (29 + self as u32)
    }
}

/// The first four symbols at a position, mixed. Zeros stand beyond the end of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mixed {
    pair: u32,
    third: u32,
    fourth: u32,
}

impl Mixed {
    #[inline]
    pub(crate) fn new([a, b, c, d]: [u32; 4]) -> Self {
        Self {
            pair: (a ^ b << 16).wrapping_mul(MIX[0]),
            third: c,
            fourth: d,
        }
    }

    /// The mixed symbols of the text at `at`.
    #[inline]
    pub(crate) fn at(symbols: &[char], at: usize) -> Self {
        let symbol = |i| symbols.get(at + i).map_or(0, |&symbol| u32::from(symbol));
        Self::new([symbol(0), symbol(1), symbol(2), symbol(3)])
    }

    /// The key of the first two symbols for the first filter.
    #[inline]
    pub(crate) fn two(self) -> u32 {
        self.pair ^ self.pair >> 16
    }

    /// The key of the first four symbols for the first filter and the second.
    #[inline]
    pub(crate) fn four(self) -> u32 {
        let mixed = (self.pair ^ self.third ^ self.fourth << 16).wrapping_mul(MIX[2]);
        mixed ^ mixed >> 16
    }

    /// The key of a head for the second filter and the exact look-up.
    #[inline]
    pub(crate) fn head(self, head: Head) -> u32 {
        match head {
            Head::Two => {
                let mixed = self.two().wrapping_mul(MIX[3]);
                mixed ^ mixed >> 16
            }
            Head::Three => {
                let mixed = (self.pair ^ self.third).wrapping_mul(MIX[1]);
                mixed ^ mixed >> 16
            }
            Head::Four => self.four(),
        }
    }
}

/// The filters of both stages.
#[derive(Debug)]
pub(crate) struct Filters {
    /// By the first two symbols where the first is wide, by the first four where it is not.
    pub(crate) first: Bloom,
    /// The first two symbols of patterns of two or three that begin with a narrow one: `vx`, `v信`. `None` where there are none.
    pub(crate) short: Option<Bloom>,
    /// The heads.
    pub(crate) second: Bloom,
    /// Which lengths of head there are.
    pub(crate) heads: [bool; 3],
    /// Whether any pattern begins with a narrow symbol; else those need not be asked.
    pub(crate) narrow: bool,
}

impl Filters {
    /// The filters of these patterns, in any order.
    pub(crate) fn new<'a>(patterns: impl ExactSizeIterator<Item = &'a [char]> + Clone) -> Self {
        let count = patterns.len();
        let is_short = |p: &[char]| p.len() < 4 && u32::from(p[0]) < WIDE;
        let headed = patterns.filter(|p| p.len() > 1);
        let shorts = headed.clone().filter(|p| is_short(p)).count();
        // 32 bits a key while that stays in the nearest cache or the next: 256 KiB at most.
        let mut filters = Self {
            first: Bloom::new(count, 32, 1 << 10..=1 << 16),
            short: (shorts > 0).then(|| Bloom::new(shorts, 32, 1 << 6..=1 << 14)),
            second: Bloom::new(count, 16, 1 << 6..=1 << 22),
            heads: [false; 3],
            narrow: false,
        };
        for pattern in headed {
            let mixed = Mixed::at(pattern, 0);
            let Some(head) = Head::of(pattern.len()) else { continue };
            filters.heads[head as usize] = true;
            filters.narrow |= u32::from(pattern[0]) < WIDE;
            filters.second.insert(mixed.head(head));
            match &mut filters.short {
                Some(short) if is_short(pattern) => short.insert(mixed.two()),
                _ if u32::from(pattern[0]) < WIDE => filters.first.insert(mixed.four()),
                _ => filters.first.insert(mixed.two()),
            }
        }
        filters
    }

    /// True where no pattern has two symbols.
    pub(crate) fn are_empty(&self) -> bool {
        self.heads == [false; 3]
    }

    /// The first stage, for a position that begins with `first`.
    #[inline]
    pub(crate) fn passes_first(&self, first: u32, mixed: Mixed) -> bool {
        if first >= WIDE {
            self.first.perhaps(mixed.two())
        } else {
            let short = |short: &Bloom| short.perhaps(mixed.two());
            self.narrow && (self.first.perhaps(mixed.four()) || self.short.as_ref().is_some_and(short))
        }
    }

    /// The second stage: the bits of the heads that may stand here.
    #[inline]
    pub(crate) fn second(&self, mixed: Mixed) -> u32 {
        Head::ALL
            .into_iter()
            .filter(|&head| self.heads[head as usize] && self.second.perhaps(mixed.head(head)))
            .fold(0, |bits, head| bits | head.bit())
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let short = self.short.as_ref().map_or(0, Bloom::heap_bytes);
        self.first.heap_bytes() + self.second.heap_bytes() + short
    }
}
