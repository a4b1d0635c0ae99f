//! Verdicts that explain themselves: given a disguise, then the words for it.

use tamis::{
    dictionary::{Dictionary, Tolerance},
    snapshot::Options,
};

use crate::support::verdict_of;

/// The match that `term` has in `text`: its slice, its planes, and how it was derived.
fn derived(term: &str, text: &str) -> (String, String, String) {
    let (dictionary, _) =
        Dictionary::from_terms("terms".parse().unwrap(), [("terms.txt", term)], Tolerance::Aggressive).unwrap();
    let options = Options {
        explain: true,
        ..Options::default()
    };
    let verdict = verdict_of(dictionary, text, &options);
    let trigger = verdict
        .triggers
        .first()
        .unwrap_or_else(|| panic!("{term:?} is not found in {text:?}"));
    let planes: Vec<_> = trigger.planes.iter().map(tamis::matching::Plane::as_str).collect();
    let found = &trigger.matches[0];
    (
        found.spans[0].text.clone(),
        planes.join("+"),
        found.explanation.join("; "),
    )
}

#[test]
fn every_plane_says_in_words_what_it_did() {
    for (term, text, slice, planes, words) in [
        ("微信", "加微信", "微信", "", ""),
        ("微信", "加微-信", "微-信", "gaps", "'-' skipped"),
        (
            "fuck",
            "FUCK",
            "FUCK",
            "folded",
            "F read as f (case); U read as u (case); C read as c (case); K read as k (case)",
        ),
        ("fuck", "fuuuck", "fuuuck", "runs", "u written 3 times"),
        (
            "send nudes",
            "send  n u d e s",
            "send  n u d e s",
            "gaps",
            "' ' skipped; ' ' skipped; ' ' skipped; ' ' skipped",
        ),
        ("shit", "sh1t", "sh1t", "leet", "1 read as i"),
        ("fuck", "f*ck", "f*ck", "masks", "* stands for u"),
        (
            "shit",
            "s-h.*t",
            "s-h.*t",
            "gaps+masks",
            "'-' skipped; '.' skipped; * stands for i",
        ),
        (
            "fuck",
            "fuuuu🖕k",
            "fuuuu🖕k",
            "runs+masks",
            "u written 4 times; 🖕 stands for c",
        ),
        ("鸡巴", "🐔巴", "🐔巴", "emoji", "🐔 read as 鸡"),
        ("非法", "非氵去", "非氵去", "decomposition", "氵去 read as 法"),
        ("脑残", "脑can", "脑can", "mixed_pinyin", "can read as 残"),
        ("微信", "weixin", "weixin", "pinyin", "wei read as 微; xin read as 信"),
        (
            "非法",
            "非-氵去",
            "非-氵去",
            "gaps+decomposition",
            "'-' skipped; 氵去 read as 法",
        ),
    ] {
        let wanted = (slice.to_owned(), planes.to_owned(), words.to_owned());
        assert_eq!(derived(term, text), wanted, "{term} in {text}");
    }
}

#[test]
fn a_misspelling_says_what_was_done_to_the_word() {
    for (text, words) in [
        ("fuk", "'fuk' is one letter away from 'fuck'"),
        ("fcuk", "'fcuk' is 'fuck' with two letters swapped"),
        ("fuucck", "'fuucck' is 'fuck' with letters doubled"),
    ] {
        let wanted = (text.to_owned(), "misspelling".to_owned(), words.to_owned());
        assert_eq!(derived("fuck", text), wanted, "{text}");
    }
}
