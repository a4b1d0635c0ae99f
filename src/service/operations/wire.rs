//! What the store knows, as messages.

use prost_types::Timestamp;

use super::super::proto;
use crate::{
    diff::ListDiff,
    identity::ContentId,
    registry::Seen,
    store::{Active, Entry, Revision, Sort, Time},
};

/// Most items of a list that a difference names.
const MAX_NAMED: usize = 1_000;

pub(super) fn time(time: Time) -> Timestamp {
    Timestamp {
        seconds: i64::try_from(time.0 / 1_000).unwrap_or(i64::MAX),
        nanos: i32::try_from(time.0 % 1_000).unwrap_or_default() * 1_000_000,
    }
}

pub(super) fn revision(revision: &Revision, edited: bool, active: Option<ContentId>) -> proto::Revision {
    let file = |(file, size): &(String, u64)| proto::FileInfo {
        file: file.clone(),
        size_bytes: *size,
    };
    proto::Revision {
        name: revision.name.to_string(),
        revision: revision.revision.to_string(),
        parent: revision.parent.map(|parent| parent.to_string()).unwrap_or_default(),
        author: revision.about.author.clone(),
        note: revision.about.note.clone(),
        time: Some(time(revision.time)),
        renew_time: revision.renewed.map(time),
        active: active == Some(revision.revision),
        edited,
        files: revision.files.iter().map(file).collect(),
    }
}

pub(super) fn seen(seen: &Seen, active: Option<ContentId>) -> proto::Revision {
    revision(&seen.revision, seen.edited, active)
}

pub(super) fn sort(sort: Sort) -> proto::Sort {
    match sort {
        Sort::Dictionary => proto::Sort::Dictionary,
        Sort::Policy => proto::Sort::Policy,
    }
}

pub(super) fn generation(entry: &Entry) -> proto::Generation {
    let active = |(kind, name, active): (Sort, &crate::identity::Name, &Active)| proto::ActiveRevision {
        sort: sort(kind).into(),
        name: name.to_string(),
        revision: active.revision.to_string(),
        pushed_revision: active.base.to_string(),
        live_edits: u32::try_from(active.edits.len()).unwrap_or(u32::MAX),
        unused: false,
    };
    proto::Generation {
        generation: entry.generation,
        previous: entry.previous.unwrap_or_default(),
        kind: entry.kind.as_str().to_owned(),
        restored: entry.restored.unwrap_or_default(),
        time: Some(time(entry.time)),
        author: entry.about.author.clone(),
        note: entry.about.note.clone(),
        snapshot: entry.snapshot.to_string(),
        active: entry.active.iter().map(active).collect(),
    }
}

pub(super) fn live_edits(active: &Active) -> Vec<proto::LiveEdit> {
    let edit = |edit: &crate::store::Edit| proto::LiveEdit {
        change: edit.change.to_string(),
        author: edit.author.clone(),
        note: edit.note.clone(),
        time: Some(time(edit.time)),
        expire_time: edit.expires.map(time),
    };
    active.edits.iter().map(edit).collect()
}

pub(super) fn differences(lists: Vec<ListDiff>) -> Vec<proto::ListDiff> {
    let list = |mut diff: ListDiff| {
        let counts = [&diff.added, &diff.removed, &diff.changed].map(|items| items.len() as u64);
        for items in [&mut diff.added, &mut diff.removed, &mut diff.changed] {
            items.truncate(MAX_NAMED);
        }
        proto::ListDiff {
            list: diff.list.to_owned(),
            added: diff.added,
            removed: diff.removed,
            changed: diff.changed,
            added_count: counts[0],
            removed_count: counts[1],
            changed_count: counts[2],
        }
    };
    lists.into_iter().map(list).collect()
}
