//! `tamis test`: the cases of dictionaries and policies, run on a snapshot of them.

use std::{io::Write, path::PathBuf, sync::Arc};

use super::{
    Failure, Outcome,
    lint::{counted, must_exist},
};
use crate::{policy::Policy, shipped, snapshot::Snapshot, store};

const EXAMPLES: &str = "\
Examples:
  tamis test dictionaries/fraud          the cases of one dictionary
  tamis test .                           those of all dictionaries and policies below
  tamis test policies/strict             a policy with the shipped dictionaries that it names

Exit codes: 0 all cases pass, 1 some fail or the folders have errors, 2 no such folder.";

/// The flags of `tamis test`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Dictionary or policy folders, folders of them, or folders with `dictionaries` and `policies` inside.
    #[arg(required = true, value_name = "DIR")]
    dirs: Vec<PathBuf>,
}

/// Prints the cases that fail.
pub fn run(args: &Args) -> Outcome {
    must_exist(&args.dirs)?;
    let mut loaded = store::load(&args.dirs).map_err(|problems| Failure::work(problems.errors()))?;
    loaded.complete(shipped::parsed().map_err(Failure::work)?);
    if loaded.policies.is_empty() {
        let names = loaded.dictionaries.iter().map(|dictionary| dictionary.name.clone());
        loaded.policies.push(Arc::new(Policy::plain(names)));
    }
    let snapshot = Snapshot::build(loaded.dictionaries.clone(), loaded.policies.clone()).map_err(Failure::work)?;
    let failures = snapshot.failing_cases();
    let mut out = anstream::stdout().lock();
    for failure in &failures {
        let label = loaded.label(&failure.owner).unwrap_or(&failure.owner);
        writeln!(
            out,
            "\x1b[1;31mfailed\x1b[0m: {label}/cases.jsonl:{}: {:?}: expected {}, got {}",
            failure.line, failure.text, failure.expected, failure.got
        )?;
    }
    let cases = counted(snapshot.case_count(), "case", "cases");
    if !failures.is_empty() {
        return Err(Failure::Work(format!("{} of {cases} failed", failures.len())));
    }
    let dictionaries = counted(loaded.dictionaries.len(), "dictionary", "dictionaries");
    let policies = counted(loaded.policies.len(), "policy", "policies");
    writeln!(out, "{cases} of {dictionaries} and {policies} passed")?;
    Ok(())
}
