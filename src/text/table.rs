//! The folding table: what the build script packed, and how to read it.

use super::class::Class;
use super::reason::Reasons;

include!(concat!(env!("OUT_DIR"), "/fold_table.rs"));

/// Names the folding rules; part of every snapshot id, so that a verdict can be recomputed only by the rules that made it.
///
/// `fold-1` names the algorithm, the digits are a digest of the table.
pub const VERSION: &str = TABLE_VERSION;

// The meanings of a META byte; build/fold_table/layout.rs has the same numbers.

/// Below this a character stays itself, and the byte is its class.
pub(super) const MAP_ONE: u8 = 0x10;
/// Below this it becomes one symbol, and the lower bits are that symbol's class; from here on it is special.
pub(super) const EXPAND: u8 = 0x20;
pub(super) const DELETE_INSIDE: u8 = 0x21;
pub(super) const DELETE_BETWEEN: u8 = 0x22;
pub(super) const REGIONAL: u8 = 0x23;
pub(super) const VOICED: u8 = 0x24;
pub(super) const JAMO_LEADING: u8 = 0x25;
pub(super) const JAMO_VOWEL: u8 = 0x26;
pub(super) const JAMO_TRAILING: u8 = 0x27;
/// From here on it is a mark, and the lower bits are its class.
pub(super) const MARK: u8 = 0x30;

const LOW: usize = 63;

/// What happens to `c`.
#[inline]
pub(super) fn meta(c: char) -> u8 {
    match c {
        '\0'..='\u{FFFF}' => fold_bmp(c as u32).0,
        // Plane 14: variation selectors and tags, and room for more ignorable characters.
        '\u{E0020}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}' => DELETE_INSIDE,
        '\u{E0000}'..='\u{E0FFF}' => DELETE_BETWEEN,
        _ => {
            let block = META_STAGE.get((c as usize - 0x1_0000) >> 6);
            block.map_or(Class::SeparatorWeak as u8, |&block| {
                META[usize::from(block) + (c as usize & LOW)]
            })
        }
    }
}

/// What happens to the character with this code below U+10000, in the upper byte, above the one symbol that it becomes or
/// stays, if it does either.
#[inline]
pub(super) fn fold_bmp(code: u32) -> (u8, Option<char>) {
    let entry = FOLD_BMP[code as usize & 0xFFFF];
    ((entry >> 24) as u8, char::from_u32(entry & 0xFFFF))
}

/// The same table, for kernels that look up many characters at once.
pub(super) fn bmp() -> &'static [u32; 0x1_0000] {
    &FOLD_BMP
}

/// The class that the lower bits of a META byte name.
#[inline]
pub(super) fn class(meta: u8) -> Class {
    Class::from_number(meta)
}

#[inline]
fn entry(c: char) -> u32 {
    ENTRY_STAGE
        .get(c as usize >> 6)
        .map_or(0, |&block| ENTRIES[usize::from(block) + (c as usize & LOW)])
}

/// The one symbol that `c` becomes; for a regional indicator its letter, for a conjoining one the letter it is alone.
#[inline]
pub(super) fn symbol(c: char) -> char {
    char::from_u32(entry(c) & 0x1F_FFFF).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The symbols that `c` expands to.
pub(super) fn expansion(c: char) -> &'static [char] {
    let entry = entry(c) as usize;
    let (at, len) = (entry & 0x1F_FFFF, (entry >> 21 & 7) + 1);
    POOL.get(at..at + len).unwrap_or_default()
}

/// The canonical combining class of a kept mark.
pub(super) fn combining_class(c: char) -> u8 {
    if meta(c) >= MARK { (entry(c) & 0xFF) as u8 } else { 0 }
}

/// The kana that `base` becomes under a sound mark.
pub(super) fn voiced(base: char, mark: char) -> Option<char> {
    let at = VOICED_KANA
        .binary_search_by_key(&(base, mark), |&(base, mark, _)| (base, mark))
        .ok()?;
    Some(VOICED_KANA[at].2)
}

/// Why `c` does not stay itself, as far as that lies in the character alone.
pub(super) fn reasons(c: char) -> Reasons {
    if meta(c) == DELETE_INSIDE || meta(c) == DELETE_BETWEEN {
        let number = (entry(c) >> 24) as usize;
        let ignorable = Reasons::default().with(super::reason::Reason::Invisible);
        return if number == 0 {
            ignorable
        } else {
            Reasons(REASONS[number])
        };
    }
    Reasons(REASONS[(entry(c) >> 24) as usize])
}

/// The size of the tables, in bytes.
pub fn table_bytes() -> usize {
    size_of_val(&FOLD_BMP)
        + size_of_val(&META_STAGE)
        + size_of_val(&META)
        + size_of_val(&ENTRY_STAGE)
        + size_of_val(&ENTRIES)
        + size_of_val(&POOL)
        + size_of_val(&VOICED_KANA)
        + size_of_val(&REASONS)
}
