//! The live Snapshot: built away from requests, gated, swapped, retired.
//!
//! What lives here: the one place from which requests take their snapshot, the gate that every snapshot passes, and the sources that
//! snapshots come from. What must not: requests, sockets, the parsing of folders.

mod live;
mod retire;
mod source;
mod watch;

pub use live::{Published, Registry, Rejected, Serving, Status};
pub use source::Source;
