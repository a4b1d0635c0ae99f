//! The steps from one generation to the next, and why one is not taken.

use std::{fmt, sync::Arc};

use super::live::Rejected;
use crate::{
    dictionary::{Change, Dictionary, NewTerm},
    identity::{ContentId, Name},
    problem::{Problem, Problems},
    store::{
        Active, ActiveSet, Edit, Entry, Kind, Sort, StoreError, Time,
        plan::{self, Plan, Unplanned},
    },
};

/// Most live edits of one dictionary: every generation names them all, and they are meant to be merged.
pub(super) const MAX_LIVE_EDITS: usize = 1_000;

/// A revision of a name.
pub(super) type Revised = (Sort, Name, ContentId);

/// What one edit asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A term, new or with other properties.
    AddTerm(NewTerm),
    /// The term that is written so, else all that report this id.
    RemoveTerm(String),
    /// An exception.
    AddException(String),
    /// The exception that is written so.
    RemoveException(String),
}

/// A step from the serving generation to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// These revisions decide, all of them or none.
    Activate {
        /// Which.
        revisions: Vec<(Sort, Name, ContentId)>,
        /// Whether live edits that they lack are dropped.
        drop_edits: bool,
    },
    /// These revisions decide and nothing else.
    Replace {
        /// Which.
        revisions: Vec<(Sort, Name, ContentId)>,
    },
    /// The program's own revisions decide where nobody chose others.
    Upgrade {
        /// Which.
        revisions: Vec<(Sort, Name, ContentId)>,
    },
    /// These decide no longer.
    Deactivate {
        /// Which.
        names: Vec<(Sort, Name)>,
        /// Whether their live edits are dropped.
        drop_edits: bool,
    },
    /// Back to what the serving generation replaced.
    Rollback,
    /// Terms and exceptions are edited.
    Edit {
        /// In this dictionary.
        dictionary: Name,
        /// What.
        asks: Vec<Ask>,
        /// Until when; `None` for ever.
        expires: Option<Time>,
    },
    /// Edits whose time has come end.
    Expire,
}

/// Why a step was not taken; what served before serves on.
#[derive(Debug)]
pub enum Declined {
    /// The gate, or a parser, refuses the content.
    Rejected(Rejected),
    /// What an edit asks for cannot be, whatever the gate says.
    BadEdits(Problems),
    /// The rules of the log refuse the step.
    Unplanned(Unplanned),
    /// The store failed.
    Store(StoreError),
    /// Building would take more memory than there may be.
    OutOfMemory {
        /// Bytes that it would take, as estimated from the size of the content.
        needed: u64,
        /// Bytes that there may be.
        budget: u64,
    },
    /// Nothing serves yet.
    NotReady,
}

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejected) => rejected.fmt(f),
            Self::BadEdits(problems) => problems.fmt(f),
            Self::Unplanned(unplanned) => unplanned.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::OutOfMemory { needed, budget } => write!(
                f,
                "building this would take about {} MiB beside what serves, over the budget of {} MiB; use fewer terms or raise `store.memory_budget_bytes`",
                needed >> 20,
                budget >> 20
            ),
            Self::NotReady => f.write_str("no snapshot serves yet; try again shortly"),
        }
    }
}

impl std::error::Error for Declined {}

impl From<Rejected> for Declined {
    fn from(rejected: Rejected) -> Self {
        Self::Rejected(rejected)
    }
}

impl From<Problems> for Declined {
    fn from(problems: Problems) -> Self {
        Self::Rejected(problems.into())
    }
}

impl From<Unplanned> for Declined {
    fn from(unplanned: Unplanned) -> Self {
        Self::Unplanned(unplanned)
    }
}

impl From<StoreError> for Declined {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What a step is planned from.
pub(super) struct Ground<'g> {
    /// What serves.
    pub(super) serving: Option<&'g Entry>,
    /// What it replaced.
    pub(super) before: Option<Arc<Entry>>,
    /// The newest entries, for revisions that were made by edits.
    pub(super) recent: &'g [Arc<Entry>],
    /// Those of the step's revisions that were pushed.
    pub(super) pushed: &'g [Revised],
    pub(super) now: Time,
    pub(super) author: &'g str,
    pub(super) note: &'g str,
}

impl Step {
    /// Edits, expiries and rollbacks answer for what they do; the rest passes the gate.
    pub(super) fn is_gated(&self) -> bool {
        !matches!(self, Self::Rollback | Self::Expire)
    }

    /// The revisions that it names.
    pub(super) fn revisions(&self) -> &[Revised] {
        match self {
            Self::Activate { revisions, .. } | Self::Replace { revisions } | Self::Upgrade { revisions } => revisions,
            Self::Deactivate { .. } | Self::Rollback | Self::Edit { .. } | Self::Expire => &[],
        }
    }

    /// True where live edits that new content lacks hold the step up.
    pub(super) fn keeps_edits(&self) -> bool {
        match self {
            Self::Activate { drop_edits, .. } | Self::Deactivate { drop_edits, .. } => !drop_edits,
            Self::Replace { .. } | Self::Upgrade { .. } => true,
            Self::Rollback | Self::Edit { .. } | Self::Expire => false,
        }
    }

    /// What the next generation is to be; `None` where it would be the serving one. `edit` is what an edit comes to: the serving
    /// dictionary, and its changes.
    pub(super) fn plan(
        &self,
        ground: &Ground<'_>,
        edit: Option<(Arc<Dictionary>, Vec<Change>)>,
    ) -> Result<Option<Plan>, Declined> {
        let current = ground.serving.map(|entry| entry.active.clone()).unwrap_or_default();
        let planned = match self {
            Self::Rollback => {
                let pair = ground.serving.zip(ground.before.as_deref());
                let (serving, before) = pair.ok_or(Unplanned::NothingBefore)?;
                return Ok(Some(plan::rollback(serving, before, ground.now)));
            }
            Self::Expire => return Ok(ground.serving.and_then(|serving| plan::expire(serving, ground.now))),
            Self::Edit {
                dictionary: name,
                expires,
                ..
            } => {
                let (known, changes) = edit.ok_or_else(|| not_active(&current, Sort::Dictionary, name))?;
                (Kind::Edit, edited(&current, name, &known, changes, *expires, ground)?)
            }
            Self::Activate { revisions, .. } => (Kind::Activate, activated(current.clone(), revisions, ground)),
            Self::Upgrade { revisions } => (Kind::Upgrade, activated(current.clone(), revisions, ground)),
            Self::Replace { revisions } => {
                let mut active = current.clone();
                for sort in [Sort::Dictionary, Sort::Policy] {
                    active
                        .of_mut(sort)
                        .retain(|name, _| revisions.iter().any(|r| (r.0, &r.1) == (sort, name)));
                }
                (Kind::Activate, activated(active, revisions, ground))
            }
            Self::Deactivate { names, .. } => {
                let mut active = current.clone();
                for (sort, name) in names {
                    let removed = active.of_mut(*sort).remove(name);
                    removed.ok_or_else(|| not_active(&active, *sort, name))?;
                }
                (Kind::Deactivate, active)
            }
        };
        let (kind, active) = planned;
        Ok((active != current).then(|| plan::change(ground.serving, kind, active)))
    }
}

fn not_active(active: &ActiveSet, sort: Sort, name: &Name) -> Unplanned {
    Unplanned::not_active(sort, name, active.of(sort).keys())
}

/// The set with these revisions in their places. A pushed one decides as it is, whatever edits once came to the same; one that only
/// edits made comes back with those of them that have not ended.
fn activated(mut active: ActiveSet, revisions: &[Revised], ground: &Ground<'_>) -> ActiveSet {
    for revised in revisions {
        let (sort, name, revision) = revised;
        let pushed = ground.pushed.contains(revised);
        let fits = |a: &&Active| a.revision == *revision && !(pushed && a.is_edited());
        let known = active.of(*sort).get(name).filter(fits).cloned().or_else(|| {
            let mut recent = ground.recent.iter().rev();
            recent.find_map(|entry| entry.active.of(*sort).get(name).filter(fits).cloned())
        });
        let mut known = known.unwrap_or_else(|| Active::pushed(*revision));
        known.end_edits(ground.now);
        active.of_mut(*sort).insert(name.clone(), known);
    }
    active
}

/// What asks come to in a dictionary. O(asks x edits), and each is parsed: not for a thread that serves.
pub(super) fn changes(dictionary: &Dictionary, asks: &[Ask]) -> Result<Vec<Change>, Problems> {
    let mut changes = Vec::new();
    let mut problems = Problems::default();
    for ask in asks {
        let asked = match ask {
            Ask::AddTerm(term) => dictionary.adding(term),
            Ask::RemoveTerm(text) => dictionary.removing(text),
            Ask::AddException(text) => dictionary.adding_exception(text),
            Ask::RemoveException(text) => dictionary.removing_exception(text),
        };
        match asked {
            Ok(asked) => changes.extend(asked),
            Err(Problems(found)) => problems.0.extend(found),
        }
    }
    if asks.is_empty() {
        problems.push(Problem::error("edits", "there is nothing to edit").mend("name a term or an exception"));
    }
    if problems.has_errors() {
        Err(problems)
    } else {
        Ok(changes)
    }
}

fn edited(
    current: &ActiveSet,
    name: &Name,
    dictionary: &Dictionary,
    changes: Vec<Change>,
    expires: Option<Time>,
    ground: &Ground<'_>,
) -> Result<ActiveSet, Unplanned> {
    let mut active = current.clone();
    let slot = active.dictionaries.get_mut(name);
    let slot = slot.ok_or_else(|| not_active(current, Sort::Dictionary, name))?;
    let edit = |change| Edit {
        change,
        expires,
        author: ground.author.to_owned(),
        note: ground.note.to_owned(),
        time: ground.now,
    };
    // What holds already needs no edit, unless a live one says when it ends.
    let needed = |change: &Change| {
        let same_key = |edit: &&Edit| edit.change.key() == change.key();
        dictionary.lacks(change)
            || slot
                .edits
                .iter()
                .rev()
                .find(same_key)
                .is_some_and(|last| last.expires != expires)
    };
    let new: Vec<_> = changes.into_iter().filter(needed).map(edit).collect();
    if !new.is_empty() {
        slot.edits = plan::with_edits(&slot.edits, new, MAX_LIVE_EDITS)?;
    }
    Ok(active)
}
