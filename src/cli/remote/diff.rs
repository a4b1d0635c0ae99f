//! `tamis diff`: what differs between two revisions.

use serde_json::json;

use super::{activate::target, flags::Ask, print, print::short, runtime};
use crate::{
    cli::Outcome,
    service::proto::client::{DiffRevisionsRequest, ListDiff, PolicyServiceDiffRevisionsRequest, Sort},
};

const EXAMPLES: &str = "\
Examples:
  tamis diff fraud                                   the active revision and the newest pushed one
  tamis diff fraud --from b3:1f00ba12 --to b3:77aa0001
  tamis diff policy:default";

/// The flags of `tamis diff`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The dictionary; `policy:NAME` for a policy.
    #[arg(value_name = "WHAT")]
    what: String,
    /// The first revision; the active one where none is named.
    #[arg(long, value_name = "REVISION", default_value = "")]
    from: String,
    /// The second revision; the newest pushed one where none is named.
    #[arg(long, value_name = "REVISION", default_value = "")]
    to: String,
    #[command(flatten)]
    ask: Ask,
}

/// Prints what came, went and changed.
pub fn run(args: &Args) -> Outcome {
    runtime()?.block_on(async {
        let connection = args.ask.server.connect().await?;
        let target = target(&args.what)?;
        let (name, from, to) = (target.name.clone(), args.from.clone(), args.to.clone());
        let (from, to, lists) = if target.sort() == Sort::Policy {
            let request = connection.request(PolicyServiceDiffRevisionsRequest { name, from, to });
            let answer = connection.policies().diff_revisions(request).await?.into_inner();
            (answer.from, answer.to, answer.lists)
        } else {
            let request = connection.request(DiffRevisionsRequest { name, from, to });
            let answer = connection.dictionaries().diff_revisions(request).await?.into_inner();
            (answer.from, answer.to, answer.lists)
        };
        let one = |l: &ListDiff| {
            json!({
                "list": l.list, "added": l.added, "removed": l.removed, "changed": l.changed, "added_count": l.added_count,
                "removed_count": l.removed_count, "changed_count": l.changed_count,
            })
        };
        let json = json!({ "from": from, "to": to, "lists": lists.iter().map(one).collect::<Vec<_>>() });
        print(args.ask.format, &json, || {
            let mut text = format!("{} -> {}\n", short(&from), short(&to));
            if lists.is_empty() {
                text += "nothing differs\n";
            }
            for list in &lists {
                text += &format!("{}: +{} -{} ~{}\n", list.list, list.added_count, list.removed_count, list.changed_count);
                for (sign, items) in [('+', &list.added), ('-', &list.removed), ('~', &list.changed)] {
                    for item in items {
                        text += &format!("  {sign} {item}\n");
                    }
                }
            }
            text
        })
    })
}
