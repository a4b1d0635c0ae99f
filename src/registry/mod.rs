//! The live Snapshot: built away from requests, gated, swapped, retired.
//!
//! What lives here: the one place from which requests take their snapshot, the gate that every snapshot passes, and the sources that
//! snapshots come from. What must not: requests, sockets, the parsing of folders.

mod build;
mod gate;
mod held;
mod keeper;
mod live;
mod look;
mod mend;
mod push;
mod retire;
mod source;
mod start;
mod step;
mod watch;

pub use keeper::{Advanced, Keeper};
pub use live::{Published, Registry, Rejected, Serving, Status};
pub use look::Seen;
pub use push::{Push, Pushed};
pub use source::Source;
pub use start::shipped_revisions;
pub use step::{Ask, Declined, Step};
