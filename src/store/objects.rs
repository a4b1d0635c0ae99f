//! The place behind the store: `object_store`, with a limit on time and on bytes, and errors in our words.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use object_store::{
    Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, path::Path,
};
use tokio_stream::StreamExt;

use super::StoreError;

/// What a listing says of an object.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) path: String,
    pub(super) bytes: u64,
    /// When it was written, by the clock of the place.
    pub(super) written: SystemTime,
}

/// What a write to a new name came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Created {
    /// It is ours.
    Fresh,
    /// There was an object of this name before.
    Exists,
}

#[derive(Debug)]
pub(super) struct Objects {
    place: Arc<dyn ObjectStore>,
    patience: Duration,
    limit: u64,
    held: AtomicU64,
}

impl Objects {
    pub(super) fn new(place: Arc<dyn ObjectStore>, patience: Duration, limit: u64) -> Self {
        Self {
            place,
            patience,
            limit,
            held: AtomicU64::new(0),
        }
    }

    /// Counts what is there, and returns the sum in bytes.
    pub(super) async fn measure(&self) -> Result<u64, StoreError> {
        let held = self.list("").await?.iter().map(|object| object.bytes).sum();
        self.held.store(held, Ordering::Relaxed);
        Ok(held)
    }

    /// Bytes held, as counted by [`Objects::measure`] and every write and removal since.
    pub(super) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }

    /// Fails where `bytes` more would exceed the limit by more than `reserve`.
    pub(super) fn room_for(&self, bytes: usize, reserve: u64) -> Result<(), StoreError> {
        let (held, asked) = (self.held(), bytes as u64);
        if held.saturating_add(asked) > self.limit.saturating_add(reserve) {
            return Err(StoreError::Full {
                held,
                asked,
                limit: self.limit,
            });
        }
        Ok(())
    }

    pub(super) async fn read(&self, path: &str) -> Result<Vec<u8>, StoreError> {
        self.get(path, None).await
    }

    /// The first bytes of an object, at most `length`.
    pub(super) async fn read_start(&self, path: &str, length: u64) -> Result<Vec<u8>, StoreError> {
        self.get(path, Some(GetRange::Bounded(0..length))).await
    }

    async fn get(&self, path: &str, range: Option<GetRange>) -> Result<Vec<u8>, StoreError> {
        let options = GetOptions {
            range,
            ..GetOptions::default()
        };
        let place = Path::from(path);
        let got = async { self.place.get_opts(&place, options).await?.bytes().await };
        self.timed("read", path, got)
            .await?
            .map(Vec::from)
            .map_err(|e| named("read", path, &e))
    }

    /// Writes a new object; durable when it returns.
    pub(super) async fn create(&self, path: &str, bytes: Vec<u8>) -> Result<Created, StoreError> {
        match self.put(path, bytes, PutMode::Create).await {
            Ok(()) => Ok(Created::Fresh),
            Err(PutError::Exists) => Ok(Created::Exists),
            Err(PutError::Other(error)) => Err(error),
        }
    }

    /// Writes an object over whatever was there; durable when it returns.
    pub(super) async fn replace(&self, path: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.put(path, bytes, PutMode::Overwrite)
            .await
            .map_err(|error| match error {
                PutError::Exists => super::object::corrupt(path, "it can't be written over"),
                PutError::Other(error) => error,
            })
    }

    async fn put(&self, path: &str, bytes: Vec<u8>, mode: PutMode) -> Result<(), PutError> {
        let length = bytes.len() as u64;
        let place = Path::from(path);
        let put = self
            .place
            .put_opts(&place, PutPayload::from(bytes), PutOptions::from(mode));
        match self.timed("write", path, put).await.map_err(PutError::Other)? {
            Ok(_) => {
                self.held.fetch_add(length, Ordering::Relaxed);
                Ok(())
            }
            Err(Error::AlreadyExists { .. }) => Err(PutError::Exists),
            Err(error) => Err(PutError::Other(named("write", path, &error))),
        }
    }

    /// Removes an object; one that is not there is no error.
    pub(super) async fn remove(&self, object: &Listed) -> Result<(), StoreError> {
        let place = Path::from(object.path.as_str());
        match self.timed("delete", &object.path, self.place.delete(&place)).await? {
            Ok(()) | Err(Error::NotFound { .. }) => {
                let less = |held: u64| Some(held.saturating_sub(object.bytes));
                let _ = self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
                Ok(())
            }
            Err(error) => Err(named("delete", &object.path, &error)),
        }
    }

    /// The objects below a prefix (`log`, `revisions/dictionary/default/fraud`; empty for all), in no order.
    pub(super) async fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        let place = (!prefix.is_empty()).then(|| Path::from(prefix));
        let mut stream = self.place.list(place.as_ref());
        let collect = async {
            let mut listed = Vec::new();
            while let Some(object) = stream.next().await {
                let object = object?;
                listed.push(Listed {
                    path: object.location.to_string(),
                    bytes: object.size,
                    written: object.last_modified.into(),
                });
            }
            Ok(listed)
        };
        self.timed("list", prefix, collect)
            .await?
            .map_err(|e: Error| named("list", prefix, &e))
    }

    async fn timed<T>(
        &self,
        operation: &'static str,
        path: &str,
        work: impl Future<Output = T>,
    ) -> Result<T, StoreError> {
        tokio::time::timeout(self.patience, work)
            .await
            .map_err(|_| StoreError::Stalled {
                operation,
                path: path.to_owned(),
                patience: self.patience,
            })
    }
}

enum PutError {
    Exists,
    Other(StoreError),
}

fn named(operation: &'static str, path: &str, error: &Error) -> StoreError {
    let path = path.to_owned();
    match error {
        Error::NotFound { .. } => StoreError::Missing { path },
        other => StoreError::Away {
            operation,
            path,
            cause: other.to_string(),
        },
    }
}
