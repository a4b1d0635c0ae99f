//! Dictionaries: the terms, exceptions and cases about one harm, from the bytes of a folder to validated values.
//!
//! What lives here: parsing, linting, the canonical form and the revision id. What must not: files (bytes come in, values go
//! out), automata, actions.

mod model;
mod patched;

pub use model::{Case, Dictionary, Expect, MatchMode, Severity, Term, Tolerance};
pub use patched::Patched;
