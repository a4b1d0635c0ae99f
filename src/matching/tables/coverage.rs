//! How much of everyday Chinese the tables know, and whether they speak the fold's language.

use super::{decompositions, readings};
use crate::text::{Folded, fold};

/// True where `c` is a symbol that the fold leaves as it is.
pub(super) fn folds_to_itself(c: char) -> bool {
    let mut folded = Folded::default();
    fold(c.encode_utf8(&mut [0; 4]), &mut folded);
    folded.symbols() == [c]
}

/// The 3,755 most common hanzi.
fn common() -> impl Iterator<Item = char> {
    let list = include_str!("../../../build/data/evasion/gb2312_level1.txt");
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::chars)
}

/// How many of the common hanzi in a thousand.
fn per_mille(known: impl Fn(char) -> bool) -> usize {
    assert_eq!(common().count(), 3755);
    common().filter(|&c| known(c)).count() * 1000 / 3755
}

#[test]
fn every_common_hanzi_has_a_reading() {
    let silent: String = common().filter(|&c| readings(c).is_empty()).collect();
    assert_eq!(silent, "");
}

#[test]
fn most_common_hanzi_have_parts() {
    let share = per_mille(|c| decompositions(c).next().is_some());
    assert!(share >= 950, "{share}");
}

#[test]
fn most_common_hanzi_can_be_written_as_two_parts() {
    let share = per_mille(|c| decompositions(c).any(|parts| parts.len() == 2));
    assert!(share >= 900, "{share}");
}

#[test]
fn most_common_hanzi_have_one_reading() {
    let share = per_mille(|c| readings(c).len() == 1);
    assert!((900..960).contains(&share), "{share}");
}
