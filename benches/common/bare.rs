//! The simplest fold by table, the yardstick of ours.

use std::{collections::HashMap, sync::LazyLock};

use tamis::text::{Folded, fold};

/// Decoded characters through two look-ups into a buffer; no validation, classes or positions, and one symbol a character.
#[derive(Clone)]
pub(crate) struct Bare {
    stage: Vec<u16>,
    blocks: Vec<char>,
    /// What [`Bare::run`] wrote, and behind it what earlier texts left.
    pub(crate) out: Vec<char>,
}

impl Bare {
    /// A copy of the table, which is made once: every character goes through the fold for it.
    pub(crate) fn new() -> Self {
        static TABLE: LazyLock<Bare> = LazyLock::new(Bare::made);
        TABLE.clone()
    }

    fn made() -> Self {
        let mut known = HashMap::new();
        let mut bare = Self {
            stage: Vec::new(),
            blocks: Vec::new(),
            out: Vec::new(),
        };
        let mut folded = Folded::default();
        for block in 0..0x11_0000 / 128 {
            let values: Vec<char> = (block * 128..(block + 1) * 128)
                .map(|code| {
                    let c = char::from_u32(code).unwrap_or('\u{fffd}');
                    fold(c.encode_utf8(&mut [0; 4]), &mut folded);
                    folded.symbols().first().map_or(c, |&symbol| symbol)
                })
                .collect();
            let at = *known.entry(values.clone()).or_insert_with(|| {
                bare.blocks.extend(&values);
                bare.blocks.len() / 128 - 1
            });
            bare.stage.push(u16::try_from(at).expect("few blocks"));
        }
        bare
    }

    fn symbol(&self, c: char) -> char {
        self.blocks[usize::from(self.stage[c as usize >> 7]) << 7 | c as usize & 127]
    }

    /// Folds into [`Bare::out`]; returns how many symbols.
    pub(crate) fn run(&mut self, text: &str) -> usize {
        if self.out.len() < text.len() {
            self.out.resize(text.len(), '\0');
        }
        let mut len = 0;
        for (c, out) in text.chars().zip(&mut self.out) {
            *out = self.blocks[usize::from(self.stage[c as usize >> 7]) << 7 | c as usize & 127];
            len += 1;
        }
        len
    }

    /// Folds into UTF-8, for matchers that want bytes; replaces what was there.
    pub(crate) fn run_utf8(&self, text: &str, out: &mut String) {
        out.clear();
        out.reserve(text.len() * 2);
        out.extend(text.chars().map(|c| self.symbol(c)));
    }
}
