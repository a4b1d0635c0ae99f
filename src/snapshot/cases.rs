//! Running the cases of all dictionaries and policies on a snapshot: the heart of the gate.

use std::fmt;

use serde::Serialize;

use super::{
    build::Snapshot,
    check::{Judge, Scratch},
    message::{Context, Message, Options},
    report::Standing,
    search::Search,
    verdict::Verdict,
};
use crate::{
    dictionary::{Case, Dictionary, Expect},
    policy::{Policy, PolicyCase},
    text::Ruler,
};

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
    /// Runs every case of every dictionary and policy, and returns those that fail. A dictionary's cases see that dictionary alone,
    /// whatever the policies answer; a policy's see the action of the verdict.
    pub fn failing_cases(&self) -> Vec<CaseFailure> {
        let mut scratch = Scratch::default();
        let mut failures = Vec::new();
        for (index, dictionary) in (0..).zip(self.dictionaries()) {
            for case in &dictionary.cases {
                let hits = self.hits(index, &case.text, &mut scratch);
                failures.extend(failed_hit(dictionary, case, &hits));
            }
        }
        for policy in self.policies() {
            let Some(judge) = self.judge(&policy.name) else {
                continue;
            };
            failures.extend(
                policy
                    .cases
                    .iter()
                    .filter_map(|case| failed_verdict(policy, case, &judge, &mut scratch)),
            );
        }
        failures
    }

    /// How many cases there are.
    pub fn case_count(&self) -> usize {
        self.dictionaries().map(|d| d.cases.len()).sum::<usize>()
            + self.policies().map(|p| p.cases.len()).sum::<usize>()
    }

    /// The ids and slices that one dictionary alone finds.
    fn hits<'a>(&'a self, index: u32, text: &'a str, scratch: &mut Scratch) -> Vec<Seen<'a>> {
        let wanted: Vec<_> = (0..).zip(self.dictionaries()).map(|(i, _)| i == index).collect();
        Search {
            snapshot: self,
            text,
            wanted: &wanted,
            policy: None,
        }
        .run_alone(scratch);
        let terms = &self.dictionaries[index as usize].dictionary.terms;
        let seen = |hit: &Standing, ruler: &Ruler| Seen {
            rule: terms.get(hit.group as usize).id,
            slice: ruler.slice(text, hit.start..hit.end),
        };
        let standing = self.standing(text, scratch);
        standing.iter().map(|hit| seen(hit, &scratch.ruler)).collect()
    }
}

/// One match that a case looks at.
struct Seen<'a> {
    rule: &'a str,
    slice: &'a str,
}

impl Seen<'_> {
    fn list(seen: &[Seen<'_>]) -> String {
        let each: Vec<_> = seen
            .iter()
            .take(8)
            .map(|s| format!("{} at {:?}", s.rule, s.slice))
            .collect();
        if each.is_empty() {
            "no hit".to_owned()
        } else {
            each.join(", ")
        }
    }
}

fn failed_hit(dictionary: &Dictionary, case: &Case, hits: &[Seen<'_>]) -> Option<CaseFailure> {
    let (rule, span) = (case.rule.as_deref(), case.span.as_deref());
    let found = hits
        .iter()
        .any(|hit| rule.is_none_or(|r| r == hit.rule) && span.is_none_or(|s| s == hit.slice));
    let fails = found != (case.expect == Expect::Hit);
    let asked = if case.expect == Expect::Hit { "a hit" } else { "no hit" };
    fails.then(|| CaseFailure {
        owner: format!("dictionary {}", dictionary.name),
        line: case.line,
        text: case.text.clone(),
        expected: expectation(asked, rule, span),
        got: Seen::list(hits),
    })
}

fn failed_verdict(policy: &Policy, case: &PolicyCase, judge: &Judge<'_>, scratch: &mut Scratch) -> Option<CaseFailure> {
    let message = Message {
        id: "",
        text: case.text.as_bytes(),
        scope: &case.scope,
    };
    let verdict = judge.check(&message, &Context::default(), &Options::default(), scratch);
    let (rule, span) = (case.rule.as_deref(), case.span.as_deref());
    let named = |verdict: &Verdict| {
        rule.is_none() && span.is_none()
            || verdict.triggers.iter().any(|t| {
                let covers = |span: &str| t.matches.iter().flat_map(|m| &m.spans).any(|s| s.text == span);
                rule.is_none_or(|r| r == t.rule) && span.is_none_or(covers)
            })
    };
    let got = match verdict {
        Ok(verdict) if verdict.action == case.expect && named(&verdict) => return None,
        Ok(verdict) => {
            let rules: Vec<_> = verdict.triggers.iter().map(|t| t.rule.as_str()).collect();
            format!("{} by [{}]", verdict.action.as_str(), rules.join(", "))
        }
        Err(error) => error.to_string(),
    };
    Some(CaseFailure {
        owner: format!("policy {}", policy.name),
        line: case.line,
        text: case.text.clone(),
        expected: expectation(case.expect.as_str(), rule, span),
        got,
    })
}

fn expectation(what: &str, rule: Option<&str>, span: Option<&str>) -> String {
    let by = rule.map(|r| format!(" by {r}")).unwrap_or_default();
    let at = span.map(|s| format!(" at {s:?}")).unwrap_or_default();
    format!("{what}{by}{at}")
}
