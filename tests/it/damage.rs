//! A store that is damaged on the disk, and a server that is to start on it.

use std::{fs, path::Path};

use crate::support::{Binary, Lists};

/// Serves on `data`, until these words are in its log.
fn served(data: &Path, args: &[&str], words: &str) {
    let variables = [("TAMIS_DATA", data.to_str().unwrap()), ("TAMIS_DRAIN_DELAY", "0ms")];
    let server = Binary::serve(args, &variables);
    server.wait_for(words);
    server.signal("TERM");
    assert!(server.ended().0.success());
}

/// Flips a bit in the middle of every object of a folder.
fn damage(folder: &Path) {
    for object in fs::read_dir(folder).unwrap() {
        let path = object.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(path, bytes).unwrap();
    }
}

const AGAIN: &str = "what served last serves again generation=1";

#[test]
fn what_ships_mends_itself() {
    let data = tempfile::tempdir().unwrap();
    served(data.path(), &[], "snapshot serves generation=1");
    let revisions = data.path().join("store/revisions/dictionary/default");
    damage(&revisions.join("drugs"));
    fs::remove_dir_all(revisions.join("fraud")).unwrap();
    served(data.path(), &[], AGAIN);
    // For good: the next start finds nothing to mend.
    served(data.path(), &[], AGAIN);
}

#[test]
fn a_folder_mends_what_came_from_it() {
    let (data, lists) = (tempfile::tempdir().unwrap(), Lists::of(&["加微信"]));
    for (at, flag) in ["--watch", "--dictionaries", "--watch"].into_iter().enumerate() {
        let words = if at == 0 { "snapshot serves generation=1" } else { AGAIN };
        served(data.path(), &[flag, lists.path().to_str().unwrap()], words);
        damage(&data.path().join("store/revisions/dictionary/default/fraud"));
        damage(&data.path().join("store/revisions/policy/default/default"));
    }
}
