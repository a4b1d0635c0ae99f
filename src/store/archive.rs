//! A pushed folder as one object: what is known about the push in the head, the files one after the other in the body.

use std::collections::BTreeMap;

use super::{
    Revision, Sort, StoreError,
    object::{self, corrupt},
};
use crate::{
    dictionary::{self, Dictionary},
    folder::Folder,
    identity::{ContentId, Name},
    policy::{self, Policy},
    problem::Problems,
};

const KIND: &str = "revision";

/// Where a revision lies. The name is part of the path, so that one name's revisions can be listed.
pub(super) fn path(sort: Sort, name: &Name, revision: ContentId) -> String {
    format!(
        "{}/{}",
        prefix(sort, Some(name)),
        revision.to_string().trim_start_matches("b3:")
    )
}

/// Where the revisions of one name, or of all names, lie.
pub(super) fn prefix(sort: Sort, name: Option<&Name>) -> String {
    let all = format!("revisions/{}", sort.as_str());
    name.map_or(all.clone(), |name| format!("{all}/{name}"))
}

/// The object of a folder; `revision.files` says in which order its files follow.
pub(super) fn pack(revision: &Revision, folder: &Folder) -> Result<Vec<u8>, serde_json::Error> {
    let body: Vec<&[u8]> = folder.files.values().map(Vec::as_slice).collect();
    object::encode(KIND, revision, &body)
}

/// The names and lengths of a folder's files, in the order in which they are packed.
pub fn files_of(folder: &Folder) -> Vec<(String, u64)> {
    folder
        .files
        .iter()
        .map(|(name, content)| (name.clone(), content.len() as u64))
        .collect()
}

/// Reads a whole object back.
pub(super) fn unpack(path: &str, bytes: &[u8]) -> Result<(Revision, Folder), StoreError> {
    let object = object::decode::<Revision>(KIND, path, bytes)?;
    let mut body = object.body;
    let mut files = BTreeMap::new();
    for (name, length) in &object.head.files {
        let length = usize::try_from(*length).unwrap_or(usize::MAX);
        let (content, rest) = body
            .split_at_checked(length)
            .ok_or_else(|| corrupt(path, "its files are longer than it"))?;
        files.insert(name.clone(), content.to_vec());
        body = rest;
    }
    if !body.is_empty() {
        return Err(corrupt(path, "it is longer than its files"));
    }
    Ok((object.head, Folder { files }))
}

/// Reads what is known about the push from the object's first bytes.
pub(super) fn head(path: &str, bytes: &[u8]) -> Result<Revision, StoreError> {
    object::decode_head(KIND, path, bytes)
}

/// Parses a dictionary folder and holds it to the revision that it is called by.
pub(super) fn as_dictionary(
    path: &str,
    name: &Name,
    revision: ContentId,
    folder: &Folder,
) -> Result<Dictionary, StoreError> {
    let parsed = dictionary::parse(name.short(), folder);
    let dictionary = checked(path, parsed)?;
    held_to(path, (name, revision), (&dictionary.name, dictionary.revision)).map(|()| dictionary)
}

/// Parses a policy folder and holds it to the revision that it is called by.
pub(super) fn as_policy(path: &str, name: &Name, revision: ContentId, folder: &Folder) -> Result<Policy, StoreError> {
    let policy = checked(path, policy::parse(name.short(), folder))?;
    held_to(path, (name, revision), (&policy.name, policy.revision)).map(|()| policy)
}

fn checked<T>(path: &str, parsed: Result<(T, Problems), Problems>) -> Result<T, StoreError> {
    parsed
        .map(|(value, _)| value)
        .map_err(|problems| corrupt(path, problems.to_string().lines().next().unwrap_or_default()))
}

fn held_to(path: &str, called: (&Name, ContentId), said: (&Name, ContentId)) -> Result<(), StoreError> {
    if called == said {
        Ok(())
    } else {
        Err(corrupt(path, format!("it parses to {} {}", said.0, said.1)))
    }
}
