//! From dictionaries and policies to a Snapshot.

use std::sync::Arc;

use super::{
    check::Judge,
    groups::Groups,
    segment::{Segment, Slots},
};
use crate::{
    dictionary::Dictionary,
    identity::{ContentId, Name},
    matching::EngineKind,
    policy::Policy,
    problem::{Problem, Problems},
    text,
};

/// Names everything that decides besides dictionaries, policies and the folding tables. Raised whenever the same content would be
/// judged otherwise.
pub const SEMANTICS: &str = "tamis-5";

/// Everything that decides, compiled. Immutable; shared behind an `Arc`; dropped away from requests.
#[derive(Debug)]
pub struct Snapshot {
    pub(super) id: ContentId,
    /// What looks for the patterns of its segments; no part of the id, as no verdict depends on it.
    pub(super) engine: EngineKind,
    pub(super) dictionaries: Vec<Compiled>,
    pub(super) policies: Arc<Vec<Applied>>,
    /// Everything that was there at the last full build.
    pub(super) base: Arc<Segment>,
    /// What edits have added since.
    pub(super) delta: Option<Arc<Segment>>,
}

/// A dictionary with what checks look up in it.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    pub(super) dictionary: Arc<Dictionary>,
    pub(super) groups: Groups,
    /// The slots that the base segment covers.
    pub(super) covered: Slots,
}

/// A policy with the dictionaries that it answers.
#[derive(Debug)]
pub(super) struct Applied {
    pub(super) policy: Arc<Policy>,
    /// For each dictionary of the snapshot, whether this policy uses it.
    pub(super) uses: Vec<bool>,
}

impl Snapshot {
    /// Compiles dictionaries and policies. Fails with all problems that show only in the whole: two of one name, a policy that
    /// names a dictionary which is not there, more patterns than an engine takes. O(total symbols of all terms).
    pub fn build(dictionaries: Vec<Arc<Dictionary>>, policies: Vec<Arc<Policy>>) -> Result<Self, Problems> {
        Self::build_with(EngineKind::default(), dictionaries, policies)
    }

    /// The same with a chosen engine, which changes no verdict; edits on it use it too.
    pub fn build_with(
        engine: EngineKind,
        mut dictionaries: Vec<Arc<Dictionary>>,
        mut policies: Vec<Arc<Policy>>,
    ) -> Result<Self, Problems> {
        dictionaries.sort_by(|a, b| a.name.cmp(&b.name));
        policies.sort_by(|a, b| a.name.cmp(&b.name));
        let mut problems = Problems::default();
        report_twins("dictionary", dictionaries.iter().map(|d| &d.name), &mut problems);
        report_twins("policy", policies.iter().map(|p| &p.name), &mut problems);
        let policies: Vec<_> = policies
            .into_iter()
            .map(|p| Applied::new(p, &dictionaries, &mut problems))
            .collect();
        if problems.has_errors() {
            return Err(problems);
        }
        let plain = |d: &Arc<Dictionary>| (d.name.clone(), d.revision);
        let revisions = dictionaries.iter().map(plain);
        let id = snapshot_id(
            revisions,
            policies.iter().map(|a| (a.policy.name.clone(), a.policy.revision)),
        );
        let base = Segment::build(
            engine,
            dictionaries.iter().map(|d| (d.as_ref(), Slots::default())),
            policies.iter().map(|a| a.policy.as_ref()),
        )
        .map_err(|e| {
            Problems(vec![
                Problem::error("snapshot", e.to_string()).mend("use fewer or shorter terms"),
            ])
        })?;
        let dictionaries = dictionaries.into_iter().map(Compiled::new).collect();
        Ok(Self {
            id,
            engine,
            dictionaries,
            policies: Arc::new(policies),
            base: Arc::new(base),
            delta: None,
        })
    }

    /// BLAKE3 over the semantics version, folding tables included, and the sorted names and revisions.
    pub fn id(&self) -> ContentId {
        self.id
    }

    /// The dictionaries, by name.
    pub fn dictionaries(&self) -> impl ExactSizeIterator<Item = &Arc<Dictionary>> {
        self.dictionaries.iter().map(|c| &c.dictionary)
    }

    /// The policies, by name.
    pub fn policies(&self) -> impl ExactSizeIterator<Item = &Arc<Policy>> {
        self.policies.iter().map(|a| &a.policy)
    }

    /// What judges messages by one policy; `None` where the snapshot has no policy of this name.
    pub fn judge(&self, policy: &Name) -> Option<Judge<'_>> {
        let (index, applied) = (0..)
            .zip(self.policies.iter())
            .find(|(_, a)| a.policy.name == *policy)?;
        Some(Judge::new(self, index, applied))
    }

    /// The memory that the compiled segments hold, in bytes.
    pub fn heap_bytes(&self) -> usize {
        self.segments().map(Segment::heap_bytes).sum()
    }

    /// What a check scans.
    pub(super) fn segments(&self) -> impl Iterator<Item = &Segment> {
        std::iter::once(&*self.base).chain(self.delta.as_deref())
    }
}

impl Compiled {
    fn new(dictionary: Arc<Dictionary>) -> Self {
        Self {
            groups: Groups::new(&dictionary.terms),
            covered: Slots::end(&dictionary),
            dictionary,
        }
    }
}

impl Applied {
    pub(super) fn new(policy: Arc<Policy>, dictionaries: &[Arc<Dictionary>], problems: &mut Problems) -> Self {
        for wanted in &policy.dictionaries {
            if !dictionaries.iter().any(|d| d.name == *wanted) {
                let problem = Problem::error(format!("{}/policy.toml", policy.name.short()), "no such dictionary")
                    .at(0, "dictionaries", wanted.as_str())
                    .mend("push that dictionary too, or take it off the list");
                problems.push(problem);
            }
        }
        let uses = dictionaries
            .iter()
            .map(|d| policy.dictionaries.contains(&d.name))
            .collect();
        Self { policy, uses }
    }
}

fn report_twins<'a>(kind: &str, sorted: impl Iterator<Item = &'a Name>, problems: &mut Problems) {
    let mut previous = None;
    for name in sorted {
        if previous == Some(name) {
            problems.push(
                Problem::error(name.to_string(), format!("two folders hold a {kind} of this name")).mend("rename one"),
            );
        }
        previous = Some(name);
    }
}

pub(super) fn snapshot_id(
    dictionaries: impl Iterator<Item = (Name, ContentId)>,
    policies: impl Iterator<Item = (Name, ContentId)>,
) -> ContentId {
    let mut fields = vec![SEMANTICS.to_owned(), text::VERSION.to_owned()];
    for (kind, list) in [
        ("dictionary", dictionaries.collect::<Vec<_>>()),
        ("policy", policies.collect()),
    ] {
        for (name, revision) in list {
            fields.extend([kind.to_owned(), name.to_string(), revision.to_string()]);
        }
    }
    ContentId::of(fields.iter().map(String::as_bytes))
}
