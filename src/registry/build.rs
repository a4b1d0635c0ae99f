//! From what is to decide to a snapshot: content from the store or from what serves, compiled in full or patched.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    keeper::{Keeper, blocking, dictionary},
    live::{Rejected, Serving},
    step::Declined,
};
use crate::{
    dictionary::{Change, Dictionary, List},
    identity::{ContentId, Name},
    policy::Policy,
    snapshot::Snapshot,
    store::{Active, ActiveSet, Sort, plan},
};

/// Bytes that parsing and compiling take at most for each byte of a folder: 50 measured with a million
/// short terms, see docs/benchmarks/revisions.md.
const MEMORY_FACTOR: u64 = 56;

/// Once edits have added this many slots to a dictionary's lists, the next one needs a full build with the lists read anew.
const WORN_SLOTS: usize = 4 * 1024;

/// A full build reads them anew from here on already: folding edits into the base keeps the next edit from having to.
const RENEW_SLOTS: usize = WORN_SLOTS / 4;

/// True where `active` differs from what serves in edits alone.
pub(super) fn is_edit_of(serving: &Serving, active: &ActiveSet) -> bool {
    serving
        .entry
        .as_ref()
        .is_some_and(|entry| same_bases(&entry.active, active))
}

/// True where both are made of the same pushed revisions.
pub(super) fn same_bases(a: &ActiveSet, b: &ActiveSet) -> bool {
    fn bases(set: &ActiveSet) -> impl Iterator<Item = (Sort, &Name, ContentId)> {
        set.iter().map(|(sort, name, active)| (sort, name, active.base))
    }
    bases(a).eq(bases(b))
}

/// True where `active` differs from what serves in policies alone.
fn is_policies_of(serving: &Serving, active: &ActiveSet) -> bool {
    serving
        .entry
        .as_ref()
        .is_some_and(|entry| entry.active.dictionaries == active.dictionaries)
}

/// The edits of every dictionary.
pub(super) type Edits = Vec<(Name, Vec<Change>)>;

/// What the live edits of a set come to.
pub(super) fn edits_of(active: &ActiveSet) -> Edits {
    active
        .dictionaries
        .iter()
        .map(|(name, slot)| (name.clone(), changes(slot)))
        .collect()
}

/// The snapshot with these edits and no others; `None` where only a full build will do.
pub(super) fn patched(snapshot: &Snapshot, edits: &Edits) -> Option<Snapshot> {
    let mut edited = Vec::new();
    for (name, changes) in edits {
        let known = dictionary(snapshot, name)?;
        if known.terms.added().len() > WORN_SLOTS {
            return None;
        }
        let new = known.edited(changes);
        if new.revision != known.revision {
            edited.push(Arc::new(new));
        }
    }
    snapshot.patched(&edited)
}

/// Writes the revisions that edits have made into `active`.
pub(super) fn name_revisions(snapshot: &Snapshot, active: &mut ActiveSet) {
    for dictionary in snapshot.dictionaries() {
        if let Some(slot) = active.dictionaries.get_mut(&dictionary.name) {
            slot.revision = dictionary.revision;
        }
    }
}

fn changes(active: &Active) -> Vec<Change> {
    plan::effective(&active.edits).into_iter().cloned().collect()
}

impl Keeper {
    /// What `active` comes to: over the serving segments where only policies differ, else compiled in full. The caller holds `building`.
    pub(super) async fn candidate(&self, serving: Option<&Serving>, active: &ActiveSet) -> Result<Snapshot, Declined> {
        if let Some(serving) = serving.filter(|serving| is_policies_of(serving, active)) {
            let (dictionaries, policies) = self.content(Some(serving), active).await?;
            if let Some(candidate) = serving.snapshot.with_policies(&dictionaries, &policies) {
                return Ok(candidate);
            }
        }
        self.build(serving, active).await
    }

    /// Compiles `active` in full, on a thread for it. The caller holds `building`.
    pub(super) async fn build(&self, serving: Option<&Serving>, active: &ActiveSet) -> Result<Snapshot, Declined> {
        self.within_memory(active).await?;
        let (dictionaries, policies) = self.content(serving, active).await?;
        self.compile(dictionaries, policies).await
    }

    /// Dictionaries, edited, and policies of a set. What serves already is not read again.
    pub(super) async fn content(
        &self,
        serving: Option<&Serving>,
        active: &ActiveSet,
    ) -> Result<(Vec<Arc<Dictionary>>, Vec<Arc<Policy>>), Declined> {
        let mut dictionaries = Vec::new();
        for (name, slot) in &active.dictionaries {
            dictionaries.push(self.dictionary(serving, name, slot).await?);
        }
        let mut policies = Vec::new();
        for (name, slot) in &active.policies {
            policies.push(self.policy(serving, name, slot).await?);
        }
        Ok((dictionaries, policies))
    }

    /// Compiles; what served before the serving snapshot is freed first.
    pub(super) async fn compile(
        &self,
        dictionaries: Vec<Arc<Dictionary>>,
        policies: Vec<Arc<Policy>>,
    ) -> Result<Snapshot, Declined> {
        let registry = Arc::clone(&self.registry);
        let built = blocking(move || {
            registry.wait_for_retired();
            registry.compile(dictionaries, policies)
        });
        Ok(built.await?.map_err(Rejected::Problems)?)
    }

    async fn dictionary(
        &self,
        serving: Option<&Serving>,
        name: &Name,
        slot: &Active,
    ) -> Result<Arc<Dictionary>, Declined> {
        let base_of = |serving: &Serving| Some(serving.entry.as_ref()?.active.dictionaries.get(name)?.base);
        let known = serving
            .filter(|s| base_of(s) == Some(slot.base))
            .and_then(|s| dictionary(&s.snapshot, name));
        let pushed = match known.filter(|known| known.terms.added().len() <= RENEW_SLOTS) {
            Some(known) => known,
            None => Arc::new(self.store.dictionary(name, slot.base).await?),
        };
        let edits = changes(slot);
        blocking(move || {
            let edited = pushed.edited(&edits);
            if edited.revision == pushed.revision {
                pushed
            } else {
                Arc::new(edited)
            }
        })
        .await
    }

    async fn policy(&self, serving: Option<&Serving>, name: &Name, slot: &Active) -> Result<Arc<Policy>, Declined> {
        let known = serving.and_then(|s| {
            s.snapshot
                .policies()
                .find(|p| p.name == *name && p.revision == slot.revision)
                .cloned()
        });
        match known {
            Some(known) => Ok(known),
            None => Ok(Arc::new(self.store.policy(name, slot.base).await?)),
        }
    }

    /// Refuses what would take too much memory before any of it is read.
    async fn within_memory(&self, active: &ActiveSet) -> Result<(), Declined> {
        let mut bytes = 0;
        for (sort, name, slot) in active.iter() {
            let revision = self.store.revision(sort, name, slot.base).await?;
            bytes += revision.files.iter().map(|(_, length)| length).sum::<u64>();
        }
        self.room_for_content(bytes)
    }

    /// Refuses folders of so many bytes in all where parsing and compiling them would take too much.
    pub(super) fn room_for_content(&self, bytes: u64) -> Result<(), Declined> {
        let needed = bytes.saturating_mul(MEMORY_FACTOR);
        if needed > self.memory_budget {
            return Err(Declined::OutOfMemory {
                needed,
                budget: self.memory_budget,
            });
        }
        Ok(())
    }

    /// What a push would make of the active set, with the pushed content in its place and, for a policy, the newest revisions of
    /// dictionaries that it names and nobody has activated yet.
    pub(super) async fn candidate_set(
        &self,
        serving: Option<&Serving>,
        sort: Sort,
        name: &Name,
        wanted: &[Name],
    ) -> Result<ActiveSet, Declined> {
        let mut active = serving
            .and_then(|s| s.entry.as_ref())
            .map(|e| e.active.clone())
            .unwrap_or_default();
        active.of_mut(sort).remove(name);
        let missing: BTreeSet<_> = wanted
            .iter()
            .filter(|d| !active.dictionaries.contains_key(*d))
            .collect();
        for name in missing {
            if let Some(newest) = self.store.revisions(Sort::Dictionary, Some(name)).await?.first() {
                active
                    .dictionaries
                    .insert(name.clone(), Active::pushed(newest.revision));
            }
        }
        Ok(active)
    }
}
