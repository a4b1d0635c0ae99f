//! Perturbations: what people do to a term so that a filter misses it, one function for each row of the taxonomy.
//!
//! What lives here: seeded functions from a term's symbols to a writing that still denotes it, their tables, the trials that count what
//! is found of them. The tables are others than the engine's wherever one exists, lest it grade itself: pypinyin's first readings,
//! OpenCC's simplified to traditional, chaizi as published, look-alikes and leet written for this. Emoji are the engine's own.

mod carriers;
mod hanzi;
mod letters;
mod noise;
mod pairs;
mod signs;
mod tables;
mod trial;

pub use carriers::NEUTRAL;
pub use noise::{Noise, NoisePoint, NoiseRow, Rustrict, RustrictReport};
pub use pairs::{Pair, PairRow, Pairs};
pub use tables::Tables;
pub use trial::{Cell as TableCell, Script, Trials, worth_a_trial};

use serde::Serialize;

use super::seeded::Seeded;

/// A row of the taxonomy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Simplified characters written traditionally: 幫.
    Traditional,
    /// Letters and digits in their full width: ｆ.
    FullWidth,
    /// Letters and digits in circles and squares: ⓕ.
    Enclosed,
    /// Letters and digits of mathematics: 𝐟.
    Mathematical,
    /// Characters that nobody sees, in between.
    ZeroWidth,
    /// Accents on letters and hanzi.
    CombiningMarks,
    /// Letters of another alphabet that look the same.
    Homoglyphs,
    /// Signs in between: 微-信, `f.u.c.k`.
    Separators,
    /// Letters set apart by spaces: `f u c k`, `send n u d e s`.
    SpacedLetters,
    /// A letter repeated: `fuuuck`.
    Runs,
    /// Digits and signs for letters: `sh1t`.
    Leet,
    /// Letters hidden: `f*ck`.
    Masks,
    /// Emoji for hanzi.
    Emoji,
    /// Hanzi written as their parts, by the engine's table.
    Decomposition,
    /// Hanzi written as their parts, by any of chaizi's ways.
    AnyDecomposition,
    /// Some hanzi spelt.
    MixedPinyin,
    /// All hanzi spelt.
    Pinyin,
}

impl Kind {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 17] = [
        Self::Traditional,
        Self::FullWidth,
        Self::Enclosed,
        Self::Mathematical,
        Self::ZeroWidth,
        Self::CombiningMarks,
        Self::Homoglyphs,
        Self::Separators,
        Self::SpacedLetters,
        Self::Runs,
        Self::Leet,
        Self::Masks,
        Self::Emoji,
        Self::Decomposition,
        Self::AnyDecomposition,
        Self::MixedPinyin,
        Self::Pinyin,
    ];

    /// Rows of the taxonomy that no plane serves yet.
    pub const NOT_BUILT: [&str; 4] = ["homophones", "near homophones", "look-alikes", "swap and reverse"];

    /// As the report writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Traditional => "traditional",
            Self::FullWidth => "full-width",
            Self::Enclosed => "enclosed",
            Self::Mathematical => "mathematical",
            Self::ZeroWidth => "zero-width",
            Self::CombiningMarks => "combining marks",
            Self::Homoglyphs => "homoglyphs",
            Self::Separators => "separators",
            Self::SpacedLetters => "spaced letters",
            Self::Runs => "run growth",
            Self::Leet => "leet",
            Self::Masks => "masks",
            Self::Emoji => "emoji",
            Self::Decomposition => "decomposition (table)",
            Self::AnyDecomposition => "decomposition (all of chaizi)",
            Self::MixedPinyin => "mixed pinyin",
            Self::Pinyin => "full pinyin",
        }
    }

    /// What the contract says that reading it costs.
    pub fn penalty(self) -> u8 {
        match self {
            Self::Masks | Self::Pinyin => 2,
            Self::Separators
            | Self::SpacedLetters
            | Self::Runs
            | Self::Leet
            | Self::Emoji
            | Self::Decomposition
            | Self::AnyDecomposition
            | Self::MixedPinyin => 1,
            _ => 0,
        }
    }

    /// Perturbs a writing; false where it cannot be done to this one, which is then left as it is.
    pub fn apply(self, written: &mut Written, tables: &Tables, chance: &mut Seeded) -> bool {
        match self {
            Self::Traditional => hanzi::traditional(written, tables),
            Self::FullWidth => signs::full_width(written),
            Self::Enclosed => signs::enclosed(written, chance),
            Self::Mathematical => signs::mathematical(written, chance),
            Self::ZeroWidth => signs::zero_width(written, chance),
            Self::CombiningMarks => signs::combining_marks(written, chance),
            Self::Homoglyphs => signs::homoglyphs(written, chance),
            Self::Separators => signs::separators(written, chance),
            Self::SpacedLetters => signs::spaced_letters(written, chance),
            Self::Runs => letters::runs(written, chance),
            Self::Leet => letters::leet(written, chance),
            Self::Masks => letters::masks(written, chance),
            Self::Emoji => hanzi::emoji(written, tables, chance),
            Self::Decomposition => hanzi::decomposition(written, tables, chance, true),
            Self::AnyDecomposition => hanzi::decomposition(written, tables, chance, false),
            Self::MixedPinyin => hanzi::mixed_pinyin(written, tables, chance),
            Self::Pinyin => hanzi::pinyin(written, tables, chance),
        }
    }
}

/// A term on its way to a disguise: each of its symbols with what is written for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    cells: Vec<Cell>,
}

/// One symbol of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    plain: char,
    written: String,
    /// What stands between it and the next.
    gap: String,
    /// True where a perturbation replaced it: a second one leaves it alone.
    replaced: bool,
}

impl Written {
    /// The term as it is.
    pub fn new(term: &str) -> Self {
        let cell = |plain: char| Cell {
            plain,
            written: plain.to_string(),
            gap: String::new(),
            replaced: false,
        };
        Self {
            cells: term.chars().map(cell).collect(),
        }
    }

    /// The writing.
    pub fn text(&self) -> String {
        self.cells
            .iter()
            .flat_map(|cell| [cell.written.as_str(), &cell.gap])
            .collect()
    }

    fn all(&self, is: impl Fn(char) -> bool) -> bool {
        self.cells.iter().all(|cell| is(cell.plain))
    }

    /// Indices of cells that hold such a symbol and were not replaced yet.
    fn open(&self, is: impl Fn(char) -> bool) -> Vec<usize> {
        let open = |(at, cell): (usize, &Cell)| (!cell.replaced && is(cell.plain)).then_some(at);
        self.cells.iter().enumerate().filter_map(open).collect()
    }

    fn replace(&mut self, at: usize, by: String) {
        self.cells[at].written = by;
        self.cells[at].replaced = true;
    }

    /// From 1 to `most` of these places.
    fn some(mut places: Vec<usize>, most: usize, chance: &mut Seeded) -> Vec<usize> {
        let count = 1 + chance.below(most.min(places.len()));
        chance.shuffle(&mut places);
        places.truncate(count);
        places
    }
}

fn is_hanzi(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables::new("操\t扌喿\n法\t氵去\n明\t日月\n你\t亻尔\n"));

    fn perturbed(kind: Kind, term: &str, seed: u64) -> Option<String> {
        let mut written = Written::new(term);
        let mut chance = Seeded::new(seed, kind.as_str());
        kind.apply(&mut written, &TABLES, &mut chance).then(|| written.text())
    }

    #[test]
    fn the_same_seed_perturbs_alike_and_nothing_is_left_as_it_was() {
        for kind in Kind::ALL {
            for term in ["fucking", "微信", "非法集资", "加v信", "马鸡狗", "heck no"] {
                for seed in 0..20 {
                    let once = perturbed(kind, term, seed);
                    assert_eq!(once, perturbed(kind, term, seed), "{kind:?} {term}");
                    assert_ne!(once.as_deref(), Some(term), "{kind:?}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_done_is_not_done() {
        for (kind, term) in [
            (Kind::Traditional, "你好"),
            (Kind::Runs, "微信"),
            (Kind::Masks, "ass"),
            (Kind::Leet, "hmm"),
            (Kind::SpacedLetters, "加v信"),
            (Kind::Pinyin, "加v信"),
            (Kind::MixedPinyin, "heck"),
            (Kind::Decomposition, "fuck"),
        ] {
            assert_eq!(perturbed(kind, term, 1), None, "{kind:?} {term}");
        }
    }

    #[test]
    fn a_second_perturbation_leaves_the_first_alone() {
        for seed in 0..50 {
            let mut chance = Seeded::new(seed, "two");
            let mut written = Written::new("shitface");
            assert!(Kind::Leet.apply(&mut written, &TABLES, &mut chance));
            let replaced: Vec<_> = written.cells.iter().filter(|c| c.replaced).cloned().collect();
            assert!(Kind::Runs.apply(&mut written, &TABLES, &mut chance));
            assert!(replaced.iter().all(|cell| written.cells.contains(cell)));
        }
    }
}
