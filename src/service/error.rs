//! Errors: why a request is refused, why one message got no verdict, and what callers are told.

use std::{fmt, time::Duration};

use tonic::{Code, Status, metadata::MetadataValue};
use tonic_types::{ErrorDetails, StatusExt};

use super::proto::ErrorReason;
use crate::{
    config::limits::{
        MAX_BATCH_MESSAGES, MAX_ERROR_CAUSE_BYTES, MAX_ERROR_TEXT_CHARS, MAX_REQUEST_BYTES, PUSHBACK_LOADING,
        PUSHBACK_OVERLOAD,
    },
    snapshot::MessageError,
};

/// The domain of every `ErrorInfo`.
pub const DOMAIN: &str = "tamis";

/// The trailer that tells gRPC's retry policies how many milliseconds to wait.
pub const PUSHBACK: &str = "grpc-retry-pushback-ms";

/// Why a request was refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// More than [`MAX_BATCH_MESSAGES`].
    TooManyMessages {
        /// How many there were.
        count: usize,
    },
    /// Larger than [`MAX_REQUEST_BYTES`].
    RequestTooLarge,
    /// No protobuf, or no JSON of the schema.
    Undecodable {
        /// What the decoder says.
        cause: String,
    },
    /// `policy` is not a name.
    BadPolicyName {
        /// Why not.
        cause: String,
    },
    /// `offset_encoding` has a value that is not defined.
    UnknownOffsetEncoding {
        /// The number or word that came.
        value: String,
    },
    /// The snapshot has no policy of this name.
    UnknownPolicy {
        /// `tenant/name`.
        name: String,
        /// The one that is probably meant.
        nearest: Option<String>,
    },
    /// No snapshot serves yet.
    NothingLoaded,
    /// Too much in flight.
    Overloaded,
    /// The server is shutting down.
    Draining,
    /// The caller's time ran out.
    DeadlineExceeded,
    /// A bug; its cause is in the log under this id.
    Bug {
        /// What to look for in the log.
        id: String,
    },
}

impl Refusal {
    /// The gRPC code.
    pub fn code(&self) -> Code {
        match self {
            Self::TooManyMessages { .. }
            | Self::Undecodable { .. }
            | Self::BadPolicyName { .. }
            | Self::UnknownOffsetEncoding { .. } => Code::InvalidArgument,
            Self::UnknownPolicy { .. } => Code::NotFound,
            Self::RequestTooLarge => Code::ResourceExhausted,
            Self::NothingLoaded | Self::Overloaded | Self::Draining => Code::Unavailable,
            Self::DeadlineExceeded => Code::DeadlineExceeded,
            Self::Bug { .. } => Code::Internal,
        }
    }

    /// The reason, for programs.
    pub fn reason(&self) -> ErrorReason {
        match self {
            Self::TooManyMessages { .. } => ErrorReason::TooManyMessages,
            Self::RequestTooLarge => ErrorReason::RequestTooLarge,
            Self::Undecodable { .. } => ErrorReason::UndecodableRequest,
            Self::BadPolicyName { .. } => ErrorReason::BadPolicyName,
            Self::UnknownOffsetEncoding { .. } => ErrorReason::UnknownOffsetEncoding,
            Self::UnknownPolicy { .. } => ErrorReason::UnknownPolicy,
            Self::NothingLoaded => ErrorReason::NothingLoaded,
            Self::Overloaded => ErrorReason::Overloaded,
            Self::Draining => ErrorReason::Draining,
            Self::DeadlineExceeded => ErrorReason::DeadlineExceeded,
            Self::Bug { .. } => ErrorReason::Bug,
        }
    }

    /// The field of the request at fault, if one is.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::TooManyMessages { .. } => Some("messages"),
            Self::BadPolicyName { .. } | Self::UnknownPolicy { .. } => Some("policy"),
            Self::UnknownOffsetEncoding { .. } => Some("offset_encoding"),
            _ => None,
        }
    }

    /// When to try again; `None` where it would not help.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Overloaded => Some(PUSHBACK_OVERLOAD),
            Self::NothingLoaded | Self::Draining => Some(PUSHBACK_LOADING),
            _ => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyMessages { count } => write!(
                f,
                "{count} messages exceed the limit of {MAX_BATCH_MESSAGES} a request; send several requests"
            ),
            Self::RequestTooLarge => write!(
                f,
                "the request exceeds the limit of {MAX_REQUEST_BYTES} bytes; send fewer messages at a time"
            ),
            Self::Undecodable { cause } => write!(f, "the request cannot be decoded: {}", cause_of(cause)),
            Self::BadPolicyName { cause } => f.write_str(cause_of(cause)),
            Self::UnknownOffsetEncoding { value } => write!(
                f,
                "offset encoding {:?} is not defined; use bytes, codepoints or utf16",
                shortened(value)
            ),
            Self::UnknownPolicy { name, nearest } => {
                write!(f, "the serving snapshot has no policy {name}; ")?;
                match nearest {
                    Some(nearest) => write!(f, "did you mean `{nearest}`?"),
                    None => f.write_str("load it or ask for another"),
                }
            }
            Self::NothingLoaded => f.write_str("no snapshot serves yet; try again shortly"),
            Self::Overloaded => f.write_str("too many requests in flight; try again after the pushback"),
            Self::Draining => f.write_str("the server is shutting down; try another one"),
            Self::DeadlineExceeded => f.write_str("the deadline passed before the batch was judged"),
            Self::Bug { id } => write!(f, "a bug in the server; its log explains {id}"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        let mut details = ErrorDetails::with_error_info(word(refusal.reason()), DOMAIN, []);
        if let Some(field) = refusal.field() {
            details.add_bad_request_violation(field, &message);
        }
        let retry = refusal.retry_after();
        if let Some(after) = retry {
            details.set_retry_info(Some(after));
        }
        let mut status = Self::with_error_details(refusal.code(), message, details);
        if let Some(after) = retry {
            let millis = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
            status.metadata_mut().insert(PUSHBACK, MetadataValue::from(millis));
        }
        status
    }
}

/// Why one message got no verdict.
#[derive(Clone, Debug, PartialEq)]
pub enum Unjudged {
    /// The core refused it.
    Core(MessageError),
    /// A field beside the text is not UTF-8.
    FieldNotUtf8 {
        /// Which one.
        field: &'static str,
    },
    /// Trust is not between 0 and 1.
    TrustOutOfRange {
        /// What it is.
        trust: f64,
    },
    /// The time is not a valid timestamp.
    BadTime,
}

impl Unjudged {
    /// The code that a call would have failed with.
    pub fn code(&self) -> Code {
        Code::InvalidArgument
    }

    /// The reason, for programs.
    pub fn reason(&self) -> ErrorReason {
        match self {
            Self::Core(MessageError::TextTooLarge { .. }) => ErrorReason::TextTooLarge,
            Self::Core(MessageError::InvalidUtf8 { .. }) => ErrorReason::TextNotUtf8,
            Self::Core(MessageError::UnknownScope { .. }) => ErrorReason::UnknownScope,
            Self::FieldNotUtf8 { .. } => ErrorReason::FieldNotUtf8,
            Self::TrustOutOfRange { .. } => ErrorReason::TrustOutOfRange,
            Self::BadTime => ErrorReason::BadTime,
        }
    }
}

impl fmt::Display for Unjudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core(error) => error.fmt(f),
            Self::FieldNotUtf8 { field } => write!(f, "{field} is not UTF-8; send UTF-8"),
            Self::TrustOutOfRange { trust } => {
                write!(f, "trust {trust} is outside 0 to 1; send a share or leave it out")
            }
            Self::BadTime => {
                f.write_str("time is not a valid timestamp of the years 1 to 9999; correct it or leave it out")
            }
        }
    }
}

/// A reason as `ErrorInfo` and JSON carry it: the name without its prefix.
pub(crate) fn word(reason: ErrorReason) -> &'static str {
    let name = reason.as_str_name();
    name.strip_prefix("ERROR_REASON_").unwrap_or(name)
}

/// A code as JSON carries it: `INVALID_ARGUMENT`.
pub(crate) fn code_word(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_ERROR_TEXT_CHARS).collect()
}

fn cause_of(text: &str) -> &str {
    let fits = |&(at, c): &(usize, char)| at + c.len_utf8() <= MAX_ERROR_CAUSE_BYTES;
    let end = text
        .char_indices()
        .take_while(fits)
        .last()
        .map_or(0, |(at, c)| at + c.len_utf8());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_the_reason_the_field_and_when_to_retry_within_2_kib() {
        let long = "错".repeat(10_000);
        for refusal in [
            Refusal::TooManyMessages { count: 2_000 },
            Refusal::RequestTooLarge,
            Refusal::Undecodable { cause: long.clone() },
            Refusal::BadPolicyName { cause: long.clone() },
            Refusal::UnknownOffsetEncoding { value: long },
            Refusal::UnknownPolicy {
                name: format!("{0}/{0}", "n".repeat(64)),
                nearest: Some(format!("{0}/{0}", "m".repeat(64))),
            },
            Refusal::Overloaded,
            Refusal::Draining,
        ] {
            let status = Status::from(refusal.clone());
            let details = status.get_error_details();
            assert_eq!(status.code(), refusal.code());
            assert_eq!(details.error_info().map(|i| i.domain.as_str()), Some(DOMAIN));
            assert_eq!(
                details.bad_request().is_some(),
                refusal.field().is_some(),
                "{refusal:?}"
            );
            assert_eq!(
                status.metadata().contains_key(PUSHBACK),
                refusal.retry_after().is_some()
            );
            assert!(
                status.details().len() + status.message().len() <= 2 * 1024,
                "{refusal:?}"
            );
        }
    }

    #[test]
    fn core_reasons_are_words_of_the_enum() {
        for error in [
            MessageError::TextTooLarge { bytes: 70_000 },
            MessageError::InvalidUtf8 { valid_up_to: 3 },
            MessageError::UnknownScope {
                scope: "x".to_owned(),
                nearest: None,
            },
        ] {
            let unjudged = Unjudged::Core(error.clone());
            assert_eq!(word(unjudged.reason()), error.reason());
            assert_eq!(code_word(unjudged.code()), error.code());
        }
    }
}
