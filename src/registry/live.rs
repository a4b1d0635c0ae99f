//! The live snapshot, and the gate in front of it.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use arc_swap::ArcSwapOption;
use tokio::sync::watch;

use super::retire::Retirement;
use crate::{
    dictionary::Dictionary,
    identity::{ContentId, Name},
    matching::EngineKind,
    policy::Policy,
    problem::Problems,
    snapshot::{CaseFailure, Snapshot},
    store::{Entry, Kind},
    telemetry::{self, Metrics},
};

/// A snapshot that serves, and its number in the activation log.
#[derive(Debug)]
pub struct Serving {
    /// What decides.
    pub snapshot: Snapshot,
    /// From 1.
    pub generation: u64,
    /// The entry of the activation log; `None` where there is no store.
    pub entry: Option<Arc<Entry>>,
}

/// What came of new content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// It serves under this generation.
    Live {
        /// The new generation.
        generation: u64,
    },
    /// It is what served already.
    Unchanged,
}

/// Why the gate refused new content; what served before serves on.
#[derive(Debug)]
pub enum Rejected {
    /// It cannot be read or compiled.
    Problems(Problems),
    /// It holds no dictionary.
    Empty,
    /// It lacks the policy that answers requests which name none: they would all fail.
    NoDefaultPolicy(Name),
    /// Some of its cases do not hold.
    FailingCases(Vec<CaseFailure>),
    /// Compiling it met a bug.
    Bug(telemetry::Bug),
}

impl From<Problems> for Rejected {
    fn from(problems: Problems) -> Self {
        Self::Problems(problems)
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problems(problems) => problems.fmt(f),
            Self::Empty => f.write_str("no dictionary at all; a filter without one would pass everything"),
            Self::NoDefaultPolicy(name) => write!(
                f,
                "policy {name}, which answers requests that name none, is not there; add it or configure another"
            ),
            Self::FailingCases(failures) => {
                for (i, failure) in failures.iter().enumerate() {
                    if i > 0 {
                        f.write_str("\n")?;
                    }
                    failure.fmt(f)?;
                }
                Ok(())
            }
            Self::Bug(bug) => write!(f, "building the snapshot met a bug; the log explains {}", bug.id),
        }
    }
}

impl std::error::Error for Rejected {}

/// What serves, and what became of the newest content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Generation and id of the serving snapshot.
    pub serving: Option<(u64, ContentId)>,
    /// Which generation is damaged, where it is newer than what serves.
    pub damage: Option<String>,
    /// Why newer content was refused or held up, line by line.
    pub refusal: Vec<String>,
}

impl Status {
    /// Why the newest content does not serve, line by line; empty where it does.
    pub fn problems(&self) -> Vec<String> {
        self.damage.iter().chain(&self.refusal).cloned().collect()
    }
}

/// The one place from which requests take their snapshot.
#[derive(Debug)]
pub struct Registry {
    live: ArcSwapOption<Serving>,
    /// Held while a snapshot is built: one at a time.
    building: Mutex<()>,
    status: watch::Sender<Status>,
    retirement: Retirement<Serving>,
    metrics: Arc<Metrics>,
    /// What every snapshot must hold.
    default_policy: Name,
    /// What every snapshot is built with.
    engine: EngineKind,
}

impl Registry {
    /// An empty registry whose snapshots must hold `default_policy`; fails where the thread that frees old snapshots cannot be
    /// started.
    pub fn new(default_policy: Name, metrics: Arc<Metrics>) -> std::io::Result<Self> {
        Ok(Self {
            live: ArcSwapOption::empty(),
            building: Mutex::new(()),
            status: watch::Sender::default(),
            retirement: Retirement::start()?,
            metrics,
            default_policy,
            engine: EngineKind::default(),
        })
    }

    /// The same, but its snapshots are built with this engine.
    #[must_use]
    pub fn with_engine(self, engine: EngineKind) -> Self {
        Self { engine, ..self }
    }

    /// What its snapshots are built with.
    pub fn engine(&self) -> EngineKind {
        self.engine
    }

    /// Compiles everything with its engine.
    pub(super) fn compile(
        &self,
        dictionaries: Vec<Arc<Dictionary>>,
        policies: Vec<Arc<Policy>>,
    ) -> Result<Snapshot, Problems> {
        Snapshot::build_with(self.engine, dictionaries, policies)
    }

    /// What serves now: a request asks once and keeps the answer. Never waits.
    pub fn serving(&self) -> Option<Arc<Serving>> {
        self.live.load_full()
    }

    /// The policy that answers requests which name none.
    pub fn default_policy(&self) -> &Name {
        &self.default_policy
    }

    /// What serves and what became of the newest content, and a notice whenever that changes.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Builds a snapshot, passes it through the gate and lets it serve. Takes as long as a build takes: call it from a thread that may
    /// block. When it returns `Live`, every request from now on is judged by the new snapshot.
    pub fn publish(
        &self,
        dictionaries: Vec<Arc<Dictionary>>,
        policies: Vec<Arc<Policy>>,
    ) -> Result<Published, Rejected> {
        let _one_at_a_time = self.one_at_a_time();
        self.retirement.wait_until_empty();
        telemetry::catch(|| self.gated(dictionaries, policies))
            .unwrap_or_else(|bug| Err(Rejected::Bug(bug)))
            .map(|snapshot| self.swap(snapshot))
    }

    /// Takes note of why the newest content does not serve.
    pub fn keep(&self, why: &impl fmt::Display) {
        self.metrics.build_failed();
        self.note(|status| {
            status.refusal = why.to_string().lines().map(str::to_owned).collect();
        });
    }

    /// Takes note that a generation is damaged which is newer than what serves, until a newer one serves.
    pub(super) fn damaged(&self, what: String) {
        self.metrics.build_failed();
        self.note(|status| status.damage = Some(what));
    }

    /// Changes the status, and with it what the metrics say of it.
    fn note(&self, change: impl FnOnce(&mut Status)) {
        self.status.send_modify(|status| {
            change(status);
            self.metrics
                .newest_serves(status.damage.is_none() && status.refusal.is_empty());
        });
    }

    fn swap(&self, snapshot: Snapshot) -> Published {
        let before = self.live.load_full();
        if before
            .as_ref()
            .is_some_and(|serving| serving.snapshot.id() == snapshot.id())
        {
            self.unchanged();
            return Published::Unchanged;
        }
        let generation = before.map_or(0, |serving| serving.generation) + 1;
        self.serve(snapshot, generation, None);
        Published::Live { generation }
    }

    /// Takes note that the newest content is what serves already.
    pub(super) fn unchanged(&self) {
        self.note(|status| status.refusal.clear());
    }

    /// Lets a snapshot serve: every request from now on is judged by it. The one before is freed away from requests.
    pub(super) fn serve(&self, snapshot: Snapshot, generation: u64, entry: Option<Arc<Entry>>) {
        let (id, heap_bytes) = (snapshot.id(), snapshot.heap_bytes());
        let is_edited = |entry: &Arc<Entry>| matches!(entry.kind, Kind::Edit | Kind::Expiry | Kind::Rollback);
        // Folding edits in makes no generation. Any other is newer than whatever was damaged; what was refused is past once newer
        // content serves, not when people edit beside it.
        let is_new = self.generation() != Some(generation);
        let refusal_stands = entry.as_ref().is_some_and(is_edited) || !is_new;
        let serving = Serving {
            snapshot,
            generation,
            entry,
        };
        if let Some(old) = self.live.swap(Some(Arc::new(serving))) {
            self.retirement.retire(old);
        }
        self.metrics.swapped(generation, heap_bytes);
        self.note(|status| {
            status.serving = Some((generation, id));
            if is_new {
                status.damage = None;
            }
            if !refusal_stands {
                status.refusal.clear();
            }
        });
    }

    fn generation(&self) -> Option<u64> {
        self.live.load().as_ref().map(|serving| serving.generation)
    }

    /// Waits until the snapshots that served before are freed. Call it from a thread that may block.
    pub(super) fn wait_for_retired(&self) {
        self.retirement.wait_until_empty();
    }

    fn one_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.building.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn gated(&self, dictionaries: Vec<Arc<Dictionary>>, policies: Vec<Arc<Policy>>) -> Result<Snapshot, Rejected> {
        if dictionaries.is_empty() {
            return Err(Rejected::Empty);
        }
        let snapshot = self.compile(dictionaries, policies)?;
        if snapshot.judge(&self.default_policy).is_none() {
            return Err(Rejected::NoDefaultPolicy(self.default_policy.clone()));
        }
        let failures = snapshot.failing_cases();
        if failures.is_empty() {
            Ok(snapshot)
        } else {
            Err(Rejected::FailingCases(failures))
        }
    }
}
