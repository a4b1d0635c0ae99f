//! From hits to the verdict: triggers, action, score, mask, spans.

use std::ops::Range;

use super::{
    build::Snapshot,
    check::{Judge, Scratch},
    entry::Form,
    message::Options,
    verdict::{Match, Span, Trigger, TriggerAdvice, Verdict},
};
use crate::{
    config::limits::{MAX_MATCHES, MAX_TRIGGERS},
    dictionary::Tolerance,
    matching::{Plane, Planes},
    policy::{Action, Scope},
    text::{Folded, Ruler},
};

/// A term found in a message.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) dictionary: u32,
    pub(super) term: u32,
    /// Indices of folded symbols.
    pub(super) symbols: Range<u32>,
    /// The evasion planes; empty where the text says it openly.
    pub(super) planes: Planes,
    /// The stream that it was found in.
    pub(super) form: Form,
}

/// A hit that stands: whole graphemes, and how far-fetched it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Standing {
    pub(super) dictionary: u32,
    /// The first term that reports the same id.
    pub(super) group: u32,
    /// Indices of grapheme boundaries.
    pub(super) start: usize,
    pub(super) end: usize,
    penalty: u8,
    planes: Planes,
    /// The term as written that it was found by: an alias, perhaps.
    term: u32,
}

/// What a verdict is made from.
pub(super) struct Report<'a, 's> {
    pub(super) judge: &'a Judge<'s>,
    pub(super) scope: &'a Scope,
    pub(super) text: &'a str,
    pub(super) options: &'a Options,
}

impl Report<'_, '_> {
    pub(super) fn verdict(&self, id: &str, scratch: &mut Scratch) -> Verdict {
        if scratch.hits.is_empty() {
            return self.clean(id);
        }
        let mut verdict = self.clean(id);
        let standing = self.judge.snapshot.standing(self.text, scratch);
        let ruler = &scratch.ruler;
        let mut innocence = 1.0;
        let mut masked = Vec::new();
        for group in standing.chunk_by(|a, b| (a.dictionary, a.group) == (b.dictionary, b.group)) {
            let trigger = self.trigger(group, ruler, &mut verdict.truncated);
            verdict.action = verdict.action.max(trigger.action);
            if trigger.action > Action::Allow {
                innocence *= 1.0 - trigger.severity.weight() * 0.9_f64.powi(trigger.penalty.into());
                masked.extend(group.iter().map(|hit| hit.start..hit.end));
            }
            verdict.triggers.push(trigger);
        }
        verdict.score = ((1.0 - innocence) * 1e4).round() / 1e4;
        verdict
            .triggers
            .sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.rule.cmp(&b.rule)));
        verdict.truncated |= verdict.triggers.len() > MAX_TRIGGERS;
        verdict.triggers.truncate(MAX_TRIGGERS);
        if self.scope.mask && !masked.is_empty() {
            verdict.masked = Some(mask(self.text, ruler, masked));
        }
        verdict
    }

    /// The verdict on a message in which nothing is found.
    fn clean(&self, id: &str) -> Verdict {
        Verdict {
            id: id.to_owned(),
            action: Action::Allow,
            score: 0.0,
            masked: None,
            snapshot: self.judge.snapshot.id(),
            generation: self.options.generation,
            triggers: Vec::new(),
            truncated: false,
        }
    }

    fn trigger(&self, group: &[Standing], ruler: &Ruler, truncated: &mut bool) -> Trigger {
        let compiled = &self.judge.snapshot.dictionaries[group[0].dictionary as usize];
        let dictionary = &compiled.dictionary;
        let term = dictionary.terms.get(group[0].group as usize);
        let (penalty, planes) = group
            .iter()
            .map(|hit| (hit.penalty, hit.planes))
            .min()
            .unwrap_or_default();
        let advice = self.scope.rule(term.category);
        *truncated |= group.len() > MAX_MATCHES;
        Trigger {
            rule: format!("{}/{}", dictionary.name.short(), term.id),
            dictionary: dictionary.name.clone(),
            revision: dictionary.revision,
            category: term.category.to_owned(),
            severity: term.severity,
            action: self.scope.answer(term.category, term.severity, penalty),
            penalty,
            planes,
            matches: group
                .iter()
                .take(MAX_MATCHES)
                .map(|hit| self.matched(hit, ruler))
                .collect(),
            advice: advice.advice.as_ref().and_then(|key| {
                let text = self.judge.policy().advice.get(key)?;
                Some(TriggerAdvice {
                    key: key.clone(),
                    audience: advice.audience,
                    zh: text.zh.clone(),
                    en: text.en.clone(),
                })
            }),
        }
    }

    fn matched(&self, hit: &Standing, ruler: &Ruler) -> Match {
        let unit = self.options.offsets;
        let span = Span {
            start: ruler.at(hit.start, unit),
            end: ruler.at(hit.end, unit),
            text: ruler.slice(self.text, hit.start..hit.end).to_owned(),
        };
        let explanation = if self.options.explain {
            let dictionary = &self.judge.snapshot.dictionaries[hit.dictionary as usize].dictionary;
            let term = dictionary.terms.get(hit.term as usize);
            self.judge.snapshot.explain(term, &span.text, hit.planes)
        } else {
            Vec::new()
        };
        Match {
            spans: vec![span],
            explanation,
        }
    }
}

impl Snapshot {
    /// Measures the hits in `scratch`: without those over their term's budget, one for each id and span, sorted.
    pub(super) fn standing(&self, text: &str, scratch: &mut Scratch) -> Vec<Standing> {
        let Scratch {
            folded, hits, ruler, ..
        } = scratch;
        ruler.measure(text);
        let mut standing: Vec<_> = hits
            .iter()
            .filter_map(|hit| self.stand(hit, text, folded, ruler))
            .collect();
        // Few terms and many hits, at the worst: those of a term come in order.
        standing.sort_by_key(|hit| (hit.dictionary, hit.group));
        let same_term = |a: &Standing, b: &Standing| (a.dictionary, a.group) == (b.dictionary, b.group);
        standing.chunk_by_mut(same_term).for_each(<[_]>::sort_unstable);
        standing.dedup_by(|b, a| (a.dictionary, a.group, a.start, a.end) == (b.dictionary, b.group, b.start, b.end));
        standing
    }

    fn stand(&self, hit: &Hit, text: &str, folded: &Folded, ruler: &Ruler) -> Option<Standing> {
        let compiled = &self.dictionaries[hit.dictionary as usize];
        let term = compiled.dictionary.terms.get(hit.term as usize);
        let graphemes = ruler.snap(folded.source_bytes(text, hit.symbols.clone()));
        let exact = ruler.slice(text, graphemes.clone()) == term.text;
        if !exact && term.tolerance == Tolerance::Exact {
            return None;
        }
        let open = if exact {
            Planes::default()
        } else {
            Planes::default().with(Plane::Folded)
        };
        let planes = if hit.planes.is_empty() { open } else { hit.planes };
        Some(Standing {
            dictionary: hit.dictionary,
            group: compiled.groups.of(hit.term),
            start: graphemes.start,
            end: graphemes.end,
            penalty: planes.penalty(),
            planes,
            term: hit.term,
        })
    }
}

/// The text with one `*` for each grapheme of the union of `ranges`, which are indices of grapheme boundaries.
fn mask(text: &str, ruler: &Ruler, mut ranges: Vec<Range<usize>>) -> String {
    ranges.sort_unstable_by_key(|r| r.start);
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges {
        masked.push_str(ruler.slice(text, done..range.start.max(done)));
        for _ in range.start.max(done)..range.end {
            masked.push('*');
        }
        done = done.max(range.end);
    }
    masked.push_str(ruler.slice(text, done..ruler.graphemes()));
    masked
}
