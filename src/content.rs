//! Many folders parsed together: what the binary ships, what a disk holds, what is pushed.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    dictionary::{self, Dictionary, Tolerance},
    folder::Folder,
    policy::{self, Policy},
    problem::Problems,
};

/// Folders that are not parsed yet, each with the label that its problems show.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    /// The dictionary folders.
    pub dictionaries: Vec<(String, Folder)>,
    /// The policy folders.
    pub policies: Vec<(String, Folder)>,
}

/// Dictionaries and policies ready for [`Snapshot::build`](crate::snapshot::Snapshot::build).
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// In the order of the folders.
    pub dictionaries: Vec<Arc<Dictionary>>,
    /// In the order of the folders.
    pub policies: Vec<Arc<Policy>>,
    /// What is worth a look in any of them.
    pub warnings: Problems,
    labels: BTreeMap<String, String>,
}

impl Folders {
    /// Parses all of them, or reports the problems of all of them. `tolerance` is for terms where neither they nor their
    /// `dictionary.toml` name one.
    pub fn parse(&self, tolerance: Tolerance) -> Result<Loaded, Problems> {
        let mut loaded = Loaded::default();
        for (label, folder) in &self.dictionaries {
            let parsed = dictionary::parse_with(label, folder, tolerance);
            if let Some(dictionary) = loaded.noted(parsed) {
                loaded
                    .labels
                    .insert(format!("dictionary {}", dictionary.name), label.clone());
                loaded.dictionaries.push(Arc::new(dictionary));
            }
        }
        for (label, folder) in &self.policies {
            let parsed = policy::parse(label, folder);
            if let Some(policy) = loaded.noted(parsed) {
                loaded.labels.insert(format!("policy {}", policy.name), label.clone());
                loaded.policies.push(Arc::new(policy));
            }
        }
        if loaded.warnings.has_errors() {
            return Err(loaded.warnings);
        }
        Ok(loaded)
    }
}

impl Loaded {
    /// The label of the folder that a [`CaseFailure`](crate::snapshot::CaseFailure) names as its owner.
    pub fn label(&self, owner: &str) -> Option<&str> {
        self.labels.get(owner).map(String::as_str)
    }

    /// What was parsed; its problems are kept.
    fn noted<T>(&mut self, parsed: Result<(T, Problems), Problems>) -> Option<T> {
        let (value, Problems(problems)) = match parsed {
            Ok((value, warnings)) => (Some(value), warnings),
            Err(problems) => (None, problems),
        };
        self.warnings.0.extend(problems);
        value
    }
}
