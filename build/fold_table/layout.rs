//! Packs the rules into two-stage tables and writes them as Rust.
//!
//! `META`, one byte a code point, alone decides what happens to a character. Below U+10000, where nearly all text lives, it stands
//! in `FOLD_BMP` above the one symbol that the character becomes or stays, so that one load, or one lane of a gather, tells both;
//! flat, because Han leaves hardly two blocks equal and stages would save nothing. Above it is kept in two stages. `ENTRY`, four
//! bytes a code point in two stages, is read only for characters that change otherwise. A stage maps the upper bits of a code
//! point to a block of 64, equal blocks being stored once.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::reason::Reasons;
use super::rules::{Jamo, Rule, Rules, all, combining_class};
use super::sources::LIMIT;

const BLOCK: usize = 64;
const BMP: u32 = 0x1_0000;

// The meanings of a META byte; src/text/table.rs has the same numbers.
const MAP_ONE: u8 = 0x10;
const EXPAND: u8 = 0x20;
const DELETE_INSIDE: u8 = 0x21;
const DELETE_BETWEEN: u8 = 0x22;
const REGIONAL: u8 = 0x23;
const VOICED: u8 = 0x24;
const JAMO_LEADING: u8 = 0x25;
const JAMO_VOWEL: u8 = 0x26;
const JAMO_TRAILING: u8 = 0x27;
const INVALID: u8 = 0x2F;
const MARK: u8 = 0x30;

/// The packed table.
pub(crate) struct Table {
    meta: Vec<u8>,
    entries: Vec<u32>,
    pool: Vec<char>,
    reasons: Vec<Reasons>,
    voiced: Vec<(char, char, char)>,
}

impl Table {
    pub(crate) fn lay_out(rules: &Rules<'_>) -> Self {
        let mut table = Self {
            meta: vec![0; LIMIT as usize],
            entries: vec![0; LIMIT as usize],
            pool: Vec::new(),
            reasons: vec![Reasons::default()],
            voiced: Vec::new(),
        };
        // Halves of UTF-16 pairs are no characters: the fold must not take them for ordinary ones.
        table.meta[0xD800..0xE000].fill(INVALID);
        for c in all() {
            let (rule, reasons) = rules.decide(c);
            let (meta, payload) = table.encode(rules, c, &rule);
            table.meta[c as usize] = meta;
            table.entries[c as usize] = payload | table.reason_number(reasons) << 24;
            for mark in ['\u{3099}', '\u{309A}'] {
                table
                    .voiced
                    .extend(unicode_normalization::char::compose(c, mark).map(|whole| (c, mark, whole)));
            }
        }
        table
    }

    fn encode(&mut self, rules: &Rules<'_>, c: char, rule: &Rule) -> (u8, u32) {
        match rule {
            Rule::Keep(class) => (*class as u8, 0),
            Rule::Map(parts) => {
                if let [one] = parts[..]
                    && let Rule::Keep(class) = rules.decide(one).0
                    && (c as u32 >= BMP) == (one as u32 >= BMP)
                {
                    return (MAP_ONE | class as u8, one as u32);
                }
                let at = self
                    .pool
                    .windows(parts.len())
                    .position(|window| window == parts)
                    .unwrap_or_else(|| {
                        self.pool.extend(parts);
                        self.pool.len() - parts.len()
                    });
                (EXPAND, u32::try_from(at | (parts.len() - 1) << 21).unwrap_or(0))
            }
            Rule::Delete { inside: true } => (DELETE_INSIDE, 0),
            Rule::Delete { inside: false } => (DELETE_BETWEEN, 0),
            Rule::Mark(class) => (MARK | *class as u8, u32::from(combining_class(c))),
            Rule::Voiced(mark) => (VOICED, *mark as u32),
            Rule::Regional(letter) => (REGIONAL, *letter as u32),
            Rule::Jamo(Jamo::Leading, letter) => (JAMO_LEADING, *letter as u32),
            Rule::Jamo(Jamo::Vowel, letter) => (JAMO_VOWEL, *letter as u32),
            Rule::Jamo(Jamo::Trailing, letter) => (JAMO_TRAILING, *letter as u32),
        }
    }

    fn reason_number(&mut self, reasons: Reasons) -> u32 {
        let at = self
            .reasons
            .iter()
            .position(|&known| known == reasons)
            .unwrap_or_else(|| {
                self.reasons.push(reasons);
                self.reasons.len() - 1
            });
        u32::try_from(at).unwrap_or(0)
    }

    /// Every target must be final, or folding twice would differ from folding once.
    pub(crate) fn check(&self, rules: &Rules<'_>) -> Result<(), String> {
        if self.reasons.len() > 256 || self.pool.len() >= 1 << 21 {
            return Err("the folding table outgrew its entries".to_owned());
        }
        for c in all() {
            if let (Rule::Map(parts), _) = rules.decide(c) {
                for part in parts {
                    if !matches!(rules.decide(part).0, Rule::Keep(_) | Rule::Mark(_) | Rule::Voiced(_)) {
                        return Err(format!(
                            "U+{:04X} folds to U+{:04X}, which is not final",
                            c as u32, part as u32
                        ));
                    }
                }
            }
        }
        Ok(())
    }

    fn maps_to_one(&self, code: u32) -> bool {
        (MAP_ONE..EXPAND).contains(&self.meta[code as usize])
    }

    /// The table as Rust source, with a digest of everything that decides.
    pub(crate) fn to_rust(&self) -> String {
        let (bmp, astral) = self.meta.split_at(BMP as usize);
        let (meta_stage, meta) = two_stage(astral);
        let (entry_stage, entries) = two_stage(&self.entries);
        let wide = |bytes: &[u8]| bytes.iter().copied().map(u32::from).collect::<Vec<u32>>();
        let mut out = String::from("// Generated by build/fold_table.rs.\n");
        let fold = (0..BMP).map(|code| {
            let symbol = if self.maps_to_one(code) {
                self.entries[code as usize] & 0xFFFF
            } else {
                code
            };
            u32::from(bmp[code as usize]) << 24 | symbol
        });
        write_numbers(&mut out, "FOLD_BMP", "u32", &fold.collect::<Vec<_>>());
        write_numbers(&mut out, "META_STAGE", "u16", &meta_stage);
        write_numbers(&mut out, "META", "u8", &wide(&meta));
        write_numbers(&mut out, "ENTRY_STAGE", "u16", &entry_stage);
        write_numbers(&mut out, "ENTRIES", "u32", &entries);
        let reasons: Vec<u32> = self.reasons.iter().map(|reasons| reasons.0).collect();
        write_numbers(&mut out, "REASONS", "u32", &reasons);
        let _ = write!(out, "static POOL: [char; {}] = [", self.pool.len());
        for c in &self.pool {
            let _ = write!(out, "'{}',", c.escape_unicode());
        }
        let _ = write!(
            out,
            "];\nstatic VOICED_KANA: [(char, char, char); {}] = [",
            self.voiced.len()
        );
        for (base, mark, whole) in &self.voiced {
            let _ = write!(
                out,
                "('{}','{}','{}'),",
                base.escape_unicode(),
                mark.escape_unicode(),
                whole.escape_unicode()
            );
        }
        let _ = writeln!(out, "];");
        let digest = fnv1a(out.as_bytes());
        let _ = writeln!(out, "const TABLE_VERSION: &str = \"fold-1:{digest:016x}\";");
        out
    }
}

/// Splits `values` into blocks; returns the position of each block in the second table, and that table.
fn two_stage<T: Copy + Eq + std::hash::Hash>(values: &[T]) -> (Vec<u32>, Vec<T>) {
    let mut known: HashMap<&[T], u32> = HashMap::new();
    let mut blocks = Vec::new();
    let stage = values
        .chunks(BLOCK)
        .map(|block| {
            *known.entry(block).or_insert_with(|| {
                blocks.extend_from_slice(block);
                u32::try_from(blocks.len() - block.len()).unwrap_or(0)
            })
        })
        .collect();
    (stage, blocks)
}

fn write_numbers(out: &mut String, name: &str, kind: &str, numbers: &[u32]) {
    let _ = write!(
        out,
        "#[allow(clippy::unreadable_literal, reason = \"written by the build script\")]\nstatic {name}: [{kind}; {}] = [",
        numbers.len()
    );
    for number in numbers {
        let _ = write!(out, "{number},");
    }
    let _ = writeln!(out, "];");
}

/// FNV-1a, 64 bits: tells tables apart; nobody attacks it.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
