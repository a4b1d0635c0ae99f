//! Dictionaries and policies, as folders and as values.

use std::{fs, path::Path};

use tamis::{content::Loaded, store};
use tempfile::TempDir;

/// A folder of dictionaries and policies.
pub(crate) struct Lists {
    root: TempDir,
}

impl Lists {
    /// A folder with one dictionary `fraud` of these terms, all of severity high, and a policy that blocks them.
    pub(crate) fn of(terms: &[&str]) -> Self {
        let lists = Self {
            root: tempfile::tempdir().unwrap(),
        };
        lists.write(
            "fraud/dictionary.toml",
            "name = \"fraud\"\ntitle = \"Fraud\"\nlanguages = [\"zh\"]\nlicence = \"CC0-1.0\"\ncategory = \"fraud\"\nseverity = \"high\"\ntolerance = \"folded\"\n",
        );
        lists.write("fraud/terms.txt", &(terms.join("\n") + "\n"));
        lists.write(
            "policy/policy.toml",
            "name = \"default\"\ndictionaries = [\"fraud\"]\nunknown_scopes = \"reject\"\n[scope.default]\nblock = \"high\"\nmask = true\n",
        );
        lists
    }

    /// Writes one file as a careful person does: beside it, then renamed over it.
    pub(crate) fn write(&self, name: &str, content: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let beside = path.with_extension("tmp");
        fs::write(&beside, content).unwrap();
        fs::rename(beside, path).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn loaded(&self) -> Loaded {
        store::load(&[self.path()]).unwrap_or_else(|problems| panic!("{problems}"))
    }
}

/// The values of [`Lists::of`].
pub(crate) fn parsed(terms: &[&str]) -> Loaded {
    Lists::of(terms).loaded()
}
