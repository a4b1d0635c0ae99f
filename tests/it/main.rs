//! Integration tests, named by behaviour.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod check_command;
mod edits;
mod folder_commands;
mod naive;
mod oracle;
