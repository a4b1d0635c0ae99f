//! Policies: what to do about hits, and where.
//!
//! What lives here: scopes, thresholds, masks, and the parser of a policy folder. What must not: matching, clocks, files.

mod canonical;
mod model;
mod parse;
mod scopes;

pub use model::{Action, Advice, Audience, CategoryRule, Milder, Policy, PolicyCase, Scope, UnknownScopes};
pub use parse::{FILES, parse};

#[cfg(test)]
mod tests;
