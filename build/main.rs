//! Generates what the crate includes: folding tables, and with the `server` feature the gRPC types.

#[cfg(feature = "server")]
mod proto;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[cfg(feature = "server")]
    proto::generate()?;
    Ok(())
}
