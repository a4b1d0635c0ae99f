//! What the fold did, told to people.

use crate::text::{Folded, explain};

/// Each character with what became of it and why.
fn told(text: &str) -> Vec<String> {
    let mut folded = Folded::default();
    let steps = explain(text, &mut folded);
    steps
        .iter()
        .map(|step| {
            let symbols: String = folded.symbols()[step.symbols.clone()].iter().collect();
            format!("{} {symbols} {}", step.original.escape_unicode(), step.reasons)
                .trim_end()
                .to_owned()
        })
        .collect()
}

#[test]
fn every_character_is_told_with_its_reasons() {
    assert_eq!(
        told("Ｆé\u{200B}"),
        ["\\u{ff26} f case, width", "\\u{e9} e diacritic", "\\u{200b}  invisible"]
    );
    assert_eq!(
        told("с㈱體戸⼀"),
        [
            "\\u{441} c look-alike",
            "\\u{3231} 株 enclosed",
            "\\u{9ad4} 体 traditional",
            "\\u{6238} 户 traditional, variant",
            "\\u{2f00} 一 radical",
        ]
    );
    assert_eq!(
        told("か\u{3099}a\u{301}"),
        [
            "\\u{304b} が joined",
            "\\u{3099}  joined",
            "\\u{61} a",
            "\\u{301}  mark"
        ]
    );
    assert_eq!(told("🇨"), ["\\u{1f1e8} c flag letter"]);
    assert_eq!(told("🇨🇳"), ["\\u{1f1e8} 🇨", "\\u{1f1f3} 🇳"]);
}

#[test]
fn a_step_reads_as_a_line_or_as_json() {
    let mut folded = Folded::default();
    let steps = explain("Ｖ\u{200B}", &mut folded);
    assert_eq!(
        steps[0].to_text(&folded),
        "    0  U+FF36   Ｖ\tv\tLatin           case, width"
    );
    assert_eq!(
        steps[1].to_text(&folded),
        "    3  U+200B   \\u{200b}\t-\t                invisible"
    );
    assert_eq!(
        steps[0].to_json(&folded).to_string(),
        r#"{"classes":["Latin"],"code":"U+FF36","folded":"v","original":"Ｖ","reasons":["case","width"],"source":0}"#
    );
}
