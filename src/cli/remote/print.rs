//! What commands print: text for people, JSON for programs.

use std::io::{self, Write};

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
            "live_edits": a.live_edits,
        })
    };
    json!({
        "generation": generation.generation, "previous": generation.previous, "kind": generation.kind,
        "restored": generation.restored, "time": generation.time.as_ref().map(ToString::to_string), "author": generation.author,
        "note": generation.note, "snapshot": generation.snapshot,
        "active": generation.active.iter().map(active).collect::<Vec<_>>(),
    })
}

/// A generation in one line.
pub(super) fn generation_line(generation: &proto::Generation) -> String {
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
    if !generation.note.is_empty() {
        line += &format!("  {}", generation.note);
    }
    line
}

/// What came of a change.
pub(super) fn changed(format: Format, generation: Option<&proto::Generation>, changed: bool) -> Outcome {
    let mut json = generation.map_or(json!({}), generation_json);
    json["changed"] = json!(changed);
    print(format, &json, || {
        let number = generation.map_or(0, |g| g.generation);
        let what = if changed { "serves" } else { "served already" };
        format!("generation {number} {what}")
    })
}

pub(super) fn sort_word(sort: i32) -> &'static str {
    match proto::Sort::try_from(sort) {
        Ok(proto::Sort::Dictionary) => "dictionary",
        Ok(proto::Sort::Policy) => "policy",
        _ => "unknown",
    }
}
