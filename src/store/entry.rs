//! What the store keeps: revisions with what is known about their push, and the numbered entries of the activation log.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use crate::{
    dictionary::Change,
    identity::{ContentId, Name},
};

/// Milliseconds since 1970-01-01 UTC, by the clock of whoever wrote it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub u64);

impl Time {
    /// Now.
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// This much later.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        Self(
            self.0
                .saturating_add(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        )
    }
}

impl From<SystemTime> for Time {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

/// What a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// A dictionary.
    Dictionary,
    /// A policy.
    Policy,
}

impl Sort {
    /// As it is written in paths and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dictionary => "dictionary",
            Self::Policy => "policy",
        }
    }
}

/// Who did something, why, and under which id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// The name of the token, or `local`.
    pub author: String,
    /// Why, in the author's words.
    pub note: String,
    /// The caller's id for the request: the same request sent twice happens once. Empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub request_id: String,
    /// What was asked under that id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<ContentId>,
}

/// A pushed revision: its content's name and what is known about its push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Dictionary or policy.
    pub sort: Sort,
    /// Of which name.
    pub name: Name,
    /// BLAKE3 over the canonical content.
    pub revision: ContentId,
    /// The revision that it was made from, as its author says; else the one that was active at the push.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parent: Option<ContentId>,
    /// Who pushed it and why.
    pub about: About,
    /// When it was pushed.
    pub time: Time,
    /// When the same content was pushed again, the last time; kept beside it.
    #[serde(skip)]
    pub renewed: Option<Time>,
    /// The name and length of each file, in the order of the body.
    pub files: Vec<(String, u64)>,
}

impl Revision {
    /// When its content was pushed, the last time.
    pub fn last_pushed(&self) -> Time {
        self.renewed.unwrap_or(self.time)
    }
}

/// An edit that lives beside a pushed revision until a push contains it, somebody drops it, or it expires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What it does.
    pub change: Change,
    /// When it ends; `None` for never.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires: Option<Time>,
    /// Who made it.
    pub author: String,
    /// Why.
    pub note: String,
    /// When.
    pub time: Time,
}

impl Edit {
    /// True where it has ended.
    pub fn is_over(&self, now: Time) -> bool {
        self.expires.is_some_and(|end| end <= now)
    }
}

/// The active content of one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Active {
    /// What decides: `base` with `edits`.
    pub revision: ContentId,
    /// The pushed revision.
    pub base: ContentId,
    /// The live edits, in the order in which they were made.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub edits: Vec<Edit>,
    /// The lines of its `cases.jsonl` that fail only because an edit removed something; they do not hold up the gate until the next push.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub suspended: Vec<u64>,
}

impl Active {
    /// A pushed revision as it is.
    pub fn pushed(revision: ContentId) -> Self {
        Self {
            revision,
            base: revision,
            edits: Vec::new(),
            suspended: Vec::new(),
        }
    }

    /// True where edits are part of it, even where they come to nothing.
    pub fn is_edited(&self) -> bool {
        self.revision != self.base || !self.edits.is_empty()
    }

    /// Leaves out the edits that have ended. Where some stay, the revision is that of the edited content only once that is made.
    pub fn end_edits(&mut self, now: Time) {
        self.edits.retain(|edit| !edit.is_over(now));
        if self.edits.is_empty() {
            self.revision = self.base;
        }
    }
}

/// Everything that decides at one generation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveSet {
    /// The dictionaries.
    pub dictionaries: BTreeMap<Name, Active>,
    /// The policies.
    pub policies: BTreeMap<Name, Active>,
}

impl ActiveSet {
    /// Those of one sort.
    pub fn of(&self, sort: Sort) -> &BTreeMap<Name, Active> {
        match sort {
            Sort::Dictionary => &self.dictionaries,
            Sort::Policy => &self.policies,
        }
    }

    /// Those of one sort.
    pub fn of_mut(&mut self, sort: Sort) -> &mut BTreeMap<Name, Active> {
        match sort {
            Sort::Dictionary => &mut self.dictionaries,
            Sort::Policy => &mut self.policies,
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (Sort, &Name, &Active)> {
        let tagged = |sort| move |(name, active)| (sort, name, active);
        let dictionaries = self.dictionaries.iter().map(tagged(Sort::Dictionary));
        dictionaries.chain(self.policies.iter().map(tagged(Sort::Policy)))
    }
}

/// Why an entry was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Revisions were activated.
    Activate,
    /// Dictionaries or policies were taken out.
    Deactivate,
    /// An earlier generation came back.
    Rollback,
    /// Terms or exceptions were edited.
    Edit,
    /// Edits ended.
    Expiry,
    /// The program brought dictionaries or policies of its own.
    Upgrade,
}

impl Kind {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Deactivate => "deactivate",
            Self::Rollback => "rollback",
            Self::Edit => "edit",
            Self::Expiry => "expiry",
            Self::Upgrade => "upgrade",
        }
    }
}

/// One generation of the activation log: complete in itself, so that it can be served without reading any other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, from 1.
    pub generation: u64,
    /// The generation that a rollback from here goes to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub previous: Option<u64>,
    /// Why it was written.
    pub kind: Kind,
    /// For a rollback the generation that it restored.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub restored: Option<u64>,
    /// When it was written.
    pub time: Time,
    /// Who, why, under which id.
    pub about: About,
    /// The id of its snapshot.
    pub snapshot: ContentId,
    /// Everything that decides.
    pub active: ActiveSet,
    /// The newest revisions of its own that the program has brought so far, whether or not they are active.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub shipped: Vec<(Sort, Name, ContentId)>,
    /// What a folder that is watched or read at the start held last that was activated or served already, whether or not that is active.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub folder: Option<ContentId>,
}

impl Entry {
    /// What a writer says to be sure that nothing changed since it looked.
    pub fn etag(&self) -> String {
        format!("g{}", self.generation)
    }
}
