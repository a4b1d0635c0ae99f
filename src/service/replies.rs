//! From the core's verdicts to the wire's.

use prost::bytes::Bytes;

use super::{
    error::{Refusal, Unjudged},
    proto,
};
use crate::{
    dictionary::Severity,
    policy::{Action, Audience},
    snapshot::{Match, Trigger, TriggerAdvice, Verdict},
};

/// The verdict on the message called `id` by the snapshot called `snapshot`; both are shared, not copied.
pub(super) fn verdict(verdict: Verdict, id: Bytes, snapshot: Bytes) -> proto::Verdict {
    proto::Verdict {
        id,
        action: action(verdict.action).into(),
        score: verdict.score,
        masked: verdict.masked,
        snapshot,
        generation: verdict.generation,
        triggers: verdict.triggers.into_iter().map(trigger).collect(),
        truncated: verdict.truncated,
    }
}

/// Why the message called `id` got no verdict.
pub(super) fn message_error(error: &Unjudged, id: &[u8]) -> proto::MessageError {
    proto::MessageError {
        id: String::from_utf8_lossy(id).into_owned(),
        code: error.code().into(),
        reason: error.reason().into(),
        message: error.to_string(),
    }
}

/// Why a batch of a stream was refused.
pub(super) fn request_error(refusal: &Refusal) -> proto::RequestError {
    proto::RequestError {
        code: refusal.code().into(),
        reason: refusal.reason().into(),
        message: refusal.to_string(),
        field: refusal.field().unwrap_or_default().to_owned(),
        retry_after_ms: refusal
            .retry_after()
            .map_or(0, |after| u32::try_from(after.as_millis()).unwrap_or(u32::MAX)),
    }
}

fn trigger(trigger: Trigger) -> proto::Trigger {
    proto::Trigger {
        rule: trigger.rule,
        dictionary: trigger.dictionary.to_string(),
        revision: trigger.revision.to_string(),
        category: trigger.category,
        severity: severity(trigger.severity).into(),
        action: action(trigger.action).into(),
        penalty: trigger.penalty.into(),
        planes: trigger.planes.iter().map(|plane| plane.as_str().to_owned()).collect(),
        matches: trigger.matches.into_iter().map(one_match).collect(),
        advice: trigger.advice.map(advice),
    }
}

fn one_match(found: Match) -> proto::Match {
    let spans = found.spans.into_iter().map(|span| proto::Span {
        start: span.start,
        end: span.end,
        text: span.text,
    });
    proto::Match {
        spans: spans.collect(),
        explanation: found.explanation,
    }
}

fn advice(advice: TriggerAdvice) -> proto::Advice {
    proto::Advice {
        key: advice.key,
        audience: match advice.audience {
            Audience::Sender => proto::Audience::Sender,
            Audience::Target => proto::Audience::Target,
        }
        .into(),
        zh: advice.zh,
        en: advice.en,
    }
}

fn action(action: Action) -> proto::Action {
    match action {
        Action::Allow => proto::Action::Allow,
        Action::Warn => proto::Action::Warn,
        Action::Review => proto::Action::Review,
        Action::Block => proto::Action::Block,
    }
}

fn severity(severity: Severity) -> proto::Severity {
    match severity {
        Severity::Low => proto::Severity::Low,
        Severity::Medium => proto::Severity::Medium,
        Severity::High => proto::Severity::High,
        Severity::Critical => proto::Severity::Critical,
    }
}
