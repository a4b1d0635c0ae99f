//! Which terms report the same id.

use std::sync::Arc;

use crate::dictionary::{List, Patched, TermRef, Terms};

/// For each slot of a dictionary's terms the slot that stands for all terms of its id. Terms of one id share severity and category, so
/// that any of them can stand for the others, even a removed one.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    /// Of the pushed slots those that another one stands for, in order, and that one; most lists have none.
    base: Arc<[(u32, u32)]>,
    /// How many slots were pushed.
    pushed: usize,
    added: Vec<u32>,
}

impl Groups {
    /// Groups all terms. O(terms), or O(terms x log terms) where some have ids that are not their texts.
    pub(super) fn new(terms: &Patched<Terms>) -> Self {
        let pushed = Self {
            base: terms.followers().into(),
            pushed: terms.base().len(),
            added: Vec::new(),
        };
        pushed.extended(terms)
    }

    /// Groups the terms that were added since. O(added x (log terms + family + edits)).
    #[must_use]
    pub(super) fn extended(&self, terms: &Patched<Terms>) -> Self {
        let mut groups = self.clone();
        for slot in groups.len()..terms.slots() {
            let new = terms.get(slot);
            let alone = u32::try_from(slot).unwrap_or(u32::MAX);
            let same = |old: &TermRef<'_>| (old.category, old.severity) == (new.category, new.severity);
            let mut known = terms.family(new.id).take_while(|(s, _)| *s < alone);
            let known = known.find(|(_, old)| same(old));
            groups.added.push(known.map_or(alone, |(s, _)| groups.of(s)));
        }
        groups
    }

    /// The slot that stands for the term in this slot. O(log terms).
    pub(super) fn of(&self, slot: u32) -> u32 {
        if let Some(added) = (slot as usize).checked_sub(self.pushed) {
            return self.added[added];
        }
        let found = self.base.binary_search_by_key(&slot, |(follower, _)| *follower);
        found.map_or(slot, |at| self.base[at].1)
    }

    fn len(&self) -> usize {
        self.pushed + self.added.len()
    }
}
