//! The report for people.

use std::io::{self, Write};

use super::{Report, perturbed::Perturbed, standard::Standard};
use crate::eval::{
    Compared, CorpusReport, RecallRow, Share,
    perturb::{Kind, TableCell},
};

/// Most rules that are listed of a corpus.
const RULES: usize = 20;

/// Prints all of it.
pub(super) fn report(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let scope = if report.scope.is_empty() {
        "default"
    } else {
        &report.scope
    };
    writeln!(out, "snapshot {}, scope {scope}, seed {}", report.snapshot, report.seed)?;
    if !report.clean.is_empty() {
        clean(out, &report.clean)?;
    }
    if !report.labelled.is_empty() {
        recall(out, &report.labelled)?;
    }
    if let Some(standard) = &report.standard {
        clean(out, &standard.clean)?;
        versus(out, standard)?;
    }
    if let Some(perturbed) = &report.perturbed {
        disguises(out, perturbed)?;
    }
    for compared in &report.compared {
        comparison(out, compared)?;
    }
    Ok(())
}

fn clean(out: &mut impl Write, corpora: &[CorpusReport]) -> io::Result<()> {
    writeln!(out, "\nClean messages\n")?;
    writeln!(
        out,
        "| messages | n | blocked | reviewed | warned | warned or reviewed | only disguised |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    for corpus in corpora {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            corpus.corpus,
            corpus.messages - corpus.errors,
            counted(corpus.blocked),
            corpus.reviewed.count,
            corpus.warned.count,
            counted(corpus.warned_or_reviewed),
            counted(corpus.disguised),
        )?;
        if corpus.errors > 0 {
            writeln!(out, "| {}, not judged | {} | | | | | |", corpus.corpus, corpus.errors)?;
        }
    }
    for corpus in corpora.iter().filter(|corpus| !corpus.rules.is_empty()) {
        by_rule(out, corpus)?;
    }
    Ok(())
}

fn by_rule(out: &mut impl Write, corpus: &CorpusReport) -> io::Result<()> {
    writeln!(out, "\n{}\n", corpus.corpus)?;
    writeln!(
        out,
        "| dictionary or rule | messages | blocked | reviewed | warned | disguised |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for row in &corpus.dictionaries {
        let name = &row.dictionary;
        let (blocked, reviewed, warned) = (row.blocked, row.reviewed, row.warned);
        writeln!(
            out,
            "| {name} | {} | {blocked} | {reviewed} | {warned} | |",
            counted(row.found)
        )?;
    }
    for row in corpus.rules.iter().take(RULES) {
        let planes: Vec<_> = row.planes.iter().map(|(plane, n)| format!("{plane} {n}")).collect();
        let (blocked, reviewed, warned) = (row.blocked, row.reviewed, row.warned);
        let disguised = format!("{} {}", row.disguised, planes.join(" "));
        writeln!(
            out,
            "| {} | {} | {blocked} | {reviewed} | {warned} | {} |",
            row.rule,
            counted(row.found),
            disguised.trim_end()
        )?;
    }
    if corpus.rules.len() > RULES {
        writeln!(out, "| and {} more rules | | | | | |", corpus.rules.len() - RULES)?;
    }
    for row in &corpus.rules {
        for sample in &row.samples {
            let action = sample.action.as_str();
            writeln!(out, "  {} {action} {:?} in {:?}", row.rule, sample.span, sample.text)?;
        }
    }
    Ok(())
}

fn recall(out: &mut impl Write, rows: &[RecallRow]) -> io::Result<()> {
    writeln!(
        out,
        "\nLabelled messages: found, that is warned about, reviewed or blocked\n"
    )?;
    writeln!(out, "| set | group | label | n | found |\n|---|---|---|---|---|")?;
    for row in rows {
        let label = if row.harmful { "harmful" } else { "harmless" };
        let (set, group) = (&row.set, &row.group);
        writeln!(
            out,
            "| {set} | {group} | {label} | {} | {} |",
            row.found.of,
            counted(row.found)
        )?;
    }
    Ok(())
}

fn versus(out: &mut impl Write, standard: &Standard) -> io::Result<()> {
    writeln!(
        out,
        "\nRecall on HateCheck, beside the permissive lists without their noisiest terms\n"
    )?;
    writeln!(
        out,
        "| set | group | n | these dictionaries | the lists |\n|---|---|---|---|---|"
    )?;
    for row in &standard.recall {
        let lists: Vec<_> = row
            .lists
            .iter()
            .map(|rival| {
                let (kept, terms) = (rival.pruned.kept, rival.pruned.terms);
                let share = percent(rival.found.share, 1);
                format!("{share} (pruned on {}, {kept} of {terms} terms left)", rival.pruned_on)
            })
            .collect();
        let (low, high) = (percent(row.ours.low, 1), percent(row.ours.high, 1));
        let ours = format!("{} ({low} to {high})", percent(row.ours.share, 1));
        writeln!(
            out,
            "| {} | {} | {} | {ours} | {} |",
            row.set,
            row.group,
            row.ours.of,
            lists.join("; ")
        )?;
    }
    Ok(())
}

fn disguises(out: &mut impl Write, perturbed: &Perturbed) -> io::Result<()> {
    writeln!(out, "\n{} terms, one perturbation each\n", perturbed.terms)?;
    cells(out, &perturbed.single)?;
    for name in Kind::NOT_BUILT {
        writeln!(out, "| {name} | | | | not built yet | |")?;
    }
    writeln!(out, "\nTwo perturbations, as far as the budget of `standard` goes\n")?;
    cells(out, &perturbed.pairs)?;
    writeln!(
        out,
        "\nClean text: messages with a trigger that only a disguise makes\n"
    )?;
    writeln!(out, "| terms and corpus | n | only disguised |\n|---|---|---|")?;
    for corpus in &perturbed.fuzzy_only {
        writeln!(
            out,
            "| {} | {} | {} |",
            corpus.corpus,
            corpus.messages,
            counted(corpus.with_disguise)
        )?;
    }
    for corpus in &perturbed.fuzzy_only {
        for row in &corpus.rules {
            for sample in &row.samples {
                writeln!(out, "  {} {:?} in {:?}", row.rule, sample.span, sample.text)?;
            }
        }
    }
    people(out, perturbed)
}

fn cells(out: &mut impl Write, cells: &[TableCell]) -> io::Result<()> {
    writeln!(
        out,
        "| perturbation | script | length | n | found | span exact, of found |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for cell in cells {
        let (name, script, length) = (&cell.perturbation, cell.script.as_str(), cell.length);
        let (found, exact) = (interval(cell.found), percent(cell.exact.share, 2));
        writeln!(
            out,
            "| {name} | {script} | {length} | {} | {found} | {exact} |",
            cell.found.of
        )?;
        for missed in &cell.missed {
            writeln!(out, "  {missed}")?;
        }
    }
    Ok(())
}

/// People's perturbations of English words, and what each tolerance finds of them.
fn noise(out: &mut impl Write, perturbed: &Perturbed) -> io::Result<()> {
    writeln!(
        out,
        "\nPeople's disguises in English: each word loaded alone\n\n| what they did | n | standard | aggressive |\n|---|---|---|---|"
    )?;
    for (row, aggressive) in perturbed.noise.iter().zip(&perturbed.noise_aggressive) {
        let name = row.noise.map_or_else(|| "all".to_owned(), |noise| format!("{noise:?}"));
        let (standard, found) = (interval(row.found), interval(aggressive.found));
        writeln!(out, "| {name} | {} | {standard} | {found} |", row.found.of)?;
        for missed in &aggressive.missed {
            writeln!(out, "  {missed}")?;
        }
    }
    writeln!(
        out,
        "\nThe same at each tolerance, and clean English with all of these words loaded together\n\n| tolerance | found | clean messages with a \
         word in a disguise |\n|---|---|---|"
    )?;
    for point in &perturbed.curve {
        let tolerance = point.tolerance.as_str();
        writeln!(
            out,
            "| {tolerance} | {} | {} |",
            interval(point.found),
            interval(point.clean)
        )?;
    }
    Ok(())
}

fn people(out: &mut impl Write, perturbed: &Perturbed) -> io::Result<()> {
    writeln!(
        out,
        "\nPeople's disguises in Chinese: the altered word of each pair loaded alone\n"
    )?;
    writeln!(
        out,
        "| kind | sentences | pairs | found of all pairs | reachable | found of those |\n|---|---|---|---|---|---|"
    )?;
    for row in &perturbed.real {
        let (all, reachable) = (interval(row.all), interval(row.reachable));
        let (kind, sentences) = (&row.kind, row.sentences);
        writeln!(
            out,
            "| {kind} | {sentences} | {} | {all} | {} | {reachable} |",
            row.all.of, row.reachable.of
        )?;
        for missed in &row.missed {
            writeln!(out, "  {missed}")?;
        }
    }
    noise(out, perturbed)?;
    let rustrict = &perturbed.rustrict;
    writeln!(out, "\nrustrict's list\n\n| lines | n | found |\n|---|---|---|")?;
    writeln!(
        out,
        "| positive | {} | {} |",
        rustrict.positive.of,
        interval(rustrict.positive)
    )?;
    writeln!(
        out,
        "| negative | {} | {} |",
        rustrict.negative.of,
        interval(rustrict.negative)
    )?;
    let listed = rustrict.negative_with_listed_word;
    writeln!(
        out,
        "| of these without a listed word | | {} |",
        rustrict.negative.count - listed
    )?;
    for line in &rustrict.wrong {
        writeln!(out, "  found without a listed word: {line:?}")?;
    }
    for line in &rustrict.missed {
        writeln!(out, "  missed: {line:?}")?;
    }
    Ok(())
}

fn comparison(out: &mut impl Write, compared: &Compared) -> io::Result<()> {
    writeln!(out, "\nCompared with the baseline over {}\n", compared.corpus)?;
    writeln!(out, "| what | messages |\n|---|---|")?;
    for (what, share) in [
        ("newly blocked", compared.newly_blocked),
        ("newly found", compared.newly_found),
        ("newly passed", compared.newly_passed),
        ("answered more gravely", compared.graver),
        ("answered more mildly", compared.milder),
    ] {
        writeln!(out, "| {what} | {} |", counted(share))?;
    }
    for (rule, moved) in &compared.rules {
        writeln!(out, "| {rule} | +{} -{} |", moved.gained, moved.lost)?;
    }
    for sample in &compared.samples {
        writeln!(out, "  {sample:?}")?;
    }
    Ok(())
}

/// `16: 0.043 % (0.026–0.069)`.
fn counted(share: Share) -> String {
    let Share {
        count,
        share,
        low,
        high,
        ..
    } = share;
    format!(
        "{count}: {:.3} % ({:.3}–{:.3})",
        share * 100.0,
        low * 100.0,
        high * 100.0
    )
}

fn interval(share: Share) -> String {
    let Share { share, low, high, .. } = share;
    format!("{} ({:.2}–{:.2})", percent(share, 2), low * 100.0, high * 100.0)
}

fn percent(share: f64, digits: usize) -> String {
    format!("{:.digits$} %", share * 100.0)
}
