//! Generates what the crate includes: folding tables, and with the `server` feature the gRPC types.
fn main() {}
