//! The engine against the oracle: whatever the terms, exceptions and texts, the verdicts are the same.

use std::sync::Arc;

use proptest::{option, prelude::*, sample::select};
use serde_json::Value;
use tamis::{
    dictionary::{Defaults, Dictionary, MatchMode, Severity, Term, Tolerance},
    identity::ContentId,
    policy::{Action, CategoryRule, Milder, Policy, Scope, UnknownScopes},
    snapshot::{Context, Message, Options, Scratch, Snapshot},
    text::OffsetUnit,
};

use crate::naive;

/// Symbols that fold, combine, separate or vanish; few enough that short terms meet in short texts.
const ALPHABET: &[&str] = &[
    "a",
    "b",
    "A",
    "ａ",
    "á",
    "a\u{301}",
    "1",
    "١",
    "2",
    "微",
    "信",
    "說",
    "说",
    "か",
    "が",
    "か\u{3099}",
    "가",
    "ก",
    "а",
    " ",
    "  ",
    "\n",
    "\u{3000}",
    "-",
    "。",
    "\u{200b}",
    "\u{200d}",
    "\u{fe0f}",
    "👍🏽",
    "🇸🇧",
    "ﬃ",
    "🅰",
    "ß",
];

pub(crate) fn text(longest: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(select(ALPHABET), 0..=longest).prop_map(|parts| parts.concat())
}

pub(crate) fn term() -> impl Strategy<Value = Term> {
    let modes = select(&[MatchMode::Word, MatchMode::WordStart, MatchMode::Substring][..]);
    let tolerances = select(&[Tolerance::Exact, Tolerance::Folded][..]);
    let ids = select(&["one", "two", "three"][..]);
    (text(4), option::of(modes), tolerances, ids).prop_map(|(text, mode, tolerance, id)| Term {
        text,
        id: id.into(),
        severity: match id {
            "one" => Severity::Low,
            "two" => Severity::High,
            _ => Severity::Critical,
        },
        category: id.into(),
        tolerance,
        mode,
        alias: false,
        note: String::new(),
        line: 0,
    })
}

/// What gaps and runs are made of, and nothing that another plane reads: few letters of scripts with spaces and without, and what may stand between them.
const STRETCHED: &[&str] = &[
    "a", "b", "A", "b", "n", "t", "aaa", "l", "微", "信", "ア", "2", " ", " ", ".", "-", "'", ",", "，", "。", ";",
    "  ", "\n",
];

fn stretched(longest: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(select(STRETCHED), 0..=longest).prop_map(|parts| parts.concat())
}

/// The term with letters repeated and signs put in between, or words of it spaced out, as chance says.
fn stretch(term: &str, chance: &[u8]) -> String {
    if chance.first().is_some_and(|chance| chance % 3 == 0) {
        return in_rows(term, &chance[1..]);
    }
    let grown = |(c, chance): (char, &u8)| {
        let times = [1, 1, 1, 2, 3, 4][usize::from(chance % 6)];
        let sign = ["", "", "", ".", " ", "-", "，", ".-", "。"][usize::from(chance / 6 % 9)];
        c.to_string().repeat(times) + sign
    };
    term.chars().zip(chance.iter().cycle()).map(grown).collect()
}

/// The term with some words spaced out, and seldom a space more, or one less.
fn in_rows(term: &str, chance: &[u8]) -> String {
    let (mut chance, mut apart) = (chance.iter().cycle().copied(), true);
    let spaced = |c: char| {
        let chance = chance.next().unwrap_or(0);
        if c == ' ' {
            apart = chance % 3 > 0;
        }
        let sign = if apart == (chance < 250) { " " } else { "" };
        c.to_string() + sign
    };
    term.chars().map(spaced).collect()
}

/// A term whose tolerance allows planes. Not `no one`, where a separator parts two equal letters: of several gaps in `no.o.one` the
/// engine takes the first for it, where the oracle tries them all.
fn disguised_term() -> impl Strategy<Value = Term> {
    let term = (term(), stretched(5), any::<bool>()).prop_map(|(term, text, aggressive)| Term {
        text,
        tolerance: if aggressive {
            Tolerance::Aggressive
        } else {
            Tolerance::Standard
        },
        ..term
    });
    term.prop_filter("a separator between equal letters", |term| {
        let words: Vec<String> = term
            .text
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_owned)
            .collect();
        let words: Vec<_> = words.iter().filter(|word| !word.is_empty()).collect();
        words
            .windows(2)
            .all(|pair| pair[0].chars().next_back() != pair[1].chars().next())
    })
}

pub(crate) fn dictionary(name: &'static str) -> impl Strategy<Value = Dictionary> {
    dictionary_of(name, term().boxed(), text(5).boxed())
}

fn dictionary_of(
    name: &'static str,
    term: BoxedStrategy<Term>,
    exception: BoxedStrategy<String>,
) -> impl Strategy<Value = Dictionary> {
    (
        prop::collection::vec(term, 0..8),
        prop::collection::vec(exception, 0..3),
    )
        .prop_map(move |(terms, exceptions)| Dictionary {
            name: name.parse().unwrap(),
            title: String::new(),
            languages: Vec::new(),
            licence: String::new(),
            defaults: Defaults {
                severity: Severity::High,
                category: name.into(),
                tolerance: Tolerance::Standard,
            },
            terms: terms.iter().map(Term::view).collect(),
            exceptions: exceptions.iter().map(String::as_str).collect(),
            cases: Vec::new(),
            revision: ContentId::of([name.as_bytes()]),
        })
}

pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    let scope = (
        any::<bool>(),
        option::of(Just(vec!["one".to_owned(), "three".to_owned()])),
        0..2_u8,
    );
    let scope = scope.prop_map(|(mask, only, penalty)| Scope {
        general: CategoryRule {
            warn: Some(Severity::Low),
            review: Some(Severity::Medium),
            ..CategoryRule::default()
        },
        categories: [(
            "two".to_owned(),
            CategoryRule {
                block: Some(Severity::High),
                ..CategoryRule::default()
            },
        )]
        .into(),
        only,
        mask,
        milder: vec![Milder { penalty, steps: 1 }],
    });
    (scope, prop::collection::vec(text(5), 0..2), any::<bool>()).prop_map(|(scope, exceptions, both)| Policy {
        name: "p".parse().unwrap(),
        dictionaries: ["x", "y"][..=usize::from(both)]
            .iter()
            .map(|n| n.parse().unwrap())
            .collect(),
        unknown_scopes: UnknownScopes::Reject,
        exceptions,
        scopes: [
            ("default".to_owned(), scope.clone()),
            (
                "group".to_owned(),
                Scope {
                    mask: !scope.mask,
                    ..scope
                },
            ),
        ]
        .into(),
        advice: std::collections::BTreeMap::default(),
        cases: Vec::new(),
        revision: ContentId::of([b"p".as_slice()]),
    })
}

pub(crate) fn judged(
    snapshot: &Snapshot,
    policy: &Policy,
    text: &str,
    scope: &str,
    offsets: OffsetUnit,
) -> Result<Value, ()> {
    let judge = snapshot.judge(&policy.name).unwrap();
    let message = Message {
        text: text.as_bytes(),
        scope,
        ..Message::default()
    };
    let options = Options {
        offsets,
        ..Options::default()
    };
    let verdict = judge
        .check(&message, &Context::default(), &options, &mut Scratch::default())
        .map_err(|_| ())?;
    let mut verdict = serde_json::to_value(verdict).unwrap();
    for key in ["id", "snapshot", "generation"] {
        verdict.as_object_mut().unwrap().remove(key);
    }
    Ok(verdict)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn every_verdict_equals_the_naive_one(
        x in dictionary("x"),
        y in dictionary("y"),
        policy in policy(),
        texts in prop::collection::vec(text(24), 1..4),
        scope in select(&["", "default", "group", "group.large", "elsewhere"][..]),
        unit in select(&[OffsetUnit::Bytes, OffsetUnit::Codepoints, OffsetUnit::Utf16][..]),
    ) {
        let shared = |d: &Dictionary| Arc::new(d.clone());
        let snapshot = Snapshot::build(vec![shared(&y), shared(&x)], vec![Arc::new(policy.clone())]).unwrap();
        for text in texts {
            let expected = naive::verdict(&[x.clone(), y.clone()], &policy, &text, scope, unit);
            prop_assert_eq!(judged(&snapshot, &policy, &text, scope, unit), expected, "text {:?}", text);
        }
    }

    #[test]
    fn every_verdict_on_stretched_terms_equals_the_naive_one(
        x in dictionary_of("x", disguised_term().boxed(), stretched(4).boxed()),
        policy in policy(),
        texts in prop::collection::vec((stretched(4), prop::collection::vec(any::<u8>(), 3..6), stretched(4)), 1..6),
    ) {
        let policy = Policy { exceptions: Vec::new(), dictionaries: vec![x.name.clone()], ..policy };
        let snapshot = Snapshot::build(vec![Arc::new(x.clone())], vec![Arc::new(policy.clone())]).unwrap();
        let planted = x.terms.iter().map(|t| t.text).chain(["ba"; 6]);
        for ((before, chance, behind), term) in texts.into_iter().zip(planted) {
            let text = before + &stretch(term, &chance) + &behind;
            let expected = naive::verdict(std::slice::from_ref(&x), &policy, &text, "", OffsetUnit::Bytes);
            let terms: Vec<_> = x.terms.iter().map(|t| (t.text, t.mode)).collect();
            prop_assert_eq!(judged(&snapshot, &policy, &text, "", OffsetUnit::Bytes), expected, "{:?} in {:?}", terms, text);
        }
    }

    #[test]
    fn every_span_slices_to_its_text(x in dictionary("x"), text in text(24)) {
        let policy = Policy { dictionaries: vec![x.name.clone()], ..wide_open() };
        let snapshot = Snapshot::build(vec![Arc::new(x)], vec![Arc::new(policy.clone())]).unwrap();
        let verdict = judged(&snapshot, &policy, &text, "", OffsetUnit::Codepoints).unwrap();
        let points: Vec<char> = text.chars().collect();
        for span in verdict["triggers"].as_array().unwrap().iter().flat_map(|t| t["matches"].as_array().unwrap()) {
            let span = &span["spans"][0];
            let at = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
            let slice: String = points[at("start")..at("end")].iter().collect();
            prop_assert_eq!(span["text"].as_str().unwrap(), slice);
        }
    }
}

fn wide_open() -> Policy {
    Policy {
        name: "p".parse().unwrap(),
        dictionaries: Vec::new(),
        unknown_scopes: UnknownScopes::Default,
        exceptions: Vec::new(),
        scopes: [("default".to_owned(), Scope::default())].into(),
        advice: std::collections::BTreeMap::default(),
        cases: Vec::new(),
        revision: ContentId::of([b"p".as_slice()]),
    }
}

#[test]
fn actions_rise_and_fall_by_steps() {
    assert_eq!(Action::Block.milder(1), Action::Review);
    assert_eq!(Action::Warn.milder(9), Action::Allow);
}
