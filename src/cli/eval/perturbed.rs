//! `tamis eval --perturb`: recall of perturbed terms, real pairs, and what the planes find in clean text that exact matching does not.

use std::{collections::BTreeSet, path::Path};

use serde::Serialize;

use super::{
    super::{Failure, check::setup::Setup},
    read::{Reading, labelled, whole},
    standard,
};
use crate::{
    dictionary::Tolerance,
    eval::{
        AdHoc, CorpusReport, ListFormat, ListText, Seeded, Tally,
        perturb::{
            NEUTRAL, NoisePoint, NoiseRow, PairRow, Pairs, Rustrict, RustrictReport, Script, TableCell, Tables, Trials,
            worth_a_trial,
        },
    },
};

/// How many terms are loaded together when false positives are counted.
const TERMS: usize = 400;

/// The tolerances that know disguises.
const DISGUISED: [Tolerance; 2] = [Tolerance::Standard, Tolerance::Aggressive];

/// HateCheck's functions whose messages name the twin that they disguise.
const DISGUISES: [&str; 3] = ["spell_char_comp_h", "spell_pinyin_h", "spell_homoph_h"];

/// The figures of perturbed text.
#[derive(Debug, Serialize)]
pub(super) struct Perturbed {
    /// How many terms were perturbed.
    pub(super) terms: usize,
    /// One perturbation.
    pub(super) single: Vec<TableCell>,
    /// Two, one after the other.
    pub(super) pairs: Vec<TableCell>,
    /// Clean text with so many terms loaded, at each tolerance that knows disguises: what is found only in one.
    pub(super) fuzzy_only: Vec<CorpusReport>,
    /// People's disguises of Chinese words.
    pub(super) real: Vec<PairRow>,
    /// People's disguises of English words, at tolerance `standard` and at `aggressive`.
    pub(super) noise: Vec<NoiseRow>,
    pub(super) noise_aggressive: Vec<NoiseRow>,
    /// What is found of these at each tolerance, and what that costs.
    pub(super) curve: Vec<NoisePoint>,
    /// rustrict's list with its own tests.
    pub(super) rustrict: RustrictReport,
}

/// Measures all of it: the terms of the dictionaries that allow the planes, and the public sets.
pub(super) fn measure(
    setup: &Setup,
    dir: &Path,
    reading: &mut Reading<'_>,
    (samples, seed): (usize, u64),
) -> Result<Perturbed, Failure> {
    let tables = Tables::new(&whole(&dir.join("tables/chaizi/chaizi-jt.txt"))?);
    let terms = terms(setup);
    let trials = Trials::new(&terms, &tables, seed, samples).map_err(Failure::work)?;
    reading.say("perturbing terms");
    let (single, pairs) = (trials.single(), trials.pairs());
    reading.say("reading people's disguises");
    let noise = whole(&dir.join("noisyhate/hard_pert.json"))?;
    let english: Vec<String> = words_of(&noise)?;
    let curve = curve(dir, reading, &noise, &english, seed)?;
    let [noise, noise_aggressive] =
        DISGUISED.map(|tolerance| NoiseRow::measure(&noise, tolerance, samples, seed).map_err(Failure::work));
    let (noise, noise_aggressive) = (noise?, noise_aggressive?);
    Ok(Perturbed {
        terms: terms.len(),
        single,
        pairs,
        fuzzy_only: fuzzy_only(dir, reading, &terms, &english, seed)?,
        real: real(dir, &tables, samples, seed)?,
        noise,
        noise_aggressive,
        curve,
        rustrict: rustrict(dir, samples, seed)?,
    })
}

/// The terms that evasion planes may fire for, each once.
fn terms(setup: &Setup) -> Vec<String> {
    let all = setup.dictionaries().flat_map(|dictionary| dictionary.terms.iter());
    let tolerant = all.filter(|term| term.tolerance >= Tolerance::Standard && worth_a_trial(term.text));
    let terms: BTreeSet<&str> = tolerant.map(|term| term.text).collect();
    terms.into_iter().map(str::to_owned).collect()
}

fn words_of(noise: &str) -> Result<Vec<String>, Failure> {
    let words: std::collections::BTreeMap<String, Vec<String>> = serde_json::from_str(noise).map_err(Failure::work)?;
    Ok(words.into_keys().filter(|word| crate::eval::usable(word)).collect())
}

/// Neutral words and terms of the dictionaries, so many at a time, over the corpora that did not calibrate.
fn fuzzy_only(
    dir: &Path,
    reading: &mut Reading<'_>,
    terms: &[String],
    english: &[String],
    seed: u64,
) -> Result<Vec<CorpusReport>, Failure> {
    let neutral: Vec<String> = NEUTRAL.lines().map(str::to_owned).collect();
    let of = |script| {
        terms
            .iter()
            .filter(|term| Script::of(term) == script)
            .cloned()
            .collect::<Vec<_>>()
    };
    let (hanzi, latin) = (of(Script::Hanzi), of(Script::Latin));
    let mut reports = Vec::new();
    for tolerance in DISGUISED {
        for (name, from) in [
            ("neutral hanzi", neutral.as_slice()),
            ("dictionary hanzi", &hanzi),
            ("neutral latin", english),
            ("dictionary latin", &latin),
        ] {
            let mut from = from.to_vec();
            Seeded::new(seed, name).shuffle(&mut from);
            from.truncate(TERMS);
            let list = AdHoc::new(&from.join("\n"), tolerance).map_err(Failure::work)?;
            let name = format!("{} {name} terms, {}", from.len(), tolerance.as_str());
            found_only_in_disguise(dir, reading, &list, &name, &mut reports)?;
        }
    }
    Ok(reports)
}

/// The same for one list.
fn found_only_in_disguise(
    dir: &Path,
    reading: &mut Reading<'_>,
    list: &AdHoc,
    name: &str,
    reports: &mut Vec<CorpusReport>,
) -> Result<(), Failure> {
    for (corpus, paths) in standard::reported(dir) {
        let mut all: Option<Tally> = None;
        for path in paths {
            let checker = list
                .checker()
                .ok_or_else(|| Failure::work("a list without its policy"))?;
            let tally = reading.with_disguises(checker, |reading| reading.clean(&path, |_| true))?;
            match &mut all {
                Some(all) => all.merge(&tally),
                None => all = Some(tally),
            }
        }
        reports.extend(all.map(|tally| tally.report(&format!("{name}, over {corpus}"))));
    }
    Ok(())
}

/// People's perturbations at each tolerance, beside what all of their words together find in clean English.
fn curve(
    dir: &Path,
    reading: &mut Reading<'_>,
    noise: &str,
    words: &[String],
    seed: u64,
) -> Result<Vec<NoisePoint>, Failure> {
    let mut points = Vec::new();
    for tolerance in [Tolerance::Folded, Tolerance::Standard, Tolerance::Aggressive] {
        let rows = NoiseRow::measure(noise, tolerance, 0, seed).map_err(Failure::work)?;
        let all = rows.into_iter().find(|row| row.noise.is_none());
        let list = AdHoc::new(&words.join("\n"), tolerance).map_err(Failure::work)?;
        let checker = list
            .checker()
            .ok_or_else(|| Failure::work("a list without its policy"))?;
        let [_, (_, english)] = standard::reported(dir);
        let tally = reading.with_disguises(checker, |reading| reading.clean(&english[0], |_| true))?;
        points.extend(all.map(|all| NoisePoint {
            tolerance,
            found: all.found,
            clean: tally.report("").with_disguise,
        }));
    }
    Ok(points)
}

fn real(dir: &Path, tables: &Tables, samples: usize, seed: u64) -> Result<Vec<PairRow>, Failure> {
    let mut messages = Vec::new();
    labelled(&dir.join(standard::HATECHECK_ZH), |message| messages.push(message))?;
    let row = |kind| Pairs::of(kind, &messages).measure(kind, tables, samples, seed);
    Ok(DISGUISES.into_iter().map(row).collect())
}

fn rustrict(dir: &Path, samples: usize, seed: u64) -> Result<RustrictReport, Failure> {
    let file = |name: &str| whole(&dir.join("rustrict").join(name));
    let words = ListText {
        format: ListFormat::FirstColumn,
        text: file("profanity.csv")?,
    };
    let lines = |text: String| {
        text.lines()
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut negative = lines(file("false_positives.txt")?);
    negative.extend(lines(file("test_negative.txt")?));
    let rustrict = Rustrict {
        words: words.terms(),
        positive: lines(file("test_positive.txt")?),
        negative,
    };
    rustrict.measure(samples, seed).map_err(Failure::work)
}
