//! What the benches share: texts, a random source that is the same everywhere, and the bare loop that folds by a table.
#![allow(dead_code, reason = "each bench uses its part")]

pub(crate) mod bare;
pub(crate) mod corpora;
pub(crate) mod random;
