//! JSON lines: one case a line.

use serde::de::DeserializeOwned;

use super::{Findings, did_you_mean};
use crate::problem::Problem;

/// Reads the cases of a `cases.jsonl`, each with its line counted from 1. Blank lines are skipped; every line that is wrong is reported.
pub(crate) fn cases<C: DeserializeOwned>(
    file: &str,
    text: &str,
    keys: &[&str],
    findings: &mut Findings,
) -> Vec<(u64, C)> {
    let mut cases = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str(line) {
            Ok(case) => cases.push((number, case)),
            Err(error) => findings.add(unreadable(file, number, line, keys, &error)),
        }
    }
    cases
}

/// What is wrong with one line: a key of another name is found by itself, the rest as the JSON parser says it.
fn unreadable(file: &str, number: u64, line: &str, keys: &[&str], error: &serde_json::Error) -> Problem {
    if let Ok(serde_json::Value::Object(object)) = serde_json::from_str(line)
        && let Some(key) = object.keys().find(|key| !keys.contains(&key.as_str()))
    {
        return Problem::error(file, "a case has no such key")
            .at(number, key, "")
            .mend(did_you_mean(key, keys));
    }
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    Problem::error(file, format!("{message} (column {})", error.column()))
        .at(number, "", line)
        .mend(r#"write one JSON object a line: {"text":"…","expect":"…"}"#)
}
