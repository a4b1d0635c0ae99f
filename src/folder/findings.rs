//! The problems of one folder as they are found.

use crate::problem::{Level, Problem, Problems};

/// Most problems of one level that are kept: nobody mends more in one go, and a wrong file may hold a million.
const KEPT: usize = 1_000;

/// Gathers problems; those over the limit are counted instead of kept.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    kept: Vec<Problem>,
    errors: usize,
    warnings: usize,
}

impl Findings {
    /// Adds a problem.
    pub(crate) fn add(&mut self, problem: Problem) {
        let count = match problem.level {
            Level::Error => &mut self.errors,
            Level::Warning => &mut self.warnings,
        };
        *count += 1;
        if *count <= KEPT {
            self.kept.push(problem);
        }
    }

    /// How many errors there are so far.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// All of them by file and line, and what the folder holds unless one of them is an error.
    pub(crate) fn settle<T>(mut self, label: &str, value: Option<T>) -> Result<(T, Problems), Problems> {
        self.kept.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        if let Some(more @ 1..) = self.errors.checked_sub(KEPT) {
            self.kept.push(Problem::error(label, format!("and {more} more errors")));
        }
        if let Some(more @ 1..) = self.warnings.checked_sub(KEPT) {
            self.kept
                .push(Problem::warning(label, format!("and {more} more warnings")));
        }
        let problems = Problems(self.kept);
        match value {
            Some(value) if !problems.has_errors() => Ok((value, problems)),
            _ => Err(problems),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_full_of_problems_is_cut_and_the_rest_is_counted() {
        let mut findings = Findings::default();
        for line in (1..=KEPT as u64 + 5).rev() {
            findings.add(Problem::warning("a/terms.txt", "odd").at(line, "", ""));
        }
        findings.add(Problem::error("a/allow.txt", "bad").at(2, "", ""));
        let problems = findings.settle("a", Some(())).unwrap_err();
        assert_eq!(problems.0.len(), KEPT + 2);
        assert_eq!(problems.0[0].file, "a/allow.txt", "by file, then by line");
        assert_eq!(problems.0[KEPT + 1].message, "and 5 more warnings");
    }
}
