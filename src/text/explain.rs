//! What became of each character of a text, and why: for `tamis fold`, and for verdicts that explain themselves.

use std::ops::Range;

use serde::Serialize;

use super::fold::offset;
use super::reason::{Reason, Reasons};
use super::table;
use super::{Folded, fold};

/// What became of one character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The character as written.
    pub original: char,
    /// Its byte offset.
    pub source: u32,
    /// Its symbols, as a range of those of the whole text; empty where it folded away or joined the one before it.
    pub symbols: Range<usize>,
    /// Why it did not stay itself; empty where it did.
    pub reasons: Reasons,
}

/// Folds `text` and tells for every character what became of it.
///
/// ```
/// use tamis::text::{Folded, explain};
///
/// let mut folded = Folded::default();
/// let steps = explain("Ｖ信", &mut folded);
/// assert_eq!(folded.symbols()[steps[0].symbols.clone()], ['v']);
/// assert_eq!(steps[0].reasons.to_string(), "case, width");
/// assert!(steps[1].reasons.is_empty());
/// ```
pub fn explain(text: &str, folded: &mut Folded) -> Vec<Step> {
    fold(text, folded);
    let mut from = 0;
    text.char_indices()
        .map(|(at, original)| {
            let here = folded.sources()[from..]
                .iter()
                .take_while(|&&source| source as usize == at)
                .count();
            let symbols = from..from + here;
            from = symbols.end;
            let reasons = reasons(original, &folded.symbols()[symbols.clone()], symbols.start > 0);
            Step {
                original,
                source: offset(at),
                symbols,
                reasons,
            }
        })
        .collect()
}

/// The table's reasons where they came true, and those that lie in the neighbours.
fn reasons(original: char, symbols: &[char], follows: bool) -> Reasons {
    if symbols == [original] {
        return Reasons::default();
    }
    let why = |reason| Reasons::default().with(reason);
    match table::meta(original) {
        table::VOICED | table::JAMO_VOWEL | table::JAMO_TRAILING if symbols.is_empty() && follows => {
            why(Reason::Joined)
        }
        table::VOICED => why(Reason::Mark),
        table::JAMO_LEADING if symbols.iter().any(|c| ('\u{AC00}'..='\u{D7A3}').contains(c)) => why(Reason::Joined),
        // A syllable that took in the trailing consonant behind it, a kana its sound mark.
        meta if meta < table::MAP_ONE => why(Reason::Joined),
        _ => table::reasons(original),
    }
}

/// One line of `tamis fold --format jsonl`.
#[derive(Serialize)]
struct Line {
    source: u32,
    original: String,
    code: String,
    folded: String,
    classes: Vec<String>,
    reasons: Vec<&'static str>,
}

impl Step {
    fn line(&self, folded: &Folded) -> Line {
        Line {
            source: self.source,
            original: self.original.to_string(),
            code: format!("U+{:04X}", self.original as u32),
            folded: folded.symbols()[self.symbols.clone()].iter().collect(),
            classes: folded.classes()[self.symbols.clone()]
                .iter()
                .map(|class| format!("{class:?}"))
                .collect(),
            reasons: self.reasons.iter().map(Reason::name).collect(),
        }
    }

    /// The step as a JSON object.
    pub fn to_json(&self, folded: &Folded) -> serde_json::Value {
        serde_json::to_value(self.line(folded)).unwrap_or_default()
    }

    /// The step as a line for people: offset, character, what it became, the class, the reasons.
    pub fn to_text(&self, folded: &Folded) -> String {
        let line = self.line(folded);
        let became = if line.folded.is_empty() {
            "-".to_owned()
        } else {
            visible(&line.folded)
        };
        let reasons = self.reasons.to_string();
        let class = line.classes.first().map_or("", String::as_str);
        format!(
            "{:>5}  {:<8} {}\t{became}\t{class:<15} {reasons}",
            line.source,
            line.code,
            visible(&line.original)
        )
        .trim_end()
        .to_owned()
    }
}

/// Control characters and marks would disturb the line: they show as their code.
fn visible(text: &str) -> String {
    let shows = |c: char| !c.is_control() && table::meta(c) < table::DELETE_INSIDE;
    text.chars()
        .map(|c| {
            if shows(c) {
                c.to_string()
            } else {
                c.escape_unicode().to_string()
            }
        })
        .collect()
}
