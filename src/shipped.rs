//! The dictionaries and policies that the binary ships: the folders `dictionaries/` and `policies/`, embedded when it was built.

use crate::{
    content::{Folders, Loaded},
    dictionary::Tolerance,
    folder::Folder,
    problem::Problems,
};

/// Folders by label, each with its files by name.
type Embedded = &'static [(&'static str, &'static [(&'static str, &'static [u8])])];

// DICTIONARIES and POLICIES.
include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The shipped dictionary folders by label, such as `dictionaries/fraud`.
pub fn dictionaries() -> Vec<(String, Folder)> {
    unpacked(DICTIONARIES)
}

/// The shipped policy folders by label, such as `policies/default`.
pub fn policies() -> Vec<(String, Folder)> {
    unpacked(POLICIES)
}

/// What the binary ships, parsed. A test proves that it fails for no build.
pub fn parsed() -> Result<Loaded, Problems> {
    let folders = Folders {
        dictionaries: dictionaries(),
        policies: policies(),
    };
    folders.parse(Tolerance::default())
}

fn unpacked(embedded: Embedded) -> Vec<(String, Folder)> {
    let folder = |files: &[(&str, &[u8])]| files.iter().copied().collect();
    embedded
        .iter()
        .map(|(label, files)| ((*label).to_owned(), folder(files)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Snapshot;

    #[test]
    fn what_ships_parses_and_its_cases_pass() {
        let loaded = parsed().unwrap_or_else(|problems| panic!("{problems}"));
        assert!(loaded.dictionaries.len() >= 6);
        assert!(
            loaded
                .policies
                .iter()
                .any(|policy| policy.name.as_str() == "default/default")
        );
        let snapshot = Snapshot::build(loaded.dictionaries, loaded.policies).unwrap();
        let failures: Vec<_> = snapshot.failing_cases().iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}
