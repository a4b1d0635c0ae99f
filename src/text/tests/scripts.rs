//! Real words of living scripts keep their meaning.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{check, classes, folded};
use crate::text::special::starts_grapheme;
use crate::text::table::{self, MARK};
use crate::text::{Alphabets, Class, Folded, Letters, TermFold, fold};

#[test]
fn thai_keeps_its_vowels_and_tones() {
    check(&[
        ("ขอบคุณมากครับ", "ขอบคุณมากครับ"),
        ("น้ำ", "น\u{e49}\u{e4d}า"),
        ("๕๕๕", "555"),
    ]);
    assert!(classes("ที่").iter().all(|&class| class == Class::Unspaced));
    // A Thai mark on a Latin letter is decoration.
    check(&[("f\u{e47}\u{e47}uck", "fuck")]);
}

#[test]
fn hindi_keeps_its_vowel_signs() {
    check(&[("नमस्ते दुनिया", "नमस्ते दुनिया"), ("क़लम", "क\u{93c}लम")]);
    assert_ne!(folded("कि"), folded("की"));
}

#[test]
fn arabic_keeps_its_marks_and_loses_its_shapes_and_stretching() {
    check(&[
        ("مَرْحَبًا", "مَرْحَبًا"),
        ("مرحبـــا", "مرحبا"),
        ("ﻣﺮﺣﺒﺎ", "مرحبا"),
        ("می\u{200C}خواهم", "میخواهم"),
        // Two marks on one letter, in either order.
        ("م\u{64E}\u{651}", "م\u{64E}\u{651}"),
        ("م\u{651}\u{64E}", "م\u{64E}\u{651}"),
        // Behind a tear a mark that belongs before the tear goes: it could not be found where it is seen.
        ("م\u{651}\u{200B}\u{651}\u{64E}", "م\u{651}\u{651}"),
    ]);
}

#[test]
fn hebrew_keeps_its_points() {
    check(&[
        ("שָׁלוֹם", "ש\u{5B8}\u{5C1}לו\u{5B9}ם"),
        ("שלום עולם", "שלום עולם"),
        ("שּׁ", "ש\u{5BC}\u{5C1}"),
    ]);
}

#[test]
fn korean_syllables_are_whole_and_loose_letters_stay_loose() {
    check(&[
        ("안녕하세요", "안녕하세요"),
        ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", "한글"),
        ("가\u{11A8}", "각"),
        ("ㅋㅋㅋ ᄏᄏᄏ ㅠㅠ", "ㅋㅋㅋ ㅋㅋㅋ ㅠㅠ"),
        ("ㅅㅂ ￨ ﾾﾲ", "ㅅㅂ │ ㅎㅂ"),
        ("㉠㉮㈎", "ㄱ가가"),
        // What is torn apart does not join.
        ("가\u{200B}\u{11A8}", "가ㄱ"),
    ]);
}

#[test]
fn a_sound_mark_joins_no_kana_across_a_ligature_that_went() {
    // Found by fuzzing: the mark would lie outside the grapheme that the span is cut to.
    check(&[("ソ\u{FCF4}\u{FF9E}", "ソ"), ("ソ\u{FF9E}", "ゾ")]);
}

#[test]
fn a_sound_mark_joins_its_kana_across_a_mark_that_is_written_as_two() {
    // Found by the differential test: canonically the sound mark comes first.
    check(&[("は\u{F73}\u{3099}", "ば"), ("は\u{3099}\u{F71}\u{F72}", "ば")]);
}

#[test]
fn a_sound_mark_joins_no_kana_across_a_mark_that_is_a_grapheme() {
    // Found by fuzzing, as above.
    check(&[("ホ\u{109A}\u{309A}", "ホ")]);
}

#[test]
fn marks_that_are_graphemes_are_those_of_the_segmentation() {
    for mark in ('\0'..=char::MAX).filter(|&c| table::meta(c) >= MARK) {
        let alone = format!("ホ{mark}").graphemes(true).count() == 2;
        assert_eq!(starts_grapheme(mark), alone, "U+{:04X}", mark as u32);
    }
}

#[test]
fn japanese_sound_marks_make_another_letter() {
    check(&[
        ("か\u{3099} は\u{309A}", "が ぱ"),
        ("ｶﾞｷﾞﾊﾟ ｱｲｳ", "ガギパ アイウ"),
        ("ありがとうございます", "ありがとうございます"),
        ("あ\u{3099}", "あ"),
        ("ラーメン・㌢", "ラーメン・センチ"),
        ("か\u{200D}\u{3099} か\u{200B}\u{3099}", "が か"),
    ]);
    assert!(!folded("が").contains('か'));
    assert_eq!(classes("カー"), [Class::Kana; 2]);
}

#[test]
fn vietnamese_reads_as_people_type_it_without_accents() {
    check(&[
        ("Tiếng Việt rất đẹp", "tieng viet rat dep"),
        ("Cảm ơn bạn", "cam on ban"),
    ]);
}

#[test]
fn a_russian_word_is_not_an_english_one() {
    // Both fold alike, for disguises mix alphabets…
    check(&[("сор", "cop"), ("соp", "cop"), ("Москва", "mockba"), ("хуй", "xyи")]);
    // …and a hit asks whether term and text have an alphabet in common.
    let term = Alphabets::of("cop");
    assert!(!term.meet(Alphabets::of("сор")));
    assert!(term.meet(Alphabets::of("соp")));
    assert!(term.meet(Alphabets::of("ｃｏｐ")));
    assert!(Alphabets::of("сор").meet(Alphabets::of("соp")));
    assert!(Alphabets::of("加v").meet(Alphabets::of("加ｖ")));
    assert!(Alphabets::of("微信").meet(Alphabets::of("微信")));
}

#[test]
fn the_alphabets_of_a_stretch_are_those_of_its_letters_however_long_it_is() {
    let text = "天地fuck αβγ, 不 сорт ①②③ ｃｏｐ 日本語のひらがな한국어 é Ωmega ∂ x".repeat(3);
    let mut letters = Letters::default();
    let ends = || text.char_indices().map(|(at, _)| at).chain([text.len()]);
    for (start, end) in ends().flat_map(|start| ends().filter(move |&end| start <= end).map(move |end| (start, end))) {
        let bytes = u32::try_from(start).unwrap()..u32::try_from(end).unwrap();
        assert_eq!(
            letters.between(&text, bytes),
            Alphabets::of(&text[start..end]),
            "{start}..{end}"
        );
    }
    letters.forget();
    assert_eq!(
        letters.between(&"ж".repeat(40), 0..80),
        Alphabets::of("ж"),
        "of another text"
    );
}

#[test]
fn a_word_ends_by_its_letters_before_and_after_folding() {
    let joined = |text: &str, left| {
        let mut out = Folded::default();
        fold(text, &mut out);
        out.joined(text, left)
    };
    assert!(joined("сорд", 2), "cop does not end inside a Russian word");
    assert!(joined("сopd", 2));
    assert!(!joined("加v信", 0));
    assert!(!joined("加v信", 1));
    assert!(!joined("vx12", 1));
    assert!(joined("12", 0));
    assert!(!joined("a b", 0));
    assert!(!joined("ab", 1));
}

#[test]
fn the_linter_learns_what_a_term_folds_to() {
    let term = TermFold::of("Ｖ\u{200B}Ｘ");
    assert_eq!(
        (
            term.folded.as_str(),
            term.symbols,
            term.has_word,
            term.open_start,
            term.open_end
        ),
        ("vx", 2, true, false, false)
    );
    assert_eq!(TermFold::of("\u{200B}\u{301}").symbols, 0);
    assert!(!TermFold::of("***").has_word);
    assert!(TermFold::of("\u{3099}か").open_start);
    assert!(TermFold::of("\u{1100}").open_end);
    assert!(TermFold::of("\u{11A8}가").open_start);
    assert!(TermFold::of("🇨").open_start && TermFold::of("🇨").open_end);
    assert!(!TermFold::of("か").open_end && !TermFold::of("が").open_start);
}
