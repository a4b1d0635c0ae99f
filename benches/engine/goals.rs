//! The goals, held or not.

use serde::Serialize;

use crate::{
    builds,
    speed::{Report, Stage},
};

const RIVAL: &[Stage] = &[Stage::RivalSingle, Stage::RivalWhole];
const RIVAL_SINGLE: &[Stage] = &[Stage::RivalSingle];
const PIPELINE: &[Stage] = &[Stage::PipelineSingle, Stage::PipelineBatch];

/// One line of the table: `ours` of a set against the best of `other`, at least `factor` times as fast.
struct Goal {
    set: &'static str,
    what: &'static str,
    ours: Stage,
    other: &'static [Stage],
    factor: f64,
}

const fn goal(set: &'static str, what: &'static str, ours: Stage, other: &'static [Stage], factor: f64) -> Goal {
    Goal {
        set,
        what,
        ours,
        other,
        factor,
    }
}

use Stage::{CheckFoldedBatch, CheckStandardBatch, FoldMatchBatch, FoldMatchSingle, Match};

const GOALS: [Goal; 35] = [
    goal("zh-10k", "match only", Match, RIVAL, 5.0),
    goal("zh-100k", "match only", Match, RIVAL, 5.0),
    goal("zh-300k", "match only", Match, RIVAL, 5.0),
    goal("mixed-10k", "match only", Match, RIVAL, 4.0),
    goal("mixed-100k", "match only", Match, RIVAL, 4.0),
    goal("en-10k", "match only", Match, RIVAL, 3.0),
    goal("zh-10k", "fold+match", FoldMatchBatch, RIVAL, 3.0),
    goal("zh-100k", "fold+match", FoldMatchBatch, RIVAL, 4.0),
    goal("zh-300k", "fold+match", FoldMatchBatch, RIVAL, 5.0),
    goal("zh-10k", "fold+match", FoldMatchBatch, PIPELINE, 6.0),
    goal("zh-100k", "fold+match", FoldMatchBatch, PIPELINE, 6.0),
    goal("zh-300k", "fold+match", FoldMatchBatch, PIPELINE, 6.0),
    goal("mixed-10k", "fold+match", FoldMatchBatch, RIVAL, 2.0),
    goal("mixed-100k", "fold+match", FoldMatchBatch, RIVAL, 2.0),
    goal("en-10k", "fold+match", FoldMatchBatch, RIVAL, 2.0),
    goal("mixed-10k", "fold+match", FoldMatchBatch, PIPELINE, 4.0),
    goal("mixed-100k", "fold+match", FoldMatchBatch, PIPELINE, 4.0),
    goal("en-10k", "fold+match", FoldMatchBatch, PIPELINE, 4.0),
    goal("zh-10k", "fold+match, single", FoldMatchSingle, RIVAL_SINGLE, 1.5),
    goal("zh-100k", "fold+match, single", FoldMatchSingle, RIVAL_SINGLE, 1.5),
    goal("zh-300k", "fold+match, single", FoldMatchSingle, RIVAL_SINGLE, 1.5),
    goal("mixed-10k", "fold+match, single", FoldMatchSingle, RIVAL_SINGLE, 1.5),
    goal("mixed-100k", "fold+match, single", FoldMatchSingle, RIVAL_SINGLE, 1.5),
    goal("en-10k", "fold+match, single", FoldMatchSingle, RIVAL_SINGLE, 1.5),
    goal("zh-10k", "check, standard", CheckStandardBatch, RIVAL, 1.2),
    goal("zh-100k", "check, standard", CheckStandardBatch, RIVAL, 1.2),
    goal("zh-300k", "check, standard", CheckStandardBatch, RIVAL, 1.2),
    goal("mixed-10k", "check, standard", CheckStandardBatch, RIVAL, 1.2),
    goal("en-10k", "check, standard", CheckStandardBatch, RIVAL, 1.2),
    goal(
        "zh-10k",
        "check, standard",
        CheckStandardBatch,
        &[CheckFoldedBatch],
        0.5,
    ),
    goal(
        "zh-100k",
        "check, standard",
        CheckStandardBatch,
        &[CheckFoldedBatch],
        0.5,
    ),
    goal(
        "zh-300k",
        "check, standard",
        CheckStandardBatch,
        &[CheckFoldedBatch],
        0.5,
    ),
    goal("zh-10k-rich", "fold+match", FoldMatchBatch, RIVAL, 1.5),
    goal("zh-1k", "fold+match", FoldMatchBatch, RIVAL, 1.0),
    goal("en-1k", "fold+match", FoldMatchBatch, RIVAL, 1.0),
];

/// A goal and what came out.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    set: String,
    what: String,
    against: String,
    wanted: f64,
    got: f64,
    held: bool,
}

/// Every goal whose set or build was measured.
pub(crate) fn outcomes(reports: &[Report], builds: &[builds::Report]) -> Vec<Outcome> {
    let narrower = without_avx512();
    let by_speed = GOALS.iter().chain(&narrower).filter_map(|goal| {
        let report = reports.iter().find(|report| report.name == goal.set)?;
        let (ours, other) = (report.best(&[goal.ours])?, report.best(goal.other)?);
        let got = ours.mb_per_s / other.mb_per_s;
        Some(Outcome {
            set: goal.set.to_owned(),
            what: goal.what.to_owned(),
            against: format!("{:.0} MB/s : {:.0} {}", ours.mb_per_s, other.mb_per_s, other.name),
            wanted: goal.factor,
            got,
            held: got >= goal.factor,
        })
    });
    let mut outcomes: Vec<Outcome> = by_speed.collect();
    for build in builds {
        outcomes.extend(build.goals().map(|(what, wanted, got)| Outcome {
            set: format!("{} terms", build.terms),
            what: what.to_owned(),
            against: "at most".to_owned(),
            wanted,
            got,
            held: got <= wanted,
        }));
    }
    outcomes
}

/// What is asked of the narrower vectors: goals of the run that `TAMIS_SIMD` confines to them.
fn without_avx512() -> Vec<Goal> {
    let factor = match std::env::var("TAMIS_SIMD").as_deref() {
        Ok("avx2") => 3.0,
        Ok("scalar") => 1.5,
        _ => return Vec::new(),
    };
    let sets = ["zh-10k", "zh-100k", "zh-300k", "mixed-10k", "mixed-100k", "en-10k"];
    sets.map(|set| goal(set, "match only, TAMIS_SIMD", Match, RIVAL, factor))
        .into()
}

pub(crate) fn print(outcomes: &[Outcome]) {
    println!("\ngoals");
    for o in outcomes {
        println!(
            "  {:<8} {:<14}{:<28}{:>8.2} of {:<7.1} {}",
            if o.held { "held" } else { "NOT HELD" },
            o.set,
            o.what,
            o.got,
            o.wanted,
            o.against
        );
    }
}
