//! The one writer: takes steps, and keeps what serves and what is stored in step.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::{Mutex, Notify};

use super::{
    build::{self, same_bases},
    gate::{self, Lenience},
    live::{Registry, Rejected, Serving},
    step::{Ask, Declined, Ground, Revised, Step, changes},
};
use crate::{
    dictionary::{Change, Dictionary},
    identity::{ContentId, Name},
    snapshot::Snapshot,
    store::{
        About, ActiveSet, Entry, Sort, Store, StoreError, Time,
        plan::{self, Plan, Unplanned},
    },
    telemetry,
};

/// How often a step is planned anew because something else changed while it was built.
const TRIES: usize = 20;

/// After an edit, how long more edits are waited for before they are folded into the base.
const FOLD_AFTER: Duration = Duration::from_secs(1);

/// How many times as long as folding took passes before it is done again: edits that keep coming cost two fifths of a
/// core at most, since a build takes two.
const FOLD_REST: u32 = 4;

/// Pushes, activates, edits and rolls back: every change of what serves goes through here, one at a time, and is in the store before it
/// serves.
#[derive(Debug)]
pub struct Keeper {
    pub(super) registry: Arc<Registry>,
    pub(super) store: Store,
    /// Held while a snapshot is built in full: one at a time.
    pub(super) building: Mutex<()>,
    /// Held from the last look at what serves to the swap.
    writing: Mutex<()>,
    /// Bytes that building may take beside what serves.
    pub(super) memory_budget: u64,
    /// What the binary ships, for the log.
    pub(super) shipped: Vec<(Sort, Name, ContentId)>,
    /// What a folder came to hold that served already, and the newest generation then: no entry says so before the next one.
    pub(super) found: std::sync::Mutex<Option<(u64, ContentId)>>,
    fold: Notify,
    expiry: Notify,
}

/// How often what nothing needs is looked for.
const COLLECT_EVERY: Duration = Duration::from_secs(3_600);

/// What came of a step.
#[derive(Clone, Debug)]
pub struct Advanced {
    /// The generation that the step made, or that the same request made before.
    pub entry: Arc<Entry>,
    /// False where it was made before, or where the step asked for what serves already.
    pub changed: bool,
}

impl Keeper {
    /// A keeper of `store` for `registry`, whose builds may take `memory_budget` bytes.
    pub fn new(
        registry: Arc<Registry>,
        store: Store,
        memory_budget: u64,
        shipped: Vec<(Sort, Name, ContentId)>,
    ) -> Self {
        Self {
            registry,
            store,
            building: Mutex::default(),
            writing: Mutex::default(),
            memory_budget,
            shipped,
            found: std::sync::Mutex::default(),
            fold: Notify::new(),
            expiry: Notify::new(),
        }
    }

    /// The store, to read from.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What serves.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// Takes a step: plans it, builds the candidate away from requests, passes it through the gate, claims its generation, lets it serve.
    /// When it returns, every request from now on is judged by it. An edit or a rollback of edits is built in milliseconds, whatever
    /// the size, beside a full build that may be running.
    pub async fn advance(&self, step: &Step, about: &About, etag: &str) -> Result<Advanced, Declined> {
        for _ in 0..TRIES {
            let serving = self.registry.serving();
            let entry = serving.as_ref().and_then(|s| s.entry.clone());
            if let Some(before) = self.repeated(about)? {
                return Ok(Advanced {
                    entry: before,
                    changed: false,
                });
            }
            plan::check_etag(entry.as_deref(), etag)?;
            let Some(plan) = self.plan(step, serving.as_deref(), about).await? else {
                let entry = entry.ok_or(Declined::NotReady)?;
                return Ok(Advanced { entry, changed: false });
            };
            let taken = match serving.as_ref().filter(|s| build::is_edit_of(s, &plan.active)) {
                Some(serving) => self.patch(step, about, serving, plan).await,
                None => self.rebuild(step, about, serving.as_ref(), plan).await,
            };
            // Where something else was faster, look again.
            if let Some(advanced) = taken? {
                return Ok(advanced);
            }
        }
        Err(Unplanned::EtagMismatch { current: self.etag() }.into())
    }

    /// The etag of what serves.
    pub fn etag(&self) -> String {
        let entry = self.registry.serving().and_then(|s| s.entry.clone());
        entry.map_or_else(|| "g0".to_owned(), |entry| entry.etag())
    }

    fn repeated(&self, about: &About) -> Result<Option<Arc<Entry>>, Declined> {
        let Some(request) = about.request else { return Ok(None) };
        let recent = self.store.recent();
        let known = plan::repeated(recent.iter().map(Arc::as_ref), &about.request_id, request)?;
        Ok(known.map(|entry| Arc::new(entry.clone())))
    }

    async fn plan(&self, step: &Step, serving: Option<&Serving>, about: &About) -> Result<Option<Plan>, Declined> {
        let entry = serving.and_then(|s| s.entry.as_deref());
        let before = match (step, entry.and_then(|e| e.previous)) {
            (Step::Rollback, Some(previous)) => Some(self.store.entry(previous).await?),
            _ => None,
        };
        let edit = match (step, serving) {
            (
                Step::Edit {
                    dictionary: name, asks, ..
                },
                Some(serving),
            ) => edit(&serving.snapshot, name, asks).await?,
            _ => None,
        };
        let ground = Ground {
            serving: entry,
            before,
            recent: &self.store.recent(),
            pushed: &self.pushed(step).await?,
            now: Time::now(),
            author: &about.author,
            note: &about.note,
        };
        step.plan(&ground, edit)
    }

    /// Those of the step's revisions that were pushed.
    async fn pushed(&self, step: &Step) -> Result<Vec<Revised>, Declined> {
        let mut pushed = Vec::new();
        for revised in step.revisions() {
            let (sort, name, revision) = revised;
            match self.store.revision(*sort, name, *revision).await {
                Ok(_) => pushed.push(revised.clone()),
                Err(StoreError::Missing { .. } | StoreError::Corrupt { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(pushed)
    }

    /// Only edits differ: the base segment is shared.
    async fn patch(
        &self,
        step: &Step,
        about: &About,
        serving: &Arc<Serving>,
        plan: Plan,
    ) -> Result<Option<Advanced>, Declined> {
        let writing = self.writing.lock().await;
        if self.moved_on(Some(serving)) {
            return Ok(None);
        }
        let (old, edits) = (Arc::clone(serving), build::edits_of(&plan.active));
        let Some(candidate) = blocking(move || build::patched(&old.snapshot, &edits)).await? else {
            // The lists are worn: compile them anew.
            drop(writing);
            return self.rebuild(step, about, Some(serving), plan).await;
        };
        let advanced = self.finish(step, about, Some(serving), plan, candidate).await?;
        self.fold.notify_one();
        Ok(Some(advanced))
    }

    /// Content differs: everything is compiled anew, beside what serves and its edits. Edits that came meanwhile are carried over.
    async fn rebuild(
        &self,
        step: &Step,
        about: &About,
        serving: Option<&Arc<Serving>>,
        plan: Plan,
    ) -> Result<Option<Advanced>, Declined> {
        let _building = self.building.lock().await;
        if self.moved_on(serving) {
            return Ok(None);
        }
        let candidate = self.candidate(serving.map(Arc::as_ref), &plan.active).await?;
        let _writing = self.writing.lock().await;
        if !self.moved_on(serving) {
            return self.finish(step, about, serving, plan, candidate).await.map(Some);
        }
        let now = self.registry.serving();
        let again = self.plan(step, now.as_deref(), about).await?;
        let Some(plan) = again.filter(|again| same_bases(&again.active, &plan.active)) else {
            return Ok(None);
        };
        let edits = build::edits_of(&plan.active);
        match blocking(move || build::patched(&candidate, &edits)).await? {
            Some(candidate) => self.finish(step, about, now.as_ref(), plan, candidate).await.map(Some),
            None => Ok(None),
        }
    }

    fn moved_on(&self, seen: Option<&Arc<Serving>>) -> bool {
        let now = self.registry.serving();
        now.as_deref().map(|s| s.generation) != seen.map(|s| s.generation)
    }

    /// Gate, claim, swap. The caller holds `writing`.
    async fn finish(
        &self,
        step: &Step,
        about: &About,
        serving: Option<&Arc<Serving>>,
        plan: Plan,
        candidate: Snapshot,
    ) -> Result<Advanced, Declined> {
        let Plan {
            kind,
            previous,
            restored,
            mut active,
        } = plan;
        build::name_revisions(&candidate, &mut active);
        let old = serving.and_then(|s| s.entry.clone());
        if step.keeps_edits() {
            merged(old.as_deref(), &active, &candidate)?;
        }
        let (candidate, active) = if step.is_gated() {
            self.gated(step, serving.cloned(), candidate, active).await?
        } else {
            (candidate, active)
        };
        let entry = Entry {
            generation: self.store.next_generation(),
            previous,
            kind,
            restored,
            time: Time::now(),
            about: about.clone(),
            snapshot: candidate.id(),
            active,
            shipped: self.shipped_after(step, old.as_deref()),
            folder: self.folder_after(step, about),
        };
        let claimed = self.store.claim(entry).await.inspect_err(|error| {
            tracing::error!(%error, "a generation could not be claimed, what served before serves on");
        })?;
        self.serve(candidate, Arc::clone(&claimed)).await;
        Ok(Advanced {
            entry: claimed,
            changed: true,
        })
    }

    /// Passes the candidate through the gate, on a thread for it; returns it with the cases that are suspended from now on.
    async fn gated(
        &self,
        step: &Step,
        serving: Option<Arc<Serving>>,
        candidate: Snapshot,
        mut active: ActiveSet,
    ) -> Result<(Snapshot, ActiveSet), Declined> {
        let policy = self.registry.default_policy().clone();
        let (lenience, alone) = lenience(step);
        blocking(move || {
            if let Some((name, serving)) = alone.zip(serving) {
                // What an edit adds must pass without what it removes.
                let gives = |c: &&Change| !c.takes_hits_away();
                let edits = active
                    .dictionaries
                    .get(&name)
                    .map(|slot| plan::effective(&slot.edits))
                    .unwrap_or_default();
                let gives: Vec<Change> = edits.into_iter().filter(gives).cloned().collect();
                if let Some(only_added) = build::patched(&serving.snapshot, &vec![(name, gives)]) {
                    gate::pass(&only_added, &policy, &mut active, Lenience::Suspended)?;
                }
            }
            gate::pass(&candidate, &policy, &mut active, lenience)?;
            Ok((candidate, active))
        })
        .await?
    }

    /// The newest revisions that programs have brought, ours before those of others. While an upgrade is held up, what other steps
    /// write leaves them as they were, so that the next start tries again.
    fn shipped_after(&self, step: &Step, old: Option<&Entry>) -> Vec<(Sort, Name, ContentId)> {
        if let Some(old) = old.filter(|_| !matches!(step, Step::Upgrade { .. })) {
            return old.shipped.clone();
        }
        let ours = |old: &&(Sort, Name, ContentId)| self.shipped.iter().any(|new| (new.0, &new.1) == (old.0, &old.1));
        let others = old
            .into_iter()
            .flat_map(|entry| &entry.shipped)
            .filter(|old| !ours(old));
        self.shipped.iter().chain(others).cloned().collect()
    }

    /// What a folder held last that was activated or served already; only a folder replaces everything.
    fn folder_after(&self, step: &Step, about: &About) -> Option<ContentId> {
        let brings = matches!(step, Step::Replace { .. });
        about.request.filter(|_| brings).or_else(|| self.folder_before())
    }

    /// Lets a snapshot serve whose entry is in the log.
    pub(super) async fn serve(&self, snapshot: Snapshot, entry: Arc<Entry>) {
        let generation = entry.generation;
        self.registry.serve(snapshot, generation, Some(entry));
        self.expiry.notify_one();
        if let Err(error) = self.store.remember_served(generation).await {
            // The log alone is the truth; this note only helps a start that cannot read its newest entry.
            tracing::warn!(%error, "could not note the generation that serves");
        }
    }

    /// Starts what goes on in the background for as long as the process lives: edits end, are folded into the base, and what nothing
    /// needs any more is collected.
    pub fn tend(self: &Arc<Self>) {
        tokio::spawn(Arc::clone(self).expire_edits());
        tokio::spawn(Arc::clone(self).fold_edits());
        tokio::spawn(Arc::clone(self).collect());
    }

    async fn collect(self: Arc<Self>) {
        loop {
            if let Some(serving) = self
                .registry
                .serving()
                .and_then(|s| s.entry.as_ref().map(|e| e.generation))
            {
                // An activation finds the revision that it has read still there when it claims its generation.
                let _building = self.building.lock().await;
                let _writing = self.writing.lock().await;
                match self.store.collect(serving, std::time::SystemTime::now()).await {
                    Ok(collected) if collected == crate::store::Collected::default() => {}
                    Ok(collected) => tracing::info!(?collected, "collected what nothing needs"),
                    Err(error) => tracing::warn!(%error, "collecting failed, trying again later"),
                }
            }
            tokio::time::sleep(COLLECT_EVERY).await;
        }
    }

    /// Ends edits when their time comes.
    async fn expire_edits(self: Arc<Self>) {
        loop {
            let serving = self.registry.serving();
            let next = serving.and_then(|s| plan::next_expiry(&s.entry.as_ref()?.active));
            let Some(at) = next else {
                self.expiry.notified().await;
                continue;
            };
            let wait = Duration::from_millis(at.0.saturating_sub(Time::now().0));
            if !wait.is_zero() {
                // A clock that is set forward is noticed within a minute.
                let wait = wait.min(Duration::from_secs(60));
                tokio::select! { () = tokio::time::sleep(wait) => {}, () = self.expiry.notified() => {} }
                continue;
            }
            let about = About {
                author: "expiry".to_owned(),
                ..About::default()
            };
            match self.advance(&Step::Expire, &about, "").await {
                Ok(advanced) => tracing::info!(generation = advanced.entry.generation, "edits ended"),
                Err(error) => {
                    tracing::error!(%error, "edits could not end, trying again");
                    tokio::time::sleep(Duration::from_secs(5)).await;
                }
            }
        }
    }

    /// Folds edits into the base, and rests in between: they serve beside it as well.
    async fn fold_edits(self: Arc<Self>) {
        loop {
            self.fold.notified().await;
            tokio::time::sleep(FOLD_AFTER).await;
            let building = self.building.lock().await;
            let began = Instant::now();
            if let Err(error) = self.fold_once().await {
                tracing::warn!(%error, "edits were not folded into the base, they serve beside it");
            }
            drop(building);
            tokio::time::sleep(began.elapsed() * FOLD_REST).await;
        }
    }

    /// The caller holds `building`.
    async fn fold_once(&self) -> Result<(), Declined> {
        let Some(serving) = self.registry.serving() else {
            return Ok(());
        };
        let Some(entry) = serving.entry.clone() else {
            return Ok(());
        };
        if !serving.snapshot.has_delta() {
            return Ok(());
        }
        let built = self.build(Some(&serving), &entry.active).await?;
        let bases = entry.active.clone();
        drop(serving);
        let _writing = self.writing.lock().await;
        let Some(now) = self.registry.serving() else {
            return Ok(());
        };
        let Some(entry) = now.entry.clone() else { return Ok(()) };
        if !same_bases(&bases, &entry.active) {
            return Ok(());
        }
        let edits = build::edits_of(&entry.active);
        if let Some(folded) = blocking(move || build::patched(&built, &edits)).await? {
            self.registry.serve(folded, entry.generation, Some(entry));
        }
        Ok(())
    }
}

/// Which failing cases a step may leave behind. An edit that only takes away: all. One that adds as well: all too, but first what it adds
/// to this dictionary must pass alone.
fn lenience(step: &Step) -> (Lenience, Option<Name>) {
    let Step::Edit { dictionary, asks, .. } = step else {
        return (Lenience::Suspended, None);
    };
    let takes = |ask: &Ask| matches!(ask, Ask::RemoveTerm(_) | Ask::AddException(_));
    match (asks.iter().any(takes), asks.iter().all(takes)) {
        (false, _) => (Lenience::Suspended, None),
        (true, true) => (Lenience::Removals, None),
        (true, false) => (Lenience::Removals, Some(dictionary.clone())),
    }
}

/// The dictionary that is edited, and what the asks come to in it; `None` where it does not serve.
async fn edit(
    snapshot: &Snapshot,
    name: &Name,
    asks: &[Ask],
) -> Result<Option<(Arc<Dictionary>, Vec<Change>)>, Declined> {
    let Some(known) = dictionary(snapshot, name) else {
        return Ok(None);
    };
    let (read, asks) = (Arc::clone(&known), asks.to_vec());
    let changes = blocking(move || changes(&read, &asks)).await?;
    let changes = changes.map_err(Declined::BadEdits)?;
    Ok(Some((known, changes)))
}

/// The dictionary of this name in a snapshot.
pub(super) fn dictionary(snapshot: &Snapshot, name: &Name) -> Option<Arc<Dictionary>> {
    snapshot
        .dictionaries()
        .find(|dictionary| dictionary.name == *name)
        .cloned()
}

/// Holds a step up that would lose live edits.
fn merged(old: Option<&Entry>, active: &ActiveSet, candidate: &Snapshot) -> Result<(), Unplanned> {
    for (name, old) in old.into_iter().flat_map(|entry| &entry.active.dictionaries) {
        let kept = active
            .dictionaries
            .get(name)
            .is_some_and(|new| (&new.edits, new.base) == (&old.edits, old.base));
        if !kept {
            let new = dictionary(candidate, name);
            plan::merged(name, old, |change| new.as_ref().is_none_or(|new| new.lacks(change)))?;
        }
    }
    Ok(())
}

/// Runs work that takes long on a thread for it; a panic in it is a bug.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Declined> {
    let done = tokio::task::spawn_blocking(move || telemetry::catch(work)).await;
    match done {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(bug)) => Err(Rejected::Bug(bug).into()),
        Err(_) => Err(Declined::NotReady),
    }
}
