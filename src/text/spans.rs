//! Spans in the units that callers ask for, measured only for messages with hits.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// The unit of `start` and `end` in a verdict's spans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// UTF-8 bytes.
    #[default]
    Bytes,
    /// Unicode code points.
    Codepoints,
    /// UTF-16 code units, as Java, JavaScript and C# count.
    Utf16,
}

/// The grapheme boundaries of one text with the counts up to each, so that any number of spans is measured in one pass.
///
/// Built once per message with hits: O(length) time and memory; each span then costs a binary search.
#[derive(Clone, Debug, Default)]
pub struct Ruler {
    boundaries: Vec<Offsets>,
}

impl Ruler {
    /// Measures `text`, replacing what was measured before.
    ///
    /// Between two plain characters (printable ASCII, Han, kana and their punctuation) there is always a boundary, and
    /// none of the rules for graphemes looks across one: so only what stands between plain characters is segmented.
    pub fn measure(&mut self, text: &str) {
        self.boundaries.clear();
        let mut at = Offsets::default();
        let mut from = 0;
        let (mut before, mut after_plain) = ('\0', true);
        for (here, c) in text.char_indices() {
            let plain = is_plain(c);
            if plain && after_plain {
                if here - from == before.len_utf8() {
                    self.boundaries.push(at);
                    at.pass(before);
                } else {
                    self.stretch(&text[from..here], &mut at);
                }
                from = here;
            }
            (before, after_plain) = (c, plain);
        }
        self.stretch(&text[from..], &mut at);
        self.boundaries.push(at);
    }

    /// Measures the graphemes of a stretch of text that starts and ends on a boundary.
    fn stretch(&mut self, stretch: &str, at: &mut Offsets) {
        for grapheme in stretch.graphemes(true) {
            self.boundaries.push(*at);
            grapheme.chars().for_each(|c| at.pass(c));
        }
    }

    /// The smallest range of whole graphemes that covers `bytes`, as indices to be handed to [`Ruler::at`].
    pub fn snap(&self, bytes: Range<u32>) -> Range<usize> {
        let start = self.boundaries.partition_point(|at| at.bytes <= bytes.start);
        let end = self.boundaries.partition_point(|at| at.bytes < bytes.end);
        start.saturating_sub(1)..end.min(self.graphemes())
    }

    /// The part of the measured `text` between two grapheme boundaries.
    pub fn slice<'t>(&self, text: &'t str, boundaries: Range<usize>) -> &'t str {
        let byte = |boundary: usize| self.boundaries[boundary].bytes as usize;
        &text[byte(boundaries.start)..byte(boundaries.end)]
    }

    /// How many graphemes the measured text has.
    pub fn graphemes(&self) -> usize {
        self.boundaries.len().saturating_sub(1)
    }

    /// The offset of a grapheme boundary in the given unit.
    pub fn at(&self, boundary: usize, unit: OffsetUnit) -> u32 {
        let at = self.boundaries[boundary];
        match unit {
            OffsetUnit::Bytes => at.bytes,
            OffsetUnit::Codepoints => at.codepoints,
            OffsetUnit::Utf16 => at.utf16,
        }
    }
}

/// One place in a text, in every unit.
#[derive(Clone, Copy, Debug, Default)]
struct Offsets {
    bytes: u32,
    codepoints: u32,
    utf16: u32,
}

impl Offsets {
    #[expect(clippy::cast_possible_truncation, reason = "a character has at most 4 bytes")]
    fn pass(&mut self, c: char) {
        self.bytes += c.len_utf8() as u32;
        self.codepoints += 1;
        self.utf16 += c.len_utf16() as u32;
    }
}

/// True for characters with a grapheme boundary on either side whenever their neighbour is one of them too: they neither
/// extend nor prepend anything. A test holds this list against the segmentation rules.
fn is_plain(c: char) -> bool {
    matches!(c,
        ' '..='~' | '\u{2E80}'..='\u{3029}' | '\u{3030}'..='\u{3098}' | '\u{309B}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF9D}')
}
