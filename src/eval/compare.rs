//! Two sets of dictionaries over the same text: what one would block that the other lets pass.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    interval::Share,
    seeded::{Reservoir, Seeded},
};
use crate::{policy::Action, snapshot::Verdict};

/// Counts how the verdicts of a candidate differ from those of a baseline.
#[derive(Clone, Debug)]
pub struct Comparison {
    messages: u64,
    newly_blocked: u64,
    newly_found: u64,
    newly_passed: u64,
    graver: u64,
    milder: u64,
    rules: BTreeMap<String, Moved>,
    samples: Reservoir<String>,
    chance: Seeded,
}

/// In how many messages a rule fires on one side only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// It fires, and did not.
    pub gained: u64,
    /// It fired, and does no more.
    pub lost: u64,
}

/// How a candidate differs from a baseline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The corpus.
    pub corpus: String,
    /// Blocked, and were not.
    pub newly_blocked: Share,
    /// Warned about, held or blocked, and were simply delivered.
    pub newly_found: Share,
    /// Simply delivered, and were not.
    pub newly_passed: Share,
    /// Answered more gravely.
    pub graver: Share,
    /// Answered more mildly.
    pub milder: Share,
    /// The rules that differ.
    pub rules: BTreeMap<String, Moved>,
    /// Messages whose answer differs, where they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<String>,
}

impl Comparison {
    /// Counts, and keeps up to `samples` messages that differ.
    pub fn new(samples: usize, seed: u64) -> Self {
        Self {
            messages: 0,
            newly_blocked: 0,
            newly_found: 0,
            newly_passed: 0,
            graver: 0,
            milder: 0,
            rules: BTreeMap::new(),
            samples: Reservoir::new(samples),
            chance: Seeded::new(seed, "compared"),
        }
    }

    /// Takes in one message's two verdicts.
    pub fn add(&mut self, text: &[u8], before: &Verdict, after: &Verdict) {
        self.messages += 1;
        let (was, is) = (before.action, after.action);
        self.newly_blocked += u64::from(is == Action::Block && was != Action::Block);
        self.newly_found += u64::from(is > Action::Allow && was == Action::Allow);
        self.newly_passed += u64::from(is == Action::Allow && was > Action::Allow);
        self.graver += u64::from(is > was);
        self.milder += u64::from(is < was);
        let (old, new) = (rules(before), rules(after));
        for rule in new.difference(&old) {
            self.rules.entry((*rule).to_owned()).or_default().gained += 1;
        }
        for rule in old.difference(&new) {
            self.rules.entry((*rule).to_owned()).or_default().lost += 1;
        }
        if is != was {
            let shown = || {
                let text: String = String::from_utf8_lossy(text).chars().take(240).collect();
                format!("{} -> {}: {text}", was.as_str(), is.as_str())
            };
            self.samples.offer(&mut self.chance, shown);
        }
    }

    /// The figures.
    pub fn report(self, corpus: &str) -> Compared {
        let share = |count| Share::new(count, self.messages);
        Compared {
            corpus: corpus.to_owned(),
            newly_blocked: share(self.newly_blocked),
            newly_found: share(self.newly_found),
            newly_passed: share(self.newly_passed),
            graver: share(self.graver),
            milder: share(self.milder),
            rules: self.rules,
            samples: self.samples.into_kept(),
        }
    }
}

/// The rules that count in a verdict.
fn rules(verdict: &Verdict) -> BTreeSet<&str> {
    let counted = verdict.triggers.iter().filter(|t| t.action > Action::Allow);
    counted.map(|t| t.rule.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dictionary::Tolerance, eval::AdHoc};

    #[test]
    fn what_is_newly_blocked_and_newly_passed_is_told_apart() {
        let (old, new) = ("刷单\n日结", "刷单\n跑分");
        let old = AdHoc::new(old, Tolerance::Standard).unwrap();
        let new = AdHoc::new(new, Tolerance::Standard).unwrap();
        let (mut old, mut new) = (old.checker().unwrap(), new.checker().unwrap());
        let mut comparison = Comparison::new(1, 1);
        for text in ["刷单", "日结", "刷单日结", "跑分", "你好"] {
            let text = text.as_bytes();
            comparison.add(text, &old.check(text).unwrap(), &new.check(text).unwrap());
        }
        let compared = comparison.report("tiny");
        assert_eq!(
            (
                compared.newly_blocked.count,
                compared.newly_passed.count,
                compared.newly_found.of
            ),
            (1, 1, 5)
        );
        let moved = |gained, lost| Moved { gained, lost };
        assert_eq!(
            compared.rules,
            BTreeMap::from([
                ("terms/日结".to_owned(), moved(0, 2)),
                ("terms/跑分".to_owned(), moved(1, 0))
            ])
        );
        assert_eq!(compared.samples.len(), 1);
    }
}
