//! A snapshot, a policy and a scope, ready to judge one text after another.

use std::sync::Arc;

use crate::{
    dictionary::{Dictionary, Tolerance},
    identity::Name,
    policy::Policy,
    problem::{Problem, Problems},
    snapshot::{Context, Judge, Message, Options, Scratch, Snapshot, Verdict},
    text::OffsetUnit,
};

/// Judges texts in one scope.
#[derive(Debug)]
pub struct Checker<'s> {
    judge: Judge<'s>,
    scope: &'s str,
    options: Options,
    scratch: Scratch,
}

impl<'s> Checker<'s> {
    /// What judges in a scope.
    pub fn new(judge: Judge<'s>, scope: &'s str) -> Self {
        let options = Options {
            offsets: OffsetUnit::Bytes,
            ..Options::default()
        };
        Self {
            judge,
            scope,
            options,
            scratch: Scratch::default(),
        }
    }

    /// Counts spans in another unit from now on.
    pub fn count_in(&mut self, unit: OffsetUnit) {
        self.options.offsets = unit;
    }

    /// The verdict, spans in bytes unless asked otherwise; `None` where the text cannot be judged.
    pub fn check(&mut self, text: &[u8]) -> Option<Verdict> {
        let message = Message {
            id: "",
            text,
            scope: self.scope,
        };
        let Self {
            judge,
            options,
            scratch,
            ..
        } = self;
        judge.check(&message, &Context::default(), options, scratch).ok()
    }
}

/// A dictionary of a few terms that is made to be measured, and forgotten.
#[derive(Debug)]
pub struct AdHoc {
    snapshot: Snapshot,
    policy: Name,
}

impl AdHoc {
    /// Compiles a list of terms, one a line, of severity high. Fails on what the linter refuses: leave that out with
    /// [`usable`](super::usable).
    pub fn new(lines: &str, tolerance: Tolerance) -> Result<Self, Problems> {
        let name = "terms"
            .parse()
            .map_err(|e| Problems(vec![Problem::error("terms", format!("{e}"))]))?;
        let (dictionary, _) = Dictionary::from_terms(name, [("terms", lines)], tolerance)?;
        let policy = Policy::plain([dictionary.name.clone()]);
        let name = policy.name.clone();
        Ok(Self {
            snapshot: Snapshot::build(vec![Arc::new(dictionary)], vec![Arc::new(policy)])?,
            policy: name,
        })
    }

    /// What judges by it; `None` never happens for a snapshot of its own making.
    pub fn checker(&self) -> Option<Checker<'_>> {
        Some(Checker::new(self.snapshot.judge(&self.policy)?, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_judged_by_itself() {
        let list = AdHoc::new("刷单\n跑分", Tolerance::Standard).unwrap();
        let mut checker = list.checker().unwrap();
        let verdict = checker.check("来刷-单".as_bytes()).unwrap();
        assert_eq!(verdict.triggers[0].rule, "terms/刷单");
        assert_eq!(verdict.triggers[0].matches[0].spans[0].text, "刷-单");
        assert!(checker.check(b"\xff").is_none());
    }
}
