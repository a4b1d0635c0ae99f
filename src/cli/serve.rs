//! `tamis serve`: the service in the foreground.

use super::{Failure, Outcome};

/// The flags of `tamis serve`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Serves until a signal.
pub fn run(_args: &Args) -> Outcome {
    Err(Failure::work("serving is not built yet"))
}
