//! Matching: engines that find patterns in folded symbols, and the rules on where a match may begin and end.
//!
//! What lives here: engines behind one small trait, the streams they scan, boundaries, planes. What must not: files, clocks,
//! severities, policies: a pattern is a sequence of symbols with a number, nothing more.

mod automaton;
pub(crate) mod bloom;
mod boundary;
mod engine;
mod feed;
mod fit;
mod gaps;
mod joins;
mod kind;
pub(crate) mod marks;
mod mask_tokens;
mod masks;
mod misspelling;
pub(crate) mod pinyin;
mod planes;
mod readings;
mod rewrite;
mod shape;
pub(crate) mod sieve;
mod skeleton;
pub(crate) mod stream;
mod survey;
mod tables;

pub use automaton::Automaton;
pub use boundary::Edges;
pub(crate) use boundary::joined;
pub use engine::{Engine, EngineError, Found};
pub(crate) use feed::{Fed, Feed, FeedBuilder};
pub(crate) use fit::{Candidate, Fit};
pub use kind::EngineKind;
pub(crate) use mask_tokens::{hides, is_joiner};
pub(crate) use misspelling::Slip;
pub use planes::{Plane, Planes};
pub(crate) use readings::{Reading, Room};
pub(crate) use rewrite::{Rewrites, VARIANTS};
pub(crate) use shape::Shape;
pub use sieve::Sieve;
pub(crate) use sieve::SortedPatterns;
pub(crate) use skeleton::{Piece, Skeleton};
pub use stream::{Origins, Stream, squeezed};
pub(crate) use survey::Survey;
