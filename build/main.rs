//! Generates what the crate includes: folding tables, the shipped dictionaries, and with the `server` feature the gRPC types.

mod embed;
mod fold_table;
#[cfg(feature = "server")]
mod proto;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    fold_table::generate()?;
    embed::generate()?;
    #[cfg(feature = "server")]
    proto::generate()?;
    Ok(())
}
