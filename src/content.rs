//! Many folders parsed together: what the binary ships, what a disk holds, what is pushed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    dictionary::{self, Dictionary, Tolerance},
    folder::{Folder, did_you_mean},
    identity::Name,
    policy::{self, Policy},
    problem::{Problem, Problems},
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
    /// Takes in more folders, behind its own.
    pub fn extend(&mut self, more: Self) {
        self.dictionaries.extend(more.dictionaries);
        self.policies.extend(more.policies);
    }

    /// Parses all of them, or reports the problems of all of them. `tolerance` is for terms where neither they nor their
    /// `dictionary.toml` name one.
    pub fn parse(&self, tolerance: Tolerance) -> Result<Loaded, Problems> {
        let mut loaded = Loaded::default();
        for (label, folder) in &self.dictionaries {
            let parsed = dictionary::parse_with(label, folder, tolerance);
            if let Some(dictionary) = loaded.noted(parsed) {
                loaded.labels.insert(owner_of(&dictionary), label.clone());
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
        loaded.report_unknown_categories();
        Ok(loaded)
    }
}

impl Loaded {
    /// The label of the folder that a [`CaseFailure`](crate::snapshot::CaseFailure) names as its owner.
    pub fn label(&self, owner: &str) -> Option<&str> {
        self.labels.get(owner).map(String::as_str)
    }

    /// Adds those of `others`' dictionaries that the policies name and that are missing here.
    pub fn complete(&mut self, others: Self) {
        let missing = |other: &Arc<Dictionary>| {
            let here = self.dictionaries.iter().any(|dictionary| dictionary.name == other.name);
            !here
                && self
                    .policies
                    .iter()
                    .any(|policy| policy.dictionaries.contains(&other.name))
        };
        let added: Vec<_> = others.dictionaries.into_iter().filter(missing).collect();
        for dictionary in &added {
            let owner = owner_of(dictionary);
            if let Some(label) = others.labels.get(&owner) {
                self.labels.insert(owner, label.clone());
            }
        }
        self.dictionaries.extend(added);
    }

    /// Dictionaries that policies name and that are neither here nor `elsewhere`: slips, or folders that were left out.
    pub fn report_missing_dictionaries(&mut self, elsewhere: &Self) {
        let known: BTreeSet<&Name> = self
            .dictionaries
            .iter()
            .chain(&elsewhere.dictionaries)
            .map(|d| &d.name)
            .collect();
        let short: Vec<&str> = known.iter().map(|name| name.short()).collect();
        for policy in &self.policies {
            let label = self.labels.get(&format!("policy {}", policy.name));
            for name in policy.dictionaries.iter().filter(|name| !known.contains(name)) {
                self.warnings.push(
                    Problem::warning(
                        format!("{}/policy.toml", label.map_or("", String::as_str)),
                        "no such dictionary is in these folders or shipped",
                    )
                    .at(0, "dictionaries", name.as_str())
                    .mend(format!(
                        "lint it together with this policy; {}",
                        did_you_mean(name.short(), &short)
                    )),
                );
            }
        }
    }

    /// A category that a policy speaks of and none of its dictionaries has is a slip, which would go unnoticed. Only where all of its
    /// dictionaries are known.
    fn report_unknown_categories(&mut self) {
        for policy in &self.policies {
            let of = |name: &Name| self.dictionaries.iter().find(|dictionary| dictionary.name == *name);
            let Some(dictionaries) = policy.dictionaries.iter().map(of).collect::<Option<Vec<_>>>() else {
                continue;
            };
            let terms = dictionaries.iter().flat_map(|dictionary| dictionary.terms.iter());
            let known: BTreeSet<&str> = terms.map(|term| term.category).collect();
            let known: Vec<&str> = known.into_iter().collect();
            let spoken_of = policy
                .scopes
                .values()
                .flat_map(|scope| scope.categories.keys().chain(scope.only.iter().flatten()));
            let unknown: BTreeSet<&String> = spoken_of
                .filter(|category| !known.contains(&category.as_str()))
                .collect();
            let label = self.labels.get(&format!("policy {}", policy.name));
            for category in unknown {
                self.warnings.push(
                    Problem::warning(
                        format!("{}/policy.toml", label.map_or("", String::as_str)),
                        "no dictionary of this policy has a term of this category",
                    )
                    .at(0, "category", category)
                    .mend(did_you_mean(category, &known)),
                );
            }
        }
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

/// What a failing case calls a dictionary.
fn owner_of(dictionary: &Dictionary) -> String {
    format!("dictionary {}", dictionary.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(dictionary: &str, policy: &str) -> Folders {
        Folders {
            dictionaries: vec![("fraud".to_owned(), Folder::from_iter([("terms.txt", dictionary)]))],
            policies: vec![("p".to_owned(), Folder::from_iter([("policy.toml", policy)]))],
        }
    }

    #[test]
    fn the_problems_of_all_folders_come_out_together() {
        let problems = folders("x", "dictionaries = 'fraud'")
            .parse(Tolerance::Standard)
            .unwrap_err();
        let files: Vec<_> = problems.0.iter().map(|problem| problem.file.as_str()).collect();
        assert_eq!(files, ["fraud/terms.txt", "p/policy.toml"]);
    }

    #[test]
    fn a_category_that_no_dictionary_has_is_worth_a_look() {
        let policy =
            "dictionaries = ['fraud']\n[scope.x]\nonly = ['frauds']\n[scope.default.category.threat]\nblock = 'low'";
        let loaded = folders("刷单", policy).parse(Tolerance::Standard).unwrap();
        let said: Vec<_> = loaded.warnings.0.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "p/policy.toml: category: \"frauds\": no dictionary of this policy has a term of this category; did you mean `fraud`?",
                "p/policy.toml: category: \"threat\": no dictionary of this policy has a term of this category; one of: fraud",
            ]
        );
    }

    #[test]
    fn a_dictionary_that_is_nowhere_is_worth_a_look() {
        let parsed = |dictionary, policy| folders(dictionary, policy).parse(Tolerance::Standard).unwrap();
        let mut loaded = parsed("刷单", "dictionaries = ['fraud', 'fruad', 'spam']");
        let mut spam = parsed("加微信", "dictionaries = ['fraud']");
        Arc::make_mut(&mut spam.dictionaries[0]).name = "spam".parse().unwrap();
        loaded.report_missing_dictionaries(&spam);
        let said: Vec<_> = loaded.warnings.0.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said[0].starts_with("p/policy.toml: dictionaries: \"default/fruad\": no such dictionary"),
            "{said:?}"
        );
        assert!(said[0].ends_with("did you mean `fraud`?"), "{said:?}");
    }

    #[test]
    fn a_policy_alone_is_completed_with_the_dictionaries_that_it_names() {
        let mut alone = folders("刷单", "dictionaries = ['fraud']");
        alone.dictionaries.clear();
        let mut alone = alone.parse(Tolerance::Standard).unwrap();
        alone.complete(
            folders("跑分", "dictionaries = ['x']")
                .parse(Tolerance::Standard)
                .unwrap(),
        );
        assert_eq!(alone.dictionaries.len(), 1);
        assert_eq!(alone.label("dictionary default/fraud"), Some("fraud"));
        let mut other = folders("刷单", "dictionaries = ['fraud']")
            .parse(Tolerance::Standard)
            .unwrap();
        other.complete(alone);
        assert_eq!(other.dictionaries[0].terms.get(0).text, "刷单", "what is here stays");
    }
}
