//! `tamis status`: what serves.

use serde_json::json;

use super::{
    flags::Ask,
    print,
    print::{generation_json, generation_line, short, sort_word},
    runtime,
};
use crate::{
    cli::{Outcome, progress::thousands},
    service::proto::client::{GetSnapshotRequest, SnapshotStatus},
};

const EXAMPLES: &str = "\
Examples:
  tamis status
  tamis status --server 10.0.0.7:50051 --format json";

/// The flags of `tamis status`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    ask: Ask,
}

/// Prints what serves, why the newest content does not, how full the store is, and which engine is in use.
pub fn run(args: &Args) -> Outcome {
    runtime()?.block_on(async {
        let connection = args.ask.server.connect().await?;
        let answer = connection.snapshots().get_snapshot(connection.request(GetSnapshotRequest {})).await?;
        let status = answer.into_inner().status.unwrap_or_default();
        let json = json!({
            "generation": status.generation.as_ref().map(generation_json), "etag": status.etag, "problems": status.problems,
            "store_bytes": status.store_bytes, "store_limit_bytes": status.store_limit_bytes, "snapshot_bytes": status.snapshot_bytes,
            "engine": status.engine,
        });
        print(args.ask.format, &json, || text(&status))
    })
}

fn text(status: &SnapshotStatus) -> String {
    let generation = status.generation.clone().unwrap_or_default();
    let mut text = format!(
        "{}\netag {}  snapshot {}\n",
        generation_line(&generation, ""),
        status.etag,
        generation.snapshot
    );
    for active in &generation.active {
        let edits = if active.live_edits > 0 {
            format!("  {} live edits", active.live_edits)
        } else {
            String::new()
        };
        let unused = if active.unused {
            "  judges nothing: no policy names it"
        } else {
            ""
        };
        text += &format!(
            "  {:<10}  {:<24}  {}{edits}{unused}\n",
            sort_word(active.sort),
            active.name,
            short(&active.revision)
        );
    }
    text += &format!(
        "store {} of {} bytes\n",
        thousands(status.store_bytes),
        thousands(status.store_limit_bytes)
    );
    // Older servers do not say.
    if !status.engine.is_empty() {
        text += &format!("engine {}\n", status.engine);
    }
    // It may have been refused, held up, or be damaged: each line says what it is.
    if !status.problems.is_empty() {
        text += "the newest content does not serve:\n";
    }
    for problem in &status.problems {
        text += &format!("  {problem}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_or_held_up_is_not_called_refused() {
        let damaged = "generation 3 is damaged, generation 2 serves";
        let status = SnapshotStatus {
            problems: vec![damaged.to_owned()],
            ..SnapshotStatus::default()
        };
        let said = text(&status);
        assert!(
            said.ends_with(&format!("the newest content does not serve:\n  {damaged}\n")),
            "{said}"
        );
        assert!(!text(&SnapshotStatus::default()).contains("does not serve"));
    }
}
