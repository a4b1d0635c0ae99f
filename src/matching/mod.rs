//! Matching: automata over folded symbols, boundaries, planes.
//!
//! What lives here: engines behind one small trait, and the verification of what they find. What must not: files, clocks, policies.

mod planes;

pub use planes::{Plane, Planes};
