//! The log: lower-case messages with fields, for people on a terminal, for machines as JSON.

use std::io::{self, IsTerminal};

use serde::{Deserialize, Serialize};
use tracing_subscriber::{EnvFilter, fmt, util::SubscriberInitExt};

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people; with colours on a terminal.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What `levels` let through, as in `info` or `tamis=debug,h2=warn`; why they cannot be read, where they cannot.
fn filter(levels: &str) -> Result<EnvFilter, String> {
    EnvFilter::try_new(levels).map_err(|error| format!("{levels:?} are no log levels: {error}; write such as `info`"))
}

/// Says why `levels` cannot be read, where they cannot.
pub fn check_levels(levels: &str) -> Result<(), String> {
    filter(levels).map(drop)
}

/// Starts logging to standard error. Fails where `levels` cannot be read; does nothing
/// where a log has been started before.
pub fn start(format: LogFormat, levels: &str) -> Result<(), String> {
    let log = fmt().with_env_filter(filter(levels)?).with_writer(io::stderr);
    let started = match format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).finish().try_init(),
        LogFormat::Json => log.json().flatten_event(true).finish().try_init(),
    };
    drop(started);
    Ok(())
}
