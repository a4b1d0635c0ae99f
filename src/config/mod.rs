//! What was written (flags, environment, TOML) and what it resolved to.
//!
//! What lives here: every limit with its unit and reason, and the validated configuration. What must not: anything that acts on it.

pub mod limits;
#[cfg(feature = "server")]
mod resolve;
#[cfg(feature = "server")]
mod settings;

#[cfg(feature = "server")]
pub use resolve::{DOCUMENTED, Override, environment_name, from_text, report_unknown_variables, resolve, settled};
#[cfg(feature = "server")]
pub use settings::{Drain, Grpc, Http, Log, Settings, Time};
