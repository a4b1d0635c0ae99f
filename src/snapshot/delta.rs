//! Edits on a Snapshot that exists: they share its base segment and ride in a small one of their own.

use std::sync::Arc;

use super::{
    build::{Compiled, Snapshot, snapshot_id},
    segment::{Owner, Segment, Slots},
};
use crate::dictionary::Dictionary;

impl Snapshot {
    /// The snapshot with some of its dictionaries edited: each must be made from the one of its name here by adding to and removing from
    /// its lists. `None` where it is not, so that only a full build will do. O(edits since the last full build); the base is shared.
    ///
    /// The verdicts and the id are those that [`Snapshot::build`] would give.
    pub fn patched(&self, edited: &[Arc<Dictionary>]) -> Option<Self> {
        let dictionaries = self
            .dictionaries
            .iter()
            .map(|old| match edited.iter().find(|new| new.name == old.dictionary.name) {
                Some(new) => old.patched(Arc::clone(new)),
                None => Some(old.clone()),
            })
            .collect::<Option<Vec<_>>>()?;
        if !edited
            .iter()
            .all(|new| dictionaries.iter().any(|d| d.dictionary.name == new.name))
        {
            return None;
        }
        let fresh = |d: &Compiled| !d.covered.reaches(&d.dictionary);
        let parts = dictionaries.iter().map(|d| (&*d.dictionary, d.covered));
        let delta = if dictionaries.iter().any(fresh) {
            Some(Segment::build(parts, std::iter::empty()).ok()?)
        } else {
            None
        };
        let named = |c: &Compiled| (c.dictionary.name.clone(), c.dictionary.revision);
        Some(Self {
            id: snapshot_id(
                dictionaries.iter().map(named),
                self.policies().map(|p| (p.name.clone(), p.revision)),
            ),
            dictionaries,
            policies: Arc::clone(&self.policies),
            base: Arc::clone(&self.base),
            delta,
        })
    }

    /// True where edits ride in a segment of their own, so that a full build would make checks cheaper.
    pub fn has_delta(&self) -> bool {
        self.delta.is_some()
    }

    /// True where an edit took the pattern's owner away. O(log edits).
    pub(super) fn is_removed(&self, owner: Owner) -> bool {
        match owner {
            Owner::Term(d, term) => self.dictionaries[d as usize].dictionary.terms.is_removed(term),
            Owner::DictionaryException(d, exception) => self.dictionaries[d as usize]
                .dictionary
                .exceptions
                .is_removed(exception),
            Owner::PolicyException(_) => false,
        }
    }
}

impl Compiled {
    fn patched(&self, new: Arc<Dictionary>) -> Option<Self> {
        let old = &self.dictionary;
        let fits = new.terms.extends(&old.terms) && new.exceptions.extends(&old.exceptions);
        fits.then(|| Self {
            groups: self.groups.extended(&new.terms),
            covered: self.covered,
            dictionary: new,
        })
    }
}

impl Slots {
    /// True where the dictionary has no slots from here on.
    fn reaches(self, dictionary: &Dictionary) -> bool {
        let end = Self::end(dictionary);
        self.terms >= end.terms && self.exceptions >= end.exceptions
    }
}
