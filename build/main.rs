//! Generates what the crate includes: folding and evasion tables, the shipped dictionaries, with `server` the gRPC types.

mod embed;
mod fold_table;
#[cfg(feature = "server")]
mod proto;
mod tables;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    fold_table::generate()?;
    embed::generate()?;
    tables::generate()?;
    #[cfg(feature = "server")]
    proto::generate()?;
    Ok(())
}
