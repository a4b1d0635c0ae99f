//! `tamis lint`: what is wrong with folders of dictionaries and policies, and how to mend it.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{Failure, Format, Outcome};
use crate::{
    content::Folders,
    dictionary::Tolerance,
    problem::{Level, Problem, Problems},
    shipped, store,
};

const EXAMPLES: &str = "\
Examples:
  tamis lint dictionaries/fraud          one dictionary
  tamis lint dictionaries policies       folders of them
  tamis lint --format json .             for an editor or a script

Exit codes: 0 no errors (warnings may be), 1 errors, 2 no such folder.";

/// The flags of `tamis lint`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Dictionary or policy folders, folders of them, or folders with `dictionaries` and `policies` inside.
    #[arg(required = true, value_name = "DIR")]
    dirs: Vec<PathBuf>,
    /// How problems are printed.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// What was found, in the shape of `--format json`.
#[derive(Debug, Serialize)]
struct Report {
    dictionaries: usize,
    policies: usize,
    errors: usize,
    warnings: usize,
    problems: Vec<Problem>,
}

/// Prints all problems.
pub fn run(args: &Args) -> Outcome {
    must_exist(&args.dirs)?;
    let report = report(&args.dirs);
    let mut out = anstream::stdout().lock();
    match args.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &report).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Text => {
            for problem in &report.problems {
                writeln!(out, "{}: {problem}", coloured(problem.level))?;
            }
        }
    }
    let summary = report.summary();
    if report.errors > 0 {
        return Err(Failure::Work(summary));
    }
    if args.format == Format::Text {
        writeln!(out, "{summary}")?;
    }
    Ok(())
}

/// A path that is not there is a slip on the command line, not a problem of a dictionary.
pub(super) fn must_exist<P: AsRef<Path>>(dirs: &[P]) -> Outcome {
    let missing = dirs.iter().map(AsRef::as_ref).filter(|dir| !dir.is_dir());
    let missing: Vec<_> = missing.map(|dir| format!("{} is no folder", dir.display())).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Failure::usage(missing.join("\n")))
    }
}

fn report<P: AsRef<Path>>(dirs: &[P]) -> Report {
    let mut folders = Folders::default();
    let mut problems = Vec::new();
    for dir in dirs {
        match store::read_tree(dir.as_ref()) {
            Ok(found) => folders.extend(found),
            Err(Problems(found)) => problems.extend(found),
        }
    }
    let Problems(found) = match folders.parse(Tolerance::default()) {
        Ok(mut loaded) => {
            // What ships is known wherever it parses, as every build makes sure.
            loaded.report_missing_dictionaries(&shipped::parsed().unwrap_or_default());
            loaded.warnings
        }
        Err(found) => found,
    };
    problems.extend(found);
    let count = |level| problems.iter().filter(|problem| problem.level == level).count();
    Report {
        dictionaries: folders.dictionaries.len(),
        policies: folders.policies.len(),
        errors: count(Level::Error),
        warnings: count(Level::Warning),
        problems,
    }
}

impl Report {
    fn summary(&self) -> String {
        format!(
            "{} and {}: {}, {}",
            counted(self.dictionaries, "dictionary", "dictionaries"),
            counted(self.policies, "policy", "policies"),
            counted(self.errors, "error", "errors"),
            counted(self.warnings, "warning", "warnings"),
        )
    }
}

/// A number with its noun.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn coloured(level: Level) -> &'static str {
    match level {
        Level::Error => "\x1b[1;31merror\x1b[0m",
        Level::Warning => "\x1b[1;33mwarning\x1b[0m",
    }
}
