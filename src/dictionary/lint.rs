//! What is wrong with terms and exceptions once they are folded. Parsing calls it, so that nothing unlinted can serve.

use super::{Tolerance, resolve::Entry, rows::Place};
use crate::{
    config::limits::MAX_TERM_SYMBOLS,
    folder::Findings,
    text::{Class, Folded, TermFold, fold},
};

/// Looks at every term and exception by itself and beside the others.
pub(super) fn lint(entries: &[Entry], exceptions: &[(String, Place)], findings: &mut Findings) {
    let mut folded = Folded::default();
    let mut folds = Folds::default();
    for Entry { term, place } in entries {
        fold(&term.text, &mut folded);
        folds.push(&folded);
        report_size(&term.text, place, &folded, findings);
        report_joining_ends(&term.text, place, findings);
    }
    let order = folds.sorted();
    for group in order.chunk_by(|&a, &b| folds.get(a) == folds.get(b)) {
        let first = &entries[group[0]];
        for &other in &group[1..] {
            report_same_fold(first, &entries[other], findings);
        }
    }
    for (exception, place) in exceptions {
        fold(exception, &mut folded);
        if let Some((message, mend)) = unusable(&folded) {
            findings.add(place.error("", exception, message).mend(mend));
            continue;
        }
        let written: String = folded.symbols().iter().collect();
        report_exception(exception, place, &written, (entries, &folds, &order), findings);
    }
}

/// Why nothing can be matched by what folded to this, and the mend; exceptions of policies are held to it too.
pub(crate) fn unusable(folded: &Folded) -> Option<(String, &'static str)> {
    let symbols = folded.symbols().len();
    if symbols == 0 {
        Some(("this folds to nothing".to_owned(), "remove it"))
    } else if symbols > MAX_TERM_SYMBOLS {
        let message = format!("{symbols} folded symbols are over the limit of {MAX_TERM_SYMBOLS}");
        Some((message, "shorten it"))
    } else {
        None
    }
}

fn report_size(text: &str, place: &Place, folded: &Folded, findings: &mut Findings) {
    if let Some((message, mend)) = unusable(folded) {
        findings.add(place.error("term", text, message).mend(mend));
        return;
    }
    let [class] = folded.classes() else {
        if folded.classes().iter().all(|class| !class.is_word()) {
            findings.add(
                place
                    .warning(
                        "term",
                        text,
                        "no letter, digit or hanzi: this matches wherever such marks stand",
                    )
                    .mend("add what gives it its meaning"),
            );
        }
        return;
    };
    let what = match class {
        Class::Han => {
            findings.add(
                place
                    .warning("term", text, "a single hanzi is part of many innocent words")
                    .mend("write the words that are meant"),
            );
            return;
        }
        Class::Digit => "digit",
        class if class.is_word() => "letter",
        _ => "separator",
    };
    let message = format!("this folds to a single {what}, which nearly every text holds");
    findings.add(
        place
            .error("term", text, message)
            .mend("write the words that are meant"),
    );
}

/// A term whose first or last character joins with its neighbour: inside a sentence it may fold otherwise than alone, and not match.
fn report_joining_ends(text: &str, place: &Place, findings: &mut Findings) {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
        return;
    };
    if stands_alone(first) && stands_alone(last) {
        return;
    }
    let TermFold {
        open_start, open_end, ..
    } = TermFold::of(text);
    // A bare final consonant never follows a written syllable: text joins the two.
    let open_end = open_end && !matches!(last, '가'..='힣');
    let end = match (open_start, open_end) {
        (true, _) => "begins",
        (false, true) => "ends",
        (false, false) => return,
    };
    let message = format!("this {end} with a character that joins its neighbour, and then folds otherwise");
    findings.add(
        place
            .warning("term", text, message)
            .mend("add the character that it belongs to, or leave it out"),
    );
}

/// True for characters that fold alike beside any other, as most do; the rest is worth a closer look.
fn stands_alone(c: char) -> bool {
    let plain = matches!(
        Class::of(c),
        Class::Latin | Class::Digit | Class::Han | Class::Cyrillic | Class::Greek
    );
    c.is_ascii() || plain && c.is_alphanumeric()
}

/// Two terms that the fold makes one: both would fire on the same text. `exact` terms are told apart by their code points.
fn report_same_fold(first: &Entry, other: &Entry, findings: &mut Findings) {
    let (a, b) = (&first.term, &other.term);
    if a.tolerance == Tolerance::Exact || b.tolerance == Tolerance::Exact {
        return;
    }
    let field = match () {
        () if a.severity != b.severity => Some("severity"),
        () if a.category != b.category => Some("category"),
        () => None,
    };
    let onto = format!(
        "this folds onto {:?} on {}",
        a.text,
        first.place.seen_from(&other.place)
    );
    let problem = match field {
        Some(field) => other
            .place
            .error(field, &b.text, format!("{onto}, which has another {field}"))
            .mend("remove one of them, make it an alias, or give both the tolerance `exact`"),
        None if a.id == b.id => other
            .place
            .warning("term", &b.text, format!("{onto}, which finds it already"))
            .mend("remove one of them"),
        None => other
            .place
            .warning(
                "term",
                &b.text,
                format!("{onto}: both fire on the same text and count twice in its score"),
            )
            .mend(format!("remove one of them, or make it an alias of {:?}", a.id)),
    };
    findings.add(problem);
}

fn report_exception(
    exception: &str,
    place: &Place,
    folded: &str,
    (entries, folds, order): (&[Entry], &Folds, &[usize]),
    findings: &mut Findings,
) {
    let found = folded
        .char_indices()
        .find_map(|(at, _)| folds.prefix_of(order, &folded[at..]));
    match found {
        None => findings.add(
            place
                .warning("", exception, "no term of this dictionary stands inside this exception")
                .mend("remove it, or write the whole innocent phrase with the term inside"),
        ),
        Some(found) if folds.get(found) == folded => {
            let Entry { term, place: other } = &entries[found];
            let there = other.seen_from(place);
            let message = format!(
                "this exception is the term {:?} on {there}, which can never fire",
                term.text
            );
            findings.add(place.warning("", exception, message).mend("remove one of them"));
        }
        Some(_) => {}
    }
}

/// The folds of all terms in one piece of memory, by the terms' indices.
#[derive(Default)]
struct Folds {
    symbols: String,
    ends: Vec<usize>,
}

impl Folds {
    fn push(&mut self, folded: &Folded) {
        self.symbols.extend(folded.symbols());
        self.ends.push(self.symbols.len());
    }

    fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.symbols[start..self.ends[index]]
    }

    /// The terms that fold to something, by their folds.
    fn sorted(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.ends.len()).filter(|&i| !self.get(i).is_empty()).collect();
        order.sort_by(|&a, &b| self.get(a).cmp(self.get(b)));
        order
    }

    /// The longest term that `text` begins with.
    ///
    /// Every such term sorts at or before `text`. Where the last of those is none, what both have in common is as long as any of them can be.
    fn prefix_of(&self, order: &[usize], mut text: &str) -> Option<usize> {
        loop {
            let last = order.partition_point(|&i| self.get(i) <= text).checked_sub(1)?;
            let candidate = self.get(order[last]);
            if text.starts_with(candidate) {
                return Some(order[last]);
            }
            let same = text.chars().zip(candidate.chars()).take_while(|(a, b)| a == b);
            text = &text[..same.map(|(a, _)| a.len_utf8()).sum()];
        }
    }
}
