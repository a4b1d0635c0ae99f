//! From a folder's bytes to a [`Dictionary`], with all the problems of all its files in one go.

use std::collections::HashSet;

use super::{
    Case, Defaults, Dictionary, Severity, Tolerance,
    head::Head,
    lint::lint,
    resolve::{Entry, resolve},
    rows::{Place, Row, from_csv, from_txt, plain_lines},
};
use crate::{
    config::limits::{MAX_TERMS, MAX_TEXT_BYTES},
    folder::{Findings, Folder, cases, closest, decode},
    identity::{BadName, ContentId, Name},
    problem::{Problem, Problems},
};

/// The files of a dictionary folder.
pub const FILES: [&str; 6] = [
    "dictionary.toml",
    "terms.csv",
    "terms.txt",
    "rules.toml",
    "allow.txt",
    "cases.jsonl",
];

/// Parses and lints a dictionary folder: the dictionary and its warnings, or all its errors and warnings.
///
/// `label` is how the folder is called in problems (`fraud`, `./lists/fraud`); its last part names a dictionary whose
/// `dictionary.toml` does not.
///
/// ```
/// use tamis::{dictionary, folder::Folder};
/// let folder = Folder::from_iter([("terms.txt", "加微信\n刷单\n")]);
/// let (dictionary, warnings) = dictionary::parse("fraud", &folder)?;
/// assert_eq!(dictionary.name.as_str(), "default/fraud");
/// assert_eq!(dictionary.terms.len(), 2);
/// assert!(warnings.is_empty());
///
/// let folder = Folder::from_iter([("terms.csv", "term,severity\n刷单,hihg\n")]);
/// let problems = dictionary::parse("fraud", &folder).unwrap_err();
/// let said = r#"fraud/terms.csv:2: severity: "hihg": not one of the possible values; did you mean `high`?"#;
/// assert_eq!(problems.to_string(), said);
/// # Ok::<(), tamis::problem::Problems>(())
/// ```
pub fn parse(label: &str, folder: &Folder) -> Result<(Dictionary, Problems), Problems> {
    parse_with(label, folder, Tolerance::default())
}

/// Like [`parse`], with the tolerance of terms where neither they nor their `dictionary.toml` name one.
pub fn parse_with(label: &str, folder: &Folder, tolerance: Tolerance) -> Result<(Dictionary, Problems), Problems> {
    folder.fits(label)?;
    let mut findings = Findings::default();
    folder.report_unread(label, &FILES, &mut findings);
    let mut draft = Draft::default();
    if let Some((file, text)) = folder.text(label, "dictionary.toml", &mut findings) {
        draft.head = Head::read(&file, text, &mut findings);
    }
    if let Some((file, text)) = folder.text(label, "rules.toml", &mut findings) {
        refuse_rules(&file, text, &mut findings);
    }
    if let Some((file, text)) = folder.text(label, "terms.csv", &mut findings) {
        from_csv(&file, text, &mut draft.rows, &mut findings);
    }
    if let Some((file, text)) = folder.text(label, "terms.txt", &mut findings) {
        from_txt(&file, text, &mut draft.rows, &mut findings);
    }
    if let Some((file, text)) = folder.text(label, "allow.txt", &mut findings) {
        draft.exceptions = plain_lines(&file, text, &mut findings);
    }
    if let Some((file, text)) = folder.text(label, "cases.jsonl", &mut findings) {
        draft.cases = read_cases(&file, text, &mut findings);
    }
    draft.finish(label, tolerance, findings)
}

impl Dictionary {
    /// A dictionary of plain lists, one term a line, of severity high: what `tamis check --terms FILE` makes of its files.
    ///
    /// ```
    /// use tamis::dictionary::{Dictionary, Severity, Tolerance};
    /// let (dictionary, _warnings) = Dictionary::from_terms("terms".parse()?, [("my.txt", "刷单\nfree money\n")], Tolerance::Standard)?;
    /// assert_eq!(dictionary.terms.get(0).severity, Severity::High);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_terms<'a, B: AsRef<[u8]> + ?Sized + 'a>(
        name: Name,
        files: impl IntoIterator<Item = (&'a str, &'a B)>,
        tolerance: Tolerance,
    ) -> Result<(Self, Problems), Problems> {
        let mut findings = Findings::default();
        let mut draft = Draft::default();
        for (file, bytes) in files {
            if let Some(text) = decode(file, bytes.as_ref(), &mut findings) {
                from_txt(file, text, &mut draft.rows, &mut findings);
            }
        }
        let label = name.short().to_owned();
        draft.head.name = Some(name);
        draft.finish(&label, tolerance, findings)
    }
}

/// Everything that the files say, before defaults are filled in.
#[derive(Default)]
struct Draft {
    head: Head,
    rows: Vec<Row>,
    exceptions: Vec<(String, Place)>,
    cases: Vec<Case>,
}

impl Draft {
    fn finish(
        mut self,
        label: &str,
        tolerance: Tolerance,
        mut findings: Findings,
    ) -> Result<(Dictionary, Problems), Problems> {
        if self.rows.is_empty() && self.exceptions.is_empty() && findings.errors() == 0 {
            findings.add(
                Problem::error(label, "the dictionary holds no term and no exception")
                    .mend("write terms, one a line, in terms.txt, or with columns in terms.csv"),
            );
        }
        if self.rows.len() > MAX_TERMS {
            let message = format!("{} terms are over the limit of {MAX_TERMS}", self.rows.len());
            findings.add(Problem::error(label, message).mend("split it into several dictionaries"));
        }
        let Some(name) = self.head.name.take().or_else(|| name_of(label, &mut findings)) else {
            return findings.settle(label, None);
        };
        let defaults = Defaults {
            severity: self.head.severity.unwrap_or(Severity::High),
            category: self.head.category.take().unwrap_or_else(|| name.short().to_owned()),
            tolerance: self.head.tolerance.unwrap_or(tolerance),
        };
        let entries = resolve(self.rows, &defaults, &mut findings);
        self.exceptions.sort_by(|a, b| a.0.cmp(&b.0));
        self.exceptions.dedup_by(|again, first| {
            let same = again.0 == first.0;
            if same {
                let message = format!("the exception stands on {} too", first.1.seen_from(&again.1));
                findings.add(again.1.warning("", &again.0, message).mend("remove one of them"));
            }
            same
        });
        lint(&entries, &self.exceptions, &mut findings);
        report_unknown_rules(label, &self.cases, &entries, name.short(), &mut findings);
        let mut dictionary = Dictionary {
            name,
            title: self.head.title,
            languages: self.head.languages,
            licence: self.head.licence,
            defaults,
            terms: entries.iter().map(|entry| entry.term.view()).collect(),
            exceptions: self.exceptions.iter().map(|(text, _)| text.as_str()).collect(),
            cases: self.cases,
            revision: ContentId::of([]),
        };
        dictionary.revision = dictionary.content_id();
        findings.settle(label, Some(dictionary))
    }
}

/// The name that a folder gives to a dictionary: its own.
fn name_of(label: &str, findings: &mut Findings) -> Option<Name> {
    let last = label.rsplit(['/', '\\']).next().unwrap_or(label);
    let name = last.parse();
    if name.is_err() {
        findings.add(
            Problem::error(
                format!("{label}/dictionary.toml"),
                "the folder's name is no name for a dictionary",
            )
            .at(0, "name", last)
            .mend(format!("add the key `name`: {}", BadName::MEND)),
        );
    }
    name.ok()
}

/// Combinations are not read by this version: better no dictionary than one that silently lacks half of what its authors rely on.
fn refuse_rules(file: &str, text: &str, findings: &mut Findings) {
    let is_content = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    if let Some(at) = text.lines().position(is_content) {
        findings.add(
            Problem::error(
                file,
                "combinations and regular expressions are not supported by this version",
            )
            .at(at as u64 + 1, "", "")
            .mend("write plain terms, or remove this file"),
        );
    }
}

fn read_cases(file: &str, text: &str, findings: &mut Findings) -> Vec<Case> {
    let read = cases(file, text, &["text", "expect", "rule", "span", "note"], findings);
    let mut kept = Vec::with_capacity(read.len());
    for (line, mut case) in read {
        let Case {
            text, rule, span, note, ..
        } = &mut case;
        for optional in [rule, &mut *span, note] {
            optional.take_if(|written| written.is_empty());
        }
        report_case(file, line, text, span.as_deref(), findings);
        kept.push(Case { line, ..case });
    }
    kept
}

/// A case that could never hold, whatever the terms; policies' cases are held to it too.
pub(crate) fn report_case(file: &str, line: u64, text: &str, span: Option<&str>, findings: &mut Findings) {
    if text.len() > MAX_TEXT_BYTES {
        let message = format!(
            "{} bytes are over the limit of {MAX_TEXT_BYTES} for a message",
            text.len()
        );
        findings.add(Problem::error(file, message).at(line, "text", text).mend("shorten it"));
    }
    if let Some(span) = span.filter(|span| !text.contains(span)) {
        findings.add(
            Problem::error(file, "the text does not contain this span")
                .at(line, "span", span)
                .mend("copy it from the text"),
        );
    }
}

/// A case about a rule that is not there says nothing; a missed letter would go unnoticed where it expects a miss.
fn report_unknown_rules(label: &str, cases: &[Case], entries: &[Entry], name: &str, findings: &mut Findings) {
    let named = || cases.iter().filter_map(|case| Some((case.line, case.rule.as_deref()?)));
    let wanted: HashSet<&str> = named().map(|(_, rule)| rule).collect();
    if wanted.is_empty() {
        return;
    }
    let known: HashSet<&str> = entries
        .iter()
        .map(|entry| entry.term.id.as_str())
        .filter(|id| wanted.contains(id))
        .collect();
    for (line, rule) in named().filter(|(_, rule)| !known.contains(rule)) {
        let bare = rule.strip_prefix(name).and_then(|rest| rest.strip_prefix('/'));
        let mend = match bare {
            Some(bare) => format!("write {bare:?}: the dictionary's name is left out here"),
            None if entries.len() > 10_000 => "write the id of a term".to_owned(),
            None => {
                let ids: Vec<&str> = entries.iter().map(|entry| entry.term.id.as_str()).collect();
                closest(rule, &ids).map_or_else(
                    || "write the id of a term".to_owned(),
                    |id| format!("did you mean {id:?}?"),
                )
            }
        };
        let file = format!("{label}/cases.jsonl");
        findings.add(
            Problem::warning(file, "no term has this id")
                .at(line, "rule", rule)
                .mend(mend),
        );
    }
}
