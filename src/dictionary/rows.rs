//! `terms.csv` and `terms.txt`: from text to rows, each with its place.

use std::{str::FromStr, sync::Arc};

use csv::StringRecord;

use super::{MatchMode, Severity, Tolerance};
use crate::{
    config::limits::{MAX_CATEGORY_CHARS, MAX_ID_CHARS, MAX_TERM_BYTES, MAX_TERMS},
    folder::{Findings, Lines, did_you_mean},
    problem::Problem,
};

/// The columns of `terms.csv`; only the first is required, and they may stand in any order.
const COLUMNS: [&str; 8] = [
    "term",
    "id",
    "severity",
    "category",
    "tolerance",
    "match",
    "alias_of",
    "note",
];

/// Where something was written: the file as it is reported, and the line counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: Arc<str>,
    pub(super) line: u64,
}

impl Place {
    /// How this place is called in a problem at `there`: its file is named only where it is another one.
    pub(super) fn seen_from(&self, there: &Self) -> String {
        if self.file == there.file {
            format!("line {}", self.line)
        } else {
            format!("line {} of {}", self.line, self.file)
        }
    }

    /// An error about a value that stands here.
    pub(super) fn error(&self, field: &str, value: &str, message: impl Into<String>) -> Problem {
        Problem::error(&*self.file, message).at(self.line, field, value)
    }

    /// A warning about a value that stands here.
    pub(super) fn warning(&self, field: &str, value: &str, message: impl Into<String>) -> Problem {
        Problem::warning(&*self.file, message).at(self.line, field, value)
    }
}

/// One row as written: empty texts and `None` where the row says nothing.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) text: String,
    pub(super) id: String,
    pub(super) severity: Option<Severity>,
    pub(super) category: String,
    pub(super) tolerance: Option<Tolerance>,
    pub(super) mode: Option<MatchMode>,
    pub(super) alias_of: String,
    pub(super) note: String,
    pub(super) place: Place,
}

impl Row {
    fn of(text: &str, place: Place) -> Self {
        Self {
            text: text.to_owned(),
            id: String::new(),
            severity: None,
            category: String::new(),
            tolerance: None,
            mode: None,
            alias_of: String::new(),
            note: String::new(),
            place,
        }
    }
}

/// The lines of a plain list: one text a line, `#` too; white space around it does not count, blank lines are skipped.
pub(super) fn plain_lines(file: &str, text: &str, findings: &mut Findings) -> Vec<(String, Place)> {
    let mut lines = Vec::new();
    each_line(file, text, findings, |written, place| {
        lines.push((written.to_owned(), place));
    });
    lines
}

/// Adds the rows of a `terms.txt`.
pub(super) fn from_txt(file: &str, text: &str, rows: &mut Vec<Row>, findings: &mut Findings) {
    each_line(file, text, findings, |written, place| {
        rows.push(Row::of(written, place));
    });
}

fn each_line(file: &str, text: &str, findings: &mut Findings, mut take: impl FnMut(&str, Place)) {
    if count_lines(file, text, findings).is_none() {
        return;
    }
    let file: Arc<str> = file.into();
    for (line, written) in (1..).zip(text.lines().map(str::trim)) {
        let place = Place {
            file: file.clone(),
            line,
        };
        if !written.is_empty() && fits(&place, "", written, findings) {
            take(written, place);
        }
    }
}

/// Adds the rows of a `terms.csv`. A row may be shorter than the header; what it leaves out is empty.
pub(super) fn from_csv(file: &str, text: &str, rows: &mut Vec<Row>, findings: &mut Findings) {
    let Some(count) = count_lines(file, text, findings) else {
        return;
    };
    rows.reserve(count);
    let lines = Lines::of(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut record, mut columns) = (StringRecord::new(), None);
    let file: Arc<str> = file.into();
    // Reading from memory, of text that is UTF-8, with rows of any length, has nothing to fail at.
    while let Ok(true) = reader.read_record(&mut record) {
        let line = lines.line(row_start(text, &record));
        let place = Place {
            file: file.clone(),
            line,
        };
        match &columns {
            None => match header(&place, &record, findings) {
                Some(found) => columns = Some(found),
                None => return,
            },
            Some(columns) => rows.extend(row(place, &record, columns, findings)),
        }
    }
}

/// The offset of a row's first character: the reader's own position may still be on the line break before it.
fn row_start(text: &str, record: &StringRecord) -> usize {
    let from = record.position().map_or(0, csv::Position::byte);
    let from = usize::try_from(from).unwrap_or(text.len()).min(text.len());
    let breaks = text.as_bytes()[from..]
        .iter()
        .take_while(|&&b| b == b'\r' || b == b'\n');
    from + breaks.count()
}

/// For each cell of a row the column that it belongs to, as an index into [`COLUMNS`].
fn header(place: &Place, record: &StringRecord, findings: &mut Findings) -> Option<Vec<usize>> {
    let mut columns = Vec::with_capacity(record.len());
    let before = findings.errors();
    for name in record.iter().map(str::trim) {
        match COLUMNS.iter().position(|column| *column == name) {
            Some(column) if columns.contains(&column) => {
                findings.add(
                    place
                        .error(name, "", "this column stands twice")
                        .mend("remove one of them"),
                );
            }
            Some(column) => columns.push(column),
            None => findings.add(
                place
                    .error("", name, "there is no such column")
                    .mend(did_you_mean(name, &COLUMNS)),
            ),
        }
    }
    if !columns.contains(&0) {
        let mend = match record.get(0).unwrap_or_default() {
            first if first.contains([';', '\t']) => "separate the columns with commas",
            _ => "begin the file with a header such as `term,severity,note`, or call a list without one terms.txt",
        };
        findings.add(
            place
                .error("term", "", "the header has no column of this name")
                .mend(mend),
        );
    }
    (findings.errors() == before).then_some(columns)
}

/// One row, unless it is blank or cannot be used.
fn row(place: Place, record: &StringRecord, columns: &[usize], findings: &mut Findings) -> Option<Row> {
    let mut cells = [""; COLUMNS.len()];
    for (index, cell) in record.iter().map(str::trim).enumerate() {
        if cell.contains(['\n', '\r']) {
            findings.add(
                place
                    .error("", cell, "this cell runs over several lines")
                    .mend("close its double quote, or double the quotes inside it"),
            );
            return None;
        }
        match columns.get(index) {
            Some(&column) => cells[column] = cell,
            None if cell.is_empty() => {}
            None => {
                findings.add(
                    place
                        .error("", cell, "this row has more cells than the header has columns")
                        .mend("put a cell that holds a comma in double quotes"),
                );
                return None;
            }
        }
    }
    if cells.iter().all(|cell| cell.is_empty()) {
        return None;
    }
    let before = findings.errors();
    let [text, id, severity, category, tolerance, mode, alias_of, note] = cells;
    if text.is_empty() {
        findings.add(
            place
                .error("term", "", "the row has no term")
                .mend("write one, or remove the row"),
        );
    }
    fits(&place, "term", text, findings);
    let row = Row {
        id: bounded(&place, "id", id, MAX_ID_CHARS, findings),
        severity: word(&place, "severity", severity, Severity::WRITTEN, findings),
        category: bounded(&place, "category", category, MAX_CATEGORY_CHARS, findings),
        tolerance: word(&place, "tolerance", tolerance, Tolerance::WRITTEN, findings),
        mode: word(&place, "match", mode, MatchMode::WRITTEN, findings),
        alias_of: alias_of.to_owned(),
        note: note.to_owned(),
        ..Row::of(text, place)
    };
    (findings.errors() == before).then_some(row)
}

fn bounded(place: &Place, field: &str, cell: &str, limit: usize, findings: &mut Findings) -> String {
    if cell.chars().nth(limit).is_some() {
        findings.add(
            place
                .error(field, cell, format!("longer than {limit} characters"))
                .mend("shorten it"),
        );
    }
    cell.to_owned()
}

fn word<T: FromStr>(place: &Place, field: &str, cell: &str, words: &[&str], findings: &mut Findings) -> Option<T> {
    if cell.is_empty() {
        return None;
    }
    let value = cell.parse().ok();
    if value.is_none() {
        findings.add(
            place
                .error(field, cell, "not one of the possible values")
                .mend(did_you_mean(cell, words)),
        );
    }
    value
}

/// Refuses a text that is too long to be worth folding.
fn fits(place: &Place, field: &str, text: &str, findings: &mut Findings) -> bool {
    let fits = text.len() <= MAX_TERM_BYTES;
    if !fits {
        let message = format!("{} bytes are over the limit of {MAX_TERM_BYTES}", text.len());
        findings.add(place.error(field, text, message).mend("shorten it"));
    }
    fits
}

/// How many lines say something; `None`, and a problem, where they are more than a dictionary may have terms.
fn count_lines(file: &str, text: &str, findings: &mut Findings) -> Option<usize> {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    // One more for the header.
    if lines > MAX_TERMS + 1 {
        let message = format!("{lines} lines are over the limit of {MAX_TERMS} terms");
        findings.add(Problem::error(file, message).mend("split it into several dictionaries"));
        return None;
    }
    Some(lines)
}
