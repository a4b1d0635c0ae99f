//! A place that fails, stalls or tears at every operation in turn: nothing acknowledged is lost, nothing half-written is read.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt};
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, local::LocalFileSystem, path::Path,
};
use tamis::{
    dictionary,
    folder::Folder,
    store::{About, Active, ActiveSet, Entry, Kind, Revision, Settings, Sort, Store, StoreError, Time, files_of},
};

/// How an operation goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing happens, and it is said so.
    Fails,
    /// It happens, and then it is said to have failed.
    FailsAfter,
    /// It never answers.
    Stalls,
    /// It happens, and never answers.
    StallsAfter,
    /// Of a write the first half is there under the name, as after a power cut without a sync; of a read the first half comes.
    Tears,
    /// The process ends before it happens.
    DiesBefore,
    /// The process ends when a write has left half of its bytes beside the name.
    DiesStaged,
    /// The process ends after it happened and before anyone hears of it.
    DiesAfter,
}

/// The faults that a process lives through.
pub(crate) const LIVED_THROUGH: [Fault; 5] = [
    Fault::Fails,
    Fault::FailsAfter,
    Fault::Stalls,
    Fault::StallsAfter,
    Fault::Tears,
];

/// A local folder whose operation number `at` goes wrong.
#[derive(Debug)]
pub(crate) struct Faulty {
    place: LocalFileSystem,
    fault: Fault,
    at: AtomicUsize,
    done: AtomicUsize,
    struck: AtomicBool,
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("faulty")
    }
}

fn broken() -> Error {
    Error::Generic {
        store: "faulty",
        source: "as tested".into(),
    }
}

impl Faulty {
    pub(crate) fn new(folder: &std::path::Path, fault: Fault, at: usize) -> Self {
        let place = LocalFileSystem::new_with_prefix(folder).unwrap().with_fsync(true);
        Self {
            place,
            fault,
            at: AtomicUsize::new(at),
            done: AtomicUsize::new(0),
            struck: AtomicBool::new(false),
        }
    }

    /// From now on it is the operation after so many more that goes wrong.
    pub(crate) fn strike_after(&self, more: usize) {
        self.struck.store(false, Ordering::SeqCst);
        self.at.store(self.done.load(Ordering::SeqCst) + more, Ordering::SeqCst);
    }

    /// True where the operation came that goes wrong.
    pub(crate) fn has_struck(&self) -> bool {
        self.struck.load(Ordering::SeqCst)
    }

    /// What goes wrong with the operation that begins now.
    fn strikes(&self) -> Option<Fault> {
        let now = self.done.fetch_add(1, Ordering::SeqCst) == self.at.load(Ordering::SeqCst);
        self.struck.fetch_or(now, Ordering::SeqCst);
        now.then_some(self.fault)
    }

    async fn around<T>(&self, fault: Option<Fault>, work: impl Future<Output = Result<T>>) -> Result<T> {
        match fault {
            Some(Fault::Fails | Fault::Tears | Fault::DiesStaged) => Err(broken()),
            Some(Fault::Stalls) => std::future::pending().await,
            Some(Fault::DiesBefore) => std::process::abort(),
            Some(Fault::FailsAfter) => work.await.and(Err(broken())),
            Some(Fault::StallsAfter) => {
                work.await?;
                std::future::pending().await
            }
            Some(Fault::DiesAfter) => {
                let _ = work.await;
                std::process::abort()
            }
            None => work.await,
        }
    }
}

#[async_trait]
impl ObjectStore for Faulty {
    async fn put_opts(&self, path: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let fault = self.strikes();
        let bytes: Vec<u8> = payload.iter().flatten().copied().collect();
        let half = bytes[..bytes.len() / 2].to_vec();
        match fault {
            Some(Fault::Tears) => {
                let torn = PutOptions {
                    mode: options.mode.clone(),
                    ..PutOptions::default()
                };
                self.place.put_opts(path, half.into(), torn).await?;
                Err(broken())
            }
            Some(Fault::DiesStaged) => {
                // The name that the local store stages under.
                let beside = self.place.path_to_filesystem(path).unwrap().with_extension("#1");
                let beside = beside.with_file_name(format!("{}#1", path.filename().unwrap()));
                std::fs::create_dir_all(beside.parent().unwrap()).unwrap();
                std::fs::write(beside, half).unwrap();
                std::process::abort()
            }
            fault => self.around(fault, self.place.put_opts(path, payload, options)).await,
        }
    }

    async fn put_multipart_opts(&self, path: &Path, options: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        self.place.put_multipart_opts(path, options).await
    }

    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        match self.strikes() {
            Some(Fault::Tears) => {
                let whole = self.place.get(path).await?.meta.size;
                let half = GetOptions {
                    range: Some((0..whole / 2).into()),
                    ..options
                };
                self.place.get_opts(path, half).await
            }
            fault => self.around(fault, self.place.get_opts(path, options)).await,
        }
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let deleted = self.place.delete_stream(paths);
        match self.strikes() {
            None => deleted,
            Some(Fault::Fails | Fault::Tears) => stream::iter([Err(broken())]).boxed(),
            Some(Fault::FailsAfter) => deleted.map(|_| Err(broken())).boxed(),
            Some(Fault::Stalls) => stream::pending().boxed(),
            Some(Fault::StallsAfter) => deleted
                .filter(|_| std::future::ready(false))
                .chain(stream::pending())
                .boxed(),
            Some(Fault::DiesBefore | Fault::DiesStaged | Fault::DiesAfter) => std::process::abort(),
        }
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        match self.strikes() {
            Some(Fault::DiesBefore | Fault::DiesStaged | Fault::DiesAfter) => std::process::abort(),
            Some(Fault::Stalls | Fault::StallsAfter) => stream::pending().boxed(),
            Some(_) => stream::iter([Err(broken())]).boxed(),
            None => self.place.list(prefix),
        }
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.place.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.place.copy_opts(from, to, options).await
    }
}

fn settings() -> Settings {
    Settings::default()
}

/// Stalls are waited for; whatever else goes wrong, a busy disk may take its time.
pub(crate) fn impatient(fault: Fault) -> Settings {
    let patience = match fault {
        Fault::Stalls | Fault::StallsAfter => Duration::from_millis(300),
        _ => settings().patience,
    };
    Settings { patience, ..settings() }
}

/// The folder of a dictionary whose content depends on `number`.
pub(crate) fn lists(number: u64) -> (Folder, Revision) {
    let folder = Folder::from_iter([("terms.txt", format!("刷单返利\n加微信{number}号\n"))]);
    let (parsed, _) = dictionary::parse("night", &folder).unwrap();
    let revision = Revision {
        sort: Sort::Dictionary,
        name: parsed.name,
        revision: parsed.revision,
        parent: None,
        about: About::default(),
        time: Time(number),
        renewed: None,
        files: files_of(&folder),
    };
    (folder, revision)
}

/// Pushes content, and claims the next generation for it.
pub(crate) async fn advance(store: &Store, number: u64) -> std::result::Result<Entry, StoreError> {
    let (folder, revision) = lists(number);
    let (pushed, _) = store.push(revision, &folder).await?;
    let mut active = ActiveSet::default();
    active.dictionaries.insert(pushed.name, Active::pushed(pushed.revision));
    let before = store.newest();
    let entry = Entry {
        generation: store.next_generation(),
        previous: before.map(|entry| entry.generation),
        kind: Kind::Activate,
        restored: None,
        time: Time(number),
        about: About {
            author: "night".into(),
            ..About::default()
        },
        snapshot: pushed.revision,
        active,
        shipped: Vec::new(),
        folder: None,
    };
    let entry = store.claim(entry).await?;
    // The note helps and decides nothing.
    let _ = store.remember_served(entry.generation).await;
    Ok(Entry::clone(&entry))
}

/// The newest generation that can be read together with everything that it needs.
pub(crate) async fn servable(store: &Store) -> Option<Entry> {
    for entry in store.recent().into_iter().rev() {
        let mut whole = true;
        for (name, active) in &entry.active.dictionaries {
            whole &= store.dictionary(name, active.base).await.is_ok();
        }
        if whole {
            return Some(Entry::clone(&entry));
        }
    }
    None
}

/// Three generations, each tried a few times as a person would.
async fn story(place: Arc<dyn ObjectStore>, settings: Settings) -> Vec<Entry> {
    let mut acknowledged = Vec::new();
    let mut store = None;
    for _ in 0..3 {
        store = Store::open(Arc::clone(&place), settings).await.ok();
        if store.is_some() {
            break;
        }
    }
    let store = store.expect("only one operation goes wrong");
    for number in 1..4 {
        for _ in 0..3 {
            if let Ok(entry) = advance(&store, number).await {
                acknowledged.push(entry);
                break;
            }
            // Whoever was told that it is not known looks again.
            let _ = store.refresh().await;
        }
    }
    acknowledged
}

#[tokio::test]
async fn whatever_operation_goes_wrong_nothing_acknowledged_is_lost() {
    for fault in LIVED_THROUGH {
        for at in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let place = Arc::new(Faulty::new(folder.path(), fault, at));
            let acknowledged = story(place.clone(), impatient(fault)).await;
            assert_eq!(
                acknowledged.len(),
                3,
                "{fault:?} at {at}: one fault never stops the work for good"
            );
            let store = Store::open_local(folder.path(), settings()).await.unwrap();
            for entry in &acknowledged {
                assert_eq!(
                    *store.entry(entry.generation).await.unwrap(),
                    *entry,
                    "{fault:?} at {at}"
                );
            }
            assert_eq!(
                servable(&store).await.as_ref(),
                acknowledged.last(),
                "{fault:?} at {at}"
            );
            if !place.has_struck() {
                assert!(at > 10, "the story is longer than that");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_damaged_revision_is_never_used_and_the_next_push_mends_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_local(folder.path(), settings()).await.unwrap();
    let entry = advance(&store, 1).await.unwrap();
    let (content, revision) = lists(1);
    let path = folder
        .path()
        .join("revisions/dictionary/default/night")
        .join(revision.revision.to_string().trim_start_matches("b3:"));
    let whole = std::fs::read(&path).unwrap();
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    for damaged in [&whole[..whole.len() - 1], &changed, b"", b"tamis/revision 1"] {
        std::fs::write(&path, damaged).unwrap();
        let error = store.dictionary(&revision.name, revision.revision).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
        assert!(servable(&store).await.is_none());
        assert!(
            !store.push(revision.clone(), &content).await.unwrap().1,
            "written again"
        );
        assert_eq!(servable(&store).await.as_ref(), Some(&entry));
    }
}

#[tokio::test]
async fn a_store_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open_local(folder.path(), settings()).await.unwrap());
    let marker = folder.path().join("store");
    let newer = std::fs::read_to_string(&marker)
        .unwrap()
        .replacen("tamis/store 1 ", "tamis/store 2 ", 1);
    std::fs::write(&marker, newer).unwrap();
    let error = Store::open_local(folder.path(), settings()).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 2, known: 1, .. }), "{error}");
}

#[tokio::test]
async fn a_full_store_takes_no_push_and_still_a_rollback() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_local(folder.path(), settings()).await.unwrap();
    advance(&store, 1).await.unwrap();
    let full = Settings {
        max_bytes: store.usage().0,
        ..settings()
    };
    let store = Store::open_local(folder.path(), full).await.unwrap();
    let (content, revision) = lists(2);
    assert!(matches!(
        store.push(revision, &content).await,
        Err(StoreError::Full { .. })
    ));
    let before = Entry::clone(&store.newest().unwrap());
    store
        .claim(Entry {
            generation: 2,
            ..before
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn two_writers_never_share_a_generation() {
    let folder = tempfile::tempdir().unwrap();
    let one = Store::open_local(folder.path(), settings()).await.unwrap();
    let other = Store::open_local(folder.path(), settings()).await.unwrap();
    let first = advance(&one, 1).await.unwrap();
    assert!(matches!(
        advance(&other, 2).await,
        Err(StoreError::Claimed { generation: 1 })
    ));
    assert_eq!(*other.newest().unwrap(), first, "and sees what was faster");
    assert_eq!(advance(&other, 2).await.unwrap().previous, Some(1));
}

#[tokio::test]
async fn what_nothing_needs_is_collected_and_what_serves_stays() {
    let folder = tempfile::tempdir().unwrap();
    let short = Settings {
        keep_generations: 2,
        keep_for: Duration::ZERO,
        ..settings()
    };
    let store = Store::open_local(folder.path(), short).await.unwrap();
    for number in 1..6 {
        advance(&store, number).await.unwrap();
    }
    let (content, never_activated) = lists(9);
    store.push(never_activated, &content).await.unwrap();
    let interrupted = folder.path().join("log/00000000000000000006#1");
    std::fs::write(&interrupted, "tamis/log").unwrap();
    let file = std::fs::File::options().append(true).open(&interrupted).unwrap();
    file.set_modified(std::time::SystemTime::now() - Duration::from_secs(7_200))
        .unwrap();
    let later = std::time::SystemTime::now() + Duration::from_secs(3_600);
    let collected = store.collect(5, later).await.unwrap();
    assert!(!interrupted.exists(), "a disk that was full gets its room back");
    assert_eq!((collected.generations, collected.revisions), (3, 4));
    let store = Store::open_local(folder.path(), short).await.unwrap();
    assert_eq!(servable(&store).await.unwrap().generation, 5);
    assert_eq!(store.recent().len(), 2);
    assert_eq!(store.next_generation(), 6);
    // With the default policy nothing so young goes.
    let store = Store::open_local(folder.path(), settings()).await.unwrap();
    assert_eq!(store.collect(5, later).await.unwrap().generations, 0);
}

#[tokio::test]
async fn content_that_is_pushed_again_begins_its_life_anew() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_local(folder.path(), settings()).await.unwrap();
    for number in 1..3 {
        advance(&store, number).await.unwrap();
    }
    let long_ago = std::time::SystemTime::now() - 2 * settings().keep_for;
    let (content, old) = lists(8);
    let (_, forgotten) = lists(9);
    let place = |kept: &str, revision: &Revision| {
        let digits = revision.revision.to_string();
        let path = format!("{kept}/dictionary/default/night/{}", digits.trim_start_matches("b3:"));
        folder.path().join(path)
    };
    let ages = |path: std::path::PathBuf| {
        let file = std::fs::File::options().append(true).open(path).unwrap();
        file.set_modified(long_ago).unwrap();
    };
    for number in [8, 9] {
        let (content, revision) = lists(number);
        store.push(revision.clone(), &content).await.unwrap();
        ages(place("revisions", &revision));
    }
    assert!(store.push(old.clone(), &content).await.unwrap().1, "known");
    let newest = store.revisions(Sort::Dictionary, Some(&old.name)).await.unwrap();
    assert_eq!(newest[0].revision, old.revision, "what was pushed last is the newest");
    assert_eq!(newest[0].time, old.time, "and it says when that was first");
    let collected = store.collect(2, std::time::SystemTime::now()).await.unwrap();
    assert_eq!(collected.revisions, 1);
    assert!(store.dictionary(&old.name, old.revision).await.is_ok());
    assert!(!place("revisions", &forgotten).exists());
    // A second life ends as the first did, and leaves nothing behind.
    ages(place("renewals", &old));
    assert_eq!(
        store.collect(2, std::time::SystemTime::now()).await.unwrap().revisions,
        1
    );
    assert!(!place("revisions", &old).exists() && !place("renewals", &old).exists());
}

#[tokio::test]
async fn a_collection_that_goes_wrong_takes_nothing_that_is_needed_and_the_next_one_ends_it() {
    let later = std::time::SystemTime::now() + Duration::from_secs(3_600);
    let short = Settings {
        keep_generations: 2,
        keep_for: Duration::ZERO,
        ..settings()
    };
    for fault in LIVED_THROUGH {
        for at in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open_local(folder.path(), short).await.unwrap();
            let mut last = None;
            for number in 1..5 {
                last = Some(advance(&store, number).await.unwrap());
            }
            let place = Arc::new(Faulty::new(folder.path(), fault, usize::MAX));
            let patience = impatient(fault).patience;
            let store = Store::open(place.clone(), Settings { patience, ..short })
                .await
                .unwrap();
            place.strike_after(at);
            let first = store.collect(4, later).await;
            let reopened = Store::open_local(folder.path(), short).await.unwrap();
            assert_eq!(servable(&reopened).await, last, "{fault:?} at {at}: {first:?}");
            assert_eq!(reopened.next_generation(), 5);
            reopened.collect(4, later).await.unwrap();
            let reopened = Store::open_local(folder.path(), short).await.unwrap();
            assert_eq!(
                (servable(&reopened).await, reopened.recent().len()),
                (last, 2),
                "{fault:?} at {at}"
            );
            if !place.has_struck() {
                assert!(at > 6 && first.is_ok(), "two entries, two revisions, and what it lists");
                break;
            }
        }
    }
}
