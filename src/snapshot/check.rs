//! The check of messages against a Snapshot: fold, scan, drop what boundaries and exceptions forbid.

use super::{
    build::{Applied, Snapshot},
    exceptions::Exceptions,
    message::{Context, Message, MessageError, Options},
    report::{Hit, Report},
    segment::{Form, Owner, Segment},
    verdict::Verdict,
};
use crate::{
    config::limits::MAX_TEXT_BYTES,
    matching::{Fed, Found, Planes, Skeleton, Stream},
    policy::{Policy, Scope},
    text::{Folded, Ruler, fold},
};

/// What checks need besides the snapshot; reused from call to call, so that a clean message allocates nothing but its verdict.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) folded: Folded,
    stream: Stream,
    pub(super) found: Vec<Found>,
    pub(super) skeleton: Skeleton,
    /// The term that a candidate is compared with.
    pub(super) term: Folded,
    exceptions: Exceptions,
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
        self.find(text, scratch);
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

    /// Leaves in `scratch.hits` every term of the policy's dictionaries that occurs in `text` on its boundaries and outside exceptions.
    pub(super) fn find(&self, text: &str, scratch: &mut Scratch) {
        self.snapshot.find(
            text,
            |dictionary| self.applied.uses[dictionary as usize],
            Some(self.index),
            scratch,
        );
    }
}

impl Snapshot {
    /// Finds the terms of the wanted dictionaries, under their own exceptions and those of one policy.
    pub(super) fn find(&self, text: &str, wanted: impl Fn(u32) -> bool, policy: Option<u32>, scratch: &mut Scratch) {
        scratch.hits.clear();
        scratch.exceptions.clear();
        fold(text, &mut scratch.folded);
        for segment in self.segments() {
            self.find_open(segment, &wanted, policy, scratch);
            let fed = segment.feed.of(&scratch.folded);
            if fed != Fed::default() {
                self.find_disguised(segment, fed, &wanted, scratch);
            }
        }
        if scratch.hits.is_empty() {
            return;
        }
        let Scratch { exceptions, hits, .. } = scratch;
        exceptions.seal();
        hits.retain(|hit| {
            let covered = |owner| exceptions.cover(owner, hit.symbols.start, hit.symbols.end);
            !covered(Owner::DictionaryException(hit.dictionary, 0))
                && !policy.is_some_and(|p| covered(Owner::PolicyException(p)))
        });
    }

    /// What the folded text says openly: terms and exceptions.
    fn find_open(&self, segment: &Segment, wanted: impl Fn(u32) -> bool, policy: Option<u32>, scratch: &mut Scratch) {
        let Scratch {
            folded,
            stream,
            found,
            exceptions,
            hits,
            ..
        } = scratch;
        found.clear();
        let (symbols, origins) = stream.read(folded);
        segment.engine.scan(symbols, found);
        for &Found { start, end, pattern } in &*found {
            let (start, end) = origins.range(start, end);
            for entry in segment.entries(pattern).iter().filter(|e| e.form == Form::Folded) {
                let relevant = match entry.owner {
                    Owner::Term(dictionary, _) | Owner::DictionaryException(dictionary, _) => wanted(dictionary),
                    Owner::PolicyException(owner) => policy == Some(owner),
                };
                let holds = || entry.edges.hold(folded.classes(), start as usize, end as usize);
                if !relevant || self.is_removed(entry.owner) || !holds() {
                    continue;
                }
                match entry.owner {
                    Owner::Term(dictionary, term) => {
                        hits.push(Hit {
                            dictionary,
                            term,
                            symbols: start..end,
                            planes: Planes::default(),
                        });
                    }
                    Owner::DictionaryException(d, _) => exceptions.add(Owner::DictionaryException(d, 0), start, end),
                    exception @ Owner::PolicyException(_) => exceptions.add(exception, start, end),
                }
            }
        }
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
