//! Every group of disguises, one test each.

use super::{check, classes, folded};
use crate::text::{Class, Folded, append, append_bytes, fold};

#[test]
fn letters_of_every_width_case_and_style_are_letters() {
    check(&[
        ("HeLLo", "hello"),
        ("ＨＥＬＬＯ　１２３！", "hello 123!"),
        ("𝐡𝑒𝓁𝔩𝕠 𝖍𝗲𝘭𝙡𝚘", "hello hello"),
        ("ʰᵉˡˡᵒ ₕₑₗₗₒ", "hello hello"),
        ("ℌ𝒪ℬ", "hob"),
        ("ﬁﬂﬀ ĳ ǆ", "fiflff ij dz"),
        ("Straße GROẞ", "strasse gross"),
        ("① ⑩ ⑴ ⒈ ⒜ Ⓐ ⓐ", "1 10 1 1 a a a"),
        ("x² H₂O ½", "x2 h2o 1/2"),
    ]);
}

#[test]
fn enclosed_letters_that_nfkc_forgets_are_letters_too() {
    check(&[
        ("🅵🆄🅲🅺 🅕🅤🅒🅚 🄵🅄🄲🄺", "fuck fuck fuck"),
        ("❶❿➀➓⓿⓫⓴⓵⓾", "11011001120110"),
        ("🆒🆓🆔🆕🆗🆘🆚", "coolfreeidnewoksosvs"),
        ("㈠ ㊀ ㊙ ㍿ ㈱", "一 一 秘 株式会社 株"),
        ("1️⃣2⃣", "12"),
        ("🄀 🄁", "0 0"),
    ]);
}

#[test]
fn small_capitals_turned_and_struck_letters_are_letters() {
    check(&[
        ("ꜰᴜᴄᴋ ʙɪᴛᴄʜ", "fuck bitch"),
        ("ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz", "aqcpejbhirklmuodbrstnvwxyz"),
        ("øđłħŧƀıȷ ƒʋɱ", "odlhtbij fvm"),
        ("æœþðŋ", "aeoepdn"),
    ]);
}

#[test]
fn accents_and_stacked_marks_go() {
    check(&[
        ("fúçk fu\u{301}c\u{327}k", "fuck fuck"),
        ("f̸̡̛̰u̵͚͠c̷͎͝ḵ̶̈", "fuck"),
        ("傻\u{334}逼\u{336}", "傻逼"),
        ("\u{301}abc", "abc"),
        ("s\u{336}h\u{336}i\u{336}t\u{336}", "shit"),
        ("x\u{20D2} *\u{20D2}", "x *"),
    ]);
}

#[test]
fn look_alikes_of_other_alphabets_are_latin() {
    check(&[
        ("fuсk ѕhіt ВІТСН", "fuck shit bitch"),
        ("αss pοrn ΡΟRΝ", "ass porn porv"),
        ("ꓝꓴꓚꓗ ᖴᑌᑕK ᗩᔕᔕ", "fuck fuck ass"),
        ("fuϲk ϹUM ʄϝɯԃҽɾԋ", "fuck cum ffmderh"),
        ("αв¢∂єƒ", "ab¢def"),
        ("ᎪᏢᏞ", "apl"),
    ]);
}

#[test]
fn nothing_invisible_keeps_symbols_apart() {
    check(&[
        ("傻\u{200B}逼 f\u{200D}u\u{FEFF}c\u{2060}k", "傻逼 fuck"),
        (
            "a\u{AD}b\u{34F}c\u{61C}d\u{115F}e\u{1160}f\u{3164}g\u{FFA0}h",
            "abcdefgh",
        ),
        ("\u{202E}abc\u{202C} a\u{2066}b", "abc ab"),
        ("a\u{FE0F}b\u{E0100}c\u{E0041}d\u{180B}e", "abcde"),
        ("a\u{0}b\u{7}c\u{1B}d\u{80}e", "abcde"),
        ("\u{200B}\u{FEFF}", ""),
    ]);
}

#[test]
fn white_space_of_every_kind_is_a_space_and_a_line_break_a_line_break() {
    check(&[
        ("a\tb\u{A0}c\u{2003}d\u{3000}e\u{2800}f", "a b c d e f"),
        ("a  b", "a  b"),
        ("a\r\nb\u{85}c\u{2028}d\u{2029}e", "a\n\nb\nc\nd\ne"),
    ]);
    assert_eq!(classes("\t\n"), [Class::SeparatorWeak, Class::SeparatorStrong]);
}

#[test]
fn chinese_of_every_form_is_simplified() {
    check(&[
        ("繁體字與簡體字", "繁体字与简体字"),
        ("瞭解 寜靜 看著 藉口", "了解 宁静 看着 借口"),
        ("⼀⽔⽕ ⺅ ⻄", "一水火 亻 西"),
        ("豈更車", "岂更车"),
        ("広気戦", "广气战"),
        ("𠮷 値 戸", "吉 值 户"),
        ("〇々", "〇々"),
    ]);
}

#[test]
fn digits_of_every_script_are_digits() {
    check(&[("١٢٣ ۴۵ १२३ ๑๒๓ ０１２ 𝟘𝟙𝟚 🯰🯱", "123 45 123 123 012 012 01")]);
    assert_eq!(classes("٣"), [Class::Digit]);
}

#[test]
fn what_must_not_fold_does_not() {
    check(&[
        ("一条狗", "一条狗"),
        ("1 l | I 0 O", "1 l | i 0 o"),
        ("rn m", "rn m"),
        ("カ力 ニ二 ロ口 ー一", "カ力 ニ二 ロ口 ー一"),
        ("@$*()", "@$*()"),
        ("word™ 100％…", "word™ 100%…"),
        ("ﷺ", "ﷺ"),
        ("己已巳", "己已巳"),
    ]);
}

#[test]
fn typographic_quotes_and_hyphens_are_those_of_the_keyboard() {
    check(&[("don’t “so” a‑b a–b", "don't \"so\" a-b a-b")]);
}

#[test]
fn a_flag_is_a_flag_and_other_regional_indicators_are_letters() {
    check(&[
        ("🇸🇧", "🇸🇧"),
        ("🇨🇳🇯🇵", "🇨🇳🇯🇵"),
        ("🇫🇺🇨🇰", "fuck"),
        ("🇫 🇺", "f u"),
        ("🇫\u{200B}🇺", "fu"),
        ("🇨🇳🇫", "cnf"),
    ]);
    assert_eq!(classes("🇸🇧"), [Class::SeparatorWeak; 2]);
    assert_eq!(classes("🇫🇺🇨🇰"), [Class::Latin; 4]);
}

#[test]
fn an_emoji_stays_without_its_tone_and_its_selector() {
    check(&[("👍🏽 ❤️ 👨‍👩‍👧", "👍 ❤ 👨👩👧")]);
}

#[test]
fn separators_are_weak_or_strong() {
    for weak in " .-_*~·、，,:😀…()#".chars() {
        assert_eq!(classes(&weak.to_string()), [Class::SeparatorWeak], "{weak}");
    }
    for strong in "。！？!?;\n؟।".chars() {
        assert_eq!(classes(&strong.to_string()), [Class::SeparatorStrong], "{strong}");
    }
}

#[test]
fn ascii_by_arithmetic_is_ascii_by_the_table() {
    for c in ' '..='~' {
        assert_eq!(classes(&c.to_string()), [Class::of(c)], "{c}");
        assert_eq!(folded(&c.to_string()), c.to_ascii_lowercase().to_string());
        assert_eq!(classes(&c.to_string().repeat(20)), [Class::of(c); 20]);
    }
}

#[test]
fn every_symbol_knows_the_character_it_came_from() {
    let mut out = Folded::default();
    fold("a㍿\u{200B}ß!", &mut out);
    assert_eq!(out.sources(), [0, 1, 1, 1, 1, 7, 7, 9]);
    assert_eq!(out.source_bytes("a㍿\u{200B}ß!", 1..5), 1..4);
    assert_eq!(out.source_bytes("a㍿\u{200B}ß!", 3..7), 1..9);
}

#[test]
fn texts_can_stand_one_behind_the_other() {
    let mut out = Folded::default();
    assert_eq!(append("か", &mut out), 0..1);
    // A mark at the start of a text joins nothing of the text before it.
    assert_eq!(append("\u{3099}ab", &mut out), 1..3);
    assert_eq!(out.sources(), [0, 3, 4]);
    assert_eq!(append_bytes(b"x\xFFy", &mut out).unwrap_err().at, 1);
    assert_eq!(out.len(), 3);
}

#[test]
fn bytes_that_are_no_utf8_are_refused_where_the_standard_library_refuses_them() {
    let bad: [&[u8]; 9] = [
        b"abc\x80",
        b"\xC0\x80",
        b"\xC1\xBF",
        b"\xE0\x80\x80",
        b"\xED\xA0\x80",
        b"\xF0\x80\x80\x80",
        b"\xF4\x90\x80\x80",
        b"\xE4\xBD",
        b"\xF5\x80\x80\x80",
    ];
    for bytes in bad {
        let expected = std::str::from_utf8(bytes).unwrap_err().valid_up_to();
        assert_eq!(
            append_bytes(bytes, &mut Folded::default()).unwrap_err().at,
            expected,
            "{bytes:?}"
        );
    }
}
