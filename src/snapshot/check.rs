//! The check of messages against a Snapshot.

use super::{
    build::{Applied, Snapshot},
    exceptions::Exceptions,
    message::{Context, Message, MessageError, Options},
    report::{Hit, Report},
    search::Search,
    verdict::Verdict,
};
use crate::{
    config::limits::MAX_TEXT_BYTES,
    matching::{Found, Skeleton, Stream},
    policy::{Policy, Scope},
    text::{Folded, Ruler},
};

/// What checks need besides the snapshot; reused from call to call, so that a clean message allocates nothing but its verdict.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) folded: Folded,
    pub(super) stream: Stream,
    pub(super) found: Vec<Found>,
    pub(super) skeleton: Skeleton,
    pub(super) syllables: Skeleton,
    /// The term that a candidate is compared with.
    pub(super) term: Folded,
    pub(super) exceptions: Exceptions,
    pub(super) hits: Vec<Hit>,
    pub(super) ruler: Ruler,
}

/// A snapshot seen through one of its policies.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'s> {
    pub(super) snapshot: &'s Snapshot,
    index: u32,
    applied: &'s Applied,
}

impl<'s> Judge<'s> {
    pub(super) fn new(snapshot: &'s Snapshot, index: u32, applied: &'s Applied) -> Self {
        Self {
            snapshot,
            index,
            applied,
        }
    }

    /// The policy that judges.
    pub fn policy(&self) -> &'s Policy {
        &self.applied.policy
    }

    /// Judges one message. O(length of the text + hits x log hits), whatever the terms.
    pub fn check(
        &self,
        message: &Message<'_>,
        _context: &Context,
        options: &Options,
        scratch: &mut Scratch,
    ) -> Result<Verdict, MessageError> {
        let text = valid_text(message.text)?;
        let scope = self.scope(message.scope)?;
        Search {
            snapshot: self.snapshot,
            text,
            wanted: &self.applied.uses,
            policy: Some(self.index),
        }
        .run(scratch);
        Ok(Report {
            judge: self,
            scope,
            text,
            options,
        }
        .verdict(message.id, scratch))
    }

    fn scope(&self, wanted: &str) -> Result<&'s Scope, MessageError> {
        self.policy().scope(wanted).ok_or_else(|| MessageError::UnknownScope {
            scope: wanted.chars().take(80).collect(),
        })
    }
}

fn valid_text(text: &[u8]) -> Result<&str, MessageError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(MessageError::TextTooLarge { bytes: text.len() });
    }
    std::str::from_utf8(text).map_err(|e| MessageError::InvalidUtf8 {
        valid_up_to: e.valid_up_to(),
    })
}
