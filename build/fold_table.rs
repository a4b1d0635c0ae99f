//! Generates the folding table: for every code point what it folds to, its class and the reasons.
//!
//! `sources` holds the data and the hand-made lists, `rules` decides each code point, `layout` packs and writes.

mod layout;
mod rules;
mod sources;

// The numbers in the table are those of the library's own types.
#[allow(dead_code, unreachable_pub, reason = "shared with the library, which uses the rest")]
#[path = "../src/text/class.rs"]
mod class;
#[allow(dead_code, unreachable_pub, reason = "shared with the library, which uses the rest")]
#[path = "../src/text/reason.rs"]
mod reason;

use std::path::Path;

/// Writes `fold_table.rs` into the build's output folder.
#[expect(clippy::print_stdout, reason = "how a build script talks to cargo")]
pub(crate) fn generate() -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::var("CARGO_MANIFEST_DIR")?;
    let out = std::env::var("OUT_DIR")?;
    for input in ["build", "src/text/class.rs", "src/text/reason.rs"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let sources = sources::Sources::read(&Path::new(&root).join("build/data"))?;
    let rules = rules::Rules::new(&sources);
    let table = layout::Table::lay_out(&rules);
    table.check(&rules)?;
    std::fs::write(Path::new(&out).join("fold_table.rs"), table.to_rust())?;
    Ok(())
}
