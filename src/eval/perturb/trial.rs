//! Trials: perturbed terms in carrier sentences, and how many of them are found, with which spans.

use std::{collections::BTreeMap, ops::Range};

use serde::Serialize;

use super::{Kind, Tables, Written, carriers, is_hanzi, is_letter};
use crate::{
    dictionary::Tolerance,
    eval::{AdHoc, Checker, Reservoir, Seeded, Share},
    problem::Problems,
    snapshot::Verdict,
    text::OffsetUnit,
};

/// The scripts that the table tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Script {
    /// Hanzi alone.
    Hanzi,
    /// Latin letters, digits, signs and spaces alone.
    Latin,
    /// Anything else: 加v.
    Mixed,
}

impl Script {
    /// The script of a term.
    pub fn of(term: &str) -> Self {
        if term.chars().all(is_hanzi) {
            Self::Hanzi
        } else if term.is_ascii() {
            Self::Latin
        } else {
            Self::Mixed
        }
    }

    /// As the report writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hanzi => "hanzi",
            Self::Latin => "latin",
            Self::Mixed => "mixed",
        }
    }
}

/// The length of a term, in the classes of the table.
fn length(term: &str) -> &'static str {
    match (Script::of(term), term.chars().count()) {
        (Script::Latin, ..=3) => "3 or less",
        (Script::Latin, 4) => "4",
        (Script::Latin, 5..=6) => "5 to 6",
        (Script::Latin, _) => "7 or more",
        (_, ..=2) => "2",
        (_, 3) => "3",
        _ => "4 or more",
    }
}

/// One cell of the table: a perturbation or two, a script, a length.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// The perturbation; `a + b` for two.
    pub perturbation: String,
    /// The script of the terms.
    pub script: Script,
    /// Their length in characters.
    pub length: &'static str,
    /// How many were found.
    pub found: Share,
    /// For how many of those a span is the perturbed writing, whole and nothing beyond it.
    pub exact: Share,
    /// Writings that were missed or measured wrongly, where samples were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<String>,
}

/// Runs perturbations over terms.
#[derive(Debug)]
pub struct Trials<'a> {
    terms: &'a [String],
    tables: &'a Tables,
    list: AdHoc,
    seed: u64,
    samples: usize,
}

#[derive(Debug)]
struct Count {
    of: u64,
    found: u64,
    exact: u64,
    missed: Reservoir<String>,
}

impl<'a> Trials<'a> {
    /// Loads all terms together, at tolerance `standard`.
    pub fn new(terms: &'a [String], tables: &'a Tables, seed: u64, samples: usize) -> Result<Self, Problems> {
        Ok(Self {
            terms,
            tables,
            list: AdHoc::new(&terms.join("\n"), Tolerance::Standard)?,
            seed,
            samples,
        })
    }

    /// Every perturbation of every term that it can be done to, by script and length.
    pub fn single(&self) -> Vec<Cell> {
        let kinds = Kind::ALL
            .iter()
            .flat_map(|kind| self.table(std::slice::from_ref(kind), true));
        kinds.collect()
    }

    /// Every pair of perturbations whose penalties fit the budget, by script.
    pub fn pairs(&self) -> Vec<Cell> {
        let mut cells = Vec::new();
        for first in Kind::ALL {
            for second in Kind::ALL {
                let known = first != Kind::AnyDecomposition && second != Kind::AnyDecomposition;
                if first != second && known && first.penalty() + second.penalty() <= Tolerance::Standard.budget() {
                    cells.extend(self.table(&[first, second], false));
                }
            }
        }
        cells
    }

    fn table(&self, kinds: &[Kind], by_length: bool) -> Vec<Cell> {
        let name: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
        let name = name.join(" + ");
        let mut chance = Seeded::new(self.seed, &name);
        let mut counts = BTreeMap::new();
        let Some(mut checker) = self.list.checker() else {
            return Vec::new();
        };
        for (number, term) in self.terms.iter().enumerate() {
            let mut written = Written::new(term);
            let done = kinds
                .iter()
                .all(|kind| kind.apply(&mut written, self.tables, &mut chance));
            let writing = written.text();
            if !done {
                continue;
            }
            let script = Script::of(term);
            let carrier = chance.pick(carriers::of(script)).copied().unwrap_or("{}");
            let trial = Trial::new(carrier, &writing, term);
            let outcome = trial.run(&mut checker, number);
            let length = if by_length { length(term) } else { "all" };
            let count = counts.entry((script, length)).or_insert_with(|| Count {
                of: 0,
                found: 0,
                exact: 0,
                missed: Reservoir::new(self.samples),
            });
            count.of += 1;
            count.found += u64::from(outcome != Outcome::Missed);
            count.exact += u64::from(outcome == Outcome::Exact);
            if outcome != Outcome::Exact {
                count.missed.offer(&mut chance, || {
                    format!("{term} as {writing:?} in {carrier:?}: {outcome:?}")
                });
            }
        }
        let cell = |((script, length), count): ((Script, &'static str), Count)| Cell {
            perturbation: name.clone(),
            script,
            length,
            found: Share::new(count.found, count.of),
            exact: Share::new(count.exact, count.found),
            missed: count.missed.into_kept(),
        };
        counts.into_iter().map(cell).collect()
    }
}

/// A perturbed term in a sentence.
struct Trial {
    text: String,
    /// Where the perturbed writing stands, in bytes.
    place: Range<usize>,
    rule: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Missed,
    Inexact,
    Exact,
}

impl Trial {
    fn new(carrier: &str, writing: &str, term: &str) -> Self {
        let start = carrier.find("{}").unwrap_or_default();
        Self {
            text: carrier.replacen("{}", writing, 1),
            place: start..start + writing.len(),
            rule: format!("terms/{term}"),
        }
    }

    /// Judges the sentence. Spans are compared in bytes, code points and UTF-16 by turns.
    fn run(&self, checker: &mut Checker<'_>, turn: usize) -> Outcome {
        let unit = [OffsetUnit::Bytes, OffsetUnit::Codepoints, OffsetUnit::Utf16][turn % 3];
        checker.count_in(unit);
        let verdict = checker.check(self.text.as_bytes());
        self.outcome(verdict.as_ref(), unit)
    }

    fn outcome(&self, verdict: Option<&Verdict>, unit: OffsetUnit) -> Outcome {
        let units = |bytes: usize| match unit {
            OffsetUnit::Bytes => bytes,
            OffsetUnit::Codepoints => self.text[..bytes].chars().count(),
            OffsetUnit::Utf16 => self.text[..bytes].encode_utf16().count(),
        };
        let wanted = units(self.place.start)..units(self.place.end);
        let triggers = verdict.map(|verdict| verdict.triggers.as_slice()).unwrap_or_default();
        // Of many terms that sound alike only some are reported: then any of them will do.
        let cut = verdict.is_some_and(|verdict| verdict.truncated);
        let own = triggers.iter().filter(|trigger| cut || trigger.rule == self.rule);
        let mut outcome = Outcome::Missed;
        for span in own.flat_map(|trigger| &trigger.matches).flat_map(|found| &found.spans) {
            let (start, end) = (span.start as usize, span.end as usize);
            if (start, end) == (wanted.start, wanted.end) && span.text == self.text[self.place.clone()] {
                return Outcome::Exact;
            }
            if start < wanted.end && wanted.start < end {
                outcome = Outcome::Inexact;
            }
        }
        outcome
    }
}

/// True for a term whose perturbations are worth a trial: it has two symbols at least, one of them a letter or hanzi.
pub fn worth_a_trial(term: &str) -> bool {
    term.chars().count() >= 2 && term.chars().any(|c| is_hanzi(c) || is_letter(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trials_count_what_is_found_and_are_the_same_for_the_same_seed() {
        let terms = ["刷单", "非法集资", "jerk", "toast", "加v"].map(str::to_owned);
        assert!(terms.iter().all(|term| worth_a_trial(term)));
        let tables = Tables::new("法\t氵 去\n");
        let cells = |seed| Trials::new(&terms, &tables, seed, 2).unwrap().single();
        assert_eq!(cells(1), cells(1));
        let zero_width: Vec<_> = cells(1)
            .into_iter()
            .filter(|c| c.perturbation == "zero-width")
            .collect();
        assert_eq!(zero_width.len(), 5, "{zero_width:?}");
        for cell in zero_width {
            assert_eq!((cell.found.share, cell.exact.share), (1.0, 1.0), "{cell:?}");
        }
    }

    #[test]
    fn a_span_beyond_the_writing_is_not_exact() {
        let trial = Trial::new("看{}吧", "刷-单", "刷单");
        assert_eq!(trial.place, 3..10);
        let list = AdHoc::new("刷单", Tolerance::Standard).unwrap();
        let mut checker = list.checker().unwrap();
        for turn in 0..3 {
            assert_eq!(trial.run(&mut checker, turn), Outcome::Exact);
        }
        let wider = Trial {
            place: 0..10,
            ..Trial::new("看{}吧", "刷-单", "刷单")
        };
        assert_eq!(wider.run(&mut checker, 0), Outcome::Inexact);
    }
}
