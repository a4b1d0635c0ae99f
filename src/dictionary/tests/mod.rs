//! Dictionary folders as people write them, and what comes of them.

mod canonical;
mod files;
mod lint;
mod random;

use super::{Dictionary, parse};
use crate::{folder::Folder, problem::Problems};

fn folder(files: &[(&str, &str)]) -> Folder {
    files.iter().copied().collect()
}

/// What a folder called `d` becomes, and its warnings.
fn parsed(files: &[(&str, &str)]) -> (Dictionary, Vec<String>) {
    match parse("d", &folder(files)) {
        Ok((dictionary, warnings)) => (dictionary, lines(&warnings)),
        Err(problems) => panic!("refused:\n{problems}"),
    }
}

/// Why a folder called `d` is refused.
fn refused(files: &[(&str, &str)]) -> Vec<String> {
    match parse("d", &folder(files)) {
        Ok((dictionary, _)) => panic!("taken: {dictionary:#?}"),
        Err(problems) => lines(&problems),
    }
}

fn lines(problems: &Problems) -> Vec<String> {
    problems.0.iter().map(ToString::to_string).collect()
}
