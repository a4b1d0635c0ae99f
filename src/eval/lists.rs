//! The formats of public word lists, read as plain lists of terms to compare with.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::{
    dictionary::{Dictionary, Tolerance},
    identity::Name,
};

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// A term a line.
    Lines,
    /// The first column of a table with a header.
    FirstColumn,
    /// JSON objects whose `match` holds variants between bars, `*` standing for any ending.
    Variants,
    /// A JavaScript object whose keys are the terms.
    Keys,
}

/// The text of a list with its format.
#[derive(Clone, Debug)]
pub struct ListText {
    /// How it is written.
    pub format: ListFormat,
    /// What it says.
    pub text: String,
}

#[derive(Deserialize)]
struct Variants {
    r#match: String,
}

impl ListText {
    /// Its terms, in order, each once; what cannot be read is left out.
    pub fn terms(&self) -> BTreeSet<String> {
        let terms: Vec<String> = match self.format {
            ListFormat::Lines => self.text.lines().map(str::to_owned).collect(),
            ListFormat::FirstColumn => first_column(&self.text),
            ListFormat::Variants => {
                let entries: Vec<Variants> = serde_json::from_str(&self.text).unwrap_or_default();
                let variants = entries.iter().flat_map(|entry| entry.r#match.split('|'));
                variants.map(|variant| variant.trim_matches('*').to_owned()).collect()
            }
            ListFormat::Keys => self.text.lines().filter_map(key).collect(),
        };
        let trimmed = terms.iter().map(|term| term.trim().to_owned());
        trimmed.filter(|term| usable(term)).collect()
    }
}

fn first_column(table: &str) -> Vec<String> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(table.as_bytes());
    let first = |row: csv::StringRecord| row.get(0).map(str::to_owned);
    rows.records().filter_map(Result::ok).filter_map(first).collect()
}

/// The key in `  'two words': 1,`.
fn key(line: &str) -> Option<String> {
    let (key, value) = line.trim().rsplit_once(':')?;
    let rated = value.trim_matches([' ', ',']).parse::<u8>().is_ok();
    rated.then(|| key.trim_matches(['\'', '"']).replace('\\', ""))
}

/// True for what the linter would take as a term.
pub fn usable(term: &str) -> bool {
    let name = "terms".parse::<Name>();
    name.is_ok_and(|name| Dictionary::from_terms(name, [("terms", term)], Tolerance::Folded).is_ok())
}

/// Which of a list's terms fire in a message, by index.
pub(super) fn index(terms: &BTreeSet<String>) -> BTreeMap<&str, usize> {
    terms.iter().enumerate().map(|(at, term)| (term.as_str(), at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(format: ListFormat, text: &str) -> Vec<String> {
        let text = text.to_owned();
        ListText { format, text }.terms().into_iter().collect()
    }

    #[test]
    fn the_formats_of_public_lists_are_read() {
        assert_eq!(
            terms(ListFormat::Lines, "two words\n\nheck\n!\n"),
            ["heck", "two words"]
        );
        assert_eq!(
            terms(ListFormat::FirstColumn, "word,weight\nheck,1\n\"a,b\",2\n"),
            ["a,b", "heck"]
        );
        assert_eq!(
            terms(ListFormat::Variants, r#"[{"id":"x","match":"heck*|h e c k"}]"#),
            ["h e c k", "heck"]
        );
        assert_eq!(
            terms(
                ListFormat::Keys,
                "/** a: text */\nexport const x = {\n  heck: 1,\n  'two words': 0,\n}"
            ),
            ["heck", "two words"]
        );
    }
}
