//! Which terms report the same id.

use std::sync::Arc;

use crate::dictionary::{Patched, Term};

/// For each slot of a dictionary's terms the slot that stands for all terms of its id. Terms of one id share severity and category, so
/// that any of them can stand for the others, even a removed one.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    base: Arc<Vec<u32>>,
    added: Vec<u32>,
}

impl Groups {
    /// Groups all terms. O(terms).
    pub(super) fn new(terms: &Patched<Term>) -> Self {
        let mut base = vec![0; terms.base().len()];
        for family in terms.families() {
            for slot in family {
                base[*slot as usize] = family[0];
            }
        }
        let pushed = Self {
            base: Arc::new(base),
            added: Vec::new(),
        };
        pushed.extended(terms)
    }

    /// Groups the terms that were added since. O(added x (log terms + family + edits)).
    #[must_use]
    pub(super) fn extended(&self, terms: &Patched<Term>) -> Self {
        let mut groups = self.clone();
        for slot in groups.len()..terms.slots() {
            let new = &terms[slot];
            let alone = u32::try_from(slot).unwrap_or(u32::MAX);
            let same = |old: &Term| (&old.category, old.severity) == (&new.category, new.severity);
            let mut known = terms.family(&new.id).take_while(|(s, _)| *s < alone);
            let known = known.find(|(_, old)| same(old));
            groups.added.push(known.map_or(alone, |(s, _)| groups.of(s)));
        }
        groups
    }

    /// The slot that stands for the term in this slot.
    pub(super) fn of(&self, slot: u32) -> u32 {
        let slot = slot as usize;
        match slot.checked_sub(self.base.len()) {
            None => self.base[slot],
            Some(added) => self.added[added],
        }
    }

    fn len(&self) -> usize {
        self.base.len() + self.added.len()
    }
}
