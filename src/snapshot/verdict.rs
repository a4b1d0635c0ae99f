//! What comes out: the verdict, in the shape of the one JSON schema that HTTP and the command line share.

use serde::Serialize;

use crate::{
    dictionary::Severity,
    identity::{ContentId, Name},
    matching::Planes,
    policy::Action,
};

/// The judgement of one message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// The message's id, as it came.
    pub id: String,
    /// What to do with the message.
    pub action: Action,
    /// 0 to 1, rounded to 4 decimals: 1 - product over triggers of (1 - severity weight x 0.9^penalty).
    pub score: f64,
    /// The text with one `*` per grapheme of its spans; only where the policy masks and something triggered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<String>,
    /// The snapshot that judged.
    pub snapshot: ContentId,
    /// Its number in the activation log; 0 where there is no log.
    pub generation: u64,
    /// Most severe first, then by rule.
    pub triggers: Vec<Trigger>,
    /// True where triggers or matches were cut from the report; action, score and mask used every hit.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
}

/// One term that fired, with its matches.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trigger {
    /// `NAME/id`.
    pub rule: String,
    /// The dictionary, `tenant/name`.
    pub dictionary: Name,
    /// Its revision.
    pub revision: ContentId,
    /// The term's category.
    pub category: String,
    /// The term's severity.
    pub severity: Severity,
    /// What the policy answers to this trigger alone.
    pub action: Action,
    /// How far-fetched the cheapest match is; 0 for the term itself.
    pub penalty: u8,
    /// The planes of the cheapest match; empty where the original code points equal the term's.
    pub planes: Planes,
    /// In order of start.
    pub matches: Vec<Match>,
    /// The advice that the policy gives with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<TriggerAdvice>,
}

/// A text that goes with a trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TriggerAdvice {
    /// Its key in the policy.
    pub key: String,
    /// Whom it is for.
    pub audience: crate::policy::Audience,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// One place where a trigger matched: one span for a term, one per part for a combination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Match {
    /// The spans, in the order of the parts.
    pub spans: Vec<Span>,
    /// Where the caller asked to explain: the ordered transformations that lead from the text to the term, in English. Empty where
    /// the text is the term.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub explanation: Vec<String>,
}

/// A slice of the original text, on grapheme boundaries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First unit.
    pub start: u32,
    /// One past the last unit.
    pub end: u32,
    /// The slice itself.
    pub text: String,
}
