//! From bytes to symbols and back: folding undoes the disguises of single characters and remembers where each symbol came from.
//!
//! What lives here: the folding table, the classes of symbols, the positions of spans in the units that callers ask for.
//! What must not: terms, patterns, policies. This room is pure: no clock, no file, no failure at check time.

mod class;
mod fold;
mod spans;

pub use class::Class;
pub use fold::{Folded, VERSION, fold};
pub use spans::{OffsetUnit, Ruler};
