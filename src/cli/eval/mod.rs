//! `tamis eval`: what dictionaries and a policy find in clean and labelled text, with intervals.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    Failure, Format, Outcome,
    check::setup::{Setup, Sources},
};
use crate::{
    dictionary::Tolerance,
    eval::{Checker, Compared, CorpusReport, RecallRow},
    identity::ContentId,
};
use read::Reading;

mod perturbed;
mod read;
mod standard;
mod table;

const EXAMPLES: &str = "\
Examples:
  tamis eval --clean chat.txt                          what the shipped dictionaries and policy answer to clean text
  tamis eval --clean chat.txt --samples 3              and up to three messages for each rule, on this terminal
  tamis eval --labelled cases.csv --scope group        how much is found of what should be
  tamis eval --dictionaries ./new --baseline ./old --clean chat.txt
                                                       what the new dictionaries would change
  tamis eval --corpora ./data                          the standard report over the public sets
  tamis eval --corpora ./data --perturb                what is found of terms in disguise

Labelled text is a CSV table with a column `text` or `test_case` and a column `label`, `label_gold` or `expect`, and where it has
one `functionality`; or JSON lines {\"text\":\"…\",\"expect\":\"hit\"} in a file whose name ends in .jsonl.

--corpora takes a folder with clean/{zh_kdconv,zh_cold_safe,zh_crosswoz,zh_reviews,en_sms_ham}.txt, hatecheck_zh,
hatecheck_en, noisyhate, rustrict, lists/{ldnoobw,dsojevic,surge,words_cuss} and tables/chaizi, each as published.

Exit codes: 0 measured, 1 a file cannot be read, 2 flags, dictionaries or policies.";

/// The flags of `tamis eval`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A dictionary, or a folder of dictionaries. Repeatable. Without any: the shipped ones.
    #[arg(long, value_name = "DIR")]
    dictionaries: Vec<PathBuf>,

    /// A policy folder. Without one: the shipped policy for the shipped dictionaries; for others low warns, medium reviews,
    /// high and critical block.
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,

    /// The scope in which messages are judged.
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    scope: String,

    /// Text without harm, one message a line. Repeatable.
    #[arg(long, value_name = "FILE")]
    clean: Vec<PathBuf>,

    /// Labelled text, as CSV or JSON lines. Repeatable.
    #[arg(long, value_name = "FILE")]
    labelled: Vec<PathBuf>,

    /// A folder of the public sets: runs the standard report over them.
    #[arg(long, value_name = "DIR")]
    corpora: Option<PathBuf>,

    /// Perturb the dictionaries' terms as people do and count what is found; needs --corpora for tables and real pairs.
    #[arg(long, requires = "corpora")]
    perturb: bool,

    /// Another set of dictionaries: what differs from it is counted over the clean text. Repeatable.
    #[arg(long, value_name = "DIR")]
    baseline: Vec<PathBuf>,

    /// Show up to this many messages for each rule. Nothing else ever shows a message.
    #[arg(long, value_name = "N", default_value_t = 0)]
    samples: usize,

    /// For people, or one JSON object.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// What chance starts from: the same seed gives the same report.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// Everything that was measured, in the shape of `--format json`.
#[derive(Debug, Serialize)]
struct Report {
    /// The snapshot that judged: semantics, folding tables, dictionaries and policy.
    snapshot: ContentId,
    scope: String,
    seed: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clean: Vec<CorpusReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labelled: Vec<RecallRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    compared: Vec<Compared>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standard: Option<standard::Standard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    perturbed: Option<perturbed::Perturbed>,
}

/// Measures what the flags name, and prints the report.
pub fn run(args: &Args) -> Outcome {
    if args.clean.is_empty() && args.labelled.is_empty() && args.corpora.is_none() {
        return Err(Failure::usage(
            "nothing to measure: name --clean, --labelled or --corpora",
        ));
    }
    if !args.baseline.is_empty() && args.dictionaries.is_empty() && args.policy.is_none() {
        return Err(Failure::usage(
            "--baseline beside the shipped dictionaries: name --policy, so that one policy judges both",
        ));
    }
    if !args.baseline.is_empty() && args.clean.is_empty() && args.corpora.is_none() {
        return Err(Failure::usage(
            "--baseline compares over clean text: name --clean or --corpora",
        ));
    }
    let setup = args.setup(&args.dictionaries)?;
    let report = args.measure(&setup)?;
    let mut out = anstream::stdout().lock();
    match args.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &report).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Text => table::report(&mut out, &report)?,
    }
    Ok(())
}

impl Args {
    fn setup(&self, dictionaries: &[PathBuf]) -> Result<Setup, Failure> {
        Setup::new(&Sources {
            dictionaries,
            terms: &[],
            tolerance: Tolerance::default(),
            policy: self.policy.as_deref(),
        })
    }

    fn measure(&self, setup: &Setup) -> Result<Report, Failure> {
        let mut reading = Reading::new(Checker::new(setup.judge()?, &self.scope), self.samples, self.seed);
        let mut clean = Vec::new();
        for path in &self.clean {
            clean.push(reading.clean(path, |_| true)?.report(&name_of(path)));
        }
        let mut labelled = Vec::new();
        for path in &self.labelled {
            labelled.extend(reading.recall(path)?.rows(&name_of(path)));
        }
        let (mut standard, mut perturbed) = (None, None);
        match &self.corpora {
            Some(dir) if self.perturb => {
                perturbed = Some(perturbed::measure(setup, dir, &mut reading, (self.samples, self.seed))?);
            }
            Some(dir) => standard = Some(standard::measure(dir, &mut reading)?),
            None => {}
        }
        let compared = self.compare(&mut reading)?;
        reading.done();
        Ok(Report {
            snapshot: setup.snapshot(),
            scope: self.scope.clone(),
            seed: self.seed,
            clean,
            labelled,
            compared,
            standard,
            perturbed,
        })
    }

    fn compare(&self, reading: &mut Reading<'_>) -> Result<Vec<Compared>, Failure> {
        if self.baseline.is_empty() {
            return Ok(Vec::new());
        }
        let before = self.setup(&self.baseline)?;
        let mut before = Checker::new(before.judge()?, &self.scope);
        let public = self.corpora.iter().flat_map(|dir| standard::clean_files(dir));
        let paths: Vec<PathBuf> = self.clean.iter().cloned().chain(public).collect();
        let compare = |path: &PathBuf| Ok(reading.compare(path, &mut before)?.report(&name_of(path)));
        paths.iter().map(compare).collect()
    }
}

/// What a file is called in the report.
fn name_of(path: &Path) -> String {
    path.file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}
