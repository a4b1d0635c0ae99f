//! Where snapshots come from: what the binary ships, folders read once, a folder that is watched.

use std::{path::PathBuf, sync::Arc, thread, time::Instant};

use tokio::sync::oneshot;

use super::{
    live::{Published, Registry, Rejected},
    watch,
};
use crate::{
    config::{Settings, limits::MAX_LOGGED_PROBLEMS},
    content::Loaded,
    policy::Policy,
    problem::Problems,
    shipped, store,
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

    /// Starts publishing into `registry` on a thread of its own. The receiver hears why where what is read once cannot serve, and is
    /// closed where it does; a watched folder that cannot serve is logged and waited for.
    pub fn start(self, registry: Arc<Registry>) -> std::io::Result<oneshot::Receiver<Rejected>> {
        let (failed, failure) = oneshot::channel();
        let work = move || {
            if let Self::Watched(folder) = &self {
                watch::run(folder, &registry);
            } else if let Err(rejected) = self.load().and_then(|loaded| published(loaded, &registry)) {
                // Nobody listens where the process is leaving already.
                let _ = failed.send(rejected);
            }
        };
        thread::Builder::new().name("tamis-build".to_owned()).spawn(work)?;
        Ok(failure)
    }

    /// Reads and parses.
    fn load(&self) -> Result<Loaded, Rejected> {
        let loaded = match self {
            Self::Shipped => shipped::parsed(),
            Self::Folders(paths) => store::load(paths),
            Self::Watched(path) => store::load(&[path]),
        };
        loaded.map_err(Rejected::Problems)
    }
}

/// Builds, gates and swaps what was loaded, and logs what became of it. Dictionaries without any policy get the plain one.
pub(super) fn published(mut loaded: Loaded, registry: &Registry) -> Result<Published, Rejected> {
    let started = Instant::now();
    log_lines(&loaded.warnings);
    if loaded.policies.is_empty() {
        let names = loaded.dictionaries.iter().map(|dictionary| dictionary.name.clone());
        loaded.policies.push(Arc::new(Policy::plain(names)));
    }
    let dictionaries = loaded.dictionaries.len();
    let terms: usize = loaded
        .dictionaries
        .iter()
        .map(|dictionary| dictionary.terms.len())
        .sum();
    let published = registry.publish(loaded.dictionaries, loaded.policies)?;
    match published {
        Published::Live { generation } => {
            let millis = started.elapsed().as_millis();
            let snapshot = registry.serving().map(|serving| serving.snapshot.id().to_string());
            tracing::info!(generation, snapshot, dictionaries, terms, millis, "snapshot serves");
        }
        Published::Unchanged => tracing::debug!("content is what serves already"),
    }
    Ok(published)
}

/// Logs why content was refused, line by line.
pub(super) fn log_refusal(rejected: &Rejected) {
    let text = rejected.to_string();
    let count = text.lines().count();
    tracing::error!(problems = count, "content refused, what served before serves on");
    for problem in text.lines().take(MAX_LOGGED_PROBLEMS) {
        tracing::error!(problem, "content refused");
    }
}

fn log_lines(warnings: &Problems) {
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
