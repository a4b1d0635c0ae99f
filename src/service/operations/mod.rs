//! The services of operations: pushes, edits, activation, as `tamis.v1` says them.
//!
//! What lives here: wire to keeper and back, tokens. What must not: what a step does; that is the registry's business.

mod dictionary;
mod policy;
mod receive;
mod revisions;
mod snapshot;
mod status;
mod tokens;
mod wire;

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};
use tonic::{Request, Status};

pub use tokens::{Peer, Role, Tokens};

use crate::{
    identity::{ContentId, Name},
    registry::Keeper,
    store::About,
};

/// Pushes that are received at once; each may hold 256 MiB.
const PUSHES_AT_ONCE: usize = 2;

/// The three services as tonic calls them.
#[derive(Clone, Debug)]
pub struct Operations {
    keeper: Arc<Keeper>,
    tokens: Tokens,
    pushes: Arc<Semaphore>,
    closing: watch::Receiver<bool>,
}

impl Operations {
    /// Services that change what `keeper` keeps, for whom `tokens` allow it; watches end once `closing` turns true.
    pub fn new(keeper: Arc<Keeper>, tokens: Tokens, closing: watch::Receiver<bool>) -> Self {
        Self {
            keeper,
            tokens,
            pushes: Arc::new(Semaphore::new(PUSHES_AT_ONCE)),
            closing,
        }
    }

    /// Who asks for what and why; the id of what is asked holds everything that matters of it.
    fn about<'a>(
        author: String,
        note: &str,
        request_id: &str,
        asked: impl IntoIterator<Item = &'a str>,
    ) -> Result<About, Status> {
        for (field, text, most) in [("note", note, 1_000), ("request_id", request_id, 128)] {
            if text.chars().count() > most {
                return Err(status::bad_field(
                    field,
                    format!("longer than {most} characters; shorten it"),
                ));
            }
        }
        let request = (!request_id.is_empty()).then(|| ContentId::of(asked.into_iter().map(str::as_bytes)));
        Ok(About {
            author,
            note: note.to_owned(),
            request_id: request_id.to_owned(),
            request,
        })
    }

    /// True where no policy that serves names this dictionary, so that it judges nothing.
    fn is_unused(&self, dictionary: &str) -> bool {
        let serving = self.keeper.registry().serving();
        serving.is_some_and(|serving| {
            let mut named = serving.snapshot.policies().flat_map(|policy| &policy.dictionaries);
            named.all(|name| name.as_str() != dictionary)
        })
    }

    fn author<T>(&self, request: &Request<T>, role: Role) -> Result<String, Status> {
        self.tokens.allow(request, role)
    }
}

fn name(field: &str, written: &str) -> Result<Name, Status> {
    written
        .parse()
        .map_err(|bad: crate::identity::BadName| status::bad_field(field, bad.to_string()))
}
