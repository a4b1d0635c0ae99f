//! From rows to terms: defaults and aliases filled in, ids made unique, duplicates merged or refused.

use std::collections::HashMap;

use super::{
    Defaults, Severity, Term,
    rows::{Place, Row},
};
use crate::folder::{Findings, closest};

/// A term, and where it was written.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) term: Term,
    pub(super) place: Place,
}

/// What an alias takes from the term that it stands for.
struct Inherited {
    id: String,
    severity: Severity,
    category: String,
}

/// The terms of all rows, by text.
pub(super) fn resolve(rows: Vec<Row>, defaults: &Defaults, findings: &mut Findings) -> Vec<Entry> {
    let inherited = inheritance(&rows, defaults, findings);
    let mut entries: Vec<Entry> = rows
        .into_iter()
        .zip(inherited)
        .map(|(row, inherited)| entry(row, inherited, defaults))
        .collect();
    // Stable, so that of two equal texts the one that was written first stays first.
    entries.sort_by(|a, b| a.term.text.cmp(&b.term.text));
    merge_duplicates(entries, findings)
}

fn id_of(row: &Row) -> &str {
    if row.id.is_empty() { &row.text } else { &row.id }
}

fn entry(row: Row, inherited: Option<Inherited>, defaults: &Defaults) -> Entry {
    let alias = inherited.is_some();
    let own = || Inherited {
        id: id_of(&row).to_owned(),
        severity: row.severity.unwrap_or(defaults.severity),
        category: category_of(&row, defaults).to_owned(),
    };
    let Inherited { id, severity, category } = inherited.unwrap_or_else(own);
    let term = Term {
        text: row.text,
        id,
        severity,
        category,
        tolerance: row.tolerance.unwrap_or(defaults.tolerance),
        mode: row.mode,
        alias,
        note: row.note,
        line: row.place.line,
    };
    Entry { term, place: row.place }
}

fn category_of<'a>(row: &'a Row, defaults: &'a Defaults) -> &'a str {
    if row.category.is_empty() {
        &defaults.category
    } else {
        &row.category
    }
}

/// For each row what it inherits, if it is an alias. Reports ids that two different terms claim, and aliases that lead nowhere.
fn inheritance(rows: &[Row], defaults: &Defaults, findings: &mut Findings) -> Vec<Option<Inherited>> {
    let mut targets: HashMap<&str, &Row> = HashMap::new();
    for row in rows.iter().filter(|row| row.alias_of.is_empty()) {
        let first = *targets.entry(id_of(row)).or_insert(row);
        if first.text != row.text {
            let message = format!(
                "this id belongs to {:?} on {}",
                first.text,
                first.place.seen_from(&row.place)
            );
            findings.add(
                row.place
                    .error("id", id_of(row), message)
                    .mend("give it another id, or make it an alias of that term"),
            );
        }
    }
    let inherit = |row: &Row| {
        if row.alias_of.is_empty() {
            return None;
        }
        let Some(target) = targets.get(row.alias_of.as_str()) else {
            report_lost_alias(row, rows, findings);
            return None;
        };
        let inherited = Inherited {
            id: id_of(target).to_owned(),
            severity: target.severity.unwrap_or(defaults.severity),
            category: category_of(target, defaults).to_owned(),
        };
        report_differences(row, &inherited, target, findings);
        Some(inherited)
    };
    rows.iter().map(inherit).collect()
}

/// An alias may repeat what it inherits, and nothing else.
fn report_differences(row: &Row, inherited: &Inherited, target: &Row, findings: &mut Findings) {
    let severity = row.severity.map_or("", Severity::as_str);
    let told = [
        ("id", row.id.as_str(), inherited.id.as_str()),
        ("severity", severity, inherited.severity.as_str()),
        ("category", &row.category, &inherited.category),
    ];
    for (field, own, theirs) in told {
        if !own.is_empty() && own != theirs {
            let message = format!(
                "an alias has the {field} of its term, which is {theirs:?} ({})",
                target.place.seen_from(&row.place)
            );
            findings.add(
                row.place
                    .error(field, own, message)
                    .mend("leave the cell empty, or make it a term of its own"),
            );
        }
    }
}

fn report_lost_alias(row: &Row, rows: &[Row], findings: &mut Findings) {
    let wanted = row.alias_of.as_str();
    // Looking through a large dictionary for every slip would take as long as the slips are many.
    let helpful = findings.errors() < 100;
    let named = || rows.iter().find(|other| other.text == wanted || other.id == wanted);
    let (message, mend) = match helpful.then(named).flatten() {
        Some(alias) if !alias.alias_of.is_empty() => (
            "an alias cannot stand for an alias",
            format!(
                "write {:?}, the term of {}",
                alias.alias_of,
                alias.place.seen_from(&row.place)
            ),
        ),
        Some(term) => (
            "no term has this id",
            format!(
                "write {:?}, the id of the term of {}",
                id_of(term),
                term.place.seen_from(&row.place)
            ),
        ),
        None => {
            let compared = if helpful { 10_000 } else { 0 };
            let terms = rows.iter().filter(|row| row.alias_of.is_empty());
            let ids: Vec<&str> = terms.take(compared).map(id_of).collect();
            let mend = match closest(wanted, &ids) {
                Some(id) => format!("did you mean {id:?}?"),
                None => "write the id of a term of this dictionary".to_owned(),
            };
            ("no term has this id", mend)
        }
    };
    findings.add(row.place.error("alias_of", wanted, message).mend(mend));
}

/// One entry for each text. Entries must stand in the order of their texts.
fn merge_duplicates(entries: Vec<Entry>, findings: &mut Findings) -> Vec<Entry> {
    let mut merged: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        let Some(first) = merged.last_mut().filter(|first| first.term.text == entry.term.text) else {
            merged.push(entry);
            continue;
        };
        let line = first.place.seen_from(&entry.place);
        let text = &entry.term.text;
        let differing = difference(&first.term, &entry.term);
        if let Some((field, was, is)) = differing {
            let message = format!("the term stands on {line} too, with {was:?} instead of {is:?}");
            findings.add(entry.place.error(field, text, message).mend("remove one of them"));
        } else {
            let message = format!("the term stands on {line} too");
            findings.add(entry.place.warning("term", text, message).mend("remove one of them"));
            // Whichever comes first, so that the order of the lines decides nothing.
            if entry.term.note > first.term.note {
                first.term.note = entry.term.note;
            }
        }
    }
    merged
}

/// The first column in which two terms say different things: its name and both values.
fn difference(a: &Term, b: &Term) -> Option<(&'static str, String, String)> {
    let mode = |term: &Term| term.mode.map_or("", super::MatchMode::as_str).to_owned();
    let alias = |term: &Term| if term.alias { term.id.clone() } else { String::new() };
    let columns = |term: &Term| {
        [
            ("alias_of", alias(term)),
            ("id", term.id.clone()),
            ("severity", term.severity.as_str().to_owned()),
            ("category", term.category.clone()),
            ("tolerance", term.tolerance.as_str().to_owned()),
            ("match", mode(term)),
        ]
    };
    let pairs = columns(a).into_iter().zip(columns(b));
    pairs
        .map(|((field, was), (_, is))| (field, was, is))
        .find(|(_, was, is)| was != is)
}
