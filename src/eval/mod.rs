//! The yardstick: what dictionaries and a policy do to clean, labelled and perturbed text, counted with intervals.
//!
//! What lives here: tallies, intervals, seeded samples, comparisons, the readers of the public sets' formats, perturbations. What must
//! not: files, terminals, flags. Message text comes in and is counted; it leaves only as the samples that somebody asked for.

mod checker;
mod compare;
mod interval;
mod labelled;
mod lists;
pub mod perturb;
mod prune;
mod seeded;
mod tally;

pub use checker::{AdHoc, Checker};
pub use compare::{Compared, Comparison, Moved};
pub use interval::Share;
pub use labelled::{Labelled, Recall, RecallRow, from_csv, from_jsonl};
pub use lists::{ListFormat, ListText, usable};
pub use prune::{Pruned, prune};
pub use seeded::{Reservoir, Seeded};
pub use tally::{CorpusReport, Counts, DictionaryRow, RuleRow, Sample, Tally};
