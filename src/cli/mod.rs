//! The command line: one file a subcommand, each with its `Args` and a `run`.
//!
//! What lives here: flags as typed, help that teaches, exit codes. What must not: anything that another room decides. A new command is
//! one module, one variant of [`Command`] and one arm of [`Command::run`].

use std::{fmt, io, process::ExitCode};

use clap::{Parser, Subcommand};

use self::format::Format;
use crate::simd::Level;

pub mod bench;
pub mod check;
pub mod completions;
pub mod config;
pub mod eval;
pub mod fold;
mod format;
pub mod health;
mod levels;
pub mod lint;
mod progress;
pub mod remote;
pub mod serve;
pub mod test;

const EXAMPLES: &str = "\
Examples:
  tamis serve                            the shipped dictionaries, gRPC on 127.0.0.1:50051, HTTP on 127.0.0.1:9464
  tamis serve --watch ./lists            dictionaries and policies from a folder, live whenever it changes
  tamis check chat.txt                   the same verdicts without a service, from files or a pipe
  tamis lint ./lists                     what is wrong with a folder's files, line by line
  tamis test ./lists                     whether its cases hold
  tamis eval --clean chat.txt            what the dictionaries do to clean text, with intervals
  tamis push ./lists --activate          a folder, through the gate, live on a running server
  tamis rollback                         takes the last change back
  tamis status                           what serves; tamis log says who changed what
  tamis health                           asks a running server; exit code 0 when it serves

Exit codes: 0 success, 1 the work failed, 2 usage or configuration.";

/// A text filter for chat at scale: batches of messages in, verdicts with spans and reasons out.
#[derive(Debug, Parser)]
#[command(name = "tamis", version, about, after_help = EXAMPLES, propagate_version = true)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve verdicts over gRPC and HTTP until SIGTERM or SIGINT.
    Serve(serve::Args),
    /// Judge messages from files or a pipe, without a service.
    Check(check::Args),
    /// Say what is wrong with folders of dictionaries and policies, and how to mend it.
    Lint(lint::Args),
    /// Run the cases of dictionaries and policies.
    Test(test::Args),
    /// Show what a text becomes before it is matched, and why.
    Fold(fold::Args),
    /// Measure how fast my terms and my text are judged.
    Bench(bench::Args),
    /// Measure what dictionaries find in clean, labelled and perturbed text.
    Eval(eval::Args),
    /// Bring folders to a server: through the gate, kept, ready to be activated.
    Push(remote::push::Args),
    /// Let pushed revisions decide, several at once, all or nothing.
    Activate(remote::activate::Args),
    /// Take the last change back.
    Rollback(remote::rollback::Args),
    /// Add, remove and list terms of what serves, live in milliseconds.
    Term(remote::term::Args),
    /// List dictionaries and policies, or the revisions of one.
    List(remote::list::Args),
    /// Show the activation log: who, when, why.
    Log(remote::log::Args),
    /// Show what serves.
    Status(remote::status::Args),
    /// Show what differs between two revisions.
    Diff(remote::diff::Args),
    /// Make a bearer token.
    Token(remote::token::Args),
    /// Ask a running server whether it serves.
    Health(health::Args),
    /// Print what the configuration resolves to.
    Config(config::Args),
    /// Print a completion script for a shell.
    Completions(completions::Args),
}

impl Command {
    /// Runs the command to its end; serving is the operations manual's business, in `main.rs`.
    pub fn run(self, serve: impl FnOnce(&serve::Args) -> Outcome) -> Outcome {
        // The library takes the widest vectors where the variable says nothing that it knows; who typed it wants to hear of it.
        Level::wanted().map_err(Failure::usage)?;
        match self {
            Self::Serve(args) => serve(&args),
            Self::Check(args) => check::run(&args),
            Self::Lint(args) => lint::run(&args),
            Self::Test(args) => test::run(&args),
            Self::Fold(args) => fold::run(&args),
            Self::Bench(args) => bench::run(&args),
            Self::Eval(args) => eval::run(&args),
            Self::Push(args) => remote::push::run(&args),
            Self::Activate(args) => remote::activate::run(&args),
            Self::Rollback(args) => remote::rollback::run(&args),
            Self::Term(args) => remote::term::run(&args),
            Self::List(args) => remote::list::run(&args),
            Self::Log(args) => remote::log::run(&args),
            Self::Status(args) => remote::status::run(&args),
            Self::Diff(args) => remote::diff::run(&args),
            Self::Token(args) => remote::token::run(&args),
            Self::Health(args) => health::run(&args),
            Self::Config(args) => config::run(&args),
            Self::Completions(args) => completions::run(&args),
        }
    }
}

/// What every command ends with.
pub type Outcome = Result<(), Failure>;

/// Why a command did not succeed; decides the exit code.
#[derive(Debug)]
pub enum Failure {
    /// The work failed: exit code 1.
    Work(String),
    /// Flags, environment or configuration are wrong: exit code 2.
    Usage(String),
    /// Whoever read our output has gone away, as in `tamis … | head`: no failure at all.
    ReaderGone,
}

impl Failure {
    /// The work failed because of `cause`.
    pub fn work(cause: impl fmt::Display) -> Self {
        Self::Work(cause.to_string())
    }

    /// The caller has to change flags, environment or configuration because of `cause`.
    pub fn usage(cause: impl fmt::Display) -> Self {
        Self::Usage(cause.to_string())
    }
}

/// An error in writing a command's output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::work(error),
        }
    }
}

/// Says on standard error why a command failed, and gives its exit code.
pub fn report(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) | Err(Failure::ReaderGone) => ExitCode::SUCCESS,
        Err(Failure::Work(cause)) => say(&cause, 1),
        Err(Failure::Usage(cause)) => say(&cause, 2),
    }
}

fn say(cause: &str, code: u8) -> ExitCode {
    // Nothing is left to be done where standard error is closed.
    let _ = io::Write::write_fmt(
        &mut anstream::stderr(),
        format_args!("\x1b[1;31merror\x1b[0m: {cause}\n"),
    );
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_flags_of_all_commands_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_pipe_closed_by_its_reader_is_no_failure() {
        let failure = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(report(Err(failure)), ExitCode::SUCCESS);
    }
}
