//! `tamis token`: a new bearer token, and the line that the server's file of tokens needs.

use std::{
    fs::File,
    io::{self, Read, Write},
};

use crate::{
    cli::{Failure, Outcome},
    identity::{ContentId, Name},
    service::{Role, Tokens},
};

const EXAMPLES: &str = "\
Examples:
  (umask 077; tamis token night admin > night.token 2>> tokens)

The token goes to standard output, the line for the server's file to standard error. Roles: check, edit (push, edit terms), admin
(activate and roll back as well). The server's configuration names the file: `auth.tokens`.";

/// The flags of `tamis token`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Who will use it; the log shows this name.
    name: Name,
    /// What it may do: check, edit or admin.
    role: String,
}

/// Prints a token of 256 random bits.
pub fn run(args: &Args) -> Outcome {
    if !Role::WRITTEN.iter().any(|(role, _)| *role == args.role) {
        return Err(Failure::usage(format!(
            "{:?} is no role; write check, edit or admin",
            args.role
        )));
    }
    let mut random = [0; 32];
    File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut random))?;
    let token: String = ContentId::of([random.as_slice()]).to_string().split_off(3);
    writeln!(
        io::stderr(),
        "{} {} {}",
        args.name.short(),
        args.role,
        Tokens::hash(&token)
    )?;
    writeln!(io::stdout(), "{token}")?;
    Ok(())
}
