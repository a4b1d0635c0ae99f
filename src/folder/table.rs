//! Reading TOML so that all problems of a file come out in one go, each with its line.

use std::{borrow::Cow, collections::BTreeMap, str::FromStr};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Findings, Lines, did_you_mean};
use crate::{
    identity::{BadName, Name},
    problem::Problem,
};

/// One TOML file: its name, its text and its lines.
#[derive(Debug)]
pub(crate) struct Document<'d> {
    file: &'d str,
    text: &'d str,
    lines: Lines,
}

/// A value that was written, and its line counted from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written<T> {
    pub(crate) value: T,
    pub(crate) line: u64,
}

/// A table that is read key by key. What nobody asked for is reported at the end, with the nearest key that would have been right.
#[derive(Debug)]
pub(crate) struct Table<'d> {
    document: &'d Document<'d>,
    path: String,
    line: u64,
    entries: BTreeMap<&'d str, Written<&'d DeValue<'d>>>,
    asked: Vec<&'static str>,
}

impl<'d> Document<'d> {
    /// Prepares to read the file called `file`.
    pub(crate) fn new(file: &'d str, text: &'d str) -> Self {
        Self {
            file,
            text,
            lines: Lines::of(text),
        }
    }

    /// The file's tree; `None` where it is no TOML, and then everything that is wrong with it is reported.
    pub(crate) fn parse(&self, findings: &mut Findings) -> Option<DeTable<'d>> {
        let (tree, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let line = error.span().map_or(0, |span| self.lines.line(span.start));
            findings.add(
                Problem::error(self.file, format!("this is not TOML: {}", error.message()))
                    .at(line, "", "")
                    .mend("texts stand in double quotes, a table's name in brackets, and no key twice"),
            );
        }
        errors.is_empty().then(|| tree.into_inner())
    }

    /// The file's top table.
    pub(crate) fn top(&'d self, tree: &'d DeTable<'d>) -> Table<'d> {
        Table::new(self, String::new(), 1, tree)
    }
}

impl<'d> Table<'d> {
    fn new(document: &'d Document<'d>, path: String, line: u64, table: &'d DeTable<'d>) -> Self {
        let entry = |(key, value): (&'d Spanned<Cow<'d, str>>, &'d Spanned<DeValue<'d>>)| {
            let line = document.lines.line(key.span().start);
            let value = value.get_ref();
            (key.get_ref().as_ref(), Written { value, line })
        };
        Self {
            document,
            path,
            line,
            entries: table.iter().map(entry).collect(),
            asked: Vec::new(),
        }
    }

    /// The line that the table begins on.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The dotted path of one of its keys, as it would be written in the file.
    pub(crate) fn field(&self, key: &str) -> String {
        let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        let key = if !key.is_empty() && key.bytes().all(bare) {
            key.to_owned()
        } else {
            format!("{key:?}")
        };
        if self.path.is_empty() {
            key
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// An error about one of its keys.
    pub(crate) fn error(&self, line: u64, key: &str, value: &str, message: impl Into<String>) -> Problem {
        Problem::error(self.document.file, message).at(line, &self.field(key), value)
    }

    /// A warning about one of its keys.
    pub(crate) fn warning(&self, line: u64, key: &str, value: &str, message: impl Into<String>) -> Problem {
        Problem::warning(self.document.file, message).at(line, &self.field(key), value)
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    fn take(&mut self, key: &'static str) -> Option<Written<&'d DeValue<'d>>> {
        self.asked.push(key);
        self.entries.remove(key)
    }

    fn wrong_type(&self, line: u64, key: &str, found: &DeValue<'_>, wanted: &str, mend: &str) -> Problem {
        let value = found.as_str().unwrap_or_default();
        self.error(
            line,
            key,
            value,
            format!("{wanted} expected, {} found", found.type_str()),
        )
        .mend(mend)
    }

    /// A text.
    pub(crate) fn text(&mut self, key: &'static str, findings: &mut Findings) -> Option<Written<&'d str>> {
        let Written { value, line } = self.take(key)?;
        let Some(text) = value.as_str() else {
            findings.add(self.wrong_type(line, key, value, "a text", "write it in double quotes"));
            return None;
        };
        Some(Written { value: text, line })
    }

    /// One of the words that `T` knows.
    pub(crate) fn choice<T: FromStr>(
        &mut self,
        key: &'static str,
        words: &[&str],
        findings: &mut Findings,
    ) -> Option<Written<T>> {
        let Written { value: word, line } = self.text(key, findings)?;
        let value = word.parse().ok();
        if value.is_none() {
            findings.add(
                self.error(line, key, word, "not one of the possible values")
                    .mend(did_you_mean(word, words)),
            );
        }
        value.map(|value| Written { value, line })
    }

    /// The name of a dictionary or policy.
    pub(crate) fn name(&mut self, key: &'static str, findings: &mut Findings) -> Option<Name> {
        let Written { value, line } = self.text(key, findings)?;
        let name = value.parse();
        if name.is_err() {
            findings.add(self.error(line, key, value, "not a name").mend(BadName::MEND));
        }
        name.ok()
    }

    /// True or false.
    pub(crate) fn flag(&mut self, key: &'static str, findings: &mut Findings) -> Option<bool> {
        let Written { value, line } = self.take(key)?;
        let flag = value.as_bool();
        if flag.is_none() {
            findings.add(self.wrong_type(line, key, value, "true or false", "write it without quotes"));
        }
        flag
    }

    /// A whole number from 0 to 255.
    pub(crate) fn small_number(&mut self, key: &'static str, findings: &mut Findings) -> Option<Written<u8>> {
        let Written { value, line } = self.take(key)?;
        let number = value
            .as_integer()
            .and_then(|number| u8::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none() {
            findings.add(self.wrong_type(
                line,
                key,
                value,
                "a whole number from 0 to 255",
                "write it without quotes",
            ));
        }
        number.map(|value| Written { value, line })
    }

    /// A list of texts, each with its own line.
    pub(crate) fn texts(&mut self, key: &'static str, findings: &mut Findings) -> Option<Vec<Written<&'d str>>> {
        let items = self.list(key, "a list of texts", r#"write ["…", "…"]"#, findings)?;
        let mut texts = Vec::with_capacity(items.len());
        for Written { value, line } in items {
            match value.as_str() {
                Some(value) => texts.push(Written { value, line }),
                None => findings.add(self.wrong_type(line, key, value, "a text", "write it in double quotes")),
            }
        }
        Some(texts)
    }

    /// A list of inline tables.
    pub(crate) fn tables(&mut self, key: &'static str, findings: &mut Findings) -> Option<Vec<Table<'d>>> {
        const MEND: &str = "write [{ key = value }]";
        let items = self.list(key, "a list of tables", MEND, findings)?;
        let mut tables = Vec::with_capacity(items.len());
        for Written { value, line } in items {
            match value.as_table() {
                Some(table) => tables.push(Table::new(self.document, self.field(key), line, table)),
                None => findings.add(self.wrong_type(line, key, value, "a table", MEND)),
            }
        }
        Some(tables)
    }

    fn list(
        &mut self,
        key: &'static str,
        wanted: &str,
        mend: &str,
        findings: &mut Findings,
    ) -> Option<Vec<Written<&'d DeValue<'d>>>> {
        let Written { value, line } = self.take(key)?;
        let Some(items) = value.as_array() else {
            findings.add(self.wrong_type(line, key, value, wanted, mend));
            return None;
        };
        let place = |item: &'d Spanned<DeValue<'d>>| Written {
            value: item.get_ref(),
            line: self.document.lines.line(item.span().start),
        };
        Some(items.iter().map(place).collect())
    }

    /// The tables inside the table called `key`, by name: `[scope.a]` and `[scope.b]` for `scope`.
    pub(crate) fn named_tables(&mut self, key: &'static str, findings: &mut Findings) -> Vec<(&'d str, Table<'d>)> {
        let Some(Written { value, line }) = self.take(key) else {
            return Vec::new();
        };
        let mend = format!("write [{}.NAME]", self.field(key));
        let Some(outer) = value.as_table() else {
            findings.add(self.wrong_type(line, key, value, "a table", &mend));
            return Vec::new();
        };
        let outer = Table::new(self.document, self.field(key), line, outer);
        let mut tables = Vec::with_capacity(outer.entries.len());
        for (&name, &Written { value, line }) in &outer.entries {
            match value.as_table() {
                Some(table) => tables.push((name, Table::new(self.document, outer.field(name), line, table))),
                None => findings.add(outer.wrong_type(line, name, value, "a table", &mend)),
            }
        }
        tables
    }

    /// The keys that nobody asked for and that hold tables, with their lines; they are not reported any more.
    pub(crate) fn take_stray_tables(&mut self) -> Vec<Written<&'d str>> {
        let stray: Vec<_> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.value.is_table())
            .map(|(&value, entry)| Written {
                value,
                line: entry.line,
            })
            .collect();
        self.entries.retain(|_, entry| !entry.value.is_table());
        stray
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn finish(self, findings: &mut Findings) {
        for (key, entry) in &self.entries {
            findings.add(
                self.error(entry.line, key, "", "there is no such key")
                    .mend(did_you_mean(key, &self.asked)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Severity;

    fn read(text: &str, read: impl FnOnce(&mut Table<'_>, &mut Findings)) -> Vec<String> {
        let mut findings = Findings::default();
        let document = Document::new("x.toml", text);
        if let Some(tree) = document.parse(&mut findings) {
            let mut top = document.top(&tree);
            read(&mut top, &mut findings);
            top.finish(&mut findings);
        }
        let problems = findings.settle("x", None::<()>).unwrap_err();
        problems.0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn all_problems_of_a_file_come_out_with_their_lines() {
        let problems = read(
            "name = 1\n\nseverty = 'high'\nlevel = 'hihg'\nlist = [\n 'a',\n 2]\nmask = 'yes'\nn = 256",
            |top, findings| {
                top.text("name", findings);
                top.choice::<Severity>("severity", Severity::WRITTEN, findings);
                top.choice::<Severity>("level", Severity::WRITTEN, findings);
                assert_eq!(top.texts("list", findings).unwrap().len(), 1);
                top.flag("mask", findings);
                top.small_number("n", findings);
            },
        );
        assert_eq!(
            problems,
            [
                "x.toml:1: name: a text expected, integer found; write it in double quotes",
                "x.toml:3: severty: there is no such key; did you mean `severity`?",
                "x.toml:4: level: \"hihg\": not one of the possible values; did you mean `high`?",
                "x.toml:7: list: a text expected, integer found; write it in double quotes",
                "x.toml:8: mask: \"yes\": true or false expected, string found; write it without quotes",
                "x.toml:9: n: a whole number from 0 to 255 expected, integer found; write it without quotes",
            ]
        );
    }

    #[test]
    fn what_is_no_toml_is_reported_as_a_whole() {
        let problems = read("a = \nb = 1\nb = 2\n", |_, _| panic!("there is nothing to read"));
        assert_eq!(problems.len(), 2, "{problems:#?}");
        assert!(problems[0].starts_with("x.toml:1: this is not TOML"), "{problems:#?}");
        assert!(problems[1].starts_with("x.toml:3: this is not TOML"), "{problems:#?}");
    }
}
