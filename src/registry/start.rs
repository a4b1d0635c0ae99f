//! What serves when the process starts: what the store says, then what the binary ships or a folder holds.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError},
};

use super::{
    build,
    keeper::{Advanced, Keeper, blocking},
    step::{Declined, Step},
};
use crate::{
    content::{Folders, Loaded},
    dictionary::Tolerance,
    folder::Folder,
    identity::{ContentId, Name},
    policy,
    problem::Problems,
    shipped,
    store::{About, Entry, Revision, Sort, StoreError, Time, files_of},
};

/// Who brings what a folder holds.
const FOLDER: &str = "folder";

/// A folder, and what its content is called by.
pub(super) type Found = (Sort, Name, ContentId, Folder);

impl Keeper {
    /// Serves the newest generation that can be read and built; without a gate, for it has passed one. An older one serves where the
    /// newest is damaged, and the status says so. `None` where the log is empty.
    pub async fn restore(&self) -> Result<Option<Arc<Entry>>, Declined> {
        self.restored_last(None).await
    }

    /// The same; where the newest is damaged, what the binary or a folder of `paths` holds of it is first put back into the store.
    pub(super) async fn restore_and_mend(&self, paths: Vec<PathBuf>) -> Result<Option<Arc<Entry>>, Declined> {
        self.restored_last(Some(paths)).await
    }

    async fn restored_last(&self, mut mend_from: Option<Vec<PathBuf>>) -> Result<Option<Arc<Entry>>, Declined> {
        let mut candidates = self.store.recent();
        candidates.reverse();
        for damaged in self.store.damaged() {
            tracing::error!(
                problem = damaged,
                "an entry of the activation log is damaged and is not used"
            );
        }
        if let Some(last) = self.store.last_served().await {
            // After the newest, the last one that is known to have served.
            if let Some(at) = candidates.iter().position(|e| e.generation == last) {
                candidates[1.min(at)..=at].rotate_right(1);
            }
        }
        let mut failure = None;
        for entry in candidates {
            let mut restored = self.restored(&entry).await;
            let paths = mend_from.take();
            if restored.is_err()
                && let Some(paths) = paths
            {
                match self.mend(&entry, paths).await {
                    Ok(true) => restored = self.restored(&entry).await,
                    Ok(false) => {}
                    Err(error) => tracing::error!(%error, "what is damaged in the store could not be mended"),
                }
            }
            match restored {
                Ok(snapshot) => {
                    self.serve(snapshot, Arc::clone(&entry)).await;
                    let (newest, serves) = (self.store.next_generation() - 1, entry.generation);
                    if serves < newest {
                        let what = format!("generation {newest} is damaged, generation {serves} serves");
                        self.registry.damaged(what);
                    }
                    return Ok(Some(entry));
                }
                Err(error) => {
                    tracing::error!(generation = entry.generation, %error, "this generation cannot serve, trying an older one");
                    failure.get_or_insert(error);
                }
            }
        }
        if failure.is_none() && !self.store.damaged().is_empty() {
            // A store with a log that cannot be read is no fresh one.
            return Err(Declined::Store(StoreError::Corrupt {
                path: "log".to_owned(),
                cause: "none of its entries can be read".to_owned(),
            }));
        }
        failure.map_or(Ok(None), Err)
    }

    async fn restored(&self, entry: &Entry) -> Result<crate::snapshot::Snapshot, Declined> {
        let (dictionaries, policies) = self.content(None, &entry.active).await?;
        let snapshot = self.compile(dictionaries, policies).await?;
        let mut named = entry.active.clone();
        build::name_revisions(&snapshot, &mut named);
        if named == entry.active {
            return Ok(snapshot);
        }
        Err(Declined::Store(StoreError::Corrupt {
            path: format!("generation {}", entry.generation),
            cause: "its edits do not give its revisions".to_owned(),
        }))
    }

    /// Brings what the binary ships: all of it into a fresh store; into another one as pushed revisions, of which those decide whose
    /// older ones nobody has replaced.
    pub async fn bring_shipped(&self) -> Result<(), Declined> {
        let about = About {
            author: format!("tamis {}", env!("CARGO_PKG_VERSION")),
            note: "shipped with the program".to_owned(),
            ..About::default()
        };
        let entry = self.registry.serving().and_then(|s| s.entry.clone());
        for (sort, name, revision, folder) in shipped()? {
            let known = entry
                .as_ref()
                .is_some_and(|e| e.shipped.contains(&(sort, name.clone(), revision)));
            if !known {
                // The tests of every build hold what ships to the gate.
                self.store
                    .push(revision_of(sort, name, revision, &folder, &about), &folder)
                    .await?;
            }
        }
        let revisions = match &entry {
            None => self.shipped.clone(),
            Some(entry) => self.shipped.iter().filter(|new| is_ours(entry, new)).cloned().collect(),
        };
        if revisions.is_empty() {
            return Ok(());
        }
        match self.advance(&Step::Upgrade { revisions }, &about, "").await {
            Ok(advanced) => {
                log(&advanced);
                Ok(())
            }
            Err(error) if entry.is_some() => {
                tracing::warn!(%error, "newer shipped revisions are pushed and not activated");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Pushes and activates what a folder holds, exactly that, through the gate. A folder that has not changed since it was last
    /// activated, or found to hold what served, is left alone: what operations did since stands.
    pub async fn bring_folders(&self, folders: Folders) -> Result<Option<Advanced>, Declined> {
        let (found, warnings) = blocking(move || identify(folders)).await??;
        super::source::log_lines(&warnings);
        let request = ContentId::of(
            found
                .iter()
                .flat_map(|(sort, name, revision, _)| {
                    [
                        sort.as_str().as_bytes().to_vec(),
                        name.as_str().into(),
                        revision.to_string().into_bytes(),
                    ]
                })
                .collect::<Vec<_>>()
                .iter()
                .map(Vec::as_slice),
        );
        let about = About {
            author: FOLDER.to_owned(),
            request: Some(request),
            ..About::default()
        };
        if self.folder_before() == Some(request) && self.registry.serving().is_some() {
            self.registry.unchanged();
            return Ok(None);
        }
        let mut revisions = Vec::new();
        for (sort, name, revision, folder) in found {
            let push = revision_of(sort, name.clone(), revision, &folder, &about);
            self.store.push(push, &folder).await?;
            revisions.push((sort, name, revision));
        }
        let advanced = self.advance(&Step::Replace { revisions }, &about, "").await?;
        if !advanced.changed {
            let newest = self.store.newest().map(|entry| (entry.generation, request));
            *self.found.lock().unwrap_or_else(PoisonError::into_inner) = newest;
            self.registry.unchanged();
        }
        log(&advanced);
        Ok(Some(advanced))
    }

    /// What a folder held last that was activated or served already, however many generations ago. What an older program wrote says so
    /// only where it was the folder itself.
    pub(super) fn folder_before(&self) -> Option<ContentId> {
        let found = *self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let found = |entry: &Entry| found.and_then(|(newest, held)| (newest == entry.generation).then_some(held));
        let brought = |entry: &Entry| entry.about.request.filter(|_| entry.about.author == FOLDER);
        let recent = self.store.recent();
        recent
            .iter()
            .rev()
            .find_map(|entry| found(entry).or(entry.folder).or_else(|| brought(entry)))
    }
}

pub(super) fn revision_of(sort: Sort, name: Name, revision: ContentId, folder: &Folder, about: &About) -> Revision {
    Revision {
        sort,
        name,
        revision,
        parent: None,
        about: about.clone(),
        time: Time::now(),
        renewed: None,
        files: files_of(folder),
    }
}

/// True where a shipped revision takes the place of an older shipped one, or of nothing because it was never shipped before.
fn is_ours(entry: &Entry, new: &(Sort, Name, ContentId)) -> bool {
    let (sort, name, revision) = new;
    let active = entry.active.of(*sort).get(name);
    match entry.shipped.iter().find(|old| (old.0, &old.1) == (*sort, name)) {
        Some((_, _, old)) => old != revision && active.is_some_and(|active| active.base == *old),
        // A store that was filled from a folder has nothing of ours, and wants nothing.
        None => {
            active.is_none()
                && entry
                    .shipped
                    .iter()
                    .any(|old| entry.active.of(old.0).get(&old.1).is_some_and(|a| a.base == old.2))
        }
    }
}

/// Dictionaries without any policy get the plain one.
fn complete(folders: &mut Folders, loaded: &mut Loaded) -> Result<(), Problems> {
    if loaded.policies.is_empty() {
        let names: Vec<_> = loaded
            .dictionaries
            .iter()
            .map(|d| format!("{:?}", d.name.as_str()))
            .collect();
        let text = format!(
            "name = {:?}\ndictionaries = [{}]\n",
            Name::default().as_str(),
            names.join(", ")
        );
        let folder = Folder::from_iter([("policy.toml", text)]);
        let (plain, _) = policy::parse("default", &folder)?;
        loaded.policies.push(Arc::new(plain));
        folders.policies.push(("default".to_owned(), folder));
    }
    Ok(())
}

/// Parses folders, which then are called by what they hold; with what is worth a look.
pub(super) fn identify(mut folders: Folders) -> Result<(Vec<Found>, Problems), Problems> {
    let mut loaded = folders.parse(Tolerance::default())?;
    complete(&mut folders, &mut loaded)?;
    let found = identified(folders, &loaded);
    Ok((found, loaded.warnings))
}

/// The folders with what they hold.
fn identified(folders: Folders, loaded: &Loaded) -> Vec<Found> {
    let dictionaries = loaded
        .dictionaries
        .iter()
        .zip(folders.dictionaries)
        .map(|(d, (_, folder))| (Sort::Dictionary, d.name.clone(), d.revision, folder));
    let policies = loaded
        .policies
        .iter()
        .zip(folders.policies)
        .map(|(p, (_, folder))| (Sort::Policy, p.name.clone(), p.revision, folder));
    dictionaries.chain(policies).collect()
}

/// What the binary ships.
pub(super) fn shipped() -> Result<Vec<Found>, Problems> {
    let folders = Folders {
        dictionaries: shipped::dictionaries(),
        policies: shipped::policies(),
    };
    let loaded = folders.parse(Tolerance::default())?;
    Ok(identified(folders, &loaded))
}

/// The revisions that the binary ships.
pub fn shipped_revisions() -> Result<Vec<(Sort, Name, ContentId)>, Problems> {
    Ok(shipped()?
        .into_iter()
        .map(|(sort, name, revision, _)| (sort, name, revision))
        .collect())
}

fn log(advanced: &Advanced) {
    let entry = &advanced.entry;
    tracing::info!(
        generation = entry.generation,
        kind = entry.kind.as_str(),
        snapshot = %entry.snapshot,
        dictionaries = entry.active.dictionaries.len(),
        changed = advanced.changed,
        "snapshot serves"
    );
}
