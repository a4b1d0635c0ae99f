//! Edits on a Snapshot that exists: they share its base segment and ride in a small one of their own.

use std::sync::Arc;

use super::{
    build::{Applied, Compiled, Snapshot, snapshot_id},
    entry::Owner,
    segment::{Segment, Slots},
};
use crate::{dictionary::Dictionary, policy::Policy, problem::Problems};

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
            Some(Arc::new(Segment::build(self.engine, parts, std::iter::empty()).ok()?))
        } else {
            None
        };
        let named = |c: &Compiled| (c.dictionary.name.clone(), c.dictionary.revision);
        Some(Self {
            id: snapshot_id(
                dictionaries.iter().map(named),
                self.policies().map(|p| (p.name.clone(), p.revision)),
            ),
            engine: self.engine,
            dictionaries,
            policies: Arc::clone(&self.policies),
            base: Arc::clone(&self.base),
            delta,
        })
    }

    /// The snapshot with these policies instead of its own: all segments are shared. `None` where the dictionaries are not those of this
    /// snapshot, where the policies' exceptions differ, which are compiled in, or where a policy does not fit: then only a full build will do.
    ///
    /// The verdicts and the id are those that [`Snapshot::build`] would give. O(dictionaries x policies).
    pub fn with_policies(&self, dictionaries: &[Arc<Dictionary>], policies: &[Arc<Policy>]) -> Option<Self> {
        let mut policies = policies.to_vec();
        policies.sort_by(|a, b| a.name.cmp(&b.name));
        let same_dictionaries = dictionaries.len() == self.dictionaries.len()
            && self
                .dictionaries()
                .all(|known| dictionaries.iter().any(|d| Arc::ptr_eq(d, known)));
        let same_exceptions = policies.len() == self.policies.len()
            && policies
                .iter()
                .zip(self.policies())
                .all(|(new, old)| new.exceptions == old.exceptions);
        let twins = policies.windows(2).any(|pair| pair[0].name == pair[1].name);
        if !same_dictionaries || !same_exceptions || twins {
            return None;
        }
        let sorted: Vec<_> = self.dictionaries().cloned().collect();
        let mut problems = Problems::default();
        let applied: Vec<_> = policies
            .into_iter()
            .map(|policy| Applied::new(policy, &sorted, &mut problems))
            .collect();
        if problems.has_errors() {
            return None;
        }
        let revisions = sorted.iter().map(|d| (d.name.clone(), d.revision));
        let named = applied.iter().map(|a| (a.policy.name.clone(), a.policy.revision));
        Some(Self {
            id: snapshot_id(revisions, named),
            engine: self.engine,
            dictionaries: self.dictionaries.clone(),
            policies: Arc::new(applied),
            base: Arc::clone(&self.base),
            delta: self.delta.clone(),
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
