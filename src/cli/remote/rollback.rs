//! `tamis rollback`: one generation back.

use super::{Format, Server, print::changed, runtime};
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
    /// Only if nothing changed since: the etag that `tamis status` prints. With it, two people who roll back at once go back once.
    #[arg(long, value_name = "ETAG", default_value = "")]
    etag: String,
    /// Why, for the log.
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// An id under which the same request happens once.
    #[arg(long, value_name = "ID", default_value = "")]
    request_id: String,
    #[command(flatten)]
    server: Server,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Rolls back, and says which generation serves.
pub fn run(args: &Args) -> Outcome {
    let (etag, note, request_id) = (args.etag.clone(), args.note.clone(), args.request_id.clone());
    runtime()?.block_on(async {
        let connection = args.server.connect().await?;
        let request = connection.request(RollbackRequest { etag, note, request_id });
        let answer = connection.snapshots().rollback(request).await?.into_inner();
        changed(args.format, answer.generation.as_ref(), answer.changed)
    })
}
