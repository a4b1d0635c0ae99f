//! `tamis list`: dictionaries and policies, or the revisions of one.

use serde_json::json;

use super::{
    activate::target,
    connect::Connection,
    flags::Ask,
    print,
    print::{short, when},
    runtime,
};
use crate::{
    cli::{Failure, Format, Outcome, progress::thousands},
    service::proto::client::{
        ListDictionariesRequest, ListPoliciesRequest, ListRevisionsRequest, PolicyServiceListRevisionsRequest,
        Revision, Sort,
    },
};

const EXAMPLES: &str = "\
Examples:
  tamis list                   every dictionary and policy
  tamis list fraud             the revisions of a dictionary
  tamis list policy:default    the revisions of a policy";

/// The flags of `tamis list`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The name whose revisions are listed; `policy:NAME` for a policy.
    #[arg(value_name = "WHAT")]
    what: Option<String>,
    #[command(flatten)]
    ask: Ask,
}

/// Prints names, or revisions newest first.
pub fn run(args: &Args) -> Outcome {
    runtime()?.block_on(async {
        let connection = args.ask.server.connect().await?;
        match &args.what {
            None => names(&connection, args.ask.format).await,
            Some(what) => {
                let revisions = revisions(&connection, what).await?;
                let json = |r: &Revision| {
                    json!({
                        "name": r.name, "revision": r.revision, "parent": r.parent, "author": r.author, "note": r.note,
                        "time": r.time.as_ref().map(ToString::to_string),
                        "renew_time": r.renew_time.as_ref().map(ToString::to_string), "active": r.active, "edited": r.edited,
                    })
                };
                let json: Vec<_> = revisions.iter().map(json).collect();
                print(args.ask.format, &json!({ "revisions": json }), || {
                    revisions.iter().map(line).collect()
                })
            }
        }
    })
}

fn line(r: &Revision) -> String {
    let mark = if r.active { '*' } else { ' ' };
    let how = if r.edited { "edit" } else { "push" };
    let again = r
        .renew_time
        .as_ref()
        .map(|time| format!("  again {}", when(Some(time))));
    format!(
        "{mark} {}  {how}  {}  {:<12}  {}{}\n",
        short(&r.revision),
        when(r.time.as_ref()),
        r.author,
        r.note,
        again.unwrap_or_default()
    )
}

async fn revisions(connection: &Connection, what: &str) -> Result<Vec<Revision>, Failure> {
    let target = target(what)?;
    let (name, page_size) = (target.name.clone(), 0);
    Ok(if target.sort() == Sort::Policy {
        let request = connection.request(PolicyServiceListRevisionsRequest { name, page_size });
        connection
            .policies()
            .list_revisions(request)
            .await?
            .into_inner()
            .revisions
    } else {
        let request = connection.request(ListRevisionsRequest { name, page_size });
        connection
            .dictionaries()
            .list_revisions(request)
            .await?
            .into_inner()
            .revisions
    })
}

async fn names(connection: &Connection, format: Format) -> Outcome {
    let request = connection.request(ListDictionariesRequest {});
    let dictionaries = connection
        .dictionaries()
        .list_dictionaries(request)
        .await?
        .into_inner()
        .dictionaries;
    let request = connection.request(ListPoliciesRequest {});
    let policies = connection
        .policies()
        .list_policies(request)
        .await?
        .into_inner()
        .policies;
    let one = |name: &str, active: &str, newest: &str| json!({ "name": name, "active_revision": active, "newest_revision": newest });
    let json = json!({
        "dictionaries": dictionaries.iter().map(|d| {
            let mut one = one(&d.name, &d.active_revision, &d.newest_revision);
            (one["terms"], one["live_edits"]) = (json!(d.terms), json!(d.live_edits.len()));
            one["suspended_cases"] = json!(d.suspended_cases);
            one
        }).collect::<Vec<_>>(),
        "policies": policies.iter().map(|p| one(&p.name, &p.active_revision, &p.newest_revision)).collect::<Vec<_>>(),
    });
    print(format, &json, || {
        let state = |active: &str| {
            if active.is_empty() {
                "not active".to_owned()
            } else {
                short(active)
            }
        };
        let mut text = String::new();
        for d in &dictionaries {
            let terms = thousands(d.terms);
            text += &format!(
                "dictionary  {:<24}  {:<15}  {terms:>9} terms",
                d.name,
                state(&d.active_revision)
            );
            if !d.live_edits.is_empty() {
                text += &format!("  {} live edits", d.live_edits.len());
            }
            if !d.suspended_cases.is_empty() {
                text += &format!("  {} suspended cases", d.suspended_cases.len());
            }
            text.push('\n');
        }
        for p in &policies {
            text += &format!("policy      {:<24}  {}\n", p.name, state(&p.active_revision));
        }
        text
    })
}
