//! The values that a policy folder holds, resolved so that answering a hit is a look-up.

use std::{collections::BTreeMap, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    dictionary::Severity,
    identity::{ContentId, Name},
};

/// What to do with a message, in rising order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Deliver.
    #[default]
    Allow,
    /// Deliver with a prompt to the sender.
    Warn,
    /// Hold until a person decides.
    Review,
    /// Do not deliver.
    Block,
}

impl Action {
    const RISING: [Self; 4] = [Self::Allow, Self::Warn, Self::Review, Self::Block];

    /// The action this many steps down, at least `allow`.
    #[must_use]
    pub fn milder(self, steps: u8) -> Self {
        Self::RISING[(self as usize).saturating_sub(steps.into())]
    }

    /// The action as it is written in files and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Review => "review",
            Self::Block => "block",
        }
    }
}

/// What to do with a message of a scope that the policy does not define.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownScopes {
    /// Judge it by `default`.
    #[default]
    Default,
    /// Answer that message with an error.
    Reject,
}

/// Whom an advice addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Who wrote the message.
    #[default]
    Sender,
    /// Whom the message is about or addressed to.
    Target,
}

impl FromStr for UnknownScopes {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "default" => Ok(Self::Default),
            "reject" => Ok(Self::Reject),
            _ => Err(()),
        }
    }
}

impl FromStr for Audience {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "sender" => Ok(Self::Sender),
            "target" => Ok(Self::Target),
            _ => Err(()),
        }
    }
}

/// A text for the sender or the target, in the languages that the policy gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// From which severity on each action is taken; `None` means never.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CategoryRule {
    /// Warn from here on.
    pub warn: Option<Severity>,
    /// Review from here on.
    pub review: Option<Severity>,
    /// Block from here on.
    pub block: Option<Severity>,
    /// The key of the advice that triggers of this category bring along.
    pub advice: Option<String>,
    /// Whom the advice is for.
    pub audience: Audience,
}

/// Hits from this penalty on are answered this many steps milder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milder {
    /// From this penalty on.
    pub penalty: u8,
    /// That many steps: 1 turns `block` into `review`.
    pub steps: u8,
}

/// A scope with everything that shorter scopes leave it already merged in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// What holds for categories without a table of their own.
    pub general: CategoryRule,
    /// Categories with a table of their own; what a table leaves unset is filled in from `general`.
    pub categories: BTreeMap<String, CategoryRule>,
    /// Where not `None`, other categories are answered `allow`.
    pub only: Option<Vec<String>>,
    /// Whether replies carry the masked text.
    pub mask: bool,
    /// Sorted by penalty.
    pub milder: Vec<Milder>,
}

impl Scope {
    /// The rule for a category.
    pub fn rule(&self, category: &str) -> &CategoryRule {
        self.categories.get(category).unwrap_or(&self.general)
    }

    /// What to do about one hit.
    pub fn answer(&self, category: &str, severity: Severity, penalty: u8) -> Action {
        if self
            .only
            .as_ref()
            .is_some_and(|only| !only.iter().any(|c| c == category))
        {
            return Action::Allow;
        }
        let rule = self.rule(category);
        let reached = |threshold: Option<Severity>| threshold.is_some_and(|from| severity >= from);
        let action = if reached(rule.block) {
            Action::Block
        } else if reached(rule.review) {
            Action::Review
        } else if reached(rule.warn) {
            Action::Warn
        } else {
            Action::Allow
        };
        action.milder(
            self.milder
                .iter()
                .rev()
                .find(|m| penalty >= m.penalty)
                .map_or(0, |m| m.steps),
        )
    }
}

/// One line of a policy's `cases.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyCase {
    /// The message.
    pub text: String,
    /// Its scope; empty means `default`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// The action of the verdict.
    pub expect: Action,
    /// A trigger that the verdict must name, as `NAME/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The slice of the text that a match must cover exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<String>,
    /// Why the case is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The line of its file, counted from 1; not part of the content.
    #[serde(skip)]
    pub line: u64,
}

/// One policy: parsed and resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// `tenant/name`.
    pub name: Name,
    /// The dictionaries whose hits it answers.
    pub dictionaries: Vec<Name>,
    /// What to do with scopes that it does not define.
    pub unknown_scopes: UnknownScopes,
    /// Exceptions for all dictionaries, as written, in canonical order.
    pub exceptions: Vec<String>,
    /// The scopes by name; `default` is always there.
    pub scopes: BTreeMap<String, Scope>,
    /// Advice texts by key.
    pub advice: BTreeMap<String, Advice>,
    /// The cases, in the order of the file.
    pub cases: Vec<PolicyCase>,
    /// BLAKE3 over the canonical content.
    pub revision: ContentId,
}

impl Policy {
    /// The scope that decides for a message: the longest defined prefix of its dotted name (`group.large`, then `group`, then
    /// `default`); empty means `default`. `None` where no prefix is defined and the policy rejects unknown scopes.
    pub fn scope(&self, wanted: &str) -> Option<&Scope> {
        let mut prefix = wanted;
        while !prefix.is_empty() {
            if let Some(scope) = self.scopes.get(prefix) {
                return Some(scope);
            }
            prefix = prefix.rsplit_once('.').map_or("", |(shorter, _)| shorter);
        }
        if wanted.is_empty() || self.unknown_scopes == UnknownScopes::Default {
            self.scopes.get("default")
        } else {
            None
        }
    }
}
