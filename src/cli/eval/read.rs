//! From files to tallies, line by line: memory does not grow with the files.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use super::super::{
    Failure,
    check::lines::Lines,
    progress::{Progress, thousands},
};
use crate::{
    config::limits::{MAX_REQUEST_BYTES, MAX_TEXT_BYTES},
    eval::{Checker, Comparison, Labelled, Recall, Tally, from_csv, from_jsonl},
    policy::Action,
};

/// One run over files.
pub(super) struct Reading<'s> {
    checker: Checker<'s>,
    samples: usize,
    seed: u64,
    disguises_only: bool,
    messages: u64,
    progress: Progress,
}

impl<'s> Reading<'s> {
    pub(super) fn new(checker: Checker<'s>, samples: usize, seed: u64) -> Self {
        Self {
            checker,
            samples,
            seed,
            disguises_only: false,
            messages: 0,
            progress: Progress::on_terminal(),
        }
    }

    /// Takes the progress away.
    pub(super) fn done(&mut self) {
        self.progress.clear();
    }

    /// Judges the lines of a file whose numbers, from 1, are wanted.
    pub(super) fn clean(&mut self, path: &Path, wanted: impl Fn(u64) -> bool) -> Result<Tally, Failure> {
        let mut tally = Tally::new(self.samples, self.seed);
        if self.disguises_only {
            tally = tally.showing_disguises();
        }
        lines(path, MAX_TEXT_BYTES, |number, text, is_cut| {
            if wanted(number) {
                let verdict = if is_cut { None } else { self.checker.check(text) };
                tally.add(text, verdict.as_ref());
                self.tick(path);
            }
            Ok(())
        })?;
        Ok(tally)
    }

    /// Does work with another checker, which samples only what is disguised.
    pub(super) fn with_disguises<T>(
        &mut self,
        checker: Checker<'_>,
        work: impl FnOnce(&mut Reading<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut other = Reading::new(checker, self.samples, self.seed);
        other.disguises_only = true;
        other.messages = self.messages;
        let done = work(&mut other);
        self.messages = other.messages;
        other.done();
        done
    }

    /// Says what goes on, where somebody watches.
    pub(super) fn say(&mut self, what: &str) {
        self.progress.tick(|_| what.to_owned());
    }

    /// Judges labelled text.
    pub(super) fn recall(&mut self, path: &Path) -> Result<Recall, Failure> {
        let mut recall = Recall::default();
        labelled(path, |message| {
            recall.add(&message, self.finds(&message.text));
            self.tick(path);
        })?;
        Ok(recall)
    }

    /// Judges the lines of a file twice.
    pub(super) fn compare(&mut self, path: &Path, before: &mut Checker<'_>) -> Result<Comparison, Failure> {
        let mut comparison = Comparison::new(self.samples, self.seed);
        lines(path, MAX_TEXT_BYTES, |_, text, is_cut| {
            if !is_cut && let (Some(before), Some(after)) = (before.check(text), self.checker.check(text)) {
                comparison.add(text, &before, &after);
                self.tick(path);
            }
            Ok(())
        })?;
        Ok(comparison)
    }

    fn finds(&mut self, text: &str) -> bool {
        let verdict = self.checker.check(text.as_bytes());
        verdict.is_some_and(|verdict| verdict.action > Action::Allow)
    }

    fn tick(&mut self, path: &Path) {
        self.messages += 1;
        let messages = self.messages;
        self.progress
            .tick(|_| format!("{} messages, in {}", thousands(messages), path.display()));
    }
}

/// The labelled messages of a file, one by one.
pub(super) fn labelled(path: &Path, mut each: impl FnMut(Labelled)) -> Result<(), Failure> {
    if path.extension().is_some_and(|extension| extension == "jsonl") {
        return lines(path, MAX_REQUEST_BYTES, |number, line, _| {
            let line = std::str::from_utf8(line).map_err(|e| format!("line {number}: {e}"))?;
            if !line.trim().is_empty() {
                each(from_jsonl(line, number)?);
            }
            Ok(())
        });
    }
    let table = File::open(path).map_err(named(path))?;
    from_csv(table, each).map_err(|e| Failure::work(format_args!("{}: {e}", path.display())))
}

/// The lines of a file, each with its number and whether it was cut at `limit` bytes.
fn lines(
    path: &Path,
    limit: usize,
    mut each: impl FnMut(u64, &[u8], bool) -> Result<(), String>,
) -> Result<(), Failure> {
    let mut lines = Lines::new(File::open(path).map_err(named(path))?, limit);
    while let Some(line) = lines.next().map_err(named(path))? {
        let done = each(line.number, line.bytes, line.is_cut());
        done.map_err(|e| Failure::work(format_args!("{}: {e}", path.display())))?;
    }
    Ok(())
}

/// A whole file, for lists and tables.
pub(super) fn whole(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(named(path))
}

fn named(path: &Path) -> impl Fn(io::Error) -> Failure {
    let path = PathBuf::from(path);
    move |e| Failure::work(format_args!("{}: {e}", path.display()))
}
