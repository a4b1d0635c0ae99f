//! Stories about the fold: given a text, what it becomes.

mod disguises;
mod scripts;

use super::{Class, Folded, fold};

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
