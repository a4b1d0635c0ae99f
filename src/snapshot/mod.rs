//! The Snapshot: everything that decides, compiled, immutable and complete; and the check of a message against it.
//!
//! What lives here: compiling dictionaries and policies into segments, judging messages, the verdict. What must not: clocks, files,
//! sockets. A verdict is a pure function of snapshot, message and context.

mod batch;
mod build;
mod cases;
mod check;
mod delta;
mod entry;
mod exceptions;
mod explain;
mod groups;
mod message;
mod patterns;
mod report;
mod search;
mod segment;
mod streams;
mod verdict;

pub use build::{SEMANTICS, Snapshot};
pub use cases::CaseFailure;
pub use check::{Judge, Scratch};
pub use message::{Context, Message, MessageError, Options};
pub use verdict::{Match, Span, Trigger, TriggerAdvice, Verdict};
