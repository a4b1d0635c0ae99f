//! From bytes to symbols and back: folding undoes the disguises of single characters and remembers where each symbol came from.
//!
//! What lives here: the folding table, the classes of symbols, the positions of spans in the units that callers ask for.
//! What must not: terms, patterns, policies. This room is pure: no clock, no file, no failure at check time.

mod alphabets;
mod class;
mod explain;
mod flags;
mod fold;
mod folded;
mod reason;
mod spans;
mod special;
mod table;
mod term;

#[cfg(test)]
mod tests;

pub(crate) use alphabets::Letters;
pub use alphabets::{Alphabets, original_class};
pub use class::Class;
pub use explain::{Step, explain};
pub use fold::{NotUtf8, append, append_bytes, append_bytes_at, fold};
pub use folded::Folded;
pub(crate) use folded::TEXT_END;
pub use reason::{Reason, Reasons};
pub use spans::{OffsetUnit, Ruler};
pub use table::{VERSION, table_bytes};
pub use term::TermFold;
