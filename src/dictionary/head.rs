//! `dictionary.toml`: what the dictionary is called and what its terms inherit.

use super::{Severity, Tolerance};
use crate::{
    config::limits::MAX_CATEGORY_CHARS,
    folder::{Document, Findings, Table},
    identity::Name,
};

/// The keys of `dictionary.toml`, `None` or empty where they are left out.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) name: Option<Name>,
    pub(super) title: String,
    pub(super) languages: Vec<String>,
    pub(super) licence: String,
    pub(super) category: Option<String>,
    pub(super) severity: Option<Severity>,
    pub(super) tolerance: Option<Tolerance>,
}

impl Head {
    /// Reads the text of a `dictionary.toml`.
    pub(super) fn read(file: &str, text: &str, findings: &mut Findings) -> Self {
        let document = Document::new(file, text);
        let Some(tree) = document.parse(findings) else {
            return Self::default();
        };
        let mut top = document.top(&tree);
        let head = Self {
            name: top.name("name", findings),
            title: top
                .text("title", findings)
                .map(|t| t.value.to_owned())
                .unwrap_or_default(),
            languages: languages(&mut top, findings),
            licence: top
                .text("licence", findings)
                .map(|t| t.value.to_owned())
                .unwrap_or_default(),
            category: category(&mut top, findings),
            severity: top.choice("severity", Severity::WRITTEN, findings).map(|s| s.value),
            tolerance: top.choice("tolerance", Tolerance::WRITTEN, findings).map(|t| t.value),
        };
        top.finish(findings);
        head
    }
}

fn languages(top: &mut Table<'_>, findings: &mut Findings) -> Vec<String> {
    let written = top.texts("languages", findings).unwrap_or_default();
    for tag in &written {
        let subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if !tag.value.split('-').all(subtag) {
            findings.add(
                top.error(tag.line, "languages", tag.value, "not a BCP 47 language tag")
                    .mend("write tags such as zh-Hans or en"),
            );
        }
    }
    written.into_iter().map(|tag| tag.value.to_owned()).collect()
}

fn category(top: &mut Table<'_>, findings: &mut Findings) -> Option<String> {
    let written = top.text("category", findings)?;
    let category = written.value.trim();
    if category.is_empty() || category.chars().nth(MAX_CATEGORY_CHARS).is_some() {
        let message = format!("a category has 1 to {MAX_CATEGORY_CHARS} characters");
        findings.add(
            top.error(written.line, "category", category, message)
                .mend("shorten it, or leave the key out to use the dictionary's name"),
        );
    }
    Some(category.to_owned())
}
