//! Which terms report the same id.

use std::{collections::HashMap, sync::Arc};

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
        let mut first = HashMap::with_capacity(terms.slots());
        let mut groups = vec![u32::MAX; terms.slots()];
        for (slot, term) in terms.from_slot(0) {
            groups[slot as usize] = *first.entry(term.id.as_str()).or_insert(slot);
        }
        Self {
            base: Arc::new(groups),
            added: Vec::new(),
        }
    }

    /// Groups the terms that were added since. O(terms x added) with a small constant: ids mostly differ in their length or first byte.
    #[must_use]
    pub(super) fn extended(&self, terms: &Patched<Term>) -> Self {
        let mut groups = self.clone();
        for slot in groups.len()..terms.slots() {
            let new = &terms[slot];
            let same = |old: &Term| (&old.id, &old.category, old.severity) == (&new.id, &new.category, new.severity);
            let known = terms
                .from_slot(0)
                .take_while(|(s, _)| (*s as usize) < slot)
                .find(|(_, old)| same(old));
            let alone = u32::try_from(slot).unwrap_or(u32::MAX);
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
