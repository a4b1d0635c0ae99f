//! Watching a folder: notices of the file system, and a slow poll where it sends none.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};

use tokio::runtime::Handle;

use super::{held::HeldUp, keeper::Keeper, source::log_refusal, step::Declined};
use crate::{
    config::limits::{WATCH_BURST, WATCH_POLL, WATCH_QUIET, WATCH_READS},
    content::Folders,
    problem::{Problem, Problems},
    store,
};

/// How deep a folder is looked at: `root/dictionaries/NAME/terms.csv`.
const DEPTH: usize = 4;

/// Pushes and activates `folder`, now and after every change, for as long as the process lives; again without one where something else
/// than its content held it up.
pub(super) fn run(folder: &Path, keeper: &Keeper, runtime: &Handle) {
    tracing::info!(folder = %folder.display(), "watching");
    let (mut last, mut held) = (0, None);
    loop {
        // A new watcher each time: a folder that was replaced by another of its name is watched anew.
        let (watcher, notices) = watched(folder);
        let seen = fingerprint(folder);
        if seen != last {
            held = None;
        }
        last = seen;
        let generation = keeper.store().newest().map_or(0, |entry| entry.generation);
        let brought = read(folder).and_then(|folders| runtime.block_on(keeper.bring_folders(folders)));
        held = match brought {
            Ok(Some(_)) => None,
            Ok(None) => {
                tracing::debug!("the folder is what was activated last");
                None
            }
            Err(declined) => {
                keeper.registry().keep(&declined);
                log_refusal(&declined);
                HeldUp::by(&declined, generation, held.as_ref())
            }
        };
        let is_due = || held.as_ref().is_some_and(|held| held.is_due(keeper));
        wait_for_change(folder, seen, &notices, WATCH_POLL, is_due);
        drop(watcher);
    }
}

fn watched(folder: &Path) -> (Option<RecommendedWatcher>, Receiver<()>) {
    let (notice, notices) = channel();
    let handler = move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| is_change(event.kind)) {
            // The receiver is gone only while the watcher itself is being replaced.
            let _ = notice.send(());
        }
    };
    let watcher = notify::recommended_watcher(handler).and_then(|mut watcher| {
        watcher.watch(folder, RecursiveMode::Recursive)?;
        Ok(watcher)
    });
    match watcher {
        Ok(watcher) => (Some(watcher), notices),
        Err(error) => {
            tracing::warn!(folder = %folder.display(), %error, "no notices of changes, polling only");
            (None, notices)
        }
    }
}

/// Reading is noticed too, ours included; it changes nothing.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}

/// Returns once the folder has changed and is quiet again, or is due; it is looked at every `poll`, noticed or not.
fn wait_for_change(folder: &Path, seen: u64, notices: &Receiver<()>, poll: Duration, is_due: impl Fn() -> bool) {
    loop {
        match notices.recv_timeout(poll) {
            Ok(()) => break,
            Err(RecvTimeoutError::Timeout) => {}
            // There is no watcher: only the poll is left.
            Err(RecvTimeoutError::Disconnected) => thread::sleep(poll),
        }
        if fingerprint(folder) != seen || is_due() {
            break;
        }
    }
    let burst = Instant::now();
    while burst.elapsed() < WATCH_BURST {
        match notices.recv_timeout(WATCH_QUIET) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return,
            Err(RecvTimeoutError::Disconnected) => {
                thread::sleep(WATCH_QUIET);
                return;
            }
        }
    }
}

/// Reads the folder as it was at one time: what changed while it was read is read again.
fn read(folder: &Path) -> Result<Folders, Declined> {
    for _ in 0..WATCH_READS {
        let before = fingerprint(folder);
        let folders = store::read_tree(folder);
        if fingerprint(folder) == before {
            return folders.map_err(Declined::from);
        }
        thread::sleep(WATCH_QUIET);
    }
    let problem = Problem::error(folder.to_string_lossy(), "it keeps changing while it is read")
        .mend("write into another folder and rename it");
    Err(Problems(vec![problem]).into())
}

/// Changes whenever a file below `folder` does, by name, size or time.
fn fingerprint(folder: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    look(folder, DEPTH, &mut hasher);
    hasher.finish()
}

fn look(path: &Path, depth: usize, hasher: &mut DefaultHasher) {
    let Ok(found) = fs::metadata(path) else {
        return path.hash(hasher);
    };
    path.hash(hasher);
    found.is_dir().hash(hasher);
    if found.is_file() {
        found.len().hash(hasher);
        found.modified().ok().hash(hasher);
    } else if depth > 0 {
        let mut inside: Vec<_> = fs::read_dir(path)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .collect();
        inside.sort();
        for path in inside {
            look(&path, depth - 1, hasher);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_found_where_no_notice_comes() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("terms.txt"), "one\n").unwrap();
        let seen = fingerprint(folder.path());
        // A watcher that says nothing, and none at all.
        let (silent, notices) = channel();
        for notices in [notices, channel().1] {
            thread::scope(|scope| {
                let waiting = scope
                    .spawn(|| wait_for_change(folder.path(), seen, &{ notices }, Duration::from_millis(1), || false));
                fs::write(folder.path().join("terms.txt"), "one\ntwo\n").unwrap();
                waiting.join().unwrap();
            });
            fs::write(folder.path().join("more.txt"), "three\n").unwrap();
        }
        drop(silent);
    }
}
