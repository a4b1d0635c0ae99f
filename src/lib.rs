//! Tamis: a text filter for chat at scale.
//!
//! This is the library's face: build a [`snapshot::Snapshot`] from dictionaries and policies, check messages, read verdicts.
//! The rooms below follow a message's way through the house; with `--no-default-features` only the pure ones are built.

#[cfg(feature = "server")]
pub mod cli;
pub mod config;
pub mod content;
#[cfg(feature = "rivals")]
pub mod contest;
pub mod dictionary;
pub mod diff;
#[cfg(feature = "server")]
pub mod eval;
pub mod folder;
pub mod identity;
pub mod matching;
pub mod policy;
pub mod problem;
#[cfg(feature = "server")]
pub mod registry;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod service;
pub mod shipped;
pub mod simd;
pub mod snapshot;
#[cfg(feature = "server")]
pub mod store;
#[cfg(feature = "server")]
pub mod telemetry;
pub mod text;
mod threads;
