//! A folder's bytes, and the tools that read what people wrote in it: text, lines, TOML, JSON lines, and the problems found on the way.
//!
//! What lives here: everything that the parsers of dictionaries and policies share. What must not: the meaning of any key or
//! column, and files on a disk (the store reads those).

mod findings;
mod jsonl;
mod suggest;
mod table;
mod text;

use std::collections::BTreeMap;

pub(crate) use findings::Findings;
pub(crate) use jsonl::cases;
#[cfg(feature = "server")]
pub(crate) use suggest::closest_name;
pub(crate) use suggest::{closest, did_you_mean};
pub(crate) use table::{Document, Table, Written};
pub(crate) use text::{Lines, decode};

use crate::{
    config::limits::MAX_PUSH_BYTES,
    problem::{Problem, Problems},
};

/// The bytes of one folder: what a directory, a push or the binary itself holds of a dictionary or policy.
///
/// ```
/// use tamis::folder::Folder;
/// let folder = Folder::from_iter([("terms.txt", "加微信\n")]);
/// assert_eq!(folder.bytes(), 10);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// The content of each file by its name, such as `terms.csv`.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Folder {
    /// The bytes of all its files together.
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|content| content.len() as u64).sum()
    }

    /// Refuses a folder over [`MAX_PUSH_BYTES`], before anything of it is parsed.
    pub(crate) fn fits(&self, label: &str) -> Result<(), Problems> {
        let bytes = self.bytes();
        if bytes <= MAX_PUSH_BYTES {
            return Ok(());
        }
        let message = format!("the folder has {bytes} bytes, over the limit of {MAX_PUSH_BYTES}");
        Err(Problems(vec![
            Problem::error(label, message).mend("split it into several"),
        ]))
    }

    /// The text of one of its files with the file's name in problems; `None` where it is not there, or is no text, which is reported.
    pub(crate) fn text(&self, label: &str, name: &str, findings: &mut Findings) -> Option<(String, &str)> {
        let bytes = self.files.get(name)?;
        let file = format!("{label}/{name}");
        let text = decode(&file, bytes, findings)?;
        Some((file, text))
    }

    /// Reports the files that nothing reads. What people keep beside the content passes silently: hidden files, README, LICENSE.
    pub(crate) fn report_unread(&self, label: &str, read: &[&str], findings: &mut Findings) {
        for name in self.files.keys() {
            if read.contains(&name.as_str()) || is_companion(name) {
                continue;
            }
            let mend = match closest(name, read) {
                Some(meant) => format!("did you mean {meant:?}? Otherwise remove it"),
                None => format!("the files that are read: {}", read.join(", ")),
            };
            findings.add(Problem::warning(format!("{label}/{name}"), "this file is not read").mend(mend));
        }
    }
}

impl<N: Into<String>, C: Into<Vec<u8>>> FromIterator<(N, C)> for Folder {
    fn from_iter<I: IntoIterator<Item = (N, C)>>(files: I) -> Self {
        Self {
            files: files
                .into_iter()
                .map(|(name, content)| (name.into(), content.into()))
                .collect(),
        }
    }
}

fn is_companion(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    name.starts_with('.')
        || ["README", "LICENSE", "LICENCE", "NOTICE", "CHANGELOG"]
            .iter()
            .any(|companion| upper.starts_with(companion))
}
