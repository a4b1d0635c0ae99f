//! The fold against ICU4X: compatibility decomposition and case folding over every code point and over random texts.
//!
//! Every difference is deliberate. Those that follow a rule are rules below, taken from ICU's properties and the checked-in
//! data, not from the table; all others are lines of `differences.tsv`, one a code point, to be reviewed when they change.
//! `TAMIS_BLESS=1` rewrites that file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};
use icu_properties::props::{
    CanonicalCombiningClass, DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Script, WhiteSpace,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use proptest::prelude::*;

use super::{folded, texts};
use crate::text::table;

const DIFFERENCES: &str = include_str!("differences.tsv");

/// ICU's compatibility decomposition of the case folding of the decomposition: what "NFKD and case folding" gives.
fn icu(text: &str) -> String {
    let nfkd = DecomposingNormalizer::new_nfkd();
    nfkd.normalize(&CaseMapper::new().fold_string(&nfkd.normalize(text)))
        .into_owned()
}

fn script(c: char) -> Script {
    CodePointMapData::<Script>::new().get(c)
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

fn is_mark(c: char) -> bool {
    GeneralCategoryGroup::Mark.contains(category(c))
}

fn is_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Marks that the fold drops whatever stands before them.
fn is_dropped_mark(c: char) -> bool {
    let shared = [
        Script::Inherited,
        Script::Common,
        Script::Latin,
        Script::Greek,
        Script::Cyrillic,
        Script::Coptic,
        Script::Han,
        Script::Hangul,
    ];
    let spelled = matches!(c, '\u{64B}'..='\u{655}' | '\u{670}' | '\u{951}'..='\u{954}' | '\u{1CD0}'..='\u{1CFF}' | '\u{1133B}' | '\u{3099}' | '\u{309A}');
    is_mark(c) && shared.contains(&script(c)) && !spelled
}

/// Rules 1 to 4: ignorable and control characters, stretching and dropped marks go; white space is a space or a line break.
fn cleaned(c: char) -> Option<char> {
    let is_white = CodePointSetData::new::<WhiteSpace>().contains(c);
    match c {
        '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\u{2800}' => Some(' '),
        _ if is_white => Some(' '),
        '\u{640}' | '\u{7FA}' | '\u{FFF9}'..='\u{FFFB}' | '\u{1F3FB}'..='\u{1F3FF}' => None,
        _ if is_ignorable(c) || is_dropped_mark(c) || category(c) == GeneralCategory::Control => None,
        _ => Some(c),
    }
}

/// Rule 5: one Chinese character for another, by the checked-in data.
fn chinese() -> HashMap<char, char> {
    let mut map = HashMap::new();
    // The first file that knows a character decides.
    for file in [
        include_str!("../../../build/data/radicals.tsv"),
        include_str!("../../../build/data/simplified.tsv"),
        include_str!("../../../build/data/shinjitai.tsv"),
        include_str!("../../../build/data/han_variants.tsv"),
    ] {
        for (from, to) in file
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('\t'))
        {
            map.entry(from.chars().next().unwrap())
                .or_insert(to.chars().next().unwrap());
        }
    }
    map.extend([('著', '着'), ('寜', '宁'), ('寍', '宁')]);
    map
}

/// Rule 9: a decimal digit of any script is that digit. They stand in runs of ten, from zero up.
fn digit(c: char) -> char {
    let is_digit = |c| category(c) == GeneralCategory::DecimalNumber;
    if !is_digit(c) {
        return c;
    }
    let before = (1..=c as u32)
        .take_while(|back| char::from_u32(c as u32 - back).is_some_and(is_digit))
        .count();
    char::from_digit(u32::try_from(before).unwrap() % 10, 10).unwrap()
}

/// What the rules make of ICU's answer for one code point.
fn expected(c: char, chinese: &HashMap<char, char>) -> String {
    if cleaned(c) != Some(c) {
        return cleaned(c).into_iter().collect();
    }
    // Rule 6: what a keyboard types as one Korean letter, and a radical, is not taken apart before the data is asked.
    let start = if chinese.contains_key(&c) || matches!(c, '\u{3131}'..='\u{318E}') {
        c.to_string()
    } else {
        icu(&c.to_string())
    };
    let simplified: String = start
        .chars()
        .filter_map(cleaned)
        .map(digit)
        .map(|mut c| {
            while let Some(&next) = chinese.get(&c) {
                c = next;
            }
            c
        })
        .collect();
    // Rule 7: kana and Korean syllables are whole.
    if simplified
        .chars()
        .any(|c| matches!(script(c), Script::Hangul | Script::Hiragana | Script::Katakana))
    {
        return ComposingNormalizer::new_nfc().normalize(&simplified).into_owned();
    }
    simplified
}

/// Rule 8: a mark is tried behind a letter of its own script; the fold keeps no mark that stands alone.
fn carrier(c: char) -> Option<char> {
    let letter = match script(c) {
        _ if !is_mark(c) || is_dropped_mark(c) || is_ignorable(c) => return None,
        Script::Inherited => 'م',
        _ => 'ა',
    };
    Some(letter)
}

fn ours(c: char) -> String {
    match carrier(c) {
        Some(letter) => folded(&format!("{letter}{c}")).chars().skip(1).collect(),
        None => folded(&c.to_string()),
    }
}

#[test]
fn every_code_point_folds_as_icu_says_or_as_reviewed() {
    let chinese = chinese();
    let mut found = BTreeMap::new();
    // Planes 4 to 13, 15 and 16 are unassigned or private: nothing there may change.
    let inhabited = |&c: &char| matches!(c as u32 >> 16, 0..=3 | 14);
    assert!(
        (char::MIN..=char::MAX)
            .filter(|c| !inhabited(c))
            .all(|c| table::meta(c) == 0)
    );
    for c in (char::MIN..=char::MAX).filter(inhabited) {
        let (ours, expected) = (ours(c), expected(c, &chinese));
        if ours != expected {
            found.insert(c, (ours, table::reasons(c).to_string()));
        }
    }
    let mut listed = String::from(
        "# What the fold makes of a character where ICU4X and the rules of differential.rs would not. Reviewed line by line.\n",
    );
    for (c, (ours, reasons)) in &found {
        let _ = writeln!(listed, "{:04X}\t{c}\t{}\t{reasons}", *c as u32, ours.escape_default());
    }
    if std::env::var_os("TAMIS_BLESS").is_some() {
        std::fs::write(
            concat!(env!("CARGO_MANIFEST_DIR"), "/src/text/tests/differences.tsv"),
            &listed,
        )
        .unwrap();
        return;
    }
    let (known, new): (HashSet<&str>, HashSet<&str>) = (DIFFERENCES.lines().collect(), listed.lines().collect());
    let unlisted: Vec<&&str> = new.difference(&known).take(20).collect();
    let stale: Vec<&&str> = known.difference(&new).take(20).collect();
    assert!(
        unlisted.is_empty() && stale.is_empty(),
        "unlisted: {unlisted:#?}\nno longer so: {stale:#?}"
    );
}

#[test]
fn ignorable_characters_are_those_of_icu() {
    for c in (char::MIN..=char::MAX).filter(|&c| is_ignorable(c)) {
        assert_eq!(folded(&format!("a{c}b")), "ab", "U+{:04X}", c as u32);
    }
}

#[test]
fn the_order_of_kept_marks_is_that_of_icu() {
    let classes = CodePointMapData::<CanonicalCombiningClass>::new();
    #[expect(deprecated, reason = "the number itself is what is compared")]
    for c in (char::MIN..=char::MAX).filter(|&c| table::meta(c) >= table::MARK) {
        assert_eq!(
            table::combining_class(c),
            classes.get(c).to_icu4c_value(),
            "U+{:04X}",
            c as u32
        );
    }
}

proptest! {
    /// Canonically equivalent texts fold alike: however an accent, a syllable or a sign was typed.
    #[test]
    fn composed_and_decomposed_texts_fold_alike(text in texts()) {
        let composed = ComposingNormalizer::new_nfc().normalize(&text).into_owned();
        let decomposed = DecomposingNormalizer::new_nfd().normalize(&text).into_owned();
        prop_assert_eq!(folded(&text), folded(&composed));
        prop_assert_eq!(folded(&text), folded(&decomposed));
    }

    /// ICU's case folding changes nothing for us, nor do capitals; the iota below, a mark that folds to a letter, stands aside.
    #[test]
    fn texts_that_differ_in_case_fold_alike(text in texts()) {
        let text = DecomposingNormalizer::new_nfd().normalize(&text).replace('\u{345}', "");
        prop_assert_eq!(folded(&text), folded(&CaseMapper::new().fold_string(&text)));
    }

    /// Where every character is one that both treat alike, the texts are alike too.
    #[test]
    fn texts_without_reviewed_differences_fold_as_icu_says(text in texts()) {
        let chinese = HashMap::new();
        let text: String = text.chars().filter(|&c| !is_mark(c) && c != '\u{FF9E}' && folded(&c.to_string()) == expected(c, &chinese)).collect();
        let expected: String = text.chars().map(|c| expected(c, &chinese)).collect();
        prop_assert_eq!(folded(&text), expected);
    }
}
