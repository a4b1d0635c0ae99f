//! The scopes of a `policy.toml`: as written, and merged so that each is complete.

use std::{collections::BTreeMap, str::FromStr};

use super::{Advice, Audience, CategoryRule, Milder, Scope};
use crate::{
    dictionary::Severity,
    folder::{Findings, Table, Written, did_you_mean},
};

/// How thresholds are written.
const THRESHOLDS: [&str; 5] = ["low", "medium", "high", "critical", "never"];

/// From which severity on; `None` for never.
#[derive(Clone, Copy, Debug)]
struct Threshold(Option<Severity>);

impl FromStr for Threshold {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        if word == "never" {
            return Ok(Self(None));
        }
        word.parse().map(|severity| Self(Some(severity)))
    }
}

/// All scopes as written, by name.
#[derive(Debug, Default)]
pub(super) struct Drafts(BTreeMap<String, Draft>);

/// One scope as written: `None` where it says nothing.
#[derive(Clone, Debug, Default)]
struct Draft {
    general: Rule,
    categories: BTreeMap<String, Rule>,
    only: Option<Vec<String>>,
    mask: Option<bool>,
    milder: Option<Vec<Milder>>,
}

#[derive(Clone, Debug, Default)]
struct Rule {
    warn: Option<Threshold>,
    review: Option<Threshold>,
    block: Option<Threshold>,
    advice: Option<String>,
    audience: Option<Audience>,
}

impl Drafts {
    /// Reads the tables `[scope.…]`.
    pub(super) fn read(top: &mut Table<'_>, advice: &BTreeMap<String, Advice>, findings: &mut Findings) -> Self {
        let mut drafts = BTreeMap::new();
        for (name, table) in top.named_tables("scope", findings) {
            if name.is_empty() || name.split('.').any(str::is_empty) || name.contains(char::is_whitespace) {
                findings.add(
                    top.error(table.line(), "scope", name, "not the name of a scope")
                        .mend("write words with single dots between them, such as \"group.large\""),
                );
            }
            drafts.insert(name.to_owned(), Draft::read(name, table, advice, findings));
        }
        Self(drafts)
    }

    /// What a scope is made of: the house's defaults, `default`, and every defined scope that its dotted name begins with.
    fn merged(&self, name: &str) -> Draft {
        let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        let shorter = ends.filter_map(|end| self.0.get(&name[..end]));
        [self.0.get("default")]
            .into_iter()
            .flatten()
            .chain(shorter)
            .fold(Draft::house(), Draft::under)
    }
}

/// Every scope, complete; `default` is always there.
pub(super) fn resolve(drafts: &Drafts) -> BTreeMap<String, Scope> {
    let names = drafts.0.keys().map(String::as_str).chain(["default"]);
    names
        .map(|name| (name.to_owned(), drafts.merged(name).complete()))
        .collect()
}

impl Draft {
    /// What holds where a policy says nothing.
    fn house() -> Self {
        let from = |severity| Some(Threshold(Some(severity)));
        Self {
            general: Rule {
                warn: from(Severity::Low),
                review: from(Severity::Medium),
                block: from(Severity::High),
                ..Rule::default()
            },
            ..Self::default()
        }
    }

    fn read(name: &str, mut table: Table<'_>, advice: &BTreeMap<String, Advice>, findings: &mut Findings) -> Self {
        let general = Rule::thresholds(&mut table, findings);
        let mut draft = Self {
            general,
            only: only(&mut table, findings),
            mask: table.flag("mask", findings),
            milder: milder(&mut table, findings),
            categories: BTreeMap::new(),
        };
        for (category, mut table) in table.named_tables("category", findings) {
            let mut rule = Rule::thresholds(&mut table, findings);
            let key = table.text("advice", findings);
            if let Some(Written { value: key, line }) = key.filter(|key| !advice.contains_key(key.value)) {
                let keys: Vec<&str> = advice.keys().map(String::as_str).collect();
                findings.add(
                    table
                        .error(line, "advice", key, "there is no [advice.…] table of this name")
                        .mend(did_you_mean(key, &keys)),
                );
            }
            rule.advice = key.map(|key| key.value.to_owned());
            rule.audience = table
                .choice("audience", &["sender", "target"], findings)
                .map(|a| a.value);
            table.finish(findings);
            draft.categories.insert(category.to_owned(), rule);
        }
        for stray in table.take_stray_tables() {
            let mend = format!("a scope of its own is written [scope.\"{name}.{}\"]", stray.value);
            findings.add(
                table
                    .error(stray.line, stray.value, "", "there is no such table")
                    .mend(mend),
            );
        }
        table.finish(findings);
        draft
    }

    /// Itself with everything that a longer scope says instead.
    fn under(mut self, longer: &Self) -> Self {
        self.general = self.general.under(&longer.general);
        for (category, rule) in &longer.categories {
            let shorter = self.categories.remove(category).unwrap_or_default();
            self.categories.insert(category.clone(), shorter.under(rule));
        }
        Self {
            only: longer.only.clone().or(self.only),
            mask: longer.mask.or(self.mask),
            milder: longer.milder.clone().or(self.milder),
            ..self
        }
    }

    fn complete(self) -> Scope {
        let general = self.general.clone();
        let complete = |rule: &Rule| general.clone().under(rule).complete();
        Scope {
            categories: self
                .categories
                .iter()
                .map(|(category, rule)| (category.clone(), complete(rule)))
                .collect(),
            general: general.clone().complete(),
            only: self.only,
            mask: self.mask.unwrap_or_default(),
            milder: self.milder.unwrap_or_default(),
        }
    }
}

impl Rule {
    fn thresholds(table: &mut Table<'_>, findings: &mut Findings) -> Self {
        let mut threshold = |key| {
            let written: Option<Written<Threshold>> = table.choice(key, &THRESHOLDS, findings);
            written.map(|threshold| threshold.value)
        };
        let rule = Self {
            warn: threshold("warn"),
            review: threshold("review"),
            block: threshold("block"),
            ..Self::default()
        };
        rule.report_order(table, findings);
        rule
    }

    /// An action that never comes, because a stricter one begins at a lower severity. Only where both stand in one table: a
    /// threshold that is lowered below an inherited one is no mistake.
    fn report_order(&self, table: &Table<'_>, findings: &mut Findings) {
        let severity = |threshold: Option<Threshold>| threshold.and_then(|t| t.0);
        let rising = [("warn", self.warn), ("review", self.review), ("block", self.block)];
        for (index, &(milder, from)) in rising.iter().enumerate() {
            for &(stricter, before) in &rising[index + 1..] {
                let (Some(from), Some(before)) = (severity(from), severity(before)) else {
                    continue;
                };
                if from > before {
                    let message = format!("never answered: `{stricter}` begins at {} already", before.as_str());
                    findings.add(
                        table
                            .warning(table.line(), milder, from.as_str(), message)
                            .mend("write warn <= review <= block, or \"never\""),
                    );
                }
            }
        }
    }

    fn under(self, longer: &Self) -> Self {
        Self {
            warn: longer.warn.or(self.warn),
            review: longer.review.or(self.review),
            block: longer.block.or(self.block),
            advice: longer.advice.clone().or(self.advice),
            audience: longer.audience.or(self.audience),
        }
    }

    fn complete(self) -> CategoryRule {
        let severity = |threshold: Option<Threshold>| threshold.and_then(|t| t.0);
        CategoryRule {
            warn: severity(self.warn),
            review: severity(self.review),
            block: severity(self.block),
            advice: self.advice,
            audience: self.audience.unwrap_or_default(),
        }
    }
}

fn only(table: &mut Table<'_>, findings: &mut Findings) -> Option<Vec<String>> {
    let written = table.texts("only", findings)?;
    let mut categories: Vec<String> = written.into_iter().map(|c| c.value.trim().to_owned()).collect();
    categories.sort();
    categories.dedup();
    Some(categories)
}

fn milder(table: &mut Table<'_>, findings: &mut Findings) -> Option<Vec<Milder>> {
    let mut steps: Vec<Milder> = Vec::new();
    for mut entry in table.tables("milder", findings)? {
        let mut number = |key| {
            if !entry.has(key) {
                findings.add(
                    entry
                        .error(entry.line(), key, "", "this key is missing")
                        .mend("write { penalty = 3, steps = 1 }"),
                );
            }
            entry.small_number(key, findings)
        };
        let (penalty, count) = (number("penalty"), number("steps"));
        if let (Some(penalty), Some(count)) = (penalty, count) {
            if steps.iter().any(|step| step.penalty == penalty.value) {
                let twice = "this penalty stands twice";
                findings.add(
                    entry
                        .error(penalty.line, "penalty", &penalty.value.to_string(), twice)
                        .mend("remove one of them"),
                );
            }
            steps.push(Milder {
                penalty: penalty.value,
                steps: count.value,
            });
        }
        entry.finish(findings);
    }
    steps.sort_by_key(|step| step.penalty);
    Some(steps)
}
