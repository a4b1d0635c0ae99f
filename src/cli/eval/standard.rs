//! The standard report over the public sets: the layout of their folder, which corpora calibrate and which report, and the rival that
//! the recall is held to.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    super::Failure,
    read::{Reading, labelled, whole},
};
use crate::{
    dictionary::Tolerance,
    eval::{AdHoc, CorpusReport, ListFormat, ListText, Pruned, Recall, Share, Tally, prune},
};

/// The clean corpora: name, language, group. A list is calibrated on one group and reported on the other.
const CLEAN: [(&str, &str); 4] = [
    ("zh_kdconv", CALIBRATION),
    ("zh_cold_safe", CALIBRATION),
    ("zh_crosswoz", REPORT),
    ("zh_reviews", REPORT),
];
const CALIBRATION: &str = "zh calibration";
const REPORT: &str = "zh report";

/// The English corpus, by odd and even lines.
const ENGLISH: &str = "en_sms_ham";

/// The permissive lists of each language.
const CHINESE_LISTS: [(&str, ListFormat); 1] = [("lists/ldnoobw/zh", ListFormat::Lines)];
const ENGLISH_LISTS: [(&str, ListFormat); 5] = [
    ("lists/ldnoobw/en", ListFormat::Lines),
    ("lists/dsojevic/en.json", ListFormat::Variants),
    ("lists/surge/profanity_en.csv", ListFormat::FirstColumn),
    ("lists/words_cuss/index.js", ListFormat::Keys),
    ("rustrict/profanity.csv", ListFormat::FirstColumn),
];

pub(super) const HATECHECK_ZH: &str = "hatecheck_zh/hatecheck_cases_final_mandarin.csv";
const HATECHECK_EN: &str = "hatecheck_en/test_suite_cases.csv";

/// What HateCheck calls the harms that these dictionaries are about.
const FUNCTIONS: [&str; 3] = ["profanity_h", "threat_dir_h", "threat_norm_h"];

/// The figures of the standard report.
#[derive(Debug, Serialize)]
pub(super) struct Standard {
    /// The clean corpora, one by one and in their groups.
    pub(super) clean: Vec<CorpusReport>,
    /// What HateCheck's harmful messages are found, and what the pruned lists find of them.
    pub(super) recall: Vec<Versus>,
}

/// One group of labelled messages, found by these dictionaries and by the lists.
#[derive(Debug, Serialize)]
pub(super) struct Versus {
    pub(super) set: &'static str,
    pub(super) group: &'static str,
    pub(super) ours: Share,
    pub(super) lists: Vec<Rival>,
}

/// What a pruned list finds.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Rival {
    /// The corpus on which it was pruned.
    pub(super) pruned_on: &'static str,
    #[serde(flatten)]
    pub(super) pruned: Pruned,
    /// How many of that corpus these dictionaries find, and so the list may.
    pub(super) allowed: u64,
    pub(super) found: Share,
}

/// The clean corpora that are there.
pub(super) fn clean_files(dir: &Path) -> Vec<PathBuf> {
    let names = CLEAN.iter().map(|(name, _)| *name).chain([ENGLISH]);
    let paths = names.map(|name| clean_file(dir, name));
    paths.filter(|path| path.is_file()).collect()
}

/// The corpora that nothing was calibrated on.
pub(super) fn reported(dir: &Path) -> [(&'static str, Vec<PathBuf>); 2] {
    let chinese = CLEAN.iter().filter(|(_, group)| *group == REPORT);
    let chinese = chinese.map(|(name, _)| clean_file(dir, name)).collect();
    [(REPORT, chinese), (ENGLISH, vec![clean_file(dir, ENGLISH)])]
}

fn clean_file(dir: &Path, name: &str) -> PathBuf {
    dir.join("clean").join(format!("{name}.txt"))
}

/// Measures all of it.
pub(super) fn measure(dir: &Path, reading: &mut Reading<'_>) -> Result<Standard, Failure> {
    let mut clean = Vec::new();
    let mut calibration = None;
    for group in [CALIBRATION, REPORT] {
        let mut all: Option<Tally> = None;
        for (name, _) in CLEAN.iter().filter(|(_, of)| *of == group) {
            let tally = reading.clean(&clean_file(dir, name), |_| true)?;
            match &mut all {
                Some(all) => all.merge(&tally),
                None => all = Some(tally.clone()),
            }
            clean.push(tally.report(name));
        }
        if let Some(all) = all {
            calibration = calibration.or(Some(all.found()));
            clean.push(all.report(group));
        }
    }
    let english = clean_file(dir, ENGLISH);
    let (odd, even) = (
        reading.clean(&english, |number| number % 2 == 1)?,
        reading.clean(&english, |number| number % 2 == 0)?,
    );
    let (odd_found, even_found) = (odd.found(), even.found());
    clean.push(odd.report("en_sms_ham odd"));
    clean.push(even.report("en_sms_ham even"));

    let chinese: Vec<String> = CLEAN
        .iter()
        .filter(|(_, group)| *group == CALIBRATION)
        .map(|(name, _)| whole(&clean_file(dir, name)))
        .collect::<Result<_, _>>()?;
    let chinese: Vec<&str> = chinese.iter().flat_map(|text| text.lines()).collect();
    let sms = whole(&english)?;
    let half = |odd: usize| sms.lines().skip(odd).step_by(2).collect::<Vec<_>>();
    let mut recall = versus(
        dir,
        reading,
        ("zh", HATECHECK_ZH, &CHINESE_LISTS),
        &[(CALIBRATION, chinese, calibration.unwrap_or_default())],
    )?;
    recall.extend(versus(
        dir,
        reading,
        ("en", HATECHECK_EN, &ENGLISH_LISTS),
        &[
            ("en_sms_ham odd", half(0), odd_found),
            ("en_sms_ham even", half(1), even_found),
        ],
    )?);
    Ok(Standard { clean, recall })
}

/// Ours and the lists, pruned on each of the corpora, over one labelled set.
fn versus(
    dir: &Path,
    reading: &mut Reading<'_>,
    (language, set, lists): (&'static str, &str, &[(&str, ListFormat)]),
    corpora: &[(&'static str, Vec<&str>, u64)],
) -> Result<Vec<Versus>, Failure> {
    let set = dir.join(set);
    let ours = reading.recall(&set)?;
    let mut terms = BTreeSet::new();
    for (list, format) in lists {
        let text = whole(&dir.join(list))?;
        terms.extend(ListText { format: *format, text }.terms());
    }
    let mut rivals = Vec::new();
    for (name, clean, allowed) in corpora {
        let pruned = prune(&terms, clean.iter().copied(), *allowed).map_err(Failure::work)?;
        let found = found_by(&pruned, &set)?;
        rivals.push((*name, *allowed, pruned, found));
    }
    let share = |recall: &Recall, function| {
        let rows = recall.rows("").into_iter();
        let mut rows = rows.filter(|row| row.harmful && row.group == function);
        rows.next().map_or_else(|| Share::new(0, 0), |row| row.found)
    };
    let row = |group: &'static str| Versus {
        set: language,
        group,
        ours: share(&ours, group),
        lists: rivals
            .iter()
            .map(|(name, allowed, pruned, found)| Rival {
                pruned_on: name,
                pruned: pruned.clone(),
                allowed: *allowed,
                found: share(found, group),
            })
            .collect(),
    };
    Ok(FUNCTIONS.into_iter().map(row).collect())
}

fn found_by(pruned: &Pruned, set: &Path) -> Result<Recall, Failure> {
    let list = AdHoc::new(&pruned.lines, Tolerance::Folded).map_err(Failure::work)?;
    let mut checker = list
        .checker()
        .ok_or_else(|| Failure::work("the list's policy is not in its snapshot"))?;
    let mut recall = Recall::default();
    labelled(set, |message| {
        let verdict = checker.check(message.text.as_bytes());
        recall.add(&message, verdict.is_some_and(|verdict| !verdict.triggers.is_empty()));
    })?;
    Ok(recall)
}
