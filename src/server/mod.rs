//! The process from outside: listeners, connections, the layers around calls, the HTTP side, the drain.
//!
//! What lives here: everything between a socket and a decoded request, with its limits. What must not: what a message means; that is the
//! service's and the core's business.

mod accept;
mod calls;
mod ending;
mod grpc;
mod health;
mod http;
mod preface;
mod run;

pub use run::{Drained, Server, ServerError};
