//! `tamis.v1`: what crosses the wire, over gRPC and as JSON, turned into the core's messages and back.
//!
//! What lives here: the generated types, the JSON schema, the judging of batches, one error type and its way into a status. What must
//! not: sockets, layers, configuration. No other room knows protobuf types.

mod batch;
pub mod codec;
mod error;
mod filter;
pub mod json;
mod operations;
pub mod proto;
mod replies;
mod timestamp;

pub use batch::{Ask, Deadline, Filter, Outcome};
pub use error::{DOMAIN, PUSHBACK, Refusal, Unjudged};
pub(crate) use error::{code_word, word as reason_word};
pub use filter::FilterGrpc;
pub use operations::{Operations, Peer, Role, Tokens};
