//! The one JSON schema of requests and replies, for HTTP and the command line alike.
//!
//! ```
//! use tamis::service::json::Request;
//! let request: Request = serde_json::from_str(r#"{"messages":[{"id":"7","text":"加微-信"}],"offset_encoding":"utf16"}"#)?;
//! assert_eq!(request.messages[0].id, "7");
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, Visitor},
};

use super::{
    batch::Incoming,
    error::{Refusal, Unjudged, code_word, word},
    timestamp,
};
use crate::{
    snapshot::{Message, Verdict},
    text::OffsetUnit,
};

/// A batch to judge.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// The messages, answered in the same order.
    pub messages: Vec<MessageIn>,
    /// The policy that answers hits; empty: the configured one.
    pub policy: String,
    /// The caller's name for this call.
    pub request_id: String,
    /// `bytes`, `codepoints` or `utf16`; empty: bytes.
    pub offset_encoding: String,
    /// Judge without counting into histories.
    pub dry_run: bool,
    /// Ask for derivations.
    pub explain: bool,
}

impl Request {
    /// The unit of spans that the caller asks for.
    pub fn offsets(&self) -> Result<OffsetUnit, Refusal> {
        match self.offset_encoding.as_str() {
            "" | "bytes" => Ok(OffsetUnit::Bytes),
            "codepoints" => Ok(OffsetUnit::Codepoints),
            "utf16" => Ok(OffsetUnit::Utf16),
            other => Err(Refusal::UnknownOffsetEncoding {
                value: other.to_owned(),
            }),
        }
    }
}

/// One message to judge, as JSON writes it; also one line of `tamis check --input jsonl`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageIn {
    /// Echoed in the verdict.
    #[serde(default)]
    pub id: String,
    /// The text as written; all else is optional.
    pub text: Text,
    /// Where it is sent, dotted.
    #[serde(default)]
    pub scope: String,
    /// Who wrote it.
    #[serde(default)]
    pub sender: String,
    /// The group or the pair of people.
    #[serde(default)]
    pub conversation: String,
    /// Whom it is addressed to or about.
    #[serde(default)]
    pub target: String,
    /// When it was written, in RFC 3339.
    #[serde(default)]
    pub time: Option<String>,
    /// How far the platform trusts the sender, 0 to 1.
    #[serde(default)]
    pub trust: Option<f64>,
    /// `message`, `nickname`, `group_name` and so on.
    #[serde(default)]
    pub kind: String,
}

impl MessageIn {
    /// The message as the core takes it; an error where a field is out of its range.
    pub fn message(&self) -> Result<Message<'_>, Unjudged> {
        if self
            .time
            .as_deref()
            .is_some_and(|time| timestamp::rfc3339(time).is_none())
        {
            return Err(Unjudged::BadTime);
        }
        in_range(self.trust)?;
        Ok(Message {
            id: &self.id,
            text: &self.text.0,
            scope: &self.scope,
        })
    }
}

impl Incoming for MessageIn {
    fn bytes(&self) -> usize {
        self.text.0.len()
    }

    fn read(&self) -> Result<Message<'_>, Unjudged> {
        self.message()
    }
}

/// Trust must lie between 0 and 1 where it is given; this also refuses what is not a number.
pub(super) fn in_range(trust: Option<f64>) -> Result<(), Unjudged> {
    match trust {
        Some(trust) if !(0.0..=1.0).contains(&trust) => Err(Unjudged::TrustOutOfRange { trust }),
        _ => Ok(()),
    }
}

/// The bytes of a JSON string. Lone surrogates and bytes that are not UTF-8 are kept as bytes, so that they are their message's own error
/// and not the whole request's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Vec<u8>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.as_bytes().to_vec()))
            }

            fn visit_bytes<E: Error>(self, text: &[u8]) -> Result<Text, E> {
                Ok(Text(text.to_vec()))
            }
        }

        from.deserialize_byte_buf(Bytes)
    }
}

/// The answers to a batch.
#[derive(Debug, Serialize)]
pub struct Reply {
    /// One for each message, in the order of the request.
    pub verdicts: Vec<Answer>,
}

/// The answer to one message.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// The judgement.
    Verdict(Verdict),
    /// Why there is none.
    Error {
        /// The message's id, as it came.
        id: String,
        /// What is wrong with it.
        error: ErrorBody,
    },
}

impl Answer {
    /// The answer to the message called `id`.
    pub fn new(id: &str, judged: Result<Verdict, Unjudged>) -> Self {
        match judged {
            Ok(verdict) => Self::Verdict(verdict),
            Err(error) => Self::Error {
                id: id.to_owned(),
                error: ErrorBody::from(&error),
            },
        }
    }
}

/// An error as JSON writes it; of a whole request: `{"error":{…}}`.
#[derive(Debug, Serialize)]
pub struct ErrorBody {
    /// The name of the gRPC code.
    pub code: &'static str,
    /// The reason, for programs.
    pub reason: &'static str,
    /// The reason, for people.
    pub message: String,
    /// The field of the request at fault, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
}

impl From<&Unjudged> for ErrorBody {
    fn from(error: &Unjudged) -> Self {
        Self {
            code: code_word(error.code()),
            reason: word(error.reason()),
            message: error.to_string(),
            field: None,
        }
    }
}

impl From<&Refusal> for ErrorBody {
    fn from(refusal: &Refusal) -> Self {
        Self {
            code: code_word(refusal.code()),
            reason: word(refusal.reason()),
            message: refusal.to_string(),
            field: refusal.field(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_not_utf8_stays_its_own_message_s_business() {
        let request: Request =
            serde_json::from_slice(b"{\"messages\":[{\"text\":\"a\xFFb\"},{\"text\":\"\\ud800\"}]}").unwrap();
        assert_eq!(request.messages[0].text.0, b"a\xFFb");
        assert!(std::str::from_utf8(&request.messages[1].text.0).is_err());
    }

    #[test]
    fn unknown_fields_and_values_are_refused_by_name() {
        let error = serde_json::from_str::<Request>(r#"{"mesages":[]}"#).unwrap_err();
        assert!(error.to_string().contains("mesages"), "{error}");
        let request: Request = serde_json::from_str(r#"{"offset_encoding":"utf32"}"#).unwrap();
        assert!(request.offsets().unwrap_err().to_string().contains("utf32"));
    }

    #[test]
    fn trust_and_time_are_checked() {
        let read = |json| serde_json::from_str::<MessageIn>(json).unwrap().message().map(|_| ());
        assert_eq!(read(r#"{"text":"x","trust":1,"time":"2026-01-01T00:00:00Z"}"#), Ok(()));
        assert_eq!(
            read(r#"{"text":"x","trust":1.5}"#),
            Err(Unjudged::TrustOutOfRange { trust: 1.5 })
        );
        assert_eq!(read(r#"{"text":"x","time":"yesterday"}"#), Err(Unjudged::BadTime));
    }

    #[test]
    fn a_message_without_a_text_is_a_mistake_not_an_empty_one() {
        let error = serde_json::from_str::<MessageIn>(r#"{"id":"1"}"#).unwrap_err();
        assert!(error.to_string().contains("missing field `text`"), "{error}");
    }
}
