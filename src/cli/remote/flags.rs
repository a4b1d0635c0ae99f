//! Flags that commands share.

use super::connect::Server;
use crate::cli::Format;

/// What every command takes that asks a server.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Ask {
    #[command(flatten)]
    pub(super) server: Server,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
}

/// What every command takes that changes what serves.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Change {
    /// Only if nothing changed since: the etag that `tamis status` prints. With it, two people who do the same at once do it once.
    #[arg(long, value_name = "ETAG", default_value = "")]
    pub(super) etag: String,
    /// Why, for the log.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(super) note: String,
    /// An id under which the same request happens once.
    #[arg(long, value_name = "ID", default_value = "")]
    pub(super) request_id: String,
    #[command(flatten)]
    pub(super) ask: Ask,
}
