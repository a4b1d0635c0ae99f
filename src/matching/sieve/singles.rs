//! Patterns of one symbol, which have no head: one hanzi, mostly none at all.

use crate::matching::Found;

/// A bitmap of the code points below U+10000, and the sorted symbols with their pattern numbers.
#[derive(Debug, Default)]
pub(super) struct Singles {
    bitmap: Vec<u64>,
    symbols: Vec<(char, u32)>,
}

impl Singles {
    pub(super) fn new<'a>(patterns: impl Iterator<Item = (u32, &'a [char])>) -> Self {
        let mut symbols: Vec<_> = patterns
            .filter(|(_, pattern)| pattern.len() == 1)
            .map(|(number, pattern)| (pattern[0], number))
            .collect();
        symbols.sort_unstable();
        let mut bitmap = vec![0; if symbols.is_empty() { 0 } else { 1 << 10 }];
        for &(symbol, _) in &symbols {
            let code = Self::place(symbol);
            bitmap[code / 64] |= 1 << (code % 64);
        }
        Self { bitmap, symbols }
    }

    /// Symbols above U+FFFF share the bits of those below.
    fn place(symbol: char) -> usize {
        symbol as usize & 0xFFFF
    }

    /// Adds every occurrence. O(symbols), and nothing where there are no such patterns.
    pub(super) fn scan(&self, symbols: &[char], found: &mut Vec<Found>) {
        let Ok(bitmap) = <&[u64; 1 << 10]>::try_from(self.bitmap.as_slice()) else {
            return;
        };
        for (start, &symbol) in (0..).zip(symbols) {
            let code = Self::place(symbol);
            if bitmap[code / 64] & (1 << (code % 64)) == 0 {
                continue;
            }
            if let Ok(at) = self.symbols.binary_search_by_key(&symbol, |&(symbol, _)| symbol) {
                let pattern = self.symbols[at].1;
                found.push(Found {
                    start,
                    end: start + 1,
                    pattern,
                });
            }
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        size_of_val(self.bitmap.as_slice()) + size_of_val(self.symbols.as_slice())
    }
}
