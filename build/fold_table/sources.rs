//! The data behind the rules: checked-in extracts, and short lists made by hand, each with its reason.

use std::collections::HashMap;
use std::io::{Error, ErrorKind};
use std::ops::RangeInclusive;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;
use unicode_script::Script;

/// The last code point that the table covers; beyond stand only planes 14 (all ignorable) and private use.
pub(crate) const LIMIT: u32 = 0x34000;

/// `Default_Ignorable_Code_Point` of the Unicode Character Database, below plane 14.
pub(crate) const IGNORABLE: [RangeInclusive<u32>; 16] = [
    0xAD..=0xAD,
    0x34F..=0x34F,
    0x61C..=0x61C,
    0x115F..=0x1160,
    0x17B4..=0x17B5,
    0x180B..=0x180F,
    0x200B..=0x200F,
    0x202A..=0x202E,
    0x2060..=0x206F,
    0x3164..=0x3164,
    0xFE00..=0xFE0F,
    0xFEFF..=0xFEFF,
    0xFFA0..=0xFFA0,
    0xFFF0..=0xFFF8,
    0x1BCA0..=0x1BCA3,
    0x1D173..=0x1D17A,
];

/// Ends a sentence or a clause that nothing is spelled across.
pub(crate) const STRONG: &str = "!?;\n¿¡‽‼⁇⁈⁉。！？；｡։؛؟۔।॥།༎။።፧៕᙮᠃᠉⸮⸘";

/// Characters that the compatibility mappings would turn into noise: they stay one symbol.
/// The signs because a word before them must keep its end (`word™` is not `wordtm`), the dots because three separators
/// in place of one would widen a gap, the pairs of `!` and `?` because they already say what they are.
pub(crate) const KEPT_WHOLE: &str = "™℠℗®©…‥⋯︙‼⁇⁈⁉";

/// Marks whose script is shared or inherited but that belong to the spelling of Arabic, Hebrew or Indic text.
pub(crate) const ARABIC_MARKS: [RangeInclusive<u32>; 2] = [0x64B..=0x655, 0x670..=0x670];
/// See [`ARABIC_MARKS`].
pub(crate) const INDIC_MARKS: [RangeInclusive<u32>; 4] =
    [0x951..=0x954, 0x1CD0..=0x1CFF, 0xA8E0..=0xA8F1, 0x1133B..=0x1133B];

/// Alphabets whose letters may stand for Latin ones. Scripts that keep their marks, kana, hangul and Han are never
/// sources: folding ا or ০ or ㅇ to Latin would ruin real text for a disguise that hardly anybody uses.
pub(crate) const LOOK_ALIKE_SCRIPTS: [Script; 18] = [
    Script::Latin,
    Script::Greek,
    Script::Cyrillic,
    Script::Coptic,
    Script::Armenian,
    Script::Cherokee,
    Script::Lisu,
    Script::Deseret,
    Script::Canadian_Aboriginal,
    Script::Tifinagh,
    Script::Osage,
    Script::Warang_Citi,
    Script::Elbasan,
    Script::Old_Italic,
    Script::Carian,
    Script::Lycian,
    Script::Lydian,
    Script::Runic,
];

/// Look-alikes by eye, after case folding, where TR39 has none or another one.
/// Cyrillic and Greek take the shape of either case, since both cases must fold alike; where the cases differ the lower
/// one wins (η is an n, though Η is an H), being what generated "fonts" use.
#[rustfmt::skip]
pub(crate) const BY_EYE: [(&str, &str); 52] = [
    ("в", "b"), ("н", "h"), ("к", "k"), ("м", "m"), ("т", "t"), ("я", "r"), ("є", "e"), ("ґ", "r"), ("ш", "w"), ("ь", "b"),
    ("α", "a"), ("β", "b"), ("γ", "y"), ("ε", "e"), ("η", "n"), ("κ", "k"), ("μ", "u"), ("τ", "t"), ("χ", "x"), ("ω", "w"),
    ("υ", "u"), ("ν", "v"),
    // The lunate sigma, which Unicode takes for a form of σ, and so for an o.
    ("ϲ", "c"),
    ("ⲁ", "a"), ("ⲉ", "e"),
    // The rest of two "fonts" that take most of their letters from Canadian syllabics, and from Cyrillic and Greek letters that no
    // living language writes.
    ("ᗩ", "a"), ("ᑕ", "c"), ("ᑎ", "n"), ("ᑫ", "q"), ("ᔕ", "s"), ("ᗯ", "w"), ("᙭", "x"),
    ("ԃ", "d"), ("ԋ", "h"), ("ϙ", "q"),
    // Latin letters that no rule reaches, and two signs of the same "fonts".
    ("ɔ", "c"), ("þ", "p"), ("ð", "d"), ("ĸ", "k"), ("ə", "e"), ("ⅎ", "f"), ("ʃ", "f"), ("ʊ", "u"), ("ɒ", "a"), ("ʗ", "c"),
    ("ƨ", "s"), ("ᴤ", "s"), ("ɷ", "w"), ("ʄ", "f"), ("ʅ", "l"), ("∂", "d"), ("℮", "e"),
];

/// What TR39 takes for a Latin letter and we do not: б would meet в and ь in `b`, and Russian has too many words with it.
pub(crate) const NOT_ALIKE: &str = "б";

/// Typographic forms of the apostrophe, the quotation mark and the hyphen: keyboards choose them, people do not.
#[rustfmt::skip]
pub(crate) const PUNCTUATION: [(&str, &str); 17] = [
    ("‘", "'"), ("’", "'"), ("‛", "'"), ("ʼ", "'"), ("ʻ", "'"), ("′", "'"), ("“", "\""), ("”", "\""), ("‟", "\""), ("″", "\""),
    ("‐", "-"), ("‒", "-"), ("–", "-"), ("−", "-"), ("﹘", "-"), ("⁄", "/"), ("∕", "/"),
];

/// Forms in circles and squares that have no decomposition, as (first, last, text of the first); letters and numbers count on.
pub(crate) const ENCLOSED: [(u32, u32, &str); 10] = [
    (0x1F150, 0x1F169, "a"),
    (0x1F170, 0x1F189, "a"),
    (0x24EB, 0x24F4, "11"),
    (0x24F5, 0x24FE, "1"),
    (0x24FF, 0x24FF, "0"),
    (0x2776, 0x277F, "1"),
    (0x2780, 0x2789, "1"),
    (0x278A, 0x2793, "1"),
    (0x1F10B, 0x1F10B, "0"),
    (0x1F10C, 0x1F10C, "0"),
];

/// Squared words and tens in circles on black.
#[rustfmt::skip]
pub(crate) const ENCLOSED_WORDS: [(u32, &str); 19] = [
    (0x1F18E, "ab"), (0x1F191, "cl"), (0x1F192, "cool"), (0x1F193, "free"), (0x1F194, "id"), (0x1F195, "new"), (0x1F196, "ng"),
    (0x1F197, "ok"), (0x1F198, "sos"), (0x1F199, "up"), (0x1F19A, "vs"), (0x3248, "10"), (0x3249, "20"), (0x324A, "30"),
    (0x324B, "40"), (0x324C, "50"), (0x324D, "60"), (0x324E, "70"), (0x324F, "80"),
];

/// Blocks of characters whose decomposition adds parentheses, brackets, commas or full stops.
pub(crate) const BRACKETED: [RangeInclusive<u32>; 4] =
    [0x2474..=0x24B5, 0x3200..=0x3247, 0x1F100..=0x1F10A, 0x1F110..=0x1F12A];

/// Chinese characters that OpenCC and Unihan leave apart and that people write for one another.
#[rustfmt::skip]
pub(crate) const HAN_BY_HAND: [(&str, &str); 3] = [
    // Taiwan writes 看著 for 看着. Folding 著 to 着 unites them; 着 alone is no other word that 著 could be mistaken for.
    ("著", "着"),
    // Old and variant forms of 寧.
    ("寜", "宁"),
    ("寍", "宁"),
];

/// The checked-in extracts, one map a file.
pub(crate) struct Sources {
    pub(crate) simplified: HashMap<char, String>,
    pub(crate) han_variants: HashMap<char, String>,
    pub(crate) shinjitai: HashMap<char, String>,
    pub(crate) radicals: HashMap<char, String>,
    pub(crate) latin: HashMap<char, String>,
}

impl Sources {
    /// Reads `build/data`.
    pub(crate) fn read(dir: &Path) -> Result<Self, Error> {
        Ok(Self {
            simplified: read_pairs(dir, "simplified.tsv")?,
            han_variants: read_pairs(dir, "han_variants.tsv")?,
            shinjitai: read_pairs(dir, "shinjitai.tsv")?,
            radicals: read_pairs(dir, "radicals.tsv")?,
            latin: read_pairs(dir, "latin.tsv")?,
        })
    }
}

fn read_pairs(dir: &Path, name: &str) -> Result<HashMap<char, String>, Error> {
    let text = std::fs::read_to_string(dir.join(name))?;
    let mut map = HashMap::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        let wrong = || {
            Error::new(
                ErrorKind::InvalidData,
                format!("build/data/{name}:{}: expected SOURCE<TAB>TARGET", number + 1),
            )
        };
        let (source, target) = line.split_once('\t').ok_or_else(wrong)?;
        map.insert(source.chars().next().ok_or_else(wrong)?, target.nfc().collect());
    }
    Ok(map)
}
