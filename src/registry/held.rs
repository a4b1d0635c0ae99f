//! A watched folder that was held up by something else than its content: when it is worth another try.

use std::time::{Duration, Instant};

use super::{keeper::Keeper, step::Declined};
use crate::{
    config::limits::{WATCH_POLL, WATCH_RETRY},
    store::{Kind, plan::Unplanned},
};

/// A folder that is to be tried again though it has not changed.
#[derive(Debug)]
pub(super) struct HeldUp {
    /// The newest generation when it was tried.
    generation: u64,
    /// Nothing but another generation lets it pass.
    by_edits: bool,
    again: Instant,
    pause: Duration,
}

impl HeldUp {
    /// What comes of a refusal; `None` where the content is to blame, which only a change mends. `generation` was the newest before the
    /// try, `before` is how the try before ended on the same content: each pause is twice as long as the one before.
    pub(super) fn by(why: &Declined, generation: u64, before: Option<&Self>) -> Option<Self> {
        let by_edits = match why {
            Declined::Rejected(_) | Declined::BadEdits(_) | Declined::OutOfMemory { .. } => return None,
            Declined::Unplanned(unplanned) => matches!(unplanned, Unplanned::EditsNotMerged { .. }),
            Declined::Store(_) | Declined::NotReady => false,
        };
        let pause = before.map_or(WATCH_POLL, |before| WATCH_RETRY.min(before.pause * 2));
        Some(Self {
            generation,
            by_edits,
            again: Instant::now() + pause,
            pause,
        })
    }

    /// True when it is time for another try. What somebody activated or took back meanwhile stands until the folder changes: edits and
    /// their ends alone leave it waiting.
    pub(super) fn is_due(&self, keeper: &Keeper) -> bool {
        let since: Vec<Kind> = keeper
            .store()
            .recent()
            .iter()
            .rev()
            .take_while(|entry| entry.generation > self.generation)
            .map(|entry| entry.kind)
            .collect();
        Instant::now() >= self.again
            && since.iter().all(|kind| matches!(kind, Kind::Edit | Kind::Expiry))
            && !(self.by_edits && since.is_empty())
    }
}
