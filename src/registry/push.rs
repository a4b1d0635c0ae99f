//! Pushing: a folder becomes a revision once it has passed the gate.

use std::sync::Arc;

use super::{
    gate::{self, Lenience},
    keeper::{Keeper, blocking},
    step::Declined,
};
use crate::{
    dictionary::{self, Dictionary},
    folder::Folder,
    identity::{ContentId, Name},
    policy::{self, Policy},
    problem::{Problem, Problems},
    store::{About, Active, Revision, Sort, Time, files_of, plan::Unplanned},
};

/// A folder that someone pushes.
#[derive(Clone, Debug)]
pub struct Push {
    /// Dictionary or policy.
    pub sort: Sort,
    /// What it is called; it must be the name that the folder itself says, where it says one.
    pub name: Name,
    /// Its files.
    pub folder: Folder,
    /// The revision that it was made from; `None` for the active one.
    pub parent: Option<ContentId>,
    /// Only says whether it would pass.
    pub validate_only: bool,
    /// Parses and lints only: the caller activates it together with others, and the gate judges the whole of them there.
    pub gate_later: bool,
}

/// What came of a push.
#[derive(Clone, Debug)]
pub struct Pushed {
    /// The revision; for known content the one that was pushed before.
    pub revision: Revision,
    /// True where the content was known.
    pub known: bool,
    /// What is worth a look.
    pub warnings: Problems,
}

/// A folder that was parsed.
#[derive(Clone, Debug)]
enum Parsed {
    Dictionary(Arc<Dictionary>),
    Policy(Arc<Policy>),
}

impl Parsed {
    fn revision(&self) -> ContentId {
        match self {
            Self::Dictionary(dictionary) => dictionary.revision,
            Self::Policy(policy) => policy.revision,
        }
    }
}

impl Keeper {
    /// Parses and lints a folder, runs the cases of everything on the snapshot that it would make, and keeps it. Known content passes
    /// the gate like any other: that it was kept says nothing about it, and what serves beside it has changed since. Only what serves
    /// as it is needs none to be pushed again. Nothing of it serves before it is activated.
    pub async fn push(&self, push: Push, about: &About) -> Result<Pushed, Declined> {
        self.room_for_content(push.folder.bytes())?;
        let (sort, name, folder) = (push.sort, push.name, Arc::new(push.folder));
        let (label, read) = (name.clone(), Arc::clone(&folder));
        let (parsed, warnings) = blocking(move || parsed(sort, &label, &read)).await??;
        let revision = parsed.revision();
        self.same_as_before(sort, &name, revision, about).await?;
        let active = self
            .registry
            .serving()
            .and_then(|s| s.entry.as_ref()?.active.of(sort).get(&name).cloned());
        let serves = active.as_ref() == Some(&Active::pushed(revision));
        if !push.gate_later && (push.validate_only || !serves) {
            self.gate_push(sort, &name, parsed).await?;
        }
        if let Some(known) = self.known(sort, &name, revision, push.validate_only).await? {
            return Ok(Pushed {
                revision: known,
                known: true,
                warnings,
            });
        }
        let pushed = Revision {
            sort,
            name,
            revision,
            parent: push.parent.or(active.map(|active| active.revision)),
            about: about.clone(),
            time: Time::now(),
            renewed: None,
            files: files_of(&folder),
        };
        if push.validate_only {
            return Ok(Pushed {
                revision: pushed,
                known: false,
                warnings,
            });
        }
        let (revision, known) = self.store.push(pushed, &folder).await?;
        Ok(Pushed {
            revision,
            known,
            warnings,
        })
    }

    /// Refuses a request id under which other content was pushed.
    async fn same_as_before(
        &self,
        sort: Sort,
        name: &Name,
        revision: ContentId,
        about: &About,
    ) -> Result<(), Declined> {
        let revisions = self.store.revisions(sort, Some(name)).await?;
        let same_request = |r: &&Revision| !about.request_id.is_empty() && r.about.request_id == about.request_id;
        match revisions.iter().find(same_request) {
            Some(other) if other.revision != revision => Err(Unplanned::RequestIdReused {
                by: format!("{} {name} {}", sort.as_str(), other.revision),
            }
            .into()),
            _ => Ok(()),
        }
    }

    /// The revision of this content, if it is there; renewed, unless only an answer is asked for.
    async fn known(
        &self,
        sort: Sort,
        name: &Name,
        revision: ContentId,
        validate_only: bool,
    ) -> Result<Option<Revision>, Declined> {
        // What is listed may still be damaged inside: only a whole one counts.
        if validate_only {
            return Ok(self.store.load(sort, name, revision).await.ok().map(|(known, _)| known));
        }
        Ok(self.store.renew(sort, name, revision).await?)
    }

    /// Builds the snapshot that activating the push would make, and passes it through the gate.
    async fn gate_push(&self, sort: Sort, name: &Name, parsed: Parsed) -> Result<(), Declined> {
        let _building = self.building.lock().await;
        let serving = self.registry.serving();
        let wanted = match &parsed {
            Parsed::Policy(policy) => policy.dictionaries.clone(),
            Parsed::Dictionary(_) => Vec::new(),
        };
        let mut active = self.candidate_set(serving.as_deref(), sort, name, &wanted).await?;
        let (mut dictionaries, mut policies) = self.content(serving.as_deref(), &active).await?;
        active
            .of_mut(sort)
            .insert(name.clone(), Active::pushed(parsed.revision()));
        let alone = policies.is_empty();
        match parsed {
            Parsed::Dictionary(dictionary) => dictionaries.push(dictionary),
            Parsed::Policy(policy) => policies.push(policy),
        }
        let shared = serving.and_then(|s| s.snapshot.with_policies(&dictionaries, &policies));
        let candidate = match shared {
            Some(candidate) => candidate,
            None => self.compile(dictionaries, policies).await?,
        };
        let mut policy = self.registry.default_policy().clone();
        if alone && let Some(first) = candidate.policies().next() {
            // The first pushes to an empty store cannot have everything yet.
            policy = first.name.clone();
        }
        if alone && candidate.policies().len() == 0 || candidate.dictionaries().len() == 0 {
            return Ok(());
        }
        blocking(move || gate::pass(&candidate, &policy, &mut active, Lenience::Suspended)).await??;
        Ok(())
    }
}

fn parsed(sort: Sort, name: &Name, folder: &Folder) -> Result<(Parsed, Problems), Problems> {
    let label = name.short();
    let (parsed, said, warnings, file) = match sort {
        Sort::Dictionary => {
            let (dictionary, warnings) = dictionary::parse(label, folder)?;
            let said = dictionary.name.clone();
            (
                Parsed::Dictionary(Arc::new(dictionary)),
                said,
                warnings,
                dictionary::FILES[0],
            )
        }
        Sort::Policy => {
            let (policy, warnings) = policy::parse(label, folder)?;
            let said = policy.name.clone();
            (Parsed::Policy(Arc::new(policy)), said, warnings, policy::FILES[0])
        }
    };
    if said != *name {
        let problem = Problem::error(
            format!("{label}/{file}"),
            format!("the folder is called {said}, the push {name}"),
        );
        return Err(Problems(vec![
            problem.at(0, "name", said.as_str()).mend("make both the same"),
        ]));
    }
    Ok((parsed, warnings))
}
