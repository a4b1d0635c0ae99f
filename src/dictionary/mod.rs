//! Dictionaries: the terms, exceptions and cases about one harm, from the bytes of a folder to validated values.
//!
//! What lives here: parsing, linting, the canonical form and the revision id. What must not: files (bytes come in, values go
//! out), automata, actions.

mod canonical;
mod compact;
mod edit;
mod family;
mod head;
mod lint;
mod model;
mod parse;
mod patched;
mod resolve;
mod rows;

pub use compact::{List, Terms, Texts};
pub use edit::{Change, NewTerm};
pub(crate) use lint::unusable;
pub use model::{Case, Defaults, Dictionary, Expect, MatchMode, Severity, Term, TermRef, Tolerance};
pub(crate) use parse::report_case;
pub use parse::{FILES, parse, parse_with};
pub use patched::Patched;

#[cfg(test)]
mod tests;
