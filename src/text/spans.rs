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
    bytes: Vec<u32>,
    codepoints: Vec<u32>,
    utf16: Vec<u32>,
}

impl Ruler {
    /// Measures `text`, replacing what was measured before.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "texts are limited to far less than 4 GiB"
    )]
    pub fn measure(&mut self, text: &str) {
        self.bytes.clear();
        self.codepoints.clear();
        self.utf16.clear();
        let (mut bytes, mut codepoints, mut utf16) = (0, 0, 0);
        for grapheme in text.graphemes(true) {
            self.push(bytes, codepoints, utf16);
            bytes += grapheme.len() as u32;
            codepoints += grapheme.chars().count() as u32;
            utf16 += grapheme.encode_utf16().count() as u32;
        }
        self.push(bytes, codepoints, utf16);
    }

    fn push(&mut self, bytes: u32, codepoints: u32, utf16: u32) {
        self.bytes.push(bytes);
        self.codepoints.push(codepoints);
        self.utf16.push(utf16);
    }

    /// The smallest range of whole graphemes that covers `bytes`, as indices to be handed to [`Ruler::at`].
    pub fn snap(&self, bytes: Range<u32>) -> Range<usize> {
        let start = self.bytes.partition_point(|&b| b <= bytes.start).saturating_sub(1);
        let end = self.bytes.partition_point(|&b| b < bytes.end);
        start..end.min(self.bytes.len().saturating_sub(1))
    }

    /// The part of the measured `text` between two grapheme boundaries.
    pub fn slice<'t>(&self, text: &'t str, boundaries: Range<usize>) -> &'t str {
        &text[self.bytes[boundaries.start] as usize..self.bytes[boundaries.end] as usize]
    }

    /// How many graphemes the measured text has.
    pub fn graphemes(&self) -> usize {
        self.bytes.len().saturating_sub(1)
    }

    /// The offset of a grapheme boundary in the given unit.
    pub fn at(&self, boundary: usize, unit: OffsetUnit) -> u32 {
        match unit {
            OffsetUnit::Bytes => self.bytes[boundary],
            OffsetUnit::Codepoints => self.codepoints[boundary],
            OffsetUnit::Utf16 => self.utf16[boundary],
        }
    }
}
