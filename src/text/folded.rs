//! A folded text: symbols, classes and positions, in buffers that are reused from message to message.

use std::ops::Range;

use super::Class;
use super::special::ORDERED_MARKS;
use super::table::{self, MARK};
use crate::simd::SLACK;

/// What ends the texts of a batch: a separator, which no text folds to.
pub(crate) const TEXT_END: char = '\0';

/// A folded text, as parallel arrays: the symbol, its class, and the byte offset of the character it came from.
///
/// Reused from message to message: [`fold`](super::fold) replaces what was there and keeps the memory.
#[derive(Clone, Default)]
pub struct Folded {
    // The buffers are longer than the text: beyond `len` stands what earlier texts left. So the pass writes through
    // slices, and neither clearing nor growing touches memory once the buffers are large enough.
    pub(super) symbols: Vec<char>,
    pub(super) classes: Vec<Class>,
    pub(super) sources: Vec<u32>,
    pub(super) len: usize,
}

impl Folded {
    /// The folded symbols, in order.
    pub fn symbols(&self) -> &[char] {
        &self.symbols[..self.len]
    }

    /// The class of each symbol.
    pub fn classes(&self) -> &[Class] {
        &self.classes[..self.len]
    }

    /// For each symbol the byte offset in the original text of the character that it came from; never falls.
    ///
    /// After [`append`](super::append) the offsets of each text count from that text's own start.
    pub fn sources(&self) -> &[u32] {
        &self.sources[..self.len]
    }

    /// The number of symbols.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True where the text folded to nothing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Forgets the text and keeps the memory.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// The bytes of `text`, from which this was folded, that a non-empty range of symbols came from.
    ///
    /// For users the span is then snapped to graphemes: [`Ruler::snap`](super::Ruler::snap) also takes in the marks and
    /// joiners that folded away.
    pub fn source_bytes(&self, text: &str, symbols: Range<u32>) -> Range<u32> {
        let is_mark = |at: usize| {
            self.symbols()
                .get(at)
                .is_some_and(|&symbol| table::meta(symbol) >= MARK)
        };
        let mut end = symbols.end as usize;
        // Marks may have changed places with those behind them: a span takes in all marks of its last letter, or none.
        if is_mark(end.wrapping_sub(1)) {
            end += (end..end + ORDERED_MARKS).take_while(|&at| is_mark(at)).count();
        }
        let source = |at: usize| self.sources().get(at).copied();
        let (Some(start), Some(last)) = (source(symbols.start as usize), source(end.wrapping_sub(1))) else {
            return 0..0;
        };
        let width = text
            .get(last as usize..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        #[expect(clippy::cast_possible_truncation, reason = "a character has at most 4 bytes")]
        let end = last + width as u32;
        start..end
    }

    /// Ends a text of a batch by a separator, so that nothing at the border seems to go on.
    pub(crate) fn end_text(&mut self) {
        self.reserve(1);
        self.push(TEXT_END, Class::SeparatorStrong, 0);
    }

    /// Replaces what was there by a part of another folded text.
    pub(crate) fn copy(&mut self, from: &Self, symbols: Range<usize>) {
        self.clear();
        self.reserve(symbols.len());
        let (to_symbols, to_classes, to_sources) = self.free(symbols.len());
        to_symbols.copy_from_slice(&from.symbols()[symbols.clone()]);
        to_classes.copy_from_slice(&from.classes()[symbols.clone()]);
        to_sources.copy_from_slice(&from.sources()[symbols.clone()]);
        self.len = symbols.len();
    }

    /// The memory held, in bytes.
    pub fn heap_bytes(&self) -> usize {
        self.symbols.capacity() * size_of::<char>()
            + self.classes.capacity()
            + self.sources.capacity() * size_of::<u32>()
    }

    /// Makes room for `more` symbols after those that stand.
    #[inline]
    pub(super) fn reserve(&mut self, more: usize) {
        // Vector kernels store full width, beyond the last symbol.
        let needed = self.len + more + SLACK;
        if self.symbols.len() < needed {
            self.grow(needed);
        }
    }

    #[cold]
    fn grow(&mut self, needed: usize) {
        let room = needed.next_power_of_two().max(256);
        self.symbols.resize(room, '\0');
        self.classes.resize(room, Class::SeparatorWeak);
        self.sources.resize(room, 0);
    }

    /// The room for `count` symbols behind those that stand; it must have been made.
    #[inline]
    pub(super) fn free(&mut self, count: usize) -> (&mut [char], &mut [Class], &mut [u32]) {
        let free = self.len..self.len + count;
        (
            &mut self.symbols[free.clone()],
            &mut self.classes[free.clone()],
            &mut self.sources[free],
        )
    }

    /// Adds one symbol; the room for it must have been made.
    #[inline]
    pub(super) fn push(&mut self, symbol: char, class: Class, source: u32) {
        self.symbols[self.len] = symbol;
        self.classes[self.len] = class;
        self.sources[self.len] = source;
        self.len += 1;
    }
}

impl std::fmt::Debug for Folded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folded")
            .field("symbols", &self.symbols().iter().collect::<String>())
            .field("classes", &self.classes())
            .field("sources", &self.sources())
            .finish()
    }
}

impl PartialEq for Folded {
    fn eq(&self, other: &Self) -> bool {
        self.symbols() == other.symbols() && self.classes() == other.classes() && self.sources() == other.sources()
    }
}

impl Eq for Folded {}
