//! What comes in: a message, its context, and what the caller asks about the reply.

use std::fmt;

use crate::{config::limits::MAX_TEXT_BYTES, text::OffsetUnit};

/// One message to judge. All but the text is optional; identifiers are opaque.
#[derive(Clone, Copy, Debug, Default)]
pub struct Message<'a> {
    /// Echoed in the verdict.
    pub id: &'a str,
    /// The text as it arrived: at most [`MAX_TEXT_BYTES`] of UTF-8; anything else is this message's own error.
    pub text: &'a [u8],
    /// Where it is sent, dotted; empty means `default`.
    pub scope: &'a str,
}

/// What a verdict depends on besides the snapshot and the message: time, trust, histories. Empty until strikes and overlays come.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {}

/// What the caller asks about the reply.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The unit of spans.
    pub offsets: OffsetUnit,
    /// Whether matches say how they were found.
    pub explain: bool,
    /// The number in the activation log that verdicts name; 0 where there is no log.
    pub generation: u64,
}

/// Why one message got no verdict; the others of its batch got theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageError {
    /// The text is longer than [`MAX_TEXT_BYTES`].
    TextTooLarge {
        /// Its length in bytes.
        bytes: usize,
    },
    /// The text is not UTF-8.
    InvalidUtf8 {
        /// How many bytes are valid before the first that is not.
        valid_up_to: usize,
    },
    /// The policy rejects scopes that it does not define, and does not define this one.
    UnknownScope {
        /// The scope as asked.
        scope: String,
        /// The one that is probably meant.
        nearest: Option<String>,
    },
}

impl MessageError {
    /// The gRPC code's name.
    pub fn code(&self) -> &'static str {
        "INVALID_ARGUMENT"
    }

    /// The machine-readable reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TextTooLarge { .. } => "TEXT_TOO_LARGE",
            Self::InvalidUtf8 { .. } => "TEXT_NOT_UTF8",
            Self::UnknownScope { .. } => "UNKNOWN_SCOPE",
        }
    }
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TextTooLarge { bytes } => {
                write!(
                    f,
                    "text has {bytes} bytes, over the limit of {MAX_TEXT_BYTES}; split or refuse it"
                )
            }
            Self::InvalidUtf8 { valid_up_to } => {
                write!(f, "text is not UTF-8 from byte {valid_up_to} on; send UTF-8")
            }
            Self::UnknownScope { scope, nearest } => {
                write!(
                    f,
                    "scope {scope:?} is not defined by the policy, which rejects unknown scopes; "
                )?;
                match nearest {
                    Some(nearest) => write!(f, "did you mean `{nearest}`?"),
                    None => f.write_str("define it or send another"),
                }
            }
        }
    }
}

impl std::error::Error for MessageError {}
