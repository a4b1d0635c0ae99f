//! The check of messages against a Snapshot.

use super::{
    batch::{Batch, SEGMENTS},
    build::{Applied, Snapshot},
    exceptions::Exceptions,
    message::{Context, Message, MessageError, Options},
    report::{Hit, Report},
    search::Search,
    verdict::Verdict,
};
use crate::{
    config::limits::{MAX_COMPARED_SCOPE_BYTES, MAX_COMPARED_SCOPES, MAX_TEXT_BYTES},
    folder::closest,
    matching::{Fed, Found, Room, Stream},
    policy::{Policy, Scope},
    text::{Folded, Letters, Ruler},
};

/// What checks need besides the snapshot; reused from call to call, so that a clean message allocates nothing but its verdict.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Not here while its texts are judged, which takes the rest.
    batch: Option<Box<Batch>>,
    /// The text at hand, what the engine of each segment found in it.
    pub(super) folded: Folded,
    pub(super) open: [Vec<Found>; SEGMENTS],
    /// What it could feed, by a glance.
    pub(super) fed: [Fed; SEGMENTS],
    /// What it was written with, for the hits that it matters to.
    pub(super) letters: Letters,
    pub(super) stream: Stream,
    pub(super) found: Vec<Found>,
    pub(super) room: Room,
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
    /// The scope of messages that name none, which are most.
    default: Option<&'s Scope>,
}

impl<'s> Judge<'s> {
    pub(super) fn new(snapshot: &'s Snapshot, index: u32, applied: &'s Applied) -> Self {
        Self {
            snapshot,
            index,
            applied,
            default: applied.policy.scope(""),
        }
    }

    /// The policy that judges.
    pub fn policy(&self) -> &'s Policy {
        &self.applied.policy
    }

    /// Judges one message: a batch of one. O(length of the text + hits x log hits), whatever the terms.
    pub fn check(
        &self,
        message: &Message<'_>,
        _context: &Context,
        options: &Options,
        scratch: &mut Scratch,
    ) -> Result<Verdict, MessageError> {
        let mut batch = scratch.batch.take().unwrap_or_default();
        batch.clear();
        let admitted = self.admit(message, &mut batch);
        batch.screen(self.snapshot);
        let outcome = admitted.map(|admitted| self.judged(message, admitted, &batch, options, scratch));
        scratch.batch = Some(batch);
        outcome
    }

    /// Judges messages and hands over the outcome of each, in order. What all of them together cost is less than they do one by one;
    /// the verdicts are the same. O(length of the texts + hits x log hits); holds memory in proportion to the longest text or 64 KiB, and
    /// to what the engine finds in that much.
    pub fn check_batch(
        &self,
        messages: &[Message<'_>],
        _context: &Context,
        options: &Options,
        scratch: &mut Scratch,
        mut answer: impl FnMut(Result<Verdict, MessageError>),
    ) {
        let mut batch = scratch.batch.take().unwrap_or_default();
        let mut rest = messages;
        while !rest.is_empty() {
            let mut bytes = 0;
            let fits = |message: &&Message<'_>| {
                let before = bytes;
                bytes += message.text.len() + 1;
                before < MAX_TEXT_BYTES
            };
            let (portion, after) = rest.split_at(rest.iter().take_while(fits).count());
            rest = after;
            batch.clear();
            let texts: Vec<_> = portion.iter().map(|m| self.admit(m, &mut batch)).collect();
            batch.screen(self.snapshot);
            for (message, admitted) in portion.iter().zip(texts) {
                answer(admitted.map(|admitted| self.judged(message, admitted, &batch, options, scratch)));
            }
        }
        scratch.batch = Some(batch);
    }

    /// The verdict on a message of a batch that was scanned.
    fn judged(
        &self,
        message: &Message<'_>,
        (scope, number): (&Scope, usize),
        batch: &Batch,
        options: &Options,
        scratch: &mut Scratch,
    ) -> Verdict {
        let mut text = "";
        scratch.hits.clear();
        if batch.is_suspect(number) {
            // The fold has found it valid.
            text = str::from_utf8(message.text).unwrap_or_default();
            batch.take(number, scratch);
            self.search(text).run(scratch);
        }
        let report = Report {
            judge: self,
            scope,
            text,
            options,
        };
        report.verdict(message.id, scratch)
    }

    /// Folds a message into the batch, if it can be judged at all.
    fn admit(&self, message: &Message<'_>, batch: &mut Batch) -> Result<(&'s Scope, usize), MessageError> {
        let bytes = message.text.len();
        if bytes > MAX_TEXT_BYTES {
            return Err(MessageError::TextTooLarge { bytes });
        }
        let scope = self.scope(message.scope)?;
        let number = batch
            .add(message.text)
            .map_err(|e| MessageError::InvalidUtf8 { valid_up_to: e.at })?;
        Ok((scope, number))
    }

    /// The verdict on a text that is searched whatever it looks like: what a batch must agree with.
    #[cfg(test)]
    pub(super) fn searched(&self, text: &str, options: &Options, scratch: &mut Scratch) -> Verdict {
        self.search(text).run_alone(scratch);
        let scope = self.scope("").unwrap();
        let report = Report {
            judge: self,
            scope,
            text,
            options,
        };
        report.verdict("", scratch)
    }

    fn search<'a>(&'a self, text: &'a str) -> Search<'a> {
        Search {
            snapshot: self.snapshot,
            text,
            wanted: &self.applied.uses,
            policy: Some(self.index),
        }
    }

    fn scope(&self, wanted: &str) -> Result<&'s Scope, MessageError> {
        let scope = match wanted {
            "" => self.default,
            _ => self.policy().scope(wanted),
        };
        scope.ok_or_else(|| MessageError::UnknownScope {
            scope: wanted.chars().take(80).collect(),
            nearest: self.nearest_scope(wanted),
        })
    }

    /// The scope that is probably meant, where that costs little.
    fn nearest_scope(&self, wanted: &str) -> Option<String> {
        let scopes = &self.policy().scopes;
        if scopes.len() > MAX_COMPARED_SCOPES || wanted.len() > MAX_COMPARED_SCOPE_BYTES {
            return None;
        }
        let defined: Vec<_> = scopes.keys().map(String::as_str).collect();
        closest(wanted, &defined).map(str::to_owned)
    }
}
