//! Stories about the fold: given a text, what it becomes.

mod differential;
mod disguises;
mod documented;
mod explained;
mod properties;
mod ruler;
mod scripts;

use proptest::prelude::*;

use super::{Class, Folded, fold};

/// Texts that mix ordinary characters with all those that the fold treats specially, and now and then any character.
fn texts() -> impl Strategy<Value = String> {
    let special = prop::sample::select(
        "\u{200B}\u{200D}\u{FE0F}\u{AD}\u{301}\u{327}\u{651}\u{64E}\u{E34}\u{E49}\u{93C}\u{94D}\u{5B8}\u{5C1}\u{3099}\u{309A}\u{FF9E}\
         \u{1100}\u{1161}\u{11A8}\u{11BF}가각ㄱㅏﾡかカｶは🇨🇳🇫🇺۝กำنﳲﷺ㍿㌖ßŉﬃ🅰㈠①한हिक\u{93C}ש\u{5BC}\u{5C1}\r\n\u{1D165}\u{345}\u{F71}\u{F73}\u{600}👨👩🏽"
            .chars()
            .collect::<Vec<_>>(),
    );
    let character = prop_oneof![
        3 => special,
        2 => prop::char::range(' ', '~'),
        2 => prop::char::range('\u{4E00}', '\u{9FFF}'),
        1 => prop::char::range('\u{80}', '\u{3400}'),
        1 => any::<char>(),
    ];
    prop::collection::vec(character, 0..40).prop_map(|characters| characters.into_iter().collect())
}

/// What `text` folds to.
fn folded(text: &str) -> String {
    let mut out = Folded::default();
    fold(text, &mut out);
    assert_eq!(out.symbols().len(), out.sources().len());
    out.symbols().iter().collect()
}

/// Checks that each text folds to the other.
#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .filter(|(text, expected)| folded(text) != *expected)
        .map(|(text, expected)| format!("{text:?} folds to {:?}, not {expected:?}", folded(text)))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The classes of the symbols of `text`.
fn classes(text: &str) -> Vec<Class> {
    let mut out = Folded::default();
    fold(text, &mut out);
    out.classes().to_vec()
}
