//! The values that a dictionary folder holds.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Patched, Terms, Texts};
use crate::identity::{ContentId, Name};

/// How bad a hit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Rude at most; weight 0.2.
    Low,
    /// Someone should look; weight 0.5.
    Medium,
    /// Harmful; weight 0.8.
    High,
    /// Never acceptable; weight 1.0.
    Critical,
}

/// Which evasion planes may fire for a term, and the budget that their penalties share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tolerance {
    /// The original code points must equal the term's.
    Exact,
    /// Texts that fold to the same symbols; budget 0.
    Folded,
    /// The common evasions; budget 3.
    #[default]
    Standard,
    /// Far-fetched ones too; budget 6.
    Aggressive,
}

/// Where a term may begin and end inside running text.
///
/// A dictionary that says nothing gets a default by script, decided at each end by that end's symbol: `substring` for scripts
/// without spaces, `word_start` for Hangul, `word` for every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchMode {
    /// A boundary at both ends.
    Word,
    /// A boundary at the start only.
    WordStart,
    /// No boundary.
    Substring,
}

macro_rules! written_as {
    ($type:ty { $($text:literal => $value:ident),+ $(,)? }) => {
        impl $type {
            /// Every value as it is written, in order.
            pub const WRITTEN: &[&str] = &[$($text),+];

            /// The value as it is written in files and JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$value => $text),+ }
            }
        }

        impl FromStr for $type {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                match text { $($text => Ok(Self::$value),)+ _ => Err(()) }
            }
        }
    };
}

written_as!(Severity { "low" => Low, "medium" => Medium, "high" => High, "critical" => Critical });
written_as!(Tolerance { "exact" => Exact, "folded" => Folded, "standard" => Standard, "aggressive" => Aggressive });
written_as!(MatchMode { "word" => Word, "word_start" => WordStart, "substring" => Substring });

impl Severity {
    /// What a trigger of this severity weighs in the score, before penalties.
    pub fn weight(self) -> f64 {
        match self {
            Self::Low => 0.2,
            Self::Medium => 0.5,
            Self::High => 0.8,
            Self::Critical => 1.0,
        }
    }
}

/// One term, with what it inherits from its dictionary or from the term it is an alias of already filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The term as written.
    pub text: String,
    /// The id that its triggers report, without the dictionary's name: the `id` column, else the text; for an alias, the id of the
    /// term that it stands for.
    pub id: String,
    /// Its severity.
    pub severity: Severity,
    /// Its category.
    pub category: String,
    /// Which planes may fire.
    pub tolerance: Tolerance,
    /// Where it may begin and end; `None` for the default by script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<MatchMode>,
    /// True where it stands for another term.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alias: bool,
    /// Why it is there, as its author wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The line of its file, counted from 1; not part of the content.
    #[serde(skip)]
    pub line: u64,
}

/// A term of a list, as [`Term`] has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermRef<'a> {
    /// The term as written.
    pub text: &'a str,
    /// The id that its triggers report.
    pub id: &'a str,
    /// Its severity.
    pub severity: Severity,
    /// Its category.
    pub category: &'a str,
    /// Which planes may fire.
    pub tolerance: Tolerance,
    /// Where it may begin and end.
    pub mode: Option<MatchMode>,
    /// True where it stands for another term.
    pub alias: bool,
    /// Why it is there.
    pub note: &'a str,
    /// The line of its file; not part of the content.
    pub line: u64,
}

impl Term {
    /// What it says, to put into a list or to compare.
    pub fn view(&self) -> TermRef<'_> {
        TermRef {
            text: &self.text,
            id: &self.id,
            severity: self.severity,
            category: &self.category,
            tolerance: self.tolerance,
            mode: self.mode,
            alias: self.alias,
            note: &self.note,
            line: self.line,
        }
    }
}

impl TermRef<'_> {
    /// The same in memory of its own.
    pub fn to_term(self) -> Term {
        Term {
            text: self.text.to_owned(),
            id: self.id.to_owned(),
            severity: self.severity,
            category: self.category.to_owned(),
            tolerance: self.tolerance,
            mode: self.mode,
            alias: self.alias,
            note: self.note.to_owned(),
            line: self.line,
        }
    }
}

/// What a term has that says nothing itself. No content: every term has it filled in; edits ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// How bad a hit is.
    pub severity: Severity,
    /// Its category.
    pub category: String,
    /// Which planes may fire.
    pub tolerance: Tolerance,
}

/// What a case expects of the dictionary that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expect {
    /// At least one hit; with a rule or span named, that one.
    Hit,
    /// No hit; with a rule named, none of that rule.
    Miss,
}

/// One line of a dictionary's `cases.jsonl`: a sentence and what must come of it, in every later revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The message.
    pub text: String,
    /// Whether it must hit.
    pub expect: Expect,
    /// The id of the term that must hit, or must not, without the dictionary's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The slice of the text that a match must cover exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<String>,
    /// Why the case is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The line of its file, counted from 1; not part of the content.
    #[serde(skip)]
    pub line: u64,
}

/// One dictionary: parsed, with all defaults and aliases resolved, duplicates merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dictionary {
    /// `tenant/name`.
    pub name: Name,
    /// For people.
    pub title: String,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// SPDX expression.
    pub licence: String,
    /// What terms have that say nothing.
    pub defaults: Defaults,
    /// The terms, in canonical order (by text, then id); edits come last.
    pub terms: Patched<Terms>,
    /// The exceptions as written, in canonical order; edits come last.
    pub exceptions: Patched<Texts>,
    /// The cases, in the order of the file.
    pub cases: Vec<Case>,
    /// BLAKE3 over the canonical content.
    pub revision: ContentId,
}
