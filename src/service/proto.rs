//! The generated types: `server` reads the strings of a message as bytes, `client` has them as strings.

/// The proto files as reflection shows them: an encoded `FileDescriptorSet` with comments.
pub const DESCRIPTOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptor.bin"));

/// The full name of the filter service, as health checks and reflection call it.
pub const FILTER_SERVICE: &str = "tamis.v1.FilterService";

#[expect(clippy::all, clippy::pedantic, unused_qualifications, reason = "generated code")]
mod server {
    include!(concat!(env!("OUT_DIR"), "/server/tamis.v1.rs"));
}

/// The types and the client of callers.
#[expect(clippy::all, clippy::pedantic, unused_qualifications, reason = "generated code")]
pub mod client {
    include!(concat!(env!("OUT_DIR"), "/client/tamis.v1.rs"));
}

pub use server::*;
