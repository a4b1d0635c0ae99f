//! How long builds take and what they hold, term by term.

use std::{hint::black_box, time::Instant};

use serde::Serialize;
use tamis::{
    contest::{Ours, Patterns, RIVALS},
    dictionary::Tolerance,
};

use crate::{heap::held, sets::dictionary, speed::snapshot, words::Words};

/// One thing built from so many terms.
#[derive(Debug, Serialize)]
struct Line {
    name: String,
    ms: f64,
    bytes_per_term: f64,
    peak_bytes_per_term: f64,
}

#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) terms: usize,
    made_up: usize,
    lines: Vec<Line>,
}

const STANDARD: &str = "snapshot, standard";
const FOLDED: &str = "snapshot, folded";

impl Report {
    fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    /// What, the most that is wanted, and what was measured.
    pub(crate) fn goals(&self) -> impl Iterator<Item = (&'static str, f64, f64)> {
        let (standard, folded) = (self.line(STANDARD), self.line(FOLDED));
        let daachorse = ["daachorse-charwise", "daachorse-bytewise"]
            .iter()
            .filter_map(|name| self.line(name))
            .map(|line| line.ms)
            .min_by(f64::total_cmp);
        let mut goals = Vec::new();
        goals.extend(folded.map(|line| ("bytes a term, folded", 80.0, line.bytes_per_term)));
        if let Some(line) = standard {
            goals.push(("bytes a term, standard", 160.0, line.bytes_per_term));
            goals.extend(daachorse.map(|ms| ("build / daachorse's", 0.1, line.ms / ms)));
            if self.terms == 1_000_000 {
                goals.push(("build in ms", 2_000.0, line.ms));
            }
        }
        goals.into_iter()
    }

    pub(crate) fn print(&self) {
        println!("\nbuild of {} terms ({} made up)", self.terms, self.made_up);
        for line in &self.lines {
            println!(
                "  {:<38}{:>10.1} ms{:>9.1} bytes a term{:>9.1} at the peak",
                line.name, line.ms, line.bytes_per_term, line.peak_bytes_per_term
            );
        }
    }
}

/// Builds everything a few times from the first `count` words.
pub(crate) fn measure(count: usize, rounds: usize, words: &Words) -> Report {
    let mut terms = words.at_least(count);
    terms.truncate(count);
    terms.sort_unstable();
    let patterns = Patterns::of(&dictionary(&terms, Tolerance::Folded)).symbols;
    let mut lines = vec![line("engine alone", count, rounds, || (), |()| Ours::new(&patterns))];
    for (name, tolerance) in [(FOLDED, Tolerance::Folded), (STANDARD, Tolerance::Standard)] {
        lines.push(line(name, count, rounds, || dictionary(&terms, tolerance), snapshot));
    }
    let parse = |()| dictionary(&terms, Tolerance::Standard);
    lines.push(line("parsing the list, before any build", count, rounds, || (), parse));
    for (name, build) in RIVALS {
        if ["daachorse-charwise", "daachorse-bytewise"].contains(&name) {
            lines.push(line(name, count, rounds, || (), |()| build(&terms)));
        }
    }
    Report {
        terms: count,
        made_up: count.saturating_sub(words.real.len()),
        lines,
    }
}

/// The median of `rounds` builds; what a build starts from is made outside the clock and counts as held only where it is kept.
fn line<I, T>(
    name: &str,
    terms: usize,
    rounds: usize,
    mut start: impl FnMut() -> I,
    mut build: impl FnMut(I) -> T,
) -> Line {
    let (mut times, mut memory) = (Vec::new(), (0, 0));
    for _ in 0..rounds.max(1) {
        let mut ms = 0.0;
        let (made, live, peak) = held(|| {
            let start = start();
            let began = Instant::now();
            let made = build(start);
            ms = began.elapsed().as_secs_f64() * 1e3;
            made
        });
        black_box(made);
        times.push(ms);
        memory = (live, peak);
    }
    times.sort_by(f64::total_cmp);
    Line {
        name: name.to_owned(),
        ms: times[times.len() / 2],
        bytes_per_term: memory.0 as f64 / terms as f64,
        peak_bytes_per_term: memory.1 as f64 / terms as f64,
    }
}
