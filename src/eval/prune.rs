//! The fair rival: a public word list without its noisiest terms, so that it is no noisier than what it is compared with.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{checker::AdHoc, lists::index};
use crate::{dictionary::Tolerance, problem::Problems};

/// What is left of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// How many terms the list had.
    pub terms: usize,
    /// How many are left.
    pub kept: usize,
    /// How many of the clean messages they still find.
    pub found: u64,
    /// The terms that are left, one a line.
    #[serde(skip)]
    pub lines: String,
}

/// Drops terms one by one, always the one that most of the messages still found hold, until at most `allowed` of the clean messages are
/// found. Terms that no clean message holds stay.
pub fn prune<'a>(
    terms: &BTreeSet<String>,
    clean: impl IntoIterator<Item = &'a str>,
    allowed: u64,
) -> Result<Pruned, Problems> {
    let lines = |kept: &BTreeSet<usize>| {
        let kept = terms.iter().enumerate().filter(|(at, _)| kept.contains(at));
        kept.map(|(_, term)| term.as_str()).collect::<Vec<_>>().join("\n")
    };
    let mut kept: BTreeSet<usize> = (0..terms.len()).collect();
    let mut found = held(&lines(&kept), terms, clean)?;
    let mut counts = vec![0_u64; terms.len()];
    for &term in found.iter().flatten() {
        counts[term] += 1;
    }
    while found.len() as u64 > allowed {
        let Some(noisiest) = (0..terms.len()).max_by_key(|&term| (counts[term], std::cmp::Reverse(term))) else {
            break;
        };
        kept.remove(&noisiest);
        counts[noisiest] = 0;
        found.retain_mut(|message| {
            if let Some(at) = message.iter().position(|&term| term == noisiest) {
                message.swap_remove(at);
            }
            !message.is_empty()
        });
    }
    Ok(Pruned {
        terms: terms.len(),
        kept: kept.len(),
        found: found.len() as u64,
        lines: lines(&kept),
    })
}

/// For each message that holds terms, which.
fn held<'a>(
    lines: &str,
    terms: &BTreeSet<String>,
    clean: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Vec<usize>>, Problems> {
    let index = index(terms);
    let list = AdHoc::new(lines, Tolerance::Folded)?;
    let mut held = Vec::new();
    let Some(mut checker) = list.checker() else {
        return Ok(held);
    };
    for text in clean {
        let Some(verdict) = checker.check(text.as_bytes()) else {
            continue;
        };
        let rules = verdict.triggers.iter();
        let message: Vec<usize> = rules
            .filter_map(|trigger| index.get(trigger.rule.split_once('/')?.1).copied())
            .collect();
        if !message.is_empty() {
            held.push(message);
        }
    }
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noisiest_terms_go_first_and_silent_ones_stay() {
        let terms = ["妈妈", "刷单", "跑分", "开盒"].map(str::to_owned).into();
        let clean = ["妈妈好", "妈妈", "妈妈", "别刷单", "跑分和刷单"];
        let pruned = prune(&terms, clean, 1).unwrap();
        assert_eq!((pruned.terms, pruned.kept, pruned.found), (4, 2, 1));
        assert_eq!(pruned.lines, "开盒\n跑分");
        assert_eq!(prune(&terms, clean, 5).unwrap().kept, 4, "nothing has to go");
    }
}
