//! From rows to terms: defaults and aliases filled in, ids made unique, duplicates merged or refused.

use std::{
    collections::{HashMap, HashSet},
    mem,
};

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
pub(super) fn resolve(mut rows: Vec<Row>, defaults: &Defaults, findings: &mut Findings) -> Vec<Entry> {
    let mut inherited = inheritance(&rows, defaults, findings);
    // Rows are large, so their numbers are sorted. Stable, so that of equal texts the one that was written first stays first.
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&a, &b| rows[a].text.cmp(&rows[b].text));
    let mut entries: Vec<Entry> = Vec::with_capacity(rows.len());
    for at in order {
        let entry = entry(&mut rows[at], inherited.remove(&at), defaults);
        match entries.last_mut().filter(|first| first.term.text == entry.term.text) {
            Some(first) => merge_duplicate(first, entry, findings),
            None => entries.push(entry),
        }
    }
    entries
}

fn id_of(row: &Row) -> &str {
    if row.id.is_empty() { &row.text } else { &row.id }
}

/// Takes what a row says out of it.
fn entry(row: &mut Row, inherited: Option<Inherited>, defaults: &Defaults) -> Entry {
    let alias = inherited.is_some();
    let Inherited { id, severity, category } = inherited.unwrap_or_else(|| Inherited::own(row, defaults));
    let term = Term {
        text: mem::take(&mut row.text),
        id,
        severity,
        category,
        tolerance: row.tolerance.unwrap_or(defaults.tolerance),
        mode: row.mode,
        alias,
        note: mem::take(&mut row.note),
        line: row.place.line,
    };
    Entry {
        term,
        place: row.place.clone(),
    }
}

impl Inherited {
    /// What the aliases of a row take from it, and what it has itself.
    fn own(row: &Row, defaults: &Defaults) -> Self {
        Self {
            id: id_of(row).to_owned(),
            severity: row.severity.unwrap_or(defaults.severity),
            category: category_of(row, defaults).to_owned(),
        }
    }
}

fn category_of<'a>(row: &'a Row, defaults: &'a Defaults) -> &'a str {
    if row.category.is_empty() {
        &defaults.category
    } else {
        &row.category
    }
}

/// What the aliases inherit, by the numbers of their rows. Reports ids that two different terms claim, and aliases that lead nowhere.
fn inheritance(rows: &[Row], defaults: &Defaults, findings: &mut Findings) -> HashMap<usize, Inherited> {
    // Only ids that someone wrote can clash or be looked for; most terms have none but their text.
    let written = rows.iter().flat_map(|row| [&row.id, &row.alias_of]);
    let written: HashSet<&str> = written.map(String::as_str).filter(|id| !id.is_empty()).collect();
    let mut targets: HashMap<&str, &Row> = HashMap::new();
    let terms = rows.iter().filter(|row| row.alias_of.is_empty());
    for row in terms.filter(|row| written.contains(id_of(row))) {
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
    let mut inherited = HashMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.alias_of.is_empty()) {
        if let Some(target) = targets.get(row.alias_of.as_str()) {
            let own = Inherited::own(target, defaults);
            report_differences(row, &own, target, findings);
            inherited.insert(at, own);
        } else {
            report_lost_alias(row, rows, findings);
        }
    }
    inherited
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

/// Takes another entry of the same text into the first, unless they contradict.
fn merge_duplicate(first: &mut Entry, again: Entry, findings: &mut Findings) {
    let there = first.place.seen_from(&again.place);
    let text = &again.term.text;
    if let Some((field, was, is)) = difference(&first.term, &again.term) {
        let message = format!("the term stands on {there} too, with {was:?} instead of {is:?}");
        findings.add(again.place.error(field, text, message).mend("remove one of them"));
        return;
    }
    let message = format!("the term stands on {there} too");
    findings.add(again.place.warning("term", text, message).mend("remove one of them"));
    // Whichever comes first, so that the order of the lines decides nothing.
    if again.term.note > first.term.note {
        first.term.note = again.term.note;
    }
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
