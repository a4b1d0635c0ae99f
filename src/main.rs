//! The `tamis` binary.

use std::process::ExitCode;

use clap::Parser;
use tamis::cli::{self, Cli};

fn main() -> ExitCode {
    cli::report(Cli::parse().command.run())
}
