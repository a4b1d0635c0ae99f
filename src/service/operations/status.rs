//! Why a change was declined, as callers read it.

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use super::super::{
    error::{DOMAIN, PUSHBACK, word},
    proto::{self, ErrorReason},
};
use crate::{
    config::limits::PUSHBACK_LOADING,
    problem::{Level, Problem, Problems},
    registry::{Declined, Rejected},
    snapshot::CaseFailure,
    store::{StoreError, plan::Unplanned},
};

/// Most bytes of one status, its details included: what fits in a header with room to spare.
const MAX_BYTES: usize = 1_500;

/// Most problems of an answer to a validation.
const MAX_PROBLEMS: usize = 1_000;

/// A status with its reason; `field` names the field of the request at fault.
pub(super) fn status(code: Code, reason: ErrorReason, field: &str, message: &str) -> Status {
    let message: String = message.chars().take(600).collect();
    let mut details = ErrorDetails::with_error_info(word(reason), DOMAIN, []);
    if !field.is_empty() {
        details.add_bad_request_violation(field, message.clone());
    }
    Status::with_error_details(code, message, details)
}

/// A field of the request is wrong.
pub(super) fn bad_field(field: &str, message: impl AsRef<str>) -> Status {
    status(Code::InvalidArgument, ErrorReason::BadField, field, message.as_ref())
}

impl From<Declined> for Status {
    fn from(declined: Declined) -> Self {
        let text = declined.to_string();
        match declined {
            Declined::Rejected(rejected) => refused(rejected),
            Declined::BadEdits(problems) => {
                let (what, all) = ("the edits cannot be made", "");
                listed(
                    Code::InvalidArgument,
                    ErrorReason::BadField,
                    what,
                    all,
                    &problems_in(&problems),
                )
            }
            Declined::Unplanned(unplanned) => {
                let (code, reason) = match unplanned {
                    Unplanned::EtagMismatch { .. } => (Code::Aborted, ErrorReason::EtagMismatch),
                    Unplanned::RequestIdReused { .. } => (Code::InvalidArgument, ErrorReason::RequestIdReused),
                    Unplanned::NothingBefore => (Code::FailedPrecondition, ErrorReason::NothingBefore),
                    Unplanned::NotActive { .. } => (Code::NotFound, ErrorReason::NotActive),
                    Unplanned::EditsNotMerged { .. } => (Code::FailedPrecondition, ErrorReason::EditsNotMerged),
                    Unplanned::TooManyEdits { .. } => (Code::ResourceExhausted, ErrorReason::TooManyEdits),
                };
                status(code, reason, "", &text)
            }
            Declined::Store(error) => {
                let (code, reason) = match error {
                    StoreError::Away { .. } | StoreError::Stalled { .. } => {
                        (Code::Unavailable, ErrorReason::StoreUnavailable)
                    }
                    StoreError::Full { .. } => (Code::ResourceExhausted, ErrorReason::StoreFull),
                    StoreError::Missing { .. } => (Code::NotFound, ErrorReason::UnknownRevision),
                    StoreError::Corrupt { .. } | StoreError::Newer { .. } => {
                        (Code::FailedPrecondition, ErrorReason::StoreDamaged)
                    }
                    StoreError::Claimed { .. } => (Code::Aborted, ErrorReason::EtagMismatch),
                };
                // What the place itself says stays in the log.
                let text = match error {
                    StoreError::Away { operation, .. } => {
                        tracing::error!(error = text, "the store failed");
                        format!("the store failed to {operation}; look at what serves, then try again")
                    }
                    _ => text,
                };
                with_pushback(status(code, reason, "", &text))
            }
            Declined::OutOfMemory { .. } => status(Code::ResourceExhausted, ErrorReason::MemoryBudget, "", &text),
            Declined::NotReady => with_pushback(status(Code::Unavailable, ErrorReason::NothingLoaded, "", &text)),
        }
    }
}

fn with_pushback(mut status: Status) -> Status {
    if status.code() == Code::Unavailable {
        let millis = u64::try_from(PUSHBACK_LOADING.as_millis()).unwrap_or(u64::MAX);
        status.metadata_mut().insert(PUSHBACK, millis.into());
    }
    status
}

fn refused(rejected: Rejected) -> Status {
    match rejected {
        Rejected::Bug(bug) => super::super::Refusal::Bug { id: bug.id }.into(),
        other => {
            let all = "; validate_only gives all, `tamis test` those of cases";
            let what = "does not pass the gate";
            listed(
                Code::FailedPrecondition,
                ErrorReason::GateFailed,
                what,
                all,
                &problems_of(&other),
            )
        }
    }
}

/// A status with as many problems as fit; `all` says where the others are.
fn listed(code: Code, reason: ErrorReason, what: &str, all: &str, problems: &[proto::Problem]) -> Status {
    let errors = problems.iter().filter(|problem| problem.error).count();
    let mut details = ErrorDetails::with_error_info(word(reason), DOMAIN, []);
    let mut bytes = 0;
    let mut told = 0;
    for problem in problems.iter().filter(|problem| problem.error) {
        let (field, text) = (place(problem), sentence(problem));
        bytes += field.len() + text.len() + 16;
        if bytes > MAX_BYTES {
            break;
        }
        details.add_bad_request_violation(field, text);
        told += 1;
    }
    let first = problems.iter().find(|problem| problem.error);
    let first = first
        .map(|p| match place(p) {
            place if place.is_empty() => sentence(p),
            place => format!("{place}: {}", sentence(p)),
        })
        .unwrap_or_default();
    let first: String = first.chars().take(200).collect();
    let rest = if errors > told {
        format!(" ({told} of {errors} in the details{all})")
    } else {
        String::new()
    };
    let count = if errors == 1 {
        "1 problem".to_owned()
    } else {
        format!("{errors} problems; the first")
    };
    Status::with_error_details(code, format!("{what}, {count}: {first}{rest}"), details)
}

fn place(problem: &proto::Problem) -> String {
    match problem.line {
        0 => problem.file.clone(),
        line => format!("{}:{line}", problem.file),
    }
}

fn sentence(problem: &proto::Problem) -> String {
    let mut text = String::new();
    for part in [&problem.field, &problem.value] {
        if !part.is_empty() {
            text += part;
            text += ": ";
        }
    }
    text += &problem.message;
    if !problem.mend.is_empty() {
        text += "; ";
        text += &problem.mend;
    }
    text
}

/// Everything that is wrong, line by line.
pub(super) fn problems_of(rejected: &Rejected) -> Vec<proto::Problem> {
    match rejected {
        Rejected::Problems(problems) => problems_in(problems),
        Rejected::FailingCases(failures) => failures.iter().take(MAX_PROBLEMS).map(failing_case).collect(),
        other => vec![proto::Problem {
            error: true,
            message: other.to_string(),
            ..proto::Problem::default()
        }],
    }
}

/// Problems as they cross the wire.
pub(super) fn problems_in(problems: &Problems) -> Vec<proto::Problem> {
    problems.0.iter().take(MAX_PROBLEMS).map(on_the_wire).collect()
}

fn on_the_wire(problem: &Problem) -> proto::Problem {
    proto::Problem {
        error: problem.level == Level::Error,
        file: problem.file.clone(),
        line: problem.line,
        field: problem.field.clone(),
        value: problem.value.clone(),
        message: problem.message.clone(),
        mend: problem.mend.clone(),
    }
}

fn failing_case(failure: &CaseFailure) -> proto::Problem {
    proto::Problem {
        error: true,
        file: format!("{}/cases.jsonl", failure.owner),
        line: failure.line,
        field: String::new(),
        value: failure.text.chars().take(80).collect(),
        message: format!("this case fails: expected {}, got {}", failure.expected, failure.got),
        mend: "correct the terms, or the case".to_owned(),
    }
}
