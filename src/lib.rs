//! Tamis: a text filter for chat at scale.

pub mod text;
