//! What commands print: text for people, JSON for programs.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use prost_types::Timestamp;
use serde_json::{Value, json};

use crate::{
    cli::{Format, Outcome},
    service::proto::client as proto,
};

/// Prints one of both.
pub(in crate::cli) fn print(format: Format, json: &Value, text: impl FnOnce() -> String) -> Outcome {
    let mut out = io::stdout().lock();
    match format {
        Format::Json => writeln!(out, "{json}")?,
        Format::Text => {
            let text = text();
            if !text.is_empty() {
                writeln!(out, "{}", text.trim_end())?;
            }
        }
    }
    Ok(())
}

/// The first digits of an id: enough to tell revisions apart and to name one.
pub(super) fn short(id: &str) -> String {
    id.chars().take(15).collect()
}

/// `2026-01-31 23:59:59Z`; a dash for none.
pub(super) fn when(time: Option<&Timestamp>) -> String {
    let Some(time) = time else { return "-".to_owned() };
    let text = time.to_string();
    let text = text.split('.').next().unwrap_or_default().trim_end_matches('Z');
    format!("{}Z", text.replace('T', " "))
}

/// A generation as JSON.
pub(super) fn generation_json(generation: &proto::Generation) -> Value {
    let active = |a: &proto::ActiveRevision| {
        json!({
            "sort": sort_word(a.sort), "name": a.name, "revision": a.revision, "pushed_revision": a.pushed_revision,
            "live_edits": a.live_edits, "unused": a.unused,
        })
    };
    json!({
        "generation": generation.generation, "previous": generation.previous, "kind": generation.kind,
        "restored": generation.restored, "time": generation.time.as_ref().map(ToString::to_string), "author": generation.author,
        "note": generation.note, "snapshot": generation.snapshot,
        "active": generation.active.iter().map(active).collect::<Vec<_>>(),
    })
}

/// What decides otherwise in a generation than in the one before: `default/fraud`, `policy:default/default`.
pub(super) fn differs(generation: &proto::Generation, before: &proto::Generation) -> String {
    let lacks = |all: &[proto::ActiveRevision], one: &proto::ActiveRevision| {
        let same = |a: &&proto::ActiveRevision| (a.sort, &a.name, &a.revision) == (one.sort, &one.name, &one.revision);
        all.iter().find(same).is_none()
    };
    let came = generation.active.iter().filter(|one| lacks(&before.active, one));
    let went = before.active.iter().filter(|one| lacks(&generation.active, one));
    let written = |one: &proto::ActiveRevision| match sort_word(one.sort) {
        "policy" => format!("policy:{}", one.name),
        _ => one.name.clone(),
    };
    let names: BTreeSet<String> = came.chain(went).map(written).collect();
    names.into_iter().collect::<Vec<_>>().join(" ")
}

/// A generation in one line.
pub(super) fn generation_line(generation: &proto::Generation, differs: &str) -> String {
    let mut line = format!(
        "{:>6}  {:<10}  {}  {:<12}",
        generation.generation,
        generation.kind,
        when(generation.time.as_ref()),
        generation.author
    );
    if generation.restored > 0 {
        line += &format!("  restored {}", generation.restored);
    }
    if !differs.is_empty() {
        line += &format!("  {differs}");
    }
    if !generation.note.is_empty() {
        line += &format!("  {}", generation.note);
    }
    line
}

/// What to do about active dictionaries that judge nothing; empty where there are none.
pub(super) fn unused(generation: &proto::Generation) -> String {
    let unused = generation.active.iter().filter(|active| active.unused);
    let names: Vec<&str> = unused.map(|active| active.name.as_str()).collect();
    if names.is_empty() {
        String::new()
    } else {
        judge_nothing(&names.join(", "))
    }
}

pub(super) fn judge_nothing(names: &str) -> String {
    format!(
        "warning: these judge nothing, for no active policy names them: {names}; add them to the `dictionaries` of one and push that\n"
    )
}

/// What came of a change.
pub(super) fn changed(format: Format, generation: Option<&proto::Generation>, changed: bool) -> Outcome {
    let mut json = generation.map_or(json!({}), generation_json);
    json["changed"] = json!(changed);
    print(format, &json, || {
        let (number, restored) = generation.map_or((0, 0), |g| (g.generation, g.restored));
        let what = match (changed, restored) {
            (true, 1..) => format!("serves what generation {restored} served"),
            (true, 0) => "serves".to_owned(),
            (false, _) => "served already".to_owned(),
        };
        format!("generation {number} {what}\n") + &generation.map(unused).unwrap_or_default()
    })
}

pub(super) fn sort_word(sort: i32) -> &'static str {
    match proto::Sort::try_from(sort) {
        Ok(proto::Sort::Dictionary) => "dictionary",
        Ok(proto::Sort::Policy) => "policy",
        _ => "unknown",
    }
}
