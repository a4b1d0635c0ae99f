//! The canonical form: what of a dictionary is content, in one order, whatever the files looked like.

use super::{Case, Dictionary, Expect, MatchMode, Term};
use crate::identity::ContentId;

/// Names the encoding; raised when it changes, because every revision id changes with it.
const FORM: &str = "tamis-dictionary-1";

impl Dictionary {
    /// The revision id of what the dictionary holds now, edits included: BLAKE3 over length-prefixed fields in one order.
    ///
    /// Line numbers, byte order marks, line ends, the order of lines and columns, and whether terms stood in a `.csv` or a `.txt` are
    /// no content; notes are. O(content); nothing but references is copied.
    pub fn content_id(&self) -> ContentId {
        let mut terms: Vec<&Term> = self.terms.iter().collect();
        terms.sort_by(|a, b| (&a.text, &a.id).cmp(&(&b.text, &b.id)));
        let mut exceptions: Vec<&String> = self.exceptions.iter().collect();
        exceptions.sort();
        exceptions.dedup();
        let counts = [self.languages.len(), terms.len(), exceptions.len(), self.cases.len()];
        let counts = counts.map(|count| (count as u64).to_le_bytes());
        let head = [FORM, self.name.as_str(), &self.title, &self.licence];
        let fields = head
            .into_iter()
            .map(str::as_bytes)
            .chain(counts.iter().map(<[u8; 8]>::as_slice))
            .chain(self.languages.iter().map(String::as_bytes))
            .chain(terms.iter().flat_map(|term| term_fields(term).map(str::as_bytes)))
            .chain(exceptions.iter().map(|exception| exception.as_bytes()))
            .chain(self.cases.iter().flat_map(|case| case_fields(case).map(str::as_bytes)));
        ContentId::of(fields)
    }
}

fn term_fields(term: &Term) -> [&str; 8] {
    [
        &term.text,
        &term.id,
        term.severity.as_str(),
        &term.category,
        term.tolerance.as_str(),
        term.mode.map_or("", MatchMode::as_str),
        if term.alias { "alias" } else { "" },
        &term.note,
    ]
}

fn case_fields(case: &Case) -> [&str; 5] {
    let expect = match case.expect {
        Expect::Hit => "hit",
        Expect::Miss => "miss",
    };
    [
        &case.text,
        expect,
        case.rule.as_deref().unwrap_or_default(),
        case.span.as_deref().unwrap_or_default(),
        case.note.as_deref().unwrap_or_default(),
    ]
}
