//! The canonical form of a policy: what it answers, however it was written.

use super::{Audience, CategoryRule, Policy, Scope, UnknownScopes};
use crate::{
    dictionary::Severity,
    identity::{ContentId, Name},
};

/// Names the encoding; raised when it changes, because every revision id changes with it.
const FORM: &str = "tamis-policy-1";

/// The revision id: BLAKE3 over length-prefixed fields of the resolved policy. A threshold that a scope repeats from a shorter one,
/// the order of tables and lists, and comments are no content.
pub(super) fn revision(policy: &Policy) -> ContentId {
    let mut fields = Fields::default();
    fields.text(FORM);
    fields.text(policy.name.as_str());
    fields.text(match policy.unknown_scopes {
        UnknownScopes::Default => "default",
        UnknownScopes::Reject => "reject",
    });
    fields.list(policy.dictionaries.iter().map(Name::as_str));
    fields.list(policy.exceptions.iter().map(String::as_str));
    fields.count(policy.scopes.len());
    for (name, scope) in &policy.scopes {
        fields.text(name);
        fields.scope(scope);
    }
    fields.count(policy.advice.len());
    for (key, advice) in &policy.advice {
        fields.texts([key, &advice.zh, &advice.en]);
    }
    fields.count(policy.cases.len());
    for case in &policy.cases {
        let optional = [&case.rule, &case.span, &case.note].map(|text| text.as_deref().unwrap_or_default());
        fields.texts([&case.text, &case.scope, case.expect.as_str()]);
        fields.texts(optional);
    }
    ContentId::of(fields.0.iter().map(Vec::as_slice))
}

#[derive(Default)]
struct Fields(Vec<Vec<u8>>);

impl Fields {
    fn text(&mut self, text: &str) {
        self.0.push(text.into());
    }

    fn texts<const N: usize>(&mut self, texts: [&str; N]) {
        for text in texts {
            self.text(text);
        }
    }

    fn count(&mut self, count: usize) {
        self.0.push((count as u64).to_le_bytes().into());
    }

    fn list<'a>(&mut self, items: impl ExactSizeIterator<Item = &'a str>) {
        self.count(items.len());
        items.for_each(|item| self.text(item));
    }

    fn scope(&mut self, scope: &Scope) {
        self.rule(&scope.general);
        self.count(scope.categories.len());
        for (category, rule) in &scope.categories {
            self.text(category);
            self.rule(rule);
        }
        match &scope.only {
            None => self.text("every category"),
            Some(only) => self.list(only.iter().map(String::as_str)),
        }
        self.text(if scope.mask { "mask" } else { "" });
        self.count(scope.milder.len());
        for step in &scope.milder {
            self.0.push(vec![step.penalty, step.steps]);
        }
    }

    fn rule(&mut self, rule: &CategoryRule) {
        for threshold in [rule.warn, rule.review, rule.block] {
            self.text(threshold.map_or("never", Severity::as_str));
        }
        self.text(rule.advice.as_deref().unwrap_or_default());
        self.text(match rule.audience {
            Audience::Sender => "sender",
            Audience::Target => "target",
        });
    }
}
