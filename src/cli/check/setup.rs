//! What judges: the dictionaries and the policy that the flags name, compiled.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::super::Failure;
use crate::{
    content::Loaded,
    dictionary::{Dictionary, Tolerance},
    identity::{ContentId, Name},
    policy::Policy,
    problem::{Level, Problem, Problems},
    shipped,
    snapshot::{Judge, Snapshot},
    store,
};

/// The name of the dictionary that `--terms` makes.
const TERMS: &str = "terms";

/// Most warnings that are shown.
const WARNINGS: usize = 10;

/// What the flags name.
pub(in crate::cli) struct Sources<'a> {
    /// Dictionaries and folders of them.
    pub(in crate::cli) dictionaries: &'a [PathBuf],
    /// Plain lists.
    pub(in crate::cli) terms: &'a [PathBuf],
    /// For terms that name none.
    pub(in crate::cli) tolerance: Tolerance,
    /// The policy's folder.
    pub(in crate::cli) policy: Option<&'a Path>,
}

/// A snapshot and the policy of it that judges.
pub(in crate::cli) struct Setup {
    snapshot: Snapshot,
    policy: Name,
}

impl Setup {
    /// Loads and compiles what the flags name; all problems of all files are reported in one go, and warnings on standard error.
    pub(in crate::cli) fn new(sources: &Sources<'_>) -> Result<Self, Failure> {
        let Chosen {
            dictionaries,
            policy,
            warnings,
        } = choose(sources).map_err(refusal)?;
        warn(&warnings.0);
        let name = policy.name.clone();
        let snapshot = Snapshot::build(dictionaries, vec![policy]).map_err(Failure::usage)?;
        Ok(Self { snapshot, policy: name })
    }

    /// The id of the snapshot.
    pub(in crate::cli) fn snapshot(&self) -> ContentId {
        self.snapshot.id()
    }

    /// The dictionaries of the snapshot.
    pub(in crate::cli) fn dictionaries(&self) -> impl Iterator<Item = &Arc<Dictionary>> {
        self.snapshot.dictionaries()
    }

    /// What judges messages.
    pub(in crate::cli) fn judge(&self) -> Result<Judge<'_>, Failure> {
        let missing = || Failure::work("the policy is not in its own snapshot");
        self.snapshot.judge(&self.policy).ok_or_else(missing)
    }
}

/// The errors alone: beside them warnings would only hide what has to be mended.
fn refusal(Problems(problems): Problems) -> Failure {
    let errors = problems.into_iter().filter(|p| p.level == Level::Error);
    Failure::usage(Problems(errors.collect()))
}

/// Says on standard error what is worth a look, the first few of it: lists from elsewhere have hundreds.
fn warn(warnings: &[Problem]) {
    let mut out = anstream::stderr();
    // Nothing is lost but the warnings where standard error is closed.
    for warning in warnings.iter().take(WARNINGS) {
        let _ = writeln!(out, "\x1b[1;33mwarning\x1b[0m: {warning}");
    }
    if warnings.len() > WARNINGS {
        let more = warnings.len() - WARNINGS;
        let _ = writeln!(out, "\x1b[1;33mwarning\x1b[0m: and {more} more of the kind");
    }
}

struct Chosen {
    dictionaries: Vec<Arc<Dictionary>>,
    policy: Arc<Policy>,
    warnings: Problems,
}

fn choose(sources: &Sources<'_>) -> Result<Chosen, Problems> {
    let mut problems = Problems::default();
    let shipped = sources.dictionaries.is_empty() && sources.terms.is_empty();
    let loaded = if shipped {
        shipped::parsed()
    } else {
        store::load_with(sources.dictionaries, sources.tolerance)
    };
    let Loaded {
        mut dictionaries,
        policies,
        warnings,
        ..
    } = noted(loaded, &mut problems).unwrap_or_default();
    if !shipped {
        problems.0.extend(warnings.0);
    }
    if !sources.terms.is_empty()
        && let Some((terms, warnings)) = noted(plain_list(sources.terms, sources.tolerance), &mut problems)
    {
        problems.0.extend(warnings.0);
        dictionaries.push(Arc::new(terms));
    }
    let policy = match sources.policy {
        Some(path) => noted(own_policy(path), &mut problems),
        None if shipped => policies.into_iter().find(|p| p.name == Name::default()),
        None => Some(Arc::new(Policy::plain(dictionaries.iter().map(|d| d.name.clone())))),
    };
    match policy {
        Some(policy) if !problems.has_errors() => {
            let policy = fitted(policy, &dictionaries, &mut problems);
            Ok(Chosen {
                dictionaries,
                policy,
                warnings: problems,
            })
        }
        _ => Err(problems),
    }
}

/// The value; or its problems, kept.
fn noted<T>(result: Result<T, Problems>, problems: &mut Problems) -> Option<T> {
    result.map_err(|Problems(found)| problems.0.extend(found)).ok()
}

/// The dictionary `terms` of all the lists.
fn plain_list(paths: &[PathBuf], tolerance: Tolerance) -> Result<(Dictionary, Problems), Problems> {
    let mut problems = Problems::default();
    let mut files = Vec::new();
    for path in paths {
        let label = path.display().to_string();
        match fs::read(path) {
            Ok(bytes) => files.push((label, bytes)),
            Err(e) => problems.push(Problem::error(label, e.to_string()).mend("give a file of terms, one a line")),
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    let name: Name = TERMS
        .parse()
        .map_err(|e| Problems(vec![Problem::error(TERMS, format!("{e}"))]))?;
    Dictionary::from_terms(
        name,
        files.iter().map(|(label, bytes)| (label.as_str(), bytes)),
        tolerance,
    )
}

/// The one policy of a folder.
fn own_policy(path: &Path) -> Result<Arc<Policy>, Problems> {
    let mut loaded = store::load(&[path])?;
    match (loaded.policies.pop(), loaded.policies.len()) {
        (Some(policy), 0) => Ok(policy),
        (_, others) => {
            let found = if others == 0 { "no policy" } else { "several policies" };
            let problem = Problem::error(path.display().to_string(), format!("{found} in this folder"));
            Err(Problems(vec![
                problem.mend("name the folder of the one policy that is to judge"),
            ]))
        }
    }
}

/// The policy over the dictionaries that are here: no policy can know of `--terms`, and a trial may leave dictionaries out.
fn fitted(policy: Arc<Policy>, dictionaries: &[Arc<Dictionary>], problems: &mut Problems) -> Arc<Policy> {
    let here: BTreeSet<&Name> = dictionaries.iter().map(|d| &d.name).collect();
    let named: BTreeSet<&Name> = policy.dictionaries.iter().collect();
    let list = |names: Vec<&&Name>| names.into_iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", ");
    let missing: Vec<_> = named.difference(&here).collect();
    let own = |name: &Name| name.short() == TERMS;
    let unused: Vec<_> = here.difference(&named).filter(|name| !own(name)).collect();
    for (names, message, mend) in [
        (
            missing,
            "the policy answers dictionaries that are not here",
            "name their folders with --dictionaries, or go without",
        ),
        (
            unused,
            "the policy leaves out dictionaries that are here",
            "add them to its `dictionaries`",
        ),
    ] {
        if !names.is_empty() {
            let file = format!("{}/policy.toml", policy.name.short());
            let warning = Problem::warning(file, format!("{message}: {}", list(names)));
            problems.push(warning.mend(mend));
        }
    }
    let wanted: Vec<Name> = here
        .into_iter()
        .filter(|name| named.contains(*name) || own(name))
        .cloned()
        .collect();
    if wanted.iter().eq(&policy.dictionaries) {
        return policy;
    }
    Arc::new(Policy::clone(&policy).over(wanted))
}
