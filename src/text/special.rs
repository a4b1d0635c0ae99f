//! The characters that need more than a look-up: expansions, deletions, marks, Korean letters, flags.

use super::flags::is_flag;
use super::fold::{NotUtf8, offset};
use super::table::{
    self, DELETE_BETWEEN, DELETE_INSIDE, EXPAND, JAMO_LEADING, JAMO_TRAILING, JAMO_VOWEL, MAP_ONE, MARK, REGIONAL,
    VOICED,
};
use super::{Class, Folded};

/// So many marks in a row are brought into canonical order; the rest of a longer run stays as written. Real text has at
/// most four, and the bound keeps the pass linear (UAX #15 sets the same one for its stream-safe format).
pub(super) const ORDERED_MARKS: usize = 30;

/// What the pass must remember to fold special characters.
pub(super) struct Special {
    /// The number of symbols before this text: nothing joins with those.
    start: usize,
    /// The number of symbols when last something was deleted.
    deleted_at: usize,
    /// The number of symbols when last something was deleted that parts a mark from its base.
    torn_at: usize,
    /// The run of marks that the last one belongs to.
    marks: std::ops::Range<usize>,
    /// Where the part of that run behind its last tear begins.
    untorn: usize,
}

impl Special {
    pub(super) fn new(start: usize) -> Self {
        Self {
            start,
            deleted_at: usize::MAX,
            torn_at: usize::MAX,
            marks: 0..0,
            untorn: 0,
        }
    }

    /// Folds the character at `at`, whatever it is; returns where the next one starts.
    pub(super) fn fold(&mut self, bytes: &[u8], at: usize, out: &mut Folded) -> Result<usize, NotUtf8> {
        let (c, next) = decode(bytes, at).ok_or(NotUtf8 { at })?;
        let source = offset(at);
        let meta = table::meta(c);
        match meta {
            0..MAP_ONE => out.push(c, table::class(meta), source),
            MAP_ONE..EXPAND => out.push(table::symbol(c), table::class(meta), source),
            EXPAND => {
                let symbols = table::expansion(c);
                out.reserve(symbols.len() + bytes.len() - next);
                let before = out.len;
                for &symbol in symbols {
                    self.place(symbol, source, out);
                }
                if out.len == before {
                    self.deleted_at = out.len;
                    // A ligature of marks that all went stood there as a character of its own; a mark that is written as two did not.
                    if !matches!(c, '\u{344}' | '\u{F73}' | '\u{F75}' | '\u{F81}') {
                        self.torn_at = out.len;
                    }
                }
            }
            DELETE_INSIDE => self.deleted_at = out.len,
            DELETE_BETWEEN => (self.deleted_at, self.torn_at) = (out.len, out.len),
            VOICED => self.voice(table::symbol(c), out),
            REGIONAL => return Ok(regional_run(bytes, at, out)),
            JAMO_LEADING => return Ok(syllable(bytes, c, source, next, out)),
            JAMO_VOWEL => out.push(table::symbol(c), Class::Hangul, source),
            JAMO_TRAILING => self.trailing(c, bytes, source, out),
            _ => self.mark(c, table::class(meta), source, out),
        }
        Ok(next)
    }

    /// Adds one symbol of an expansion.
    fn place(&mut self, symbol: char, source: u32, out: &mut Folded) {
        match table::meta(symbol) {
            VOICED => self.voice(symbol, out),
            meta if meta >= MARK => self.mark(symbol, table::class(meta), source, out),
            meta => out.push(symbol, table::class(meta), source),
        }
    }

    /// The last symbol, if this text has one.
    fn last(&self, out: &Folded) -> Option<(char, Class)> {
        (out.len > self.start).then(|| (out.symbols[out.len - 1], out.classes[out.len - 1]))
    }

    /// A sound mark joins the kana before it, or goes.
    fn voice(&mut self, mark: char, out: &mut Folded) {
        let base = self.last(out).filter(|_| self.torn_at != out.len);
        match base.and_then(|(base, _)| table::voiced(base, mark)) {
            Some(whole) => out.symbols[out.len - 1] = whole,
            None => self.deleted_at = out.len,
        }
    }

    /// A mark stays after a base whose script spells with marks, in canonical order; elsewhere it goes.
    fn mark(&mut self, mark: char, class: Class, source: u32, out: &mut Folded) {
        if !self.last(out).is_some_and(|(_, class)| class.keeps_marks()) {
            self.deleted_at = out.len;
            if starts_grapheme(mark) {
                self.torn_at = out.len;
            }
            return;
        }
        if self.marks.end != out.len {
            self.marks = out.len..out.len;
            self.untorn = out.len;
        }
        if self.torn_at == out.len {
            self.untorn = out.len;
        }
        let order = table::combining_class(mark);
        let mut to = out.len;
        if order > 0 && self.marks.len() < ORDERED_MARKS {
            while to > self.marks.start && table::combining_class(out.symbols[to - 1]) > order {
                to -= 1;
            }
        }
        if to < self.untorn {
            // It would have to move across the tear, away from where it is seen.
            self.deleted_at = out.len;
            return;
        }
        out.push(mark, class, source);
        // The positions stay in order: the marks of one cluster share their span anyway.
        out.symbols[to..out.len].rotate_right(1);
        out.classes[to..out.len].rotate_right(1);
        self.marks.end = out.len;
    }

    /// A trailing consonant closes the open syllable right before it; elsewhere it is a letter.
    fn trailing(&self, c: char, bytes: &[u8], source: u32, out: &mut Folded) {
        let open = self
            .last(out)
            .filter(|_| self.deleted_at != out.len)
            .map(|(last, _)| last)
            .filter(|&last| is_open_syllable(last));
        let whole = open
            .filter(|_| is_syllable_start(bytes, out.sources[out.len - 1]))
            .and_then(|open| char::from_u32(open as u32 + c as u32 - 0x11A7));
        match whole {
            Some(whole) => out.symbols[out.len - 1] = whole,
            None => out.push(table::symbol(c), Class::Hangul, source),
        }
    }
}

/// The character at `at` and where the next one starts, if it is valid.
pub(super) fn decode(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let width = match bytes.get(at)? {
        0x00..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
    };
    let character = bytes.get(at..at + width)?;
    Some((std::str::from_utf8(character).ok()?.chars().next()?, at + width))
}

/// True for the spacing marks that are graphemes of their own (UAX #29, the exceptions of `SpacingMark`) and for code points that will be
/// marks in a version of Unicode which the segmentation does not know yet: what follows one does not belong to the letter before it.
pub(super) fn starts_grapheme(mark: char) -> bool {
    let known = matches!(mark,
        '\u{102B}' | '\u{102C}' | '\u{1038}' | '\u{1062}'..='\u{1064}' | '\u{1067}'..='\u{106D}' | '\u{1083}'
        | '\u{1087}'..='\u{108C}' | '\u{108F}' | '\u{109A}'..='\u{109C}' | '\u{1A61}' | '\u{1A63}' | '\u{1A64}' | '\u{AA7B}'
        | '\u{AA7D}' | '\u{11720}' | '\u{11721}');
    let newer = matches!(mark,
        '\u{5C8}' | '\u{5C9}' | '\u{B53}' | '\u{B54}' | '\u{10ECB}'..='\u{10ECF}' | '\u{10EF0}'..='\u{10EF9}' | '\u{11DF0}');
    known || newer
}

fn is_open_syllable(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}') && (c as u32 - 0xAC00).is_multiple_of(28)
}

/// True where a syllable or a leading consonant stands: then what joins it lies in the same grapheme.
fn is_syllable_start(bytes: &[u8], source: u32) -> bool {
    matches!(
        decode(bytes, source as usize),
        Some(('\u{AC00}'..='\u{D7A3}' | '\u{1100}'..='\u{1112}', _))
    )
}

/// A leading consonant with the vowel right after it is a syllable; alone it is the letter that keyboards type.
fn syllable(bytes: &[u8], leading: char, source: u32, next: usize, out: &mut Folded) -> usize {
    let joined = decode(bytes, next)
        .filter(|&(c, _)| matches!(c, '\u{1161}'..='\u{1175}'))
        .and_then(|(vowel, after)| {
            let index = (leading as u32 - 0x1100) * 21 + (vowel as u32 - 0x1161);
            Some((char::from_u32(0xAC00 + index * 28)?, after))
        });
    let (symbol, after) = joined.unwrap_or((table::symbol(leading), next));
    out.push(symbol, Class::Hangul, source);
    after
}

/// A run of regional indicators stays as it is where it reads as flags from its start to its end; else it is letters.
fn regional_run(bytes: &[u8], from: usize, out: &mut Folded) -> usize {
    let letter = |at| decode(bytes, at).filter(|&(c, _)| table::meta(c) == REGIONAL);
    let mut end = from;
    let mut count = 0;
    let mut pair = [0; 2];
    let mut flags = true;
    while let Some((c, next)) = letter(end) {
        pair[count % 2] = (table::symbol(c) as u8).to_ascii_uppercase();
        count += 1;
        flags &= count % 2 == 1 || is_flag(pair);
        end = next;
    }
    let flags = flags && count % 2 == 0;
    let mut at = from;
    while at < end {
        let Some((c, next)) = letter(at) else { break };
        let (symbol, class) = if flags {
            (c, Class::SeparatorWeak)
        } else {
            (table::symbol(c), Class::Latin)
        };
        out.push(symbol, class, offset(at));
        at = next;
    }
    end
}
