//! One process to a store.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// How often it is looked whether the other one has gone.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Holds the store in a local folder for this process alone, as long as the file is open: the system lets go of it however the process
/// ends. `None` where another process holds it for longer than `patience`.
pub fn hold(folder: &Path, patience: Duration) -> io::Result<Option<File>> {
    fs::create_dir_all(folder)?;
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(folder.join("lock"))?;
    let began = Instant::now();
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if began.elapsed() >= patience => return Ok(None),
            Err(TryLockError::WouldBlock) => {}
        }
        if !told {
            tracing::warn!(folder = %folder.display(), ?patience, "another tamis serves from this store, waiting for its end");
            told = true;
        }
        thread::sleep(LOOK_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_held_by_one_until_that_lets_go() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        let held = hold(&store, Duration::ZERO).unwrap();
        assert!(held.is_some());
        assert!(hold(&store, Duration::from_millis(60)).unwrap().is_none());
        let release = thread::spawn(move || {
            thread::sleep(Duration::from_millis(60));
            drop(held);
        });
        assert!(hold(&store, Duration::from_secs(60)).unwrap().is_some(), "waited for");
        release.join().unwrap();
    }
}
