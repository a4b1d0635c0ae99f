//! Garbage collection: what nothing needs any more goes.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use super::{Sort, Store, StoreError, archive, objects::Listed};

/// A file that a write left behind when the process died is swept once it is this old; a write takes seconds.
const STAGING_LIFE: Duration = Duration::from_secs(3600);

/// What a collection removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Entries of the log.
    pub generations: u64,
    /// Pushed revisions.
    pub revisions: u64,
    /// Bytes.
    pub bytes: u64,
}

impl Store {
    /// Removes generations that are neither among the newest, nor young, nor serving or the one before, and then pushed revisions that no
    /// kept generation needs and whose last push is not young, and what interrupted writes left behind. A crash in between leaves only more
    /// to collect.
    pub async fn collect(&self, serving: u64, now: SystemTime) -> Result<Collected, StoreError> {
        let _collecting = self.collecting.write().await;
        if let Some(folder) = &self.folder {
            sweep_staging(folder);
        }
        let mut collected = Collected::default();
        let young = |object: &Listed| object.written + self.settings.keep_for >= now;
        let newest = self.next_generation().saturating_sub(self.settings.keep_generations);
        let before = self.entry(serving).await.ok().and_then(|entry| entry.previous);
        let mut needed = BTreeSet::new();
        for (generation, object) in self.log_objects().await? {
            let pinned = generation == serving || Some(generation) == before;
            if generation < newest && !pinned && !young(&object) {
                self.objects.remove(&object).await?;
                collected.generations += 1;
                collected.bytes += object.bytes;
                continue;
            }
            match self.entry(generation).await {
                Ok(entry) => needed.extend(
                    entry
                        .active
                        .iter()
                        .map(|(sort, name, active)| archive::path(sort, name, active.base)),
                ),
                Err(StoreError::Corrupt { .. } | StoreError::Missing { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        for sort in [Sort::Dictionary, Sort::Policy] {
            let prefix = archive::prefix(sort, None);
            let mut renewals = self.renewals(&prefix).await?;
            for object in self.objects.list(&prefix).await? {
                let renewal = renewals.remove(&object.path);
                if needed.contains(&object.path) || young(&object) || renewal.as_ref().is_some_and(young) {
                    continue;
                }
                self.objects.remove(&object).await?;
                collected.revisions += 1;
                collected.bytes += object.bytes;
                // One that this leaves behind is found below by the next collection.
                if let Some(renewal) = renewal {
                    self.objects.remove(&renewal).await?;
                }
            }
            for orphan in renewals.values() {
                self.objects.remove(orphan).await?;
            }
        }
        self.objects.measure().await?;
        Ok(collected)
    }
}

/// Removes the files that interrupted writes left in a local store: `NAME#NUMBER`, never read by anyone. What can't be removed stays.
pub(super) fn sweep_staging(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let staged = name.to_str().and_then(|name| name.rsplit_once('#'));
        let staged = staged.is_some_and(|(_, number)| number.bytes().all(|b| b.is_ascii_digit()));
        let Ok(found) = entry.metadata() else { continue };
        if found.is_dir() {
            sweep_staging(&path);
        } else if staged
            && found
                .modified()
                .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > STAGING_LIFE))
        {
            let _ = fs::remove_file(&path);
        }
    }
}
