//! What was written (flags, environment, TOML) and what it resolved to.
//!
//! What lives here: every limit with its unit and reason, and the validated configuration. What must not: anything that acts on it.

pub mod limits;
