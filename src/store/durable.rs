//! The store: revisions by content, the activation log by number.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use object_store::{ObjectStore, local::LocalFileSystem};
use serde::{Deserialize, Serialize};
use tokio::sync::RwLock;

use super::{
    Entry, Revision, Sort, StoreError, Time, archive, object,
    objects::{Created, Listed, Objects},
};
use crate::{
    dictionary::Dictionary,
    folder::Folder,
    identity::{ContentId, Name},
    policy::Policy,
};

/// How many of the newest entries are held in memory.
const REMEMBERED: usize = 256;

/// The head of a revision with a thousand file names fits; folders have half a dozen.
const HEAD_BYTES: u64 = 64 * 1024;

/// What entries of the log may take beyond the limit, in bytes: a rollback must go through when pushes have filled the store.
const RESERVE: u64 = 16 * 1024 * 1024;

/// How the store behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long one read or write may take.
    pub patience: Duration,
    /// Bytes that the store may hold.
    pub max_bytes: u64,
    /// The newest generations that are kept, with everything that they need.
    pub keep_generations: u64,
    /// How long generations beyond those, and pushes that no generation needs, are kept.
    pub keep_for: Duration,
}

impl Default for Settings {
    /// Ten seconds, 8 GiB, 200 generations, 30 days.
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(10),
            max_bytes: 8 * 1024 * 1024 * 1024,
            keep_generations: 200,
            keep_for: Duration::from_secs(30 * 24 * 3600),
        }
    }
}

/// Revisions and the activation log on any place that can create an object only if it is absent. Everything that returned is durable.
#[derive(Debug)]
pub struct Store {
    pub(super) objects: Objects,
    pub(super) settings: Settings,
    /// Written while what nothing needs is collected, read while something is kept that a collection might take.
    pub(super) collecting: RwLock<()>,
    /// Where it lies on this machine, if it does: interrupted writes leave files there.
    pub(super) folder: Option<PathBuf>,
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    recent: BTreeMap<u64, Arc<Entry>>,
    /// The highest number that is taken, also by an entry that can't be read.
    last: u64,
    damaged: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Marker {
    created: Time,
}

#[derive(Serialize, Deserialize)]
struct Served {
    generation: u64,
}

impl Store {
    /// Opens the store in a local folder, which is created if need be; files and folders are synced to the disk.
    pub async fn open_local(folder: &Path, settings: Settings) -> Result<Self, StoreError> {
        let away = |cause: String| StoreError::Away {
            operation: "open",
            path: folder.display().to_string(),
            cause,
        };
        std::fs::create_dir_all(folder).map_err(|e| away(e.to_string()))?;
        super::collect::sweep_staging(folder);
        let place = LocalFileSystem::new_with_prefix(folder).map_err(|e| away(e.to_string()))?;
        let store = Self::open(Arc::new(place.with_fsync(true)), settings).await?;
        Ok(Self {
            folder: Some(folder.to_owned()),
            ..store
        })
    }

    /// Opens the store on any place; what it holds is counted and the newest entries of its log are read.
    pub async fn open(place: Arc<dyn ObjectStore>, settings: Settings) -> Result<Self, StoreError> {
        let store = Self {
            objects: Objects::new(place, settings.patience, settings.max_bytes),
            settings,
            collecting: RwLock::default(),
            folder: None,
            log: Mutex::default(),
        };
        store.mark().await?;
        store.objects.measure().await?;
        store.refresh().await?;
        Ok(store)
    }

    /// Makes sure that this is a store, and one that this program understands.
    async fn mark(&self) -> Result<(), StoreError> {
        const PATH: &str = "store";
        let known = match self.objects.read(PATH).await {
            Ok(bytes) => object::decode::<Marker>("store", PATH, &bytes).map(|_| ()),
            Err(error) => Err(error),
        };
        match known {
            Err(StoreError::Missing { .. } | StoreError::Corrupt { .. }) => {
                let marker = Marker { created: Time::now() };
                self.objects.replace(PATH, encoded("store", PATH, &marker)?).await
            }
            known => known,
        }
    }

    /// Reads what others, or earlier writes of unknown outcome, have added to the log.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let mut numbers: Vec<u64> = self
            .log_objects()
            .await?
            .into_iter()
            .map(|(number, _)| number)
            .collect();
        numbers.sort_unstable();
        let last = self.log().last;
        let from = numbers.len().saturating_sub(REMEMBERED);
        for &number in numbers[from..].iter().filter(|number| **number > last) {
            let entry = self.read_entry(number).await;
            let mut log = self.log();
            match entry {
                Ok(entry) => log.remember(entry),
                Err(error @ (StoreError::Corrupt { .. } | StoreError::Missing { .. })) => {
                    log.damaged.push(error.to_string());
                }
                Err(error) => return Err(error),
            }
            log.last = log.last.max(number);
        }
        Ok(())
    }

    pub(super) async fn log_objects(&self) -> Result<Vec<(u64, Listed)>, StoreError> {
        let number = |object: Listed| Some((object.path.strip_prefix("log/")?.parse().ok()?, object));
        Ok(self.objects.list("log").await?.into_iter().filter_map(number).collect())
    }

    async fn read_entry(&self, number: u64) -> Result<Entry, StoreError> {
        let path = log_path(number);
        let bytes = self.objects.read(&path).await?;
        let entry: Entry = object::decode("log", &path, &bytes)?.head;
        if entry.generation == number {
            Ok(entry)
        } else {
            Err(object::corrupt(&path, format!("it is generation {}", entry.generation)))
        }
    }

    /// The entry of a generation.
    pub async fn entry(&self, generation: u64) -> Result<Arc<Entry>, StoreError> {
        let known = self.log().recent.get(&generation).cloned();
        match known {
            Some(entry) => Ok(entry),
            None => self.read_entry(generation).await.map(Arc::new),
        }
    }

    /// The newest entries, oldest first.
    pub fn recent(&self) -> Vec<Arc<Entry>> {
        self.log().recent.values().cloned().collect()
    }

    /// The newest entry that can be read.
    pub fn newest(&self) -> Option<Arc<Entry>> {
        self.log().recent.values().next_back().cloned()
    }

    /// The number that the next entry takes.
    pub fn next_generation(&self) -> u64 {
        self.log().last + 1
    }

    /// Which entries of the log can't be read, and why.
    pub fn damaged(&self) -> Vec<String> {
        self.log().damaged.clone()
    }

    /// Bytes held, and bytes allowed.
    pub fn usage(&self) -> (u64, u64) {
        (self.objects.held(), self.settings.max_bytes)
    }

    /// Claims a generation: `entry.generation` must be [`Store::next_generation`]. When it returns, the entry is durable. Fails with
    /// [`StoreError::Claimed`] where someone else was faster; the log is then read again.
    pub async fn claim(&self, entry: Entry) -> Result<Arc<Entry>, StoreError> {
        let path = log_path(entry.generation);
        let bytes = encoded("log", &path, &entry)?;
        self.objects.room_for(bytes.len(), RESERVE)?;
        match self.objects.create(&path, bytes).await {
            Ok(Created::Fresh) => {}
            Ok(Created::Exists) => {
                self.refresh().await?;
                return Err(StoreError::Claimed {
                    generation: entry.generation,
                });
            }
            // Whether the write happened is not known: look.
            Err(error) => match self.read_entry(entry.generation).await {
                Ok(written) if written == entry => {}
                _ => return Err(error),
            },
        }
        let mut log = self.log();
        log.last = log.last.max(entry.generation);
        Ok(log.remember_shared(Arc::new(entry)))
    }

    /// Notes that a generation was built and serves: the last known good.
    pub async fn remember_served(&self, generation: u64) -> Result<(), StoreError> {
        const PATH: &str = "served";
        self.objects
            .replace(PATH, encoded("served", PATH, &Served { generation })?)
            .await
    }

    /// The last generation that was noted to serve.
    pub async fn last_served(&self) -> Option<u64> {
        let bytes = self.objects.read("served").await.ok()?;
        object::decode::<Served>("served", "served", &bytes)
            .ok()
            .map(|object| object.head.generation)
    }

    /// Keeps a pushed folder. Content that is there already is not written again but renewed: the second value is true, and the first says
    /// who pushed it.
    pub async fn push(&self, revision: Revision, folder: &Folder) -> Result<(Revision, bool), StoreError> {
        let path = archive::path(revision.sort, &revision.name, revision.revision);
        let bytes = archive::pack(&revision, folder).map_err(|e| object::corrupt(&path, e.to_string()))?;
        self.objects.room_for(bytes.len(), 0)?;
        let _kept = self.collecting.read().await;
        // Only what was read back counts as there; what is damaged is mended.
        match self.objects.create(&path, bytes.clone()).await? {
            Created::Fresh => Ok((revision, false)),
            Created::Exists => match self.load(revision.sort, &revision.name, revision.revision).await {
                Ok((known, _)) => Ok((self.renewed(known).await?, true)),
                Err(StoreError::Corrupt { .. }) => {
                    self.objects.replace(&path, bytes).await?;
                    Ok((revision, false))
                }
                Err(error) => Err(error),
            },
        }
    }

    /// The folder of a revision, as it was pushed, byte for byte.
    pub async fn load(&self, sort: Sort, name: &Name, revision: ContentId) -> Result<(Revision, Folder), StoreError> {
        let path = archive::path(sort, name, revision);
        let bytes = self.objects.read(&path).await?;
        let (head, folder) = archive::unpack(&path, &bytes)?;
        if (head.sort, &head.name, head.revision) == (sort, name, revision) {
            Ok((head, folder))
        } else {
            Err(object::corrupt(
                &path,
                format!("it is {} {} {}", head.sort.as_str(), head.name, head.revision),
            ))
        }
    }

    /// A dictionary, parsed again and held to its revision.
    pub async fn dictionary(&self, name: &Name, revision: ContentId) -> Result<Dictionary, StoreError> {
        let (_, folder) = self.load(Sort::Dictionary, name, revision).await?;
        archive::as_dictionary(
            &archive::path(Sort::Dictionary, name, revision),
            name,
            revision,
            &folder,
        )
    }

    /// A policy, parsed again and held to its revision.
    pub async fn policy(&self, name: &Name, revision: ContentId) -> Result<Policy, StoreError> {
        let (_, folder) = self.load(Sort::Policy, name, revision).await?;
        archive::as_policy(&archive::path(Sort::Policy, name, revision), name, revision, &folder)
    }

    /// What is known about the push of a revision, without its content.
    pub async fn revision(&self, sort: Sort, name: &Name, revision: ContentId) -> Result<Revision, StoreError> {
        let path = archive::path(sort, name, revision);
        archive::head(&path, &self.objects.read_start(&path, HEAD_BYTES).await?)
    }

    /// What is known about the pushed revisions of one name, or of all, the one that was pushed last first. Damaged ones are left out.
    pub async fn revisions(&self, sort: Sort, name: Option<&Name>) -> Result<Vec<Revision>, StoreError> {
        let mut revisions = Vec::new();
        let prefix = archive::prefix(sort, name);
        let renewals = self.renewals(&prefix).await?;
        for object in self.objects.list(&prefix).await? {
            let start = self.objects.read_start(&object.path, HEAD_BYTES).await;
            match start.and_then(|bytes| archive::head(&object.path, &bytes)) {
                Ok(revision) => revisions.push(Revision {
                    renewed: renewals.get(&object.path).map(|renewal| renewal.written.into()),
                    ..revision
                }),
                Err(StoreError::Corrupt { .. } | StoreError::Missing { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        revisions.sort_by(|a, b| (b.last_pushed(), &a.name, a.revision).cmp(&(a.last_pushed(), &b.name, b.revision)));
        Ok(revisions)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        // Every write below is a single insertion: the log is whole wherever a panic could be.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn remember(&mut self, entry: Entry) {
        self.remember_shared(Arc::new(entry));
    }

    fn remember_shared(&mut self, entry: Arc<Entry>) -> Arc<Entry> {
        self.recent.insert(entry.generation, Arc::clone(&entry));
        while self.recent.len() > REMEMBERED {
            self.recent.pop_first();
        }
        entry
    }
}

fn log_path(generation: u64) -> String {
    format!("log/{generation:020}")
}

pub(super) fn encoded<H: Serialize>(kind: &str, path: &str, head: &H) -> Result<Vec<u8>, StoreError> {
    object::encode(kind, head, &[]).map_err(|e| object::corrupt(path, e.to_string()))
}
