//! `tamis config`: what a configuration resolves to.

use std::io::Write;

use super::{Failure, Outcome, serve};
use crate::config::DOCUMENTED;

const EXAMPLES: &str = "\
Examples:
  tamis config                             what `tamis serve` would run with here
  tamis config --config /etc/tamis.toml    the same for a file; problems with line and mend
  tamis config --default > tamis.toml      every key with its default and meaning, to start from";

/// The flags of `tamis config`: those of `tamis serve`, and one more.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Print the documented defaults instead.
    #[arg(long)]
    default: bool,
    #[command(flatten)]
    serve: serve::Args,
}

/// Prints the configuration as TOML that reads back.
pub fn run(args: &Args) -> Outcome {
    let text = if args.default {
        DOCUMENTED.to_owned()
    } else {
        toml::to_string(&args.serve.settings()?).map_err(Failure::work)?
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}
