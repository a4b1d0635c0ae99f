//! The oracle: judges a message by trying every term at every symbol. Slow, obvious, and written from the contract alone; it shares
//! with the product only the fold and the parsed values. Answers in the JSON schema, so that the schema is tested too.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tamis::{
    config::limits::{MAX_MATCHES, MAX_TRIGGERS},
    dictionary::{Dictionary, MatchMode, Severity, Term, TermRef, Tolerance},
    policy::{Action, Policy},
    text::{Alphabets, Class, Folded, OffsetUnit, fold},
};
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    naive_misspelt,
    naive_planes::{self, Writing},
};

/// What `dictionaries` and `policy` make of one message. `Err` where the policy rejects the scope.
pub(crate) fn verdict(
    dictionaries: &[Dictionary],
    policy: &Policy,
    text: &str,
    scope: &str,
    unit: OffsetUnit,
) -> Result<Value, ()> {
    let scope = policy.scope(scope).ok_or(())?;
    let mut triggers = Vec::new();
    let (mut innocence, mut action, mut truncated, mut masked) = (1.0, Action::Allow, false, vec![false; text.len()]);
    let wanted = || dictionaries.iter().filter(|d| policy.dictionaries.contains(&d.name));
    let open = open(wanted().flat_map(|d| d.terms.iter()), text);
    for dictionary in wanted() {
        let allowed: Vec<_> = dictionary
            .exceptions
            .iter()
            .chain(policy.exceptions.iter().map(String::as_str))
            .flat_map(|e| occurrences(e, None, text))
            .collect();
        let terms: Vec<Term> = dictionary.terms.iter().map(TermRef::to_term).collect();
        let ids: BTreeSet<_> = terms.iter().map(|t| &t.id).collect();
        for id in ids {
            let terms: Vec<&Term> = terms.iter().filter(|t| t.id == *id).collect();
            let matches = matches(&terms, &allowed, text, |term, text| disguises(term, text, &open));
            let Some((penalty, planes)) = matches.iter().map(|m| (m.penalty, m.planes)).min() else {
                continue;
            };
            let answer = scope.answer(&terms[0].category, terms[0].severity, penalty);
            if answer > Action::Allow {
                innocence *= 1.0 - weight(terms[0].severity) * 0.9_f64.powi(penalty.into());
                action = action.max(answer);
                for m in &matches {
                    masked[m.start..m.end].fill(true);
                }
            }
            truncated |= matches.len() > MAX_MATCHES;
            let spans = matches
                .iter()
                .take(MAX_MATCHES)
                .map(|m| json!({"spans": [span(text, m.start, m.end, unit)]}));
            let trigger = json!({
                "rule": format!("{}/{id}", dictionary.name.short()), "dictionary": dictionary.name.as_str(),
                "revision": dictionary.revision.to_string(), "category": terms[0].category,
                "severity": terms[0].severity.as_str(), "action": answer.as_str(), "penalty": penalty,
                "planes": naive_planes::names(planes), "matches": spans.collect::<Vec<_>>(),
            });
            triggers.push((
                std::cmp::Reverse(terms[0].severity),
                trigger["rule"].to_string(),
                trigger,
            ));
        }
    }
    triggers.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    truncated |= triggers.len() > MAX_TRIGGERS;
    let reported: Vec<_> = triggers.into_iter().take(MAX_TRIGGERS).map(|t| t.2).collect();
    let mut verdict = json!({
        "action": action.as_str(), "score": ((1.0 - innocence) * 1e4_f64).round() / 1e4, "triggers": reported,
    });
    if truncated {
        verdict["truncated"] = json!(true);
    }
    if scope.mask && masked.contains(&true) {
        verdict["masked"] = starred(text, &masked).into();
    }
    Ok(verdict)
}

/// The text with one `*` for each grapheme whose first byte is masked.
fn starred(text: &str, masked: &[bool]) -> String {
    let star = |(at, grapheme): (usize, &str)| {
        if masked[at] {
            "*".to_owned()
        } else {
            grapheme.to_owned()
        }
    };
    text.grapheme_indices(true).map(star).collect()
}

/// A place where one id is found, in bytes, and its cheapest derivation.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) penalty: u8,
    pub(crate) planes: u16,
}

/// The distinct spans of one id, in order.
pub(crate) fn matches(
    terms: &[&Term],
    allowed: &[Occurrence],
    text: &str,
    evaded: impl Fn(&Term, &str) -> Vec<Writing>,
) -> Vec<Match> {
    let (mut matches, mut folded) = (Vec::new(), Folded::default());
    fold(text, &mut folded);
    for term in terms {
        let open = occurrences(&term.text, term.mode, text);
        let open = open.into_iter().map(|hit| (hit, 0));
        let disguised = evaded(term, text).into_iter();
        let disguised = disguised.map(|(symbols, planes)| (Occurrence::new(&folded, text, symbols), planes));
        for (hit, planes) in open.chain(disguised) {
            let excepted = |a: &Occurrence| a.symbols.0 <= hit.symbols.0 && a.symbols.1 >= hit.symbols.1;
            let slice = &text[hit.bytes.0..hit.bytes.1];
            if allowed.iter().any(excepted) || !Alphabets::of(&term.text).meet(Alphabets::of(slice)) {
                continue;
            }
            let (start, end) = graphemes_around(text, hit.bytes);
            let planes = if planes == 0 {
                u16::from(text[start..end] != term.text)
            } else {
                planes
            };
            let penalty = naive_planes::penalty(planes);
            let exact = term.tolerance == Tolerance::Exact && planes > 0;
            if !exact && penalty <= term.tolerance.budget() {
                matches.push(Match {
                    start,
                    end,
                    penalty,
                    planes,
                });
            }
        }
    }
    matches.sort();
    matches.dedup_by_key(|m| (m.start, m.end));
    matches
}

/// What is disguised in the text, by the planes that one term at a time can be held to.
fn disguises(term: &Term, text: &str, open: &[(usize, usize)]) -> Vec<Writing> {
    by_planes(term, text, |term, guards, folded| {
        let mut all = naive_planes::disguises(term, guards, folded, text);
        all.extend(misspellings(term, guards, folded, text, open));
        all
    })
}

/// What is misspelt, and not what another term says openly.
pub(crate) fn misspellings(
    term: &Folded,
    guards: (bool, bool),
    folded: &Folded,
    text: &str,
    open: &[(usize, usize)],
) -> Vec<Writing> {
    let mut all = naive_misspelt::disguises(term, guards, folded, text);
    all.retain(|(place, _)| !open.contains(place));
    all
}

/// The places where a text says some term openly.
pub(crate) fn open<'a>(terms: impl Iterator<Item = TermRef<'a>>, text: &str) -> Vec<(usize, usize)> {
    let places = terms.flat_map(|term| {
        let all = occurrences(term.text, term.mode, text).into_iter();
        let may_be = |o: &Occurrence| Alphabets::of(term.text).meet(Alphabets::of(&text[o.bytes.0..o.bytes.1]));
        all.filter(may_be).map(|o| o.symbols).collect::<Vec<_>>()
    });
    places.collect()
}

/// What `planes` find of a term in a text; nothing where it takes no disguise.
pub(crate) fn by_planes(
    term: &Term,
    text: &str,
    planes: impl FnOnce(&Folded, (bool, bool), &Folded) -> Vec<Writing>,
) -> Vec<Writing> {
    let (mut written, mut folded) = (Folded::default(), Folded::default());
    fold(&term.text, &mut written);
    if written.symbols().is_empty() || term.tolerance.budget() == 0 {
        return Vec::new();
    }
    fold(text, &mut folded);
    planes(&written, guards(term.mode, written.classes()), &folded)
}

pub(crate) struct Occurrence {
    symbols: (usize, usize),
    bytes: (usize, usize),
}

impl Occurrence {
    fn new(folded: &Folded, text: &str, (start, end): (usize, usize)) -> Self {
        let last = folded.sources()[end - 1] as usize;
        let width = text[last..].chars().next().map_or(0, char::len_utf8);
        Self {
            symbols: (start, end),
            bytes: (folded.sources()[start] as usize, last + width),
        }
    }
}

/// Which ends of a term must stand on a boundary.
fn guards(mode: Option<MatchMode>, classes: &[Class]) -> (bool, bool) {
    let unspaced = |c: Class| matches!(c, Class::Han | Class::Kana | Class::Unspaced);
    let (first, last) = (classes[0], classes[classes.len() - 1]);
    match mode {
        Some(mode) => (mode != MatchMode::Substring, mode == MatchMode::Word),
        None => (!unspaced(first), !unspaced(last) && last != Class::Hangul),
    }
}

fn occurrences(term: &str, mode: Option<MatchMode>, text: &str) -> Vec<Occurrence> {
    let (mut t, mut x) = (Folded::default(), Folded::default());
    fold(term, &mut t);
    fold(text, &mut x);
    if t.symbols().is_empty() {
        return Vec::new();
    }
    let ends = |start: usize| {
        let mut at = start;
        let mut wanted = t.symbols().iter().peekable();
        while let Some(symbol) = wanted.next() {
            if symbol.is_whitespace() {
                while wanted.next_if(|s| s.is_whitespace()).is_some() {}
                let run = x.symbols()[at..].iter().take_while(|s| s.is_whitespace()).count();
                let inside_a_run = at == start && at > 0 && x.symbols()[at - 1].is_whitespace();
                if run == 0 || inside_a_run {
                    return None;
                }
                // A term that ends in white space ends with the first symbol of the run.
                at += if wanted.peek().is_some() { run } else { 1 };
            } else if x.symbols().get(at) == Some(symbol) {
                at += 1;
            } else {
                return None;
            }
        }
        Some(at)
    };
    let (guard_start, guard_end) = guards(mode, t.classes());
    let mut found = Vec::new();
    for start in 0..x.symbols().len() {
        let Some(end) = ends(start) else { continue };
        if guard_start && start > 0 && x.joined(text, start - 1) || guard_end && x.joined(text, end - 1) {
            continue;
        }
        found.push(Occurrence::new(&x, text, (start, end)));
    }
    found
}

fn graphemes_around(text: &str, (start, end): (usize, usize)) -> (usize, usize) {
    let mut boundaries: Vec<_> = text.grapheme_indices(true).map(|(at, _)| at).collect();
    boundaries.push(text.len());
    let start = boundaries.iter().copied().filter(|&b| b <= start).max().unwrap_or(0);
    let end = boundaries
        .iter()
        .copied()
        .filter(|&b| b >= end)
        .min()
        .unwrap_or(text.len());
    (start, end)
}

fn span(text: &str, start: usize, end: usize, unit: OffsetUnit) -> Value {
    let upto = |end: usize| match unit {
        OffsetUnit::Bytes => end,
        OffsetUnit::Codepoints => text[..end].chars().count(),
        OffsetUnit::Utf16 => text[..end].encode_utf16().count(),
    };
    json!({"start": upto(start), "end": upto(end), "text": &text[start..end]})
}

fn weight(severity: Severity) -> f64 {
    match severity {
        Severity::Low => 0.2,
        Severity::Medium => 0.5,
        Severity::High => 0.8,
        Severity::Critical => 1.0,
    }
}
