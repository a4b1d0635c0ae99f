//! Commands that talk to a running server: push, activate, roll back, edit, look.
//!
//! What lives here: flags, the connection, what is printed. What must not: what a change does; the server decides.

#![allow(
    clippy::format_push_string,
    reason = "what is printed is short; write! would bring an error that cannot happen"
)]

pub mod activate;
mod connect;
pub mod diff;
mod flags;
pub mod list;
pub mod log;
mod print;
pub mod push;
pub mod rollback;
pub mod status;
pub mod term;
pub mod token;
mod waiting;

pub(super) use connect::runtime;
pub(super) use print::print;
