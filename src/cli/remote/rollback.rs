//! `tamis rollback`: one generation back.

use super::{flags::Change, print::changed, runtime};
use crate::{cli::Outcome, service::proto::client::RollbackRequest};

const EXAMPLES: &str = "\
Examples:
  tamis rollback                          what served before serves again; once more, and it goes one further
  tamis rollback --note 'false positives in group chat'

No gate holds it up. Edits that have expired stay out.";

/// The flags of `tamis rollback`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    change: Change,
}

/// Rolls back, and says which generation serves.
pub fn run(args: &Args) -> Outcome {
    let Change {
        etag,
        note,
        request_id,
        ask,
    } = args.change.clone();
    runtime()?.block_on(async {
        let connection = ask.server.connect().await?;
        let request = connection.request(RollbackRequest { etag, note, request_id });
        let answer = connection.snapshots().rollback(request).await?.into_inner();
        changed(ask.format, answer.generation.as_ref(), answer.changed)
    })
}
