//! `tamis push`: brings a folder to a server.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::stream;
use serde_json::{Value, json};
use tonic::Code;

use super::{
    connect::Connection,
    flags::Ask,
    print,
    print::{short, unused},
    runtime,
    waiting::{activating, showing},
};
use crate::{
    cli::{Failure, Outcome, progress::thousands},
    content::Folders,
    dictionary::Tolerance,
    folder::Folder,
    service::proto::client::{
        ActivateRequest, FileChunk, PolicyServicePushRevisionRequest, Problem, PushHeader, PushResult,
        PushRevisionRequest, Sort, Target, policy_service_push_revision_request as policy,
        push_revision_request as dictionary,
    },
    store,
};

/// Warnings that are printed; errors are all.
const MOST_WARNINGS: usize = 20;

/// Bytes of a file that one message carries.
const PIECE: usize = 256 * 1024;

const EXAMPLES: &str = "\
Examples:
  tamis push dictionaries/fraud --note 'new wave'       kept, and ready to be activated
  tamis push lists --activate                           everything in a folder, then all of it at once
  tamis push dictionaries/fraud --dry-run               only whether it would pass

What is wrong is said line by line, and nothing is kept. `tamis lint` and `tamis test` say the same without a server.
Each folder is gated beside what serves; with --activate all of them together, once. Folders that pass only together,
such as a dictionary and the policy that names it, need --activate.";

/// The flags of `tamis push`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A dictionary or policy folder, or a folder of them.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Activate what was pushed, all of it at once.
    #[arg(long, conflicts_with = "dry_run")]
    activate: bool,
    /// Only say whether it would pass.
    #[arg(long)]
    dry_run: bool,
    /// With --activate: drop live edits that the folder lacks.
    #[arg(long, requires = "activate")]
    drop_edits: bool,
    /// The revision that it was made from; the active one where none is named.
    #[arg(long, value_name = "REVISION", default_value = "")]
    parent: String,
    /// Why, for the log.
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// An id under which the same push happens once.
    #[arg(long, value_name = "ID", default_value = "")]
    request_id: String,
    #[command(flatten)]
    ask: Ask,
}

/// A folder to push.
struct Item {
    sort: Sort,
    name: String,
    folder: Folder,
}

/// Pushes, and activates where asked.
pub fn run(args: &Args) -> Outcome {
    let items = items(&args.dir)?;
    runtime()?.block_on(async {
        let connection = args.ask.server.connect().await?;
        let mut results = Vec::new();
        for item in &items {
            results.push(push(args, &connection, item).await?);
        }
        let refused = results.iter().any(|result| !result.passed);
        let mut json: Value = json!({ "pushed": results.iter().zip(&items).map(|(result, item)| as_json(item, result)).collect::<Vec<_>>() });
        let mut text: String = results.iter().zip(&items).map(|(result, item)| as_text(item, result)).collect();
        if args.activate && !refused {
            let target = |(item, result): (&Item, &PushResult)| Target {
                sort: item.sort.into(),
                name: item.name.clone(),
                revision: result.revision.as_ref().map(|r| r.revision.clone()).unwrap_or_default(),
            };
            let request = ActivateRequest {
                targets: items.iter().zip(&results).map(target).collect(),
                drop_edits: args.drop_edits,
                note: args.note.clone(),
                ..ActivateRequest::default()
            };
            let mut snapshots = connection.snapshots();
            let answer = activating(snapshots.activate(connection.request(request))).await;
            let generation = answer?.into_inner().generation.unwrap_or_default();
            json["generation"] = json!(generation.generation);
            text += &format!("generation {} serves\n", generation.generation);
            text += &unused(&generation);
        }
        print(args.ask.format, &json, || text)?;
        match (refused, items.len() > 1 && !args.activate) {
            (false, _) => Ok(()),
            (true, false) => Err(Failure::work("does not pass the gate")),
            (true, true) => Err(Failure::work(
                "does not pass the gate, folder by folder; those that pass only together are pushed with --activate",
            )),
        }
    })
}

/// The folders below a path, named as they name themselves. What the linter refuses is not sent.
fn items(dir: &std::path::Path) -> Result<Vec<Item>, Failure> {
    let Folders { dictionaries, policies } = store::read_tree(dir).map_err(Failure::work)?;
    let folders = Folders { dictionaries, policies };
    let loaded = folders.parse(Tolerance::default()).map_err(Failure::work)?;
    let dictionaries = loaded
        .dictionaries
        .iter()
        .map(|d| (Sort::Dictionary, d.name.to_string()));
    let policies = loaded.policies.iter().map(|p| (Sort::Policy, p.name.to_string()));
    let files = folders
        .dictionaries
        .into_iter()
        .chain(folders.policies)
        .map(|(_, folder)| folder);
    Ok(dictionaries
        .chain(policies)
        .zip(files)
        .map(|((sort, name), folder)| Item { sort, name, folder })
        .collect())
}

async fn push(args: &Args, connection: &Connection, item: &Item) -> Result<PushResult, Failure> {
    match send(args, connection, item, args.dry_run).await {
        // The status holds the first problems; a validation holds all.
        Err(status) if status.code() == Code::FailedPrecondition && !args.dry_run => {
            match send(args, connection, item, true).await {
                Ok(result) if !result.passed => Ok(result),
                _ => Err(status.into()),
            }
        }
        Err(status) => Err(status.into()),
        Ok(result) => Ok(result),
    }
}

async fn send(
    args: &Args,
    connection: &Connection,
    item: &Item,
    validate_only: bool,
) -> Result<PushResult, tonic::Status> {
    let header = PushHeader {
        name: item.name.clone(),
        parent: args.parent.clone(),
        note: args.note.clone(),
        request_id: args.request_id.clone(),
        validate_only,
        size_bytes: item.folder.bytes(),
        // What goes live together passes the gate together.
        gate_later: args.activate,
    };
    let sent = Arc::new(AtomicU64::new(0));
    let (bytes, so_far) = (item.folder.bytes(), Arc::clone(&sent));
    let line = |elapsed: Duration| {
        step(
            &item.name,
            so_far.load(Ordering::Relaxed),
            bytes,
            args.activate,
            elapsed,
        )
    };
    let pieces = pieces(&item.folder, sent);
    let result = if item.sort == Sort::Policy {
        let chunks = pieces.map(policy::Part::Chunk);
        let parts = std::iter::once(policy::Part::Header(header)).chain(chunks);
        let parts = parts.map(|part| PolicyServicePushRevisionRequest { part: Some(part) });
        let request = connection.request(stream::iter(parts));
        let mut policies = connection.policies();
        let answer = showing(line, policies.push_revision(request)).await;
        answer.map(|answer| answer.into_inner().result)
    } else {
        let chunks = pieces.map(dictionary::Part::Chunk);
        let parts = std::iter::once(dictionary::Part::Header(header)).chain(chunks);
        let parts = parts.map(|part| PushRevisionRequest { part: Some(part) });
        let request = connection.request(stream::iter(parts));
        let mut dictionaries = connection.dictionaries();
        let answer = showing(line, dictionaries.push_revision(request)).await;
        answer.map(|answer| answer.into_inner().result)
    };
    result.map(Option::unwrap_or_default)
}

fn pieces(folder: &Folder, sent: Arc<AtomicU64>) -> impl Iterator<Item = FileChunk> + use<> {
    let pieces = |(file, content): (&String, &Vec<u8>)| {
        let mut pieces: Vec<_> = content
            .chunks(PIECE)
            .map(|data| (file.clone(), data.to_vec()))
            .collect();
        if pieces.is_empty() {
            pieces.push((file.clone(), Vec::new()));
        }
        pieces
    };
    let all: Vec<_> = folder.files.iter().flat_map(pieces).collect();
    all.into_iter().map(move |(file, data)| {
        sent.fetch_add(data.len() as u64, Ordering::Relaxed);
        FileChunk { file, data }
    })
}

/// What a push does once so much of it is sent.
fn step(name: &str, sent: u64, bytes: u64, gate_later: bool, elapsed: Duration) -> String {
    if sent < bytes {
        return format!("{name}: {} of {} bytes sent", thousands(sent), thousands(bytes));
    }
    let what = if gate_later {
        "reads and keeps it"
    } else {
        "reads it, builds it beside what serves and runs all cases"
    };
    format!("{name}: the server {what}, {} s", elapsed.as_secs())
}

fn as_json(item: &Item, result: &PushResult) -> Value {
    let problem = |p: &Problem| {
        json!({
            "level": if p.error { "error" } else { "warning" }, "file": p.file, "line": p.line, "field": p.field, "value": p.value,
            "message": p.message, "mend": p.mend,
        })
    };
    json!({
        "name": item.name, "revision": result.revision.as_ref().map(|r| r.revision.clone()), "known": result.known,
        "passed": result.passed, "problems": result.problems.iter().map(problem).collect::<Vec<_>>(),
    })
}

fn as_text(item: &Item, result: &PushResult) -> String {
    let mut text = String::new();
    let warnings = result.problems.iter().filter(|problem| !problem.error);
    let errors = result.problems.iter().filter(|problem| problem.error);
    for problem in errors.chain(warnings.clone().take(MOST_WARNINGS)) {
        let level = if problem.error { "error" } else { "warning" };
        text += &format!("{level}: {}", problem.file);
        if problem.line > 0 {
            text += &format!(":{}", problem.line);
        }
        for part in [&problem.field, &problem.value, &problem.message] {
            if !part.is_empty() {
                text += &format!(": {part}");
            }
        }
        if !problem.mend.is_empty() {
            text += &format!("; {}", problem.mend);
        }
        text.push('\n');
    }
    if let more @ 1.. = warnings.count().saturating_sub(MOST_WARNINGS) {
        text += &format!("warning: {more} more warnings; `tamis lint` shows all\n");
    }
    let revision = result.revision.as_ref().map(|r| short(&r.revision)).unwrap_or_default();
    let what = match (result.passed, result.known) {
        (false, _) => "does not pass",
        (true, true) => "was known",
        (true, false) => "passes",
    };
    text + &format!("{} {revision} {what}\n", item.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gated_later_runs_no_cases_yet() {
        let after = |sent, gate_later| step("default/big", sent, 14_000_000, gate_later, Duration::from_secs(3));
        assert_eq!(after(262_144, true), "default/big: 262,144 of 14,000,000 bytes sent");
        assert_eq!(
            after(14_000_000, true),
            "default/big: the server reads and keeps it, 3 s"
        );
        assert!(after(14_000_000, false).ends_with("runs all cases, 3 s"));
    }
}
