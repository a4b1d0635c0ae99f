//! The oracle: judges a message by trying every term at every symbol. Slow, obvious, and written from the contract alone; it shares
//! with the product only the fold and the parsed values. Answers in the JSON schema, so that the schema is tested too.

use serde_json::{Value, json};
use tamis::{
    config::limits::{MAX_MATCHES, MAX_TRIGGERS},
    dictionary::{Dictionary, MatchMode, Severity, Term, Tolerance},
    policy::{Action, Policy},
    text::{Alphabets, Class, Folded, OffsetUnit, fold},
};
use unicode_segmentation::UnicodeSegmentation;

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
    for dictionary in dictionaries.iter().filter(|d| policy.dictionaries.contains(&d.name)) {
        let allowed: Vec<_> = dictionary
            .exceptions
            .iter()
            .chain(&policy.exceptions)
            .flat_map(|e| occurrences(e, None, text))
            .collect();
        let mut ids: Vec<_> = dictionary.terms.iter().map(|t| &t.id).collect();
        ids.sort();
        ids.dedup();
        for id in ids {
            let terms: Vec<&Term> = dictionary.terms.iter().filter(|t| t.id == *id).collect();
            let matches = matches(&terms, &allowed, text);
            let Some(folded) = matches.iter().map(|m| m.2).min() else {
                continue;
            };
            let answer = scope.answer(&terms[0].category, terms[0].severity, 0);
            if answer > Action::Allow {
                innocence *= 1.0 - weight(terms[0].severity);
                action = action.max(answer);
                for m in &matches {
                    masked[m.0..m.1].fill(true);
                }
            }
            truncated |= matches.len() > MAX_MATCHES;
            let spans = matches
                .iter()
                .take(MAX_MATCHES)
                .map(|m| json!({"spans": [span(text, m.0, m.1, unit)]}));
            let trigger = json!({
                "rule": format!("{}/{id}", dictionary.name.short()), "dictionary": dictionary.name.as_str(),
                "revision": dictionary.revision.to_string(), "category": terms[0].category,
                "severity": terms[0].severity.as_str(), "action": answer.as_str(), "penalty": 0,
                "planes": if folded { vec!["folded"] } else { vec![] }, "matches": spans.collect::<Vec<_>>(),
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

/// The distinct spans of one id in bytes, with whether the slice differs from every term that found it; in order.
fn matches(terms: &[&Term], allowed: &[Occurrence], text: &str) -> Vec<(usize, usize, bool)> {
    let mut matches = Vec::<(usize, usize, bool)>::new();
    for term in terms {
        for hit in occurrences(&term.text, term.mode, text) {
            if allowed
                .iter()
                .any(|a| a.symbols.0 <= hit.symbols.0 && a.symbols.1 >= hit.symbols.1)
            {
                continue;
            }
            if !Alphabets::of(&term.text).meet(Alphabets::of(&text[hit.bytes.0..hit.bytes.1])) {
                continue;
            }
            let (start, end) = graphemes_around(text, hit.bytes);
            let folded = text[start..end] != term.text;
            if folded && term.tolerance == Tolerance::Exact {
                continue;
            }
            match matches.iter_mut().find(|m| (m.0, m.1) == (start, end)) {
                Some(known) => known.2 &= folded,
                None => matches.push((start, end, folded)),
            }
        }
    }
    matches.sort_unstable();
    matches
}

struct Occurrence {
    symbols: (usize, usize),
    bytes: (usize, usize),
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
    let unspaced = |c: Class| matches!(c, Class::Han | Class::Kana | Class::Unspaced);
    let (first, last) = (t.classes()[0], t.classes()[t.classes().len() - 1]);
    let guard_start = match mode {
        Some(mode) => mode != MatchMode::Substring,
        None => !unspaced(first),
    };
    let guard_end = match mode {
        Some(mode) => mode == MatchMode::Word,
        None => !unspaced(last) && last != Class::Hangul,
    };
    let mut found = Vec::new();
    for start in 0..x.symbols().len() {
        let Some(end) = ends(start) else { continue };
        if guard_start && start > 0 && x.joined(text, start - 1) || guard_end && x.joined(text, end - 1) {
            continue;
        }
        let last = x.sources()[end - 1] as usize;
        let width = text[last..].chars().next().map_or(0, char::len_utf8);
        found.push(Occurrence {
            symbols: (start, end),
            bytes: (x.sources()[start] as usize, last + width),
        });
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
