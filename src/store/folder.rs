//! From paths to folders: bounded, in a fixed order, with every obstacle reported by its path.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use crate::{
    config::limits::MAX_PUSH_BYTES,
    content::{Folders, Loaded},
    dictionary::{self, Tolerance},
    folder::Folder,
    policy,
    problem::{Problem, Problems},
};

/// What an unreadable path usually wants.
const READABLE: &str = "check that it exists and may be read";

/// Reads and parses everything under `paths`: each is a dictionary folder, a policy folder, a folder of such folders, or one with
/// `dictionaries` and `policies` inside. All problems of all of them are reported in one go.
pub fn load<P: AsRef<Path>>(paths: &[P]) -> Result<Loaded, Problems> {
    load_with(paths, Tolerance::default())
}

/// Like [`load`], with the tolerance of terms where neither they nor their `dictionary.toml` name one.
pub fn load_with<P: AsRef<Path>>(paths: &[P], tolerance: Tolerance) -> Result<Loaded, Problems> {
    let mut folders = Folders::default();
    let mut problems = Problems::default();
    for path in paths {
        match read_tree(path.as_ref()) {
            Ok(found) => folders.extend(found),
            Err(Problems(found)) => problems.0.extend(found),
        }
    }
    match folders.parse(tolerance) {
        Ok(loaded) if problems.is_empty() => Ok(loaded),
        Ok(_) => Err(problems),
        Err(Problems(found)) => {
            problems.0.extend(found);
            Err(problems)
        }
    }
}

/// The dictionary and policy folders under `root`, by name.
pub fn read_tree(root: &Path) -> Result<Folders, Problems> {
    let mut walk = Walk::default();
    walk.root(root);
    if walk.problems.is_empty() && walk.folders.dictionaries.is_empty() && walk.folders.policies.is_empty() {
        walk.problems.push(
            Problem::error(label_of(root), "no dictionary and no policy is in this folder")
                .mend("a dictionary folder holds dictionary.toml, terms.csv or terms.txt; a policy folder policy.toml"),
        );
    }
    if walk.problems.is_empty() {
        Ok(walk.folders)
    } else {
        Err(walk.problems)
    }
}

/// The files of one folder. Hidden files, editors' backups and folders inside are left out; links are followed.
pub fn read_folder(path: &Path) -> Result<Folder, Problems> {
    let mut problems = Problems::default();
    let listing = Listing::of(path, &mut problems);
    let folder = listing.map(|listing| listing.read(path, &mut problems));
    match folder {
        Some(folder) if problems.is_empty() => Ok(folder),
        _ => Err(problems),
    }
}

/// What one look into a folder shows, in order.
#[derive(Debug, Default)]
struct Listing {
    files: Vec<String>,
    folders: Vec<String>,
}

impl Listing {
    /// `None` where the folder cannot be read; what cannot be used inside it is reported and left out.
    fn of(path: &Path, problems: &mut Problems) -> Option<Self> {
        let mut listing = Self::default();
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => {
                problems.push(unreadable(path, &error));
                return None;
            }
        };
        for entry in entries {
            let path = match entry {
                Ok(entry) => entry.path(),
                Err(error) => {
                    problems.push(unreadable(path, &error));
                    return None;
                }
            };
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                problems.push(Problem::error(path.to_string_lossy(), "this name is not UTF-8").mend("rename it"));
                continue;
            };
            if is_left_out(name) {
                continue;
            }
            match fs::metadata(&path) {
                Ok(found) if found.is_dir() => listing.folders.push(name.to_owned()),
                Ok(found) if found.is_file() => listing.files.push(name.to_owned()),
                Ok(_) => problems.push(Problem::error(path.to_string_lossy(), "this is no file").mend("remove it")),
                // An editor's temporary file, gone since the listing; a link that leads nowhere is still there.
                Err(_) if fs::symlink_metadata(&path).is_err() => {}
                Err(error) => problems.push(unreadable(&path, &error)),
            }
        }
        listing.files.sort();
        listing.folders.sort();
        Some(listing)
    }

    /// Reads the files, of which all together must stay within the limit of a push.
    fn read(&self, path: &Path, problems: &mut Problems) -> Folder {
        let mut folder = Folder::default();
        let mut left = MAX_PUSH_BYTES;
        for name in &self.files {
            let path = path.join(name);
            match read_bounded(&path, left) {
                Ok(content) => {
                    left -= content.len() as u64;
                    folder.files.insert(name.clone(), content);
                }
                Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    let message = format!("with this file the folder is over the limit of {MAX_PUSH_BYTES} bytes");
                    problems
                        .push(Problem::error(path.to_string_lossy(), message).mend("split it into several folders"));
                    return folder;
                }
                Err(error) => problems.push(unreadable(&path, &error)),
            }
        }
        folder
    }

    fn holds_any(&self, files: &[&str]) -> bool {
        self.files.iter().any(|file| files.contains(&file.as_str()))
    }
}

/// What kind of folder is expected somewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Dictionary,
    Policy,
}

/// Walks from a root to its folders, never deeper than `root/dictionaries/NAME`, so that links cannot lead it in circles.
#[derive(Default)]
struct Walk {
    folders: Folders,
    problems: Problems,
}

impl Walk {
    fn root(&mut self, root: &Path) {
        let Some(listing) = Listing::of(root, &mut self.problems) else {
            return;
        };
        if let Some(kind) = kind_of(&listing) {
            self.take(root, &listing, kind);
            return;
        }
        for name in &listing.folders {
            let path = root.join(name);
            let Some(inside) = Listing::of(&path, &mut self.problems) else {
                continue;
            };
            match (name.as_str(), kind_of(&inside)) {
                (_, Some(kind)) => self.take(&path, &inside, kind),
                ("dictionaries", None) => self.all(&path, &inside, Kind::Dictionary),
                ("policies", None) => self.all(&path, &inside, Kind::Policy),
                // Folders of other things may lie beside.
                _ => {}
            }
        }
    }

    /// Every folder inside, whatever it holds: an empty one is a mistake that its parser reports.
    fn all(&mut self, path: &Path, listing: &Listing, kind: Kind) {
        for name in &listing.folders {
            let path = path.join(name);
            if let Some(inside) = Listing::of(&path, &mut self.problems) {
                self.take(&path, &inside, kind);
            }
        }
    }

    fn take(&mut self, path: &Path, listing: &Listing, kind: Kind) {
        let folder = (label_of(path), listing.read(path, &mut self.problems));
        match kind {
            Kind::Dictionary => self.folders.dictionaries.push(folder),
            Kind::Policy => self.folders.policies.push(folder),
        }
    }
}

fn kind_of(listing: &Listing) -> Option<Kind> {
    if listing.holds_any(&policy::FILES[..1]) {
        Some(Kind::Policy)
    } else if listing.holds_any(&dictionary::FILES) {
        Some(Kind::Dictionary)
    } else {
        None
    }
}

/// How a folder is called in problems: its path as it was given, or its real one where that has no name of its own (`.`).
fn label_of(path: &Path) -> String {
    let named = match path.file_name() {
        Some(_) => path.to_path_buf(),
        None => path.canonicalize().unwrap_or_else(|_| path.to_path_buf()),
    };
    named.to_string_lossy().trim_end_matches('/').to_owned()
}

fn is_left_out(name: &str) -> bool {
    let ends = |extension: &str| {
        name.rsplit_once('.')
            .is_some_and(|(_, last)| last.eq_ignore_ascii_case(extension))
    };
    name.starts_with(['.', '#']) || name.ends_with('~') || ["swp", "swx", "tmp"].into_iter().any(ends)
}

fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut content)?;
    if content.len() as u64 > limit {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(content)
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    Problem::error(path.to_string_lossy(), format!("cannot be read: {error}")).mend(READABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder on a disk with these files.
    fn disk(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        root
    }

    fn names(folders: &Folders, root: &Path) -> (Vec<String>, Vec<String>) {
        let names = |folders: &[(String, Folder)]| {
            let below = |label: &str| {
                Path::new(label)
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            };
            folders.iter().map(|(label, _)| below(label)).collect()
        };
        (names(&folders.dictionaries), names(&folders.policies))
    }

    #[test]
    fn a_root_is_a_folder_a_folder_of_folders_or_a_house_of_both() {
        let root = disk(&[
            ("dictionaries/fraud/terms.txt", "刷单"),
            ("dictionaries/ads/terms.csv", "term\n加微信"),
            ("policies/strict/policy.toml", "dictionaries = ['fraud']"),
            ("docs/README.md", "x"),
        ]);
        let found = |path: &str| {
            let at = root.path().join(path);
            let (dictionaries, policies) = names(&read_tree(&at).unwrap(), root.path());
            [dictionaries, policies]
        };
        let both = ["dictionaries/ads", "dictionaries/fraud"].map(str::to_owned).to_vec();
        let strict = vec!["policies/strict".to_owned()];
        assert_eq!(found(""), [both.clone(), strict.clone()]);
        assert_eq!(found("dictionaries"), [both.clone(), vec![]]);
        assert_eq!(found("dictionaries/fraud"), [vec![both[1].clone()], vec![]]);
        assert_eq!(found("policies/strict"), [vec![], strict]);
        assert!(
            read_tree(&root.path().join("docs"))
                .unwrap_err()
                .to_string()
                .contains("no dictionary and no policy")
        );

        let loaded = load(&[root.path()]).unwrap();
        assert_eq!((loaded.dictionaries.len(), loaded.policies.len()), (2, 1));
        assert!(
            loaded
                .label("policy default/strict")
                .unwrap()
                .ends_with("policies/strict")
        );
    }

    #[test]
    fn hidden_files_and_editors_backups_are_left_out() {
        let root = disk(&[
            ("terms.txt", "刷单"),
            (".terms.txt.swp", "x"),
            ("terms.txt~", "x"),
            ("#terms.txt#", "x"),
            ("4913.tmp", "x"),
            (".git/terms.txt", "x"),
        ]);
        let folder = read_folder(root.path()).unwrap();
        assert_eq!(folder.files.into_keys().collect::<Vec<_>>(), ["terms.txt"]);
    }

    #[test]
    fn an_empty_folder_among_dictionaries_is_a_mistake() {
        let root = disk(&[("dictionaries/fraud/terms.txt", "刷单")]);
        fs::create_dir(root.path().join("dictionaries/new")).unwrap();
        let problems = load(&[root.path()]).unwrap_err().to_string();
        assert!(problems.contains("new: the dictionary holds no term"), "{problems}");
    }

    #[test]
    fn all_paths_are_looked_at_before_any_is_refused() {
        let root = disk(&[("a/terms.txt", "x\n"), ("b/terms.csv", "trm\n刷单\n")]);
        let missing = root.path().join("missing");
        let problems = load(&[missing.as_path(), root.path()]).unwrap_err();
        let text = problems.to_string();
        for part in ["missing: cannot be read", "a/terms.txt:1", "b/terms.csv:1"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_those_in_circles_are_reported() {
        use std::os::unix::fs::symlink;
        let root = disk(&[("real/terms.txt", "刷单")]);
        let folder = root.path().join("linked");
        fs::create_dir(&folder).unwrap();
        symlink("../real/terms.txt", folder.join("terms.txt")).unwrap();
        assert_eq!(
            read_folder(&folder).unwrap().bytes(),
            6,
            "as mounted configuration maps are laid out"
        );
        symlink("..", folder.join("up")).unwrap();
        assert!(
            read_tree(root.path()).is_ok(),
            "folders inside a dictionary are not entered"
        );
        symlink("allow.txt", folder.join("allow.txt")).unwrap();
        symlink("nowhere", folder.join("cases.jsonl")).unwrap();
        let problems = read_folder(&folder).unwrap_err();
        let files: Vec<_> = problems.0.iter().map(|p| p.file.rsplit('/').next().unwrap()).collect();
        assert_eq!(files.len(), 2, "{problems}");
        assert!(
            files.contains(&"allow.txt") && files.contains(&"cases.jsonl"),
            "{problems}"
        );
    }

    #[test]
    fn a_file_over_the_limit_is_not_read_to_its_end() {
        let root = disk(&[("terms.txt", "0123456789")]);
        let path = root.path().join("terms.txt");
        assert_eq!(read_bounded(&path, 10).unwrap().len(), 10);
        assert_eq!(read_bounded(&path, 9).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn the_folder_one_stands_in_has_its_real_name() {
        assert_eq!(label_of(Path::new("lists/fraud/")), "lists/fraud");
        let here = label_of(Path::new("."));
        assert!(Path::new(&here).is_absolute(), "{here}");
    }
}
