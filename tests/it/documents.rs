//! What the documentation shows is true.

use std::collections::BTreeMap;

use tamis::{content::Folders, dictionary::Tolerance, folder::Folder, snapshot::Snapshot};

/// The fenced blocks of a page that name a file, as folders.
fn folders(page: &str) -> Folders {
    let mut files: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for block in page.split("\n```").skip(1).step_by(2) {
        let (fence, content) = block.split_once('\n').unwrap();
        if let Some((folder, file)) = fence.split_once(' ').and_then(|(_, path)| path.split_once('/')) {
            files.entry(folder).or_default().push((file, content));
        }
    }
    let folders = files
        .into_iter()
        .map(|(label, files)| (label.to_owned(), Folder::from_iter(files)));
    let (policies, dictionaries) =
        folders.partition(|(_, folder): &(String, Folder)| folder.files.contains_key("policy.toml"));
    Folders { dictionaries, policies }
}

#[test]
fn the_folders_that_the_documentation_shows_have_no_problem_and_pass() {
    let folders = folders(include_str!("../../docs/folders.md"));
    assert_eq!((folders.dictionaries.len(), folders.policies.len()), (1, 1));
    let loaded = folders.parse(Tolerance::default()).unwrap();
    assert!(loaded.warnings.is_empty(), "{}", loaded.warnings);
    let snapshot = Snapshot::build(loaded.dictionaries, loaded.policies).unwrap();
    let failures: Vec<_> = snapshot.failing_cases().iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(snapshot.case_count(), 7);
}
