//! The fold: one pass over a text that yields symbols, their classes and the bytes they came from.

use std::ops::Range;

use super::Class;

/// Names the folding rules; part of every snapshot id, so that a verdict can be recomputed only by the rules that made it.
pub const VERSION: &str = "fold-0";

/// A folded text, as parallel arrays: the symbol, its class, and the byte offset of the character it came from.
///
/// Reused from message to message: [`fold`] clears it and keeps its capacity.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    symbols: Vec<char>,
    classes: Vec<Class>,
    sources: Vec<u32>,
}

impl Folded {
    /// The folded symbols, in order.
    pub fn symbols(&self) -> &[char] {
        &self.symbols
    }

    /// The class of each symbol.
    pub fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// For each symbol the byte offset in the original text of the character that it came from; never falls.
    pub fn sources(&self) -> &[u32] {
        &self.sources
    }

    /// The bytes of `text`, from which this was folded, that a non-empty range of symbols came from.
    pub fn source_bytes(&self, text: &str, symbols: Range<u32>) -> Range<u32> {
        let last = self.sources[symbols.end as usize - 1];
        #[expect(clippy::cast_possible_truncation, reason = "a character has at most 4 bytes")]
        let width = text[last as usize..].chars().next().map_or(0, |c| c.len_utf8() as u32);
        self.sources[symbols.start as usize]..last + width
    }

    /// True where the text folded to nothing.
    pub fn is_empty(&self) -> bool {
        self.symbols.is_empty()
    }
}

/// Folds `text` into `out`, replacing what was there. Linear in the length of `text`.
pub fn fold(text: &str, out: &mut Folded) {
    out.symbols.clear();
    out.classes.clear();
    out.sources.clear();
    for (at, c) in text.char_indices() {
        for symbol in c.to_lowercase() {
            out.symbols.push(symbol);
            out.classes.push(Class::of(symbol));
            #[expect(
                clippy::cast_possible_truncation,
                reason = "texts and terms are limited to far less than 4 GiB"
            )]
            out.sources.push(at as u32);
        }
    }
}
