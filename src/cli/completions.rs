//! `tamis completions`: the completion script for a shell.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Outcome};

const EXAMPLES: &str = "\
Examples:
  tamis completions bash > /etc/bash_completion.d/tamis
  tamis completions zsh > \"${fpath[1]}/_tamis\"
  tamis completions fish > ~/.config/fish/completions/tamis.fish";

/// The flags of `tamis completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The shell that reads the script.
    shell: Shell,
}

/// Prints the script.
pub fn run(args: &Args) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "tamis", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(())
}
