//! Generates what the crate includes: folding tables, and with the `server` feature the gRPC types.

mod fold_table;
#[cfg(feature = "server")]
mod proto;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    fold_table::generate()?;
    #[cfg(feature = "server")]
    proto::generate()?;
    Ok(())
}
