//! What operations ask: names, revisions, what differs.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    keeper::{Keeper, blocking},
    step::Declined,
};
use crate::{
    dictionary::Dictionary,
    diff::{self, ListDiff},
    folder::closest_name,
    identity::{ContentId, Name},
    policy::Policy,
    store::{Active, Entry, Revision, Sort, StoreError, plan},
};

/// A revision, and whether edits made it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What is known about it; one that edits made has no files.
    pub revision: Revision,
    /// True where edits made it.
    pub edited: bool,
}

impl Keeper {
    /// The entry that serves.
    pub fn serving_entry(&self) -> Result<Arc<Entry>, Declined> {
        self.registry
            .serving()
            .and_then(|serving| serving.entry.clone())
            .ok_or(Declined::NotReady)
    }

    /// The names that have a revision.
    pub async fn names(&self, sort: Sort) -> Result<Vec<Name>, Declined> {
        let pushed = self.store.revisions(sort, None).await?;
        let mut names: BTreeSet<Name> = pushed.into_iter().map(|revision| revision.name).collect();
        if let Ok(entry) = self.serving_entry() {
            names.extend(entry.active.of(sort).keys().cloned());
        }
        Ok(names.into_iter().collect())
    }

    /// The revisions of a name, the one that was pushed or made last first: those that were pushed, and those that edits made within the
    /// newest generations.
    pub async fn revisions(&self, sort: Sort, name: &Name) -> Result<Vec<Seen>, Declined> {
        let pushed = self.store.revisions(sort, Some(name)).await?;
        let mut seen: BTreeMap<ContentId, Seen> = BTreeMap::new();
        let mut parent = None;
        for entry in self.store.recent() {
            let Some(active) = entry.active.of(sort).get(name) else {
                continue;
            };
            if active.revision != active.base {
                seen.entry(active.revision).or_insert_with(|| Seen {
                    revision: made_by(&entry, sort, name, active, parent),
                    edited: true,
                });
            }
            parent = Some(active.revision);
        }
        seen.extend(pushed.into_iter().map(|revision| {
            (
                revision.revision,
                Seen {
                    revision,
                    edited: false,
                },
            )
        }));
        let mut seen: Vec<_> = seen.into_values().collect();
        seen.sort_by_key(|seen| Reverse((seen.revision.last_pushed(), seen.revision.revision)));
        Ok(seen)
    }

    /// Nothing was ever pushed under this name, and nothing of it is active.
    pub async fn unknown(&self, sort: Sort, name: &Name) -> Declined {
        let known = self.names(sort).await.unwrap_or_default();
        let mend = closest_name(name, &known).map(|nearest| format!("; did you mean `{nearest}`?"));
        let path = format!("{} {name}{}", sort.as_str(), mend.unwrap_or_default());
        Declined::Store(StoreError::Missing { path })
    }

    /// The one revision of a name that begins so; empty means the active one, or with `newest` the newest pushed one.
    pub async fn resolve(&self, sort: Sort, name: &Name, written: &str, newest: bool) -> Result<Seen, Declined> {
        let revisions = self.revisions(sort, name).await?;
        if revisions.is_empty() {
            return Err(self.unknown(sort, name).await);
        }
        let active = self
            .serving_entry()
            .ok()
            .and_then(|entry| entry.active.of(sort).get(name).map(|active| active.revision));
        let unknown = || missing(sort, name, written);
        if written.is_empty() {
            let found = match active {
                Some(active) if !newest => revisions.into_iter().find(|seen| seen.revision.revision == active),
                _ => revisions.into_iter().find(|seen| !seen.edited),
            };
            return found.ok_or_else(unknown);
        }
        let digits = written.strip_prefix("b3:").unwrap_or(written);
        let wanted = format!("b3:{digits}");
        let mut found = revisions
            .into_iter()
            .filter(|seen| digits.len() >= 8 && seen.revision.revision.to_string().starts_with(&wanted));
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            _ => Err(unknown()),
        }
    }

    /// What differs between two revisions of a dictionary or policy.
    pub async fn diff(&self, sort: Sort, name: &Name, from: &Seen, to: &Seen) -> Result<Vec<ListDiff>, Declined> {
        match sort {
            Sort::Dictionary => {
                let (from, to) = (
                    self.dictionary_at(name, from).await?,
                    self.dictionary_at(name, to).await?,
                );
                blocking(move || diff::dictionaries(&from, &to)).await
            }
            Sort::Policy => {
                let (from, to) = (self.policy_at(name, from).await?, self.policy_at(name, to).await?);
                blocking(move || diff::policies(&from, &to)).await
            }
        }
    }

    async fn dictionary_at(&self, name: &Name, seen: &Seen) -> Result<Dictionary, Declined> {
        let revision = seen.revision.revision;
        if !seen.edited {
            return Ok(self.store.dictionary(name, revision).await?);
        }
        let made = |entry: &Arc<Entry>| {
            entry
                .active
                .dictionaries
                .get(name)
                .filter(|a| a.revision == revision)
                .cloned()
        };
        let active = self.store.recent().iter().find_map(made);
        let active: Active = active.ok_or_else(|| missing(Sort::Dictionary, name, &revision.to_string()))?;
        let base = self.store.dictionary(name, active.base).await?;
        blocking(move || base.edited(plan::effective(&active.edits))).await
    }

    async fn policy_at(&self, name: &Name, seen: &Seen) -> Result<Policy, Declined> {
        Ok(self.store.policy(name, seen.revision.revision).await?)
    }
}

fn made_by(entry: &Entry, sort: Sort, name: &Name, active: &Active, parent: Option<ContentId>) -> Revision {
    Revision {
        sort,
        name: name.clone(),
        revision: active.revision,
        parent: parent.or(Some(active.base)),
        about: entry.about.clone(),
        time: entry.time,
        renewed: None,
        files: Vec::new(),
    }
}

fn missing(sort: Sort, name: &Name, revision: &str) -> Declined {
    let whose = format!("of {} {name}", sort.as_str());
    let path = if revision.is_empty() {
        format!("revision {whose}")
    } else {
        format!("revision {revision} {whose}, or several begin so; write 8 digits at least")
    };
    Declined::Store(StoreError::Missing { path })
}
