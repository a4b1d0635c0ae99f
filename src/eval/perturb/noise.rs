//! People's own perturbations of English words, and another filter's list with its own tests.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    dictionary::Tolerance,
    eval::{AdHoc, Checker, Reservoir, Seeded, Share},
    problem::Problems,
};

/// What people did to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// Nothing but capitals.
    Capitals,
    /// Letters repeated, one of them three times or more.
    Runs,
    /// Letters doubled, none three times.
    Doubled,
    /// Digits and signs for letters.
    Leet,
    /// Signs or spaces in between.
    Separators,
    /// One letter more, less or other, or two swapped.
    OneEdit,
    /// Two such edits.
    TwoEdits,
    /// More than that.
    Other,
}

impl Noise {
    /// What was done to `word` to get `written`.
    pub fn between(word: &str, written: &str) -> Self {
        let (word, written) = (word.to_lowercase(), written.to_lowercase());
        let letters: String = written.chars().filter(|c| c.is_alphanumeric()).collect();
        let signs = written.chars().any(|c| !c.is_alphabetic());
        let reads = |one| written.chars().map(|c| as_letter(c, one)).eq(word.chars());
        if word == written {
            Self::Capitals
        } else if grown(&word, &written) {
            let long = written.as_bytes().chunk_by(|a, b| a == b).any(|run| run.len() >= 3);
            if long { Self::Runs } else { Self::Doubled }
        } else if letters == word {
            Self::Separators
        } else if signs && (reads('i') || reads('l')) {
            Self::Leet
        } else {
            // Insertions, deletions, replacements and swaps of neighbours.
            match strsim::osa_distance(&word, &written) {
                1 => Self::OneEdit,
                2 => Self::TwoEdits,
                _ => Self::Other,
            }
        }
    }
}

/// The letter that a digit or sign stands for; `one` is what 1 stands for.
fn as_letter(c: char, one: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' | '|' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        '9' => 'g',
        other => other,
    }
}

/// True where every run of letters is at least as long as the word's, and one longer.
fn grown(word: &str, written: &str) -> bool {
    let runs = |text: &str| -> Vec<(u8, usize)> {
        text.as_bytes()
            .chunk_by(|a, b| a == b)
            .map(|run| (run[0], run.len()))
            .collect()
    };
    let (a, b) = (runs(word), runs(written));
    a.len() == b.len() && a.iter().zip(&b).all(|(x, y)| x.0 == y.0 && x.1 <= y.1)
}

/// What was found of words that people perturbed, each word loaded alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NoiseRow {
    /// What they did; none for all of it.
    pub noise: Option<Noise>,
    /// How many were found.
    pub found: Share,
    /// Perturbations that were missed, where samples were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<String>,
}

impl NoiseRow {
    /// Counts over a JSON object of words, each with its perturbations.
    pub fn measure(json: &str, tolerance: Tolerance, samples: usize, seed: u64) -> Result<Vec<Self>, String> {
        let words: BTreeMap<String, Vec<String>> = serde_json::from_str(json).map_err(|e| e.to_string())?;
        let mut chance = Seeded::new(seed, "noise");
        let mut counts: BTreeMap<Option<Noise>, (u64, u64, Reservoir<String>)> = BTreeMap::new();
        for (word, perturbations) in &words {
            let list = AdHoc::new(word, tolerance).ok();
            let mut checker = list.as_ref().and_then(AdHoc::checker);
            for written in perturbations {
                let found = checker.as_mut().is_some_and(|checker| hits(checker, written));
                for noise in [Some(Noise::between(word, written)), None] {
                    let (yes, of, missed) = counts.entry(noise).or_insert_with(|| (0, 0, Reservoir::new(samples)));
                    *yes += u64::from(found);
                    *of += 1;
                    if !found && noise.is_some() {
                        missed.offer(&mut chance, || format!("{word} as {written}"));
                    }
                }
            }
        }
        let row = |(noise, (yes, of, missed)): (_, (u64, u64, Reservoir<String>))| Self {
            noise,
            found: Share::new(yes, of),
            missed: missed.into_kept(),
        };
        Ok(counts.into_iter().map(row).collect())
    }
}

fn hits(checker: &mut Checker<'_>, text: &str) -> bool {
    checker
        .check(text.as_bytes())
        .is_some_and(|verdict| !verdict.triggers.is_empty())
}

/// What a tolerance finds of people's perturbations, and what it costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NoisePoint {
    /// The tolerance of the words.
    pub tolerance: Tolerance,
    /// How many perturbations were found, each word loaded alone.
    pub found: Share,
    /// Of clean messages, with all words loaded together, how many hold one in a disguise.
    pub clean: Share,
}

/// Another filter's word list, with the lines of its tests.
#[derive(Clone, Debug, Default)]
pub struct Rustrict {
    /// Its words.
    pub words: BTreeSet<String>,
    /// Lines that it should find.
    pub positive: Vec<String>,
    /// Lines and phrases that it should not find.
    pub negative: Vec<String>,
}

/// What its list does in this engine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RustrictReport {
    /// Found, of the positive lines.
    pub positive: Share,
    /// Found, of the negative lines and phrases.
    pub negative: Share,
    /// Of those found, how many hold a word of the list openly.
    pub negative_with_listed_word: u64,
    /// The ones that hold none, and are found all the same: there should be none.
    pub wrong: Vec<String>,
    /// Positive lines that were missed, where samples were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<String>,
}

impl Rustrict {
    /// Loads the list alone, and counts.
    pub fn measure(&self, samples: usize, seed: u64) -> Result<RustrictReport, Problems> {
        let lines = self.words.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
        let (loose, strict) = (
            AdHoc::new(&lines, Tolerance::Standard)?,
            AdHoc::new(&lines, Tolerance::Folded)?,
        );
        let mut report = RustrictReport {
            positive: Share::default(),
            negative: Share::default(),
            negative_with_listed_word: 0,
            wrong: Vec::new(),
            missed: Vec::new(),
        };
        let (Some(mut loose), Some(mut strict)) = (loose.checker(), strict.checker()) else {
            return Ok(report);
        };
        let mut missed = Reservoir::new(samples);
        let mut chance = Seeded::new(seed, "rustrict");
        let (mut positive, mut negative) = (0, 0);
        for line in &self.positive {
            if hits(&mut loose, line) {
                positive += 1;
            } else {
                missed.offer(&mut chance, || line.clone());
            }
        }
        for line in &self.negative {
            if hits(&mut loose, line) {
                negative += 1;
                if hits(&mut strict, line) {
                    report.negative_with_listed_word += 1;
                } else {
                    report.wrong.push(line.clone());
                }
            }
        }
        report.positive = Share::new(positive, self.positive.len() as u64);
        report.negative = Share::new(negative, self.negative.len() as u64);
        report.missed = missed.into_kept();
        Ok(report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_did_is_told_apart() {
        for (word, written, noise) in [
            ("man", "MAN", Noise::Capitals),
            ("man", "Maaan", Noise::Runs),
            ("man", "mann", Noise::Doubled),
            ("trash", "tr4sh", Noise::Leet),
            ("trash", "t.r.a.s.h", Noise::Separators),
            ("trash", "trsh", Noise::OneEdit),
            ("trash", "tarsh", Noise::OneEdit),
            ("trash", "trahs", Noise::OneEdit),
            ("trash", "trxsh", Noise::OneEdit),
            ("trash", "tsh", Noise::TwoEdits),
            ("trash", "th", Noise::Other),
        ] {
            assert_eq!(Noise::between(word, written), noise, "{word} {written}");
        }
    }

    #[test]
    fn perturbed_words_are_counted_by_what_was_done() {
        let rows = NoiseRow::measure(r#"{"jerk":["jeeeerk","JERK","jrk"]}"#, Tolerance::Standard, 1, 1).unwrap();
        let found = |noise| {
            rows.iter()
                .find(|row| row.noise == noise)
                .map(|row| (row.found.count, row.found.of))
        };
        assert_eq!(found(None), Some((2, 3)));
        assert_eq!(found(Some(Noise::Runs)), Some((1, 1)));
        assert_eq!(found(Some(Noise::OneEdit)), Some((0, 1)));
    }

    #[test]
    fn a_list_is_held_to_its_own_tests() {
        let rustrict = Rustrict {
            words: ["heck".to_owned()].into(),
            positive: ["he-ck", "h e c k", "hack"].map(str::to_owned).into(),
            negative: ["check", "what the heck"].map(str::to_owned).into(),
        };
        let report = rustrict.measure(3, 1).unwrap();
        assert_eq!((report.positive.count, report.negative.count), (2, 1));
        assert_eq!((report.negative_with_listed_word, report.wrong.len()), (1, 0));
        assert_eq!(report.missed, ["hack"]);
    }
}
