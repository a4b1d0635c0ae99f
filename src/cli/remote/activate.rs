//! `tamis activate`: lets revisions decide.

use super::{flags::Change, print::changed, runtime, waiting::activating};
use crate::{
    cli::{Failure, Outcome},
    service::proto::client::{ActivateRequest, DeactivateRequest, Sort, Target},
};

const EXAMPLES: &str = "\
Examples:
  tamis activate fraud                              the newest pushed revision
  tamis activate fraud@b3:1f00ba12 policy:default   several at once, all or nothing
  tamis activate fraud --drop-edits --note 'merged by hand'
  tamis activate --off spam                         take a dictionary out

`tamis rollback` takes it back.";

/// The flags of `tamis activate`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// `NAME` or `NAME@REVISION` of a dictionary; `policy:NAME` of a policy.
    #[arg(required = true, value_name = "WHAT")]
    targets: Vec<String>,
    /// Take them out instead.
    #[arg(long)]
    off: bool,
    /// Drop live edits that the revisions lack.
    #[arg(long)]
    drop_edits: bool,
    #[command(flatten)]
    change: Change,
}

/// Activates, and says which generation serves.
pub fn run(args: &Args) -> Outcome {
    let targets = args
        .targets
        .iter()
        .map(|written| target(written))
        .collect::<Result<Vec<_>, _>>()?;
    let Change {
        etag,
        note,
        request_id,
        ask,
    } = args.change.clone();
    runtime()?.block_on(async {
        let connection = ask.server.connect().await?;
        let mut snapshots = connection.snapshots();
        if args.off {
            let request = DeactivateRequest {
                targets,
                etag,
                drop_edits: args.drop_edits,
                note,
                request_id,
            };
            let answer = activating(snapshots.deactivate(connection.request(request)))
                .await?
                .into_inner();
            return changed(ask.format, answer.generation.as_ref(), answer.changed);
        }
        let request = ActivateRequest {
            targets,
            etag,
            drop_edits: args.drop_edits,
            note,
            request_id,
        };
        let answer = activating(snapshots.activate(connection.request(request)))
            .await?
            .into_inner();
        changed(ask.format, answer.generation.as_ref(), answer.changed)
    })
}

/// Reads `policy:NAME@REVISION`.
pub(super) fn target(written: &str) -> Result<Target, Failure> {
    let (sort, rest) = match written.split_once(':') {
        Some(("policy", rest)) => (Sort::Policy, rest),
        Some(("dictionary", rest)) => (Sort::Dictionary, rest),
        _ => (Sort::Dictionary, written),
    };
    let (name, revision) = rest.split_once('@').unwrap_or((rest, ""));
    if name.is_empty() {
        return Err(Failure::usage(format!(
            "{written:?}: write NAME, NAME@REVISION or policy:NAME"
        )));
    }
    Ok(Target {
        sort: sort.into(),
        name: name.to_owned(),
        revision: revision.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_name_sort_name_and_revision() {
        let read = |written: &str| target(written).map(|t| (t.sort(), t.name, t.revision)).unwrap();
        assert_eq!(read("fraud"), (Sort::Dictionary, "fraud".into(), String::new()));
        assert_eq!(
            read("acme/fraud@b3:12345678"),
            (Sort::Dictionary, "acme/fraud".into(), "b3:12345678".into())
        );
        assert_eq!(
            read("policy:default@b3:12345678"),
            (Sort::Policy, "default".into(), "b3:12345678".into())
        );
        assert!(target("policy:").is_err());
    }
}
