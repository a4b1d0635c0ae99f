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
            Ok(found) => {
                folders.dictionaries.extend(found.dictionaries);
                folders.policies.extend(found.policies);
            }
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
