//! What the next entry of the log will say: the rules of activation, edits, expiry and rollback, as pure functions of the entries.

use std::{collections::BTreeSet, fmt};

use super::{Active, ActiveSet, Edit, Entry, Kind, Sort, Time};
use crate::{
    dictionary::Change,
    folder::closest_name,
    identity::{ContentId, Name},
};

/// The next generation before it is built: its revisions, where they have edits, are those of the edited content only once that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Why.
    pub kind: Kind,
    /// Where a rollback from it will go.
    pub previous: Option<u64>,
    /// For a rollback the generation that comes back.
    pub restored: Option<u64>,
    /// What is to decide.
    pub active: ActiveSet,
}

/// Why there is no next generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unplanned {
    /// The caller looked at another generation than the serving one.
    EtagMismatch {
        /// The etag of the serving one.
        current: String,
    },
    /// The id was used for another request.
    RequestIdReused {
        /// What it made, such as `generation 7`.
        by: String,
    },
    /// Nothing came before.
    NothingBefore,
    /// Nothing of this name is active.
    NotActive {
        /// Dictionary or policy.
        sort: Sort,
        /// Its name.
        name: Name,
        /// The active one that is probably meant.
        nearest: Option<Name>,
    },
    /// Live edits would be lost.
    EditsNotMerged {
        /// `default/fraud: term "…"`, one a line, at most ten.
        edits: Vec<String>,
    },
    /// There are as many live edits as may be.
    TooManyEdits {
        /// How many may be.
        limit: usize,
    },
}

impl fmt::Display for Unplanned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EtagMismatch { current } => {
                write!(
                    f,
                    "something changed since you looked; the etag is {current:?} now: look again and repeat"
                )
            }
            Self::RequestIdReused { by } => {
                write!(f, "this request id made {by} by another request; take a new one")
            }
            Self::NothingBefore => f.write_str("there is no generation before this one to go back to"),
            Self::NotActive { sort, name, nearest } => {
                write!(f, "no {} {name} is active", sort.as_str())?;
                let mend = |nearest| write!(f, "; did you mean `{nearest}`?");
                nearest.as_ref().map_or(Ok(()), mend)
            }
            Self::EditsNotMerged { edits } => write!(
                f,
                "live edits are not in this revision: {}; merge them into the folder and push again, or set drop_edits",
                edits.join("; ")
            ),
            Self::TooManyEdits { limit } => {
                write!(
                    f,
                    "there are {limit} live edits already; merge them into the folder and push it"
                )
            }
        }
    }
}

impl std::error::Error for Unplanned {}

impl Unplanned {
    /// Nothing of this name is among what is active.
    pub fn not_active<'n>(sort: Sort, name: &Name, active: impl IntoIterator<Item = &'n Name>) -> Self {
        Self::NotActive {
            sort,
            name: name.clone(),
            nearest: closest_name(name, active).cloned(),
        }
    }
}

/// Holds the caller to what it saw; an empty etag sees nothing.
pub fn check_etag(serving: Option<&Entry>, etag: &str) -> Result<(), Unplanned> {
    let current = serving.map_or_else(|| "g0".to_owned(), Entry::etag);
    if etag.is_empty() || etag == current {
        Ok(())
    } else {
        Err(Unplanned::EtagMismatch { current })
    }
}

/// The entry that the same request made before.
pub fn repeated<'e>(
    entries: impl IntoIterator<Item = &'e Entry>,
    request_id: &str,
    request: ContentId,
) -> Result<Option<&'e Entry>, Unplanned> {
    let same = |entry: &&Entry| !request_id.is_empty() && entry.about.request_id == request_id;
    match entries.into_iter().find(same) {
        Some(entry) if entry.about.request != Some(request) => Err(Unplanned::RequestIdReused {
            by: format!("generation {}", entry.generation),
        }),
        known => Ok(known),
    }
}

/// A change that someone made: it can be rolled back.
pub fn change(serving: Option<&Entry>, kind: Kind, active: ActiveSet) -> Plan {
    Plan {
        kind,
        previous: serving.map(|entry| entry.generation),
        restored: None,
        active,
    }
}

/// Goes back to what the serving entry replaced, without the edits that have ended since; again, and it goes one further back.
pub fn rollback(serving: &Entry, target: &Entry, now: Time) -> Plan {
    debug_assert_eq!(
        serving.previous,
        Some(target.generation),
        "only the previous generation comes back"
    );
    Plan {
        kind: Kind::Rollback,
        previous: target.previous,
        restored: Some(target.generation),
        active: without_ended(&target.active, now).unwrap_or_else(|| target.active.clone()),
    }
}

/// What is left when edits end; `None` where none has. A rollback skips it.
pub fn expire(serving: &Entry, now: Time) -> Option<Plan> {
    Some(Plan {
        kind: Kind::Expiry,
        previous: serving.previous,
        restored: None,
        active: without_ended(&serving.active, now)?,
    })
}

/// When the next edit ends.
pub fn next_expiry(active: &ActiveSet) -> Option<Time> {
    active
        .dictionaries
        .values()
        .flat_map(|a| &a.edits)
        .filter_map(|edit| edit.expires)
        .min()
}

fn without_ended(active: &ActiveSet, now: Time) -> Option<ActiveSet> {
    let mut left = active.clone();
    for dictionary in left.dictionaries.values_mut() {
        dictionary.end_edits(now);
    }
    (left != *active).then_some(left)
}

/// The live edits with some more. An edit takes the place of those on the same text that end no later than it.
pub fn with_edits(live: &[Edit], new: Vec<Edit>, limit: usize) -> Result<Vec<Edit>, Unplanned> {
    let mut edits = live.to_vec();
    for edit in new {
        let outlives = |old: &Edit| match (edit.expires, old.expires) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(new), Some(old)) => new >= old,
        };
        edits.retain(|old| old.change.key() != edit.change.key() || !outlives(old));
        edits.push(edit);
    }
    if edits.len() > limit {
        Err(Unplanned::TooManyEdits { limit })
    } else {
        Ok(edits)
    }
}

/// What edits come to in the end: of those on one text the last.
pub fn effective(edits: &[Edit]) -> Vec<&Change> {
    let mut seen = BTreeSet::new();
    let mut last: Vec<_> = edits
        .iter()
        .rev()
        .map(|edit| &edit.change)
        .filter(|change| seen.insert(change.key()))
        .collect();
    last.reverse();
    last
}

/// Whether an activation may take the place of `old`: `lacks` says whether the new content would change by an edit.
pub fn merged(name: &Name, old: &Active, lacks: impl Fn(&Change) -> bool) -> Result<(), Unplanned> {
    let missing: Vec<_> = effective(&old.edits)
        .into_iter()
        .filter(|change| lacks(change))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut edits: Vec<_> = missing
        .iter()
        .take(10)
        .map(|change| format!("{name}: {change}"))
        .collect();
    if missing.len() > edits.len() {
        edits.push(format!("and {} more", missing.len() - edits.len()));
    }
    Err(Unplanned::EditsNotMerged { edits })
}
