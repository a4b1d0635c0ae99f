//! `tamis term`: adds, removes and lists terms of what serves.

use std::time::SystemTime;

use clap::Subcommand;
use serde_json::json;

use super::{
    connect::Connection,
    flags::{Ask, Change},
    print,
    print::{judge_nothing, when},
    runtime,
};
use crate::{
    cli::{Outcome, progress::thousands},
    config::Time,
    service::proto::client::{
        EditTermsRequest, GetDictionaryRequest, ListTermsRequest, NewTerm, TermEdit, term_edit::Edit,
    },
};

const EXAMPLES: &str = "\
Examples:
  tamis term add fraud 刷单返利 --expires 24h --note 'wave of tonight'
  tamis term remove fraud 加v                       it no longer fires; its cases are suspended until the next push
  tamis term add fraud 反诈中心 --exception          hits inside it fall away
  tamis term list fraud                             the live edits; with --contains or --all, terms

Edits live beside the pushed folder: put them into it and push it, or they hold up its next activation.";

/// The flags of `tamis term`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Put terms in, live at once.
    Add(Add),
    /// Take terms out, live at once.
    Remove(Remove),
    /// List live edits, or terms.
    List(List),
}

/// What edits share.
#[derive(Debug, clap::Args)]
struct Edits {
    /// The dictionary.
    dictionary: String,
    /// The terms as written.
    #[arg(required = true)]
    texts: Vec<String>,
    /// Exceptions instead of terms.
    #[arg(long)]
    exception: bool,
    /// When the edits end, from now, such as 24h; never where nothing is said.
    #[arg(long, value_name = "TIME")]
    expires: Option<Time>,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, clap::Args)]
struct Add {
    #[command(flatten)]
    edits: Edits,
    /// low, medium, high or critical.
    #[arg(long, value_name = "LEVEL", default_value = "")]
    severity: String,
    /// The category.
    #[arg(long, value_name = "NAME", default_value = "")]
    category: String,
    /// exact, folded, standard or aggressive.
    #[arg(long, value_name = "LEVEL", default_value = "")]
    tolerance: String,
    /// word, `word_start` or substring.
    #[arg(long = "match", value_name = "MODE", default_value = "")]
    mode: String,
    /// The id that they report.
    #[arg(long, value_name = "ID", default_value = "")]
    id: String,
    /// The id of the term that they stand for.
    #[arg(long, value_name = "ID", default_value = "")]
    alias_of: String,
}

#[derive(Debug, clap::Args)]
struct Remove {
    #[command(flatten)]
    edits: Edits,
}

#[derive(Debug, clap::Args)]
struct List {
    /// The dictionary.
    dictionary: String,
    /// Terms that hold this text.
    #[arg(long, value_name = "TEXT", default_value = "")]
    contains: String,
    /// All terms.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    ask: Ask,
}

/// Runs the verb.
pub fn run(args: &Args) -> Outcome {
    runtime()?.block_on(async {
        match &args.verb {
            Verb::Add(add) => {
                let term = |text: &String| {
                    Edit::AddTerm(NewTerm {
                        text: text.clone(),
                        id: add.id.clone(),
                        severity: add.severity.clone(),
                        category: add.category.clone(),
                        tolerance: add.tolerance.clone(),
                        r#match: add.mode.clone(),
                        alias_of: add.alias_of.clone(),
                        // Why it is edited belongs to the log: the same term in the folder has no such note.
                        note: String::new(),
                    })
                };
                edit(&add.edits, |text| {
                    if add.edits.exception {
                        Edit::AddException(text.clone())
                    } else {
                        term(text)
                    }
                })
                .await
            }
            Verb::Remove(Remove { edits }) => {
                let remove = |text: &String| {
                    if edits.exception {
                        Edit::RemoveException(text.clone())
                    } else {
                        Edit::RemoveTerm(text.clone())
                    }
                };
                edit(edits, remove).await
            }
            Verb::List(list) if list.all || !list.contains.is_empty() => terms(list).await,
            Verb::List(list) => live_edits(list).await,
        }
    })
}

async fn edit(edits: &Edits, one: impl Fn(&String) -> Edit) -> Outcome {
    let connection = edits.change.ask.server.connect().await?;
    let request = EditTermsRequest {
        name: edits.dictionary.clone(),
        edits: edits
            .texts
            .iter()
            .map(|text| TermEdit { edit: Some(one(text)) })
            .collect(),
        expire_time: edits.expires.map(|time| (SystemTime::now() + time.0).into()),
        note: edits.change.note.clone(),
        etag: edits.change.etag.clone(),
        request_id: edits.change.request_id.clone(),
    };
    let answer = connection
        .dictionaries()
        .edit_terms(connection.request(request))
        .await?
        .into_inner();
    let json = json!({
        "generation": answer.generation, "revision": answer.revision, "changed": answer.changed, "etag": answer.etag,
        "suspended_cases": answer.suspended_cases, "unused": answer.unused,
    });
    print(edits.change.ask.format, &json, || {
        let what = if answer.changed { "serves" } else { "served already" };
        let mut text = format!("generation {} {what}\n", answer.generation);
        if !answer.suspended_cases.is_empty() {
            text += &format!(
                "cases suspended until the next push, by line: {:?}\n",
                answer.suspended_cases
            );
        }
        if answer.unused {
            text += &judge_nothing(&edits.dictionary);
        }
        text
    })
}

async fn live_edits(list: &List) -> Outcome {
    let connection = list.ask.server.connect().await?;
    let request = connection.request(GetDictionaryRequest {
        name: list.dictionary.clone(),
    });
    let dictionary = connection
        .dictionaries()
        .get_dictionary(request)
        .await?
        .into_inner()
        .dictionary
        .unwrap_or_default();
    let edits: Vec<_> = dictionary
        .live_edits
        .iter()
        .map(|e| {
            json!({
                "change": e.change, "author": e.author, "note": e.note, "time": e.time.as_ref().map(ToString::to_string),
                "expire_time": e.expire_time.as_ref().map(ToString::to_string),
            })
        })
        .collect();
    let json = json!({ "name": dictionary.name, "terms": dictionary.terms, "live_edits": edits, "suspended_cases": dictionary.suspended_cases });
    print(list.ask.format, &json, || {
        let mut text = format!(
            "{}: {} terms, {} live edits\n",
            dictionary.name,
            thousands(dictionary.terms),
            edits.len()
        );
        for e in &dictionary.live_edits {
            let end = e
                .expire_time
                .as_ref()
                .map(|end| format!("  until {}", when(Some(end))))
                .unwrap_or_default();
            text += &format!(
                "  {}  {}  {}{end}  {}\n",
                when(e.time.as_ref()),
                e.author,
                e.change,
                e.note
            );
        }
        text
    })
}

async fn terms(list: &List) -> Outcome {
    let connection = list.ask.server.connect().await?;
    let mut page_token = String::new();
    loop {
        let page = page(&connection, list, page_token).await?;
        for term in &page.terms {
            let json = json!({
                "text": term.text, "id": term.id, "severity": term.severity, "category": term.category, "tolerance": term.tolerance,
                "alias": term.alias,
            });
            print(list.ask.format, &json, || {
                format!(
                    "{}\t{}\t{}\t{}\t{}",
                    term.text, term.id, term.severity, term.category, term.tolerance
                )
            })?;
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(());
        }
    }
}

async fn page(
    connection: &Connection,
    list: &List,
    page_token: String,
) -> Result<crate::service::proto::client::ListTermsResponse, tonic::Status> {
    let request = ListTermsRequest {
        name: list.dictionary.clone(),
        contains: list.contains.clone(),
        page_size: 1_000,
        page_token,
    };
    Ok(connection
        .dictionaries()
        .list_terms(connection.request(request))
        .await?
        .into_inner())
}
