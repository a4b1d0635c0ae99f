//! Where snapshots come from: what the binary ships, folders read once, a folder that is watched.

use std::{path::PathBuf, sync::Arc, thread};

use tokio::{runtime::Handle, sync::oneshot};

use super::{
    keeper::{Keeper, blocking},
    step::Declined,
    watch,
};
use crate::{
    config::{Settings, limits::MAX_LOGGED_PROBLEMS},
    content::Folders,
    problem::{Problem, Problems},
    store,
};

/// Where dictionaries and policies come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Embedded in the binary.
    Shipped,
    /// Folders that are read once.
    Folders(Vec<PathBuf>),
    /// A folder that goes live whenever it changes.
    Watched(PathBuf),
}

impl Source {
    /// What `settings` ask for.
    pub fn of(settings: &Settings) -> Self {
        if !settings.watch.as_os_str().is_empty() {
            Self::Watched(settings.watch.clone())
        } else if settings.dictionaries.is_empty() && settings.policies.is_empty() {
            Self::Shipped
        } else {
            Self::Folders(
                settings
                    .dictionaries
                    .iter()
                    .chain(&settings.policies)
                    .cloned()
                    .collect(),
            )
        }
    }

    fn paths(&self) -> Vec<PathBuf> {
        match self {
            Self::Shipped => Vec::new(),
            Self::Folders(paths) => paths.clone(),
            Self::Watched(folder) => vec![folder.clone()],
        }
    }

    /// Lets `keeper` serve what its store says, then what this source holds. The receiver hears why where nothing can serve, or where
    /// folders that are read once are refused; a watched folder that is refused is logged and waited for.
    pub fn start(self, keeper: Arc<Keeper>) -> oneshot::Receiver<Declined> {
        let (failed, failure) = oneshot::channel();
        tokio::spawn(async move {
            match keeper.restore_and_mend(self.paths()).await {
                Ok(Some(entry)) => tracing::info!(generation = entry.generation, "what served last serves again"),
                Ok(None) => {}
                Err(error) => {
                    // Nobody listens where the process is leaving already.
                    let _ = failed.send(error);
                    return;
                }
            }
            keeper.tend();
            let brought = match self {
                Self::Shipped => keeper.bring_shipped().await,
                Self::Folders(paths) => match blocking(move || read(&paths)).await {
                    Ok(folders) => brought(&keeper, folders).await,
                    Err(error) => Err(error),
                },
                Self::Watched(folder) => {
                    let runtime = Handle::current();
                    let watch = move || watch::run(&folder, &keeper, &runtime);
                    thread::Builder::new()
                        .name("tamis-watch".to_owned())
                        .spawn(watch)
                        .map(drop)
                        .map_err(|error| Declined::from(Problems(vec![Problem::error("watch", error.to_string())])))
                }
            };
            if let Err(error) = brought {
                let _ = failed.send(error);
            }
        });
        failure
    }
}

async fn brought(keeper: &Keeper, folders: Result<Folders, Problems>) -> Result<(), Declined> {
    keeper.bring_folders(folders?).await.map(drop)
}

/// Reads the folders under all paths.
pub(super) fn read(paths: &[PathBuf]) -> Result<Folders, Problems> {
    let mut folders = Folders::default();
    for path in paths {
        let found = store::read_tree(path)?;
        folders.dictionaries.extend(found.dictionaries);
        folders.policies.extend(found.policies);
    }
    Ok(folders)
}

/// Logs why content was refused, line by line.
pub(super) fn log_refusal(why: &Declined) {
    let text = why.to_string();
    let count = text.lines().count();
    tracing::error!(problems = count, "content refused, what served before serves on");
    for problem in text.lines().take(MAX_LOGGED_PROBLEMS) {
        tracing::error!(problem, "content refused");
    }
}

pub(super) fn log_lines(warnings: &Problems) {
    for problem in warnings.0.iter().take(MAX_LOGGED_PROBLEMS) {
        tracing::warn!(%problem, "worth a look");
    }
    if let Some(more) = warnings
        .0
        .len()
        .checked_sub(MAX_LOGGED_PROBLEMS)
        .filter(|more| *more > 0)
    {
        tracing::warn!(more, "further warnings, see tamis lint");
    }
}
