//! What a policy answers to a corpus: counts of messages, in all, for each dictionary and for each rule.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    interval::Share,
    seeded::{Reservoir, Seeded},
};
use crate::{
    policy::Action,
    snapshot::{Trigger, Verdict},
};

/// Most characters of a message that a sample shows.
const SHOWN: usize = 240;

/// Counts of messages by their gravest answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many were blocked.
    pub blocked: u64,
    /// How many were held for review.
    pub reviewed: u64,
    /// How many were warned about.
    pub warned: u64,
}

impl Counts {
    fn add(&mut self, action: Action) {
        match action {
            Action::Allow => {}
            Action::Warn => self.warned += 1,
            Action::Review => self.reviewed += 1,
            Action::Block => self.blocked += 1,
        }
    }

    fn merge(&mut self, other: Self) {
        self.blocked += other.blocked;
        self.reviewed += other.reviewed;
        self.warned += other.warned;
    }

    /// How many were not simply delivered.
    pub fn found(self) -> u64 {
        self.blocked + self.reviewed + self.warned
    }
}

/// Counts one corpus. Holds no messages but the samples that were asked for.
#[derive(Clone, Debug)]
pub struct Tally {
    messages: u64,
    errors: u64,
    counts: Counts,
    disguised: u64,
    with_disguise: u64,
    dictionaries: BTreeMap<String, Counts>,
    rules: BTreeMap<String, Rule>,
    samples: usize,
    disguises_only: bool,
    chance: Seeded,
}

#[derive(Clone, Debug)]
struct Rule {
    counts: Counts,
    disguised: u64,
    planes: BTreeMap<&'static str, u64>,
    samples: Reservoir<Sample>,
}

impl Tally {
    /// Counts, and keeps up to `samples` messages of each rule, chosen by `seed`.
    pub fn new(samples: usize, seed: u64) -> Self {
        Self {
            messages: 0,
            errors: 0,
            counts: Counts::default(),
            disguised: 0,
            with_disguise: 0,
            dictionaries: BTreeMap::new(),
            rules: BTreeMap::new(),
            samples,
            disguises_only: false,
            chance: Seeded::new(seed, "samples"),
        }
    }

    /// Keeps only samples that say a rule in a disguise that costs a penalty.
    #[must_use]
    pub fn showing_disguises(mut self) -> Self {
        self.disguises_only = true;
        self
    }

    /// Takes a message in, with its verdict or none where it could not be judged.
    pub fn add(&mut self, text: &[u8], verdict: Option<&Verdict>) {
        self.messages += 1;
        let Some(verdict) = verdict else {
            self.errors += 1;
            return;
        };
        self.counts.add(verdict.action);
        let mut dictionaries: BTreeMap<&str, Action> = BTreeMap::new();
        let (mut open, mut disguised) = (false, false);
        for trigger in verdict.triggers.iter().filter(|t| t.action > Action::Allow) {
            let gravest = dictionaries.entry(trigger.dictionary.short()).or_default();
            *gravest = trigger.action.max(*gravest);
            open |= !is_disguised(trigger);
            disguised |= is_disguised(trigger);
            self.rule(trigger, text);
        }
        self.disguised += u64::from(verdict.action > Action::Allow && !open);
        self.with_disguise += u64::from(disguised);
        for (name, action) in dictionaries {
            self.dictionaries.entry(name.to_owned()).or_default().add(action);
        }
    }

    fn rule(&mut self, trigger: &Trigger, text: &[u8]) {
        let samples = self.samples;
        let rule = self.rules.entry(trigger.rule.clone()).or_insert_with(|| Rule {
            counts: Counts::default(),
            disguised: 0,
            planes: BTreeMap::new(),
            samples: Reservoir::new(samples),
        });
        rule.counts.add(trigger.action);
        rule.disguised += u64::from(is_disguised(trigger));
        for plane in trigger.planes.iter() {
            *rule.planes.entry(plane.as_str()).or_default() += 1;
        }
        if is_disguised(trigger) || !self.disguises_only {
            rule.samples.offer(&mut self.chance, || Sample::new(text, trigger));
        }
    }

    /// Takes another corpus in; of a rule that both have, this one's samples stay.
    pub fn merge(&mut self, other: &Self) {
        self.messages += other.messages;
        self.errors += other.errors;
        self.disguised += other.disguised;
        self.with_disguise += other.with_disguise;
        self.counts.merge(other.counts);
        for (name, counts) in &other.dictionaries {
            self.dictionaries.entry(name.clone()).or_default().merge(*counts);
        }
        for (name, rule) in &other.rules {
            let Some(own) = self.rules.get_mut(name) else {
                self.rules.insert(name.clone(), rule.clone());
                continue;
            };
            if own.samples.is_empty() {
                own.samples = rule.samples.clone();
            }
            own.counts.merge(rule.counts);
            own.disguised += rule.disguised;
            for (plane, count) in &rule.planes {
                *own.planes.entry(plane).or_default() += count;
            }
        }
    }

    /// How many messages were not simply delivered.
    pub fn found(&self) -> u64 {
        self.counts.found()
    }

    /// How many messages came in.
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// The figures under a name; rules with most messages first.
    pub fn report(self, corpus: &str) -> CorpusReport {
        let of = self.messages - self.errors;
        let mut rules: Vec<_> = self
            .rules
            .into_iter()
            .map(|(name, rule)| RuleRow {
                rule: name,
                found: Share::new(rule.counts.found(), of),
                blocked: rule.counts.blocked,
                reviewed: rule.counts.reviewed,
                warned: rule.counts.warned,
                disguised: rule.disguised,
                planes: rule.planes,
                samples: rule.samples.into_kept(),
            })
            .collect();
        rules.sort_by(|a, b| b.found.count.cmp(&a.found.count).then_with(|| a.rule.cmp(&b.rule)));
        let dictionaries = self.dictionaries.into_iter().map(|(name, counts)| DictionaryRow {
            dictionary: name,
            found: Share::new(counts.found(), of),
            blocked: counts.blocked,
            reviewed: counts.reviewed,
            warned: counts.warned,
        });
        CorpusReport {
            corpus: corpus.to_owned(),
            messages: self.messages,
            errors: self.errors,
            blocked: Share::new(self.counts.blocked, of),
            reviewed: Share::new(self.counts.reviewed, of),
            warned: Share::new(self.counts.warned, of),
            warned_or_reviewed: Share::new(self.counts.warned + self.counts.reviewed, of),
            disguised: Share::new(self.disguised, of),
            with_disguise: Share::new(self.with_disguise, of),
            dictionaries: dictionaries.collect(),
            rules,
        }
    }
}

fn is_disguised(trigger: &Trigger) -> bool {
    trigger.penalty > 0
}

/// What was answered to a corpus.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CorpusReport {
    /// Its name.
    pub corpus: String,
    /// How many messages it holds.
    pub messages: u64,
    /// How many of them could not be judged: too long, or no UTF-8. They count in no share.
    pub errors: u64,
    /// Blocked messages.
    pub blocked: Share,
    /// Messages held for review.
    pub reviewed: Share,
    /// Messages warned about.
    pub warned: Share,
    /// Messages warned about or held.
    pub warned_or_reviewed: Share,
    /// Messages that are not delivered only because of evasion planes: no trigger without a penalty.
    pub disguised: Share,
    /// Messages with a trigger that costs a penalty, whatever else they say.
    pub with_disguise: Share,
    /// The dictionaries that triggered.
    pub dictionaries: Vec<DictionaryRow>,
    /// The rules that triggered.
    pub rules: Vec<RuleRow>,
}

/// What one dictionary made of a corpus.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DictionaryRow {
    /// Its name without the tenant.
    pub dictionary: String,
    /// Messages in which it triggered.
    pub found: Share,
    /// How many of them it blocked.
    pub blocked: u64,
    /// How many of them it held.
    pub reviewed: u64,
    /// How many of them it warned about.
    pub warned: u64,
}

/// What one rule made of a corpus.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleRow {
    /// `NAME/id`.
    pub rule: String,
    /// Messages in which it triggered.
    pub found: Share,
    /// How many of them it blocked.
    pub blocked: u64,
    /// How many of them it held.
    pub reviewed: u64,
    /// How many of them it warned about.
    pub warned: u64,
    /// How many of them say it only under a disguise that costs a penalty.
    pub disguised: u64,
    /// The planes of its triggers.
    pub planes: BTreeMap<&'static str, u64>,
    /// Messages, where they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<Sample>,
}

/// A message in which a rule triggered, for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The answer to this rule.
    pub action: Action,
    /// What was found, as written.
    pub span: String,
    /// The message, shortened.
    pub text: String,
}

impl Sample {
    fn new(text: &[u8], trigger: &Trigger) -> Self {
        let first = trigger.matches.first().and_then(|m| m.spans.first());
        Self {
            action: trigger.action,
            span: first.map(|span| span.text.clone()).unwrap_or_default(),
            text: String::from_utf8_lossy(text).chars().take(SHOWN).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dictionary::Tolerance, eval::AdHoc};

    fn counted(messages: &[&str], samples: usize) -> Tally {
        let list = AdHoc::new("刷单\n跑分", Tolerance::Standard).unwrap();
        let mut checker = list.checker().unwrap();
        let mut tally = Tally::new(samples, 1);
        for text in messages {
            let verdict = checker.check(text.as_bytes());
            tally.add(text.as_bytes(), verdict.as_ref());
        }
        tally
    }

    #[test]
    fn a_corpus_is_counted_by_message_dictionary_and_rule() {
        let report = counted(&["刷单，刷单", "刷-单和跑分", "跑·分", "你好"], 0).report("tiny");
        assert_eq!(
            (report.messages, report.blocked.count, report.disguised.count),
            (4, 3, 1)
        );
        assert_eq!(report.dictionaries.len(), 1);
        assert_eq!(report.dictionaries[0].found.count, 3);
        let rules: Vec<_> = report
            .rules
            .iter()
            .map(|r| (r.rule.as_str(), r.found.count, r.disguised))
            .collect();
        assert_eq!(rules, [("terms/刷单", 2, 1), ("terms/跑分", 2, 1)]);
        assert!(
            report.rules.iter().all(|r| r.samples.is_empty()),
            "no text unless asked for"
        );
    }

    #[test]
    fn samples_are_the_same_for_the_same_seed() {
        let messages: Vec<String> = (0..50).map(|n| format!("第{n}个刷单")).collect();
        let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
        let samples = || counted(&messages, 3).report("").rules.remove(0).samples;
        assert_eq!(samples().len(), 3);
        assert_eq!(samples(), samples());
    }

    #[test]
    fn corpora_add_up() {
        let mut all = counted(&["刷单"], 0);
        all.merge(&counted(&["跑分", "好"], 0));
        let report = all.report("both");
        assert_eq!((report.messages, report.blocked.count, report.rules.len()), (3, 2, 2));
    }
}
