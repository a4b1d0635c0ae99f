//! At a start: what is damaged in the store comes back from where it came, without a server to push to.

use std::path::PathBuf;

use super::{
    keeper::{Keeper, blocking},
    source,
    start::{Found, identify, revision_of, shipped},
    step::{Declined, Revised},
};
use crate::store::{About, Entry, StoreError};

impl Keeper {
    /// Puts what a generation is made of back into the store, where it is damaged or missing there and the binary or a folder of
    /// `paths` holds it. True where anything was.
    pub(super) async fn mend(&self, entry: &Entry, paths: Vec<PathBuf>) -> Result<bool, Declined> {
        let damaged = self.damaged(entry).await?;
        if damaged.is_empty() {
            return Ok(false);
        }
        let mut mended = false;
        let about = About {
            author: format!("tamis {}", env!("CARGO_PKG_VERSION")),
            note: "mended at the start".to_owned(),
            ..About::default()
        };
        for (sort, name, id, folder) in blocking(move || held(&paths)).await? {
            if damaged.contains(&(sort, name.clone(), id)) {
                let mut revision = revision_of(sort, name, id, &folder, &about);
                // What was pushed since stays the newest.
                revision.time = entry.time;
                tracing::warn!(name = %revision.name, revision = %id, "damaged in the store, mended");
                self.store.push(revision, &folder).await?;
                mended = true;
            }
        }
        Ok(mended)
    }

    async fn damaged(&self, entry: &Entry) -> Result<Vec<Revised>, StoreError> {
        let mut damaged = Vec::new();
        for (sort, name, active) in entry.active.iter() {
            match self.store.load(sort, name, active.base).await {
                Ok(_) => {}
                Err(StoreError::Corrupt { .. } | StoreError::Missing { .. }) => {
                    damaged.push((sort, name.clone(), active.base));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(damaged)
    }
}

/// What the binary and the folders hold; a folder that cannot be read is complained about when it is to go live.
fn held(paths: &[PathBuf]) -> Vec<Found> {
    let of_folders = source::read(paths).and_then(identify).map(|(found, _)| found);
    [shipped(), of_folders]
        .into_iter()
        .filter_map(Result::ok)
        .flatten()
        .collect()
}
