//! The evasion planes against their oracles, over terms in disguise. An oracle says which readings are possible and which are certain:
//! the engine must find everything certain and nothing impossible. The two are the same but where a text can be read in several ways,
//! of which the engine tries a few (docs/planes.md).

use std::{cell::Cell, collections::BTreeSet};

use proptest::{
    option,
    prelude::*,
    sample::{select, subsequence},
    test_runner::{TestError, TestRunner},
};
use tamis::{
    dictionary::{Dictionary, MatchMode, Term, Tolerance},
    matching::Plane,
    snapshot::{Options, Span},
    text::{Folded, fold},
};

use crate::{
    naive::{self, Match},
    naive_masks, naive_pinyin,
    naive_planes::{self, Piece, Reader, Writing},
    naive_readings::{self, Other},
    naive_tables::{EMOJI, SOUNDS, WAYS, leet},
    support::verdict_of,
};

/// A text beside the terms of a list.
struct View<'a> {
    text: &'a str,
    folded: Folded,
    /// How its symbols may be read otherwise: as anything in the list, and as what the engine promises.
    possible: Vec<Vec<Other>>,
    promised: Vec<Vec<Other>>,
    plain: Vec<Piece>,
    ambiguous: bool,
    ambiguous_sounds: bool,
    /// Where it says some term openly.
    open: Vec<(usize, usize)>,
}

impl<'a> View<'a> {
    fn new(terms: &[Term], text: &'a str) -> Self {
        let open = naive::open(terms.iter().map(Term::view), text);
        let terms: Vec<Folded> = terms.iter().map(|term| folded(&term.text)).collect();
        let alphabet = |terms: &mut dyn Iterator<Item = &Folded>| -> Vec<char> {
            terms.flat_map(|term| term.symbols().to_vec()).collect()
        };
        let folded = folded(text);
        let possible = naive_readings::others(&folded, &alphabet(&mut terms.iter()));
        // A term of one symbol again and again may be spelt; no other disguise of it is promised.
        let mut several = terms
            .iter()
            .filter(|term| term.symbols().iter().any(|c| *c != term.symbols()[0]));
        let alphabet = alphabet(&mut several);
        let promised = naive_readings::others(&folded, &alphabet);
        Self {
            text,
            open,
            plain: (0..folded.len()).filter_map(|at| Piece::plain(&folded, at)).collect(),
            ambiguous: naive_readings::is_ambiguous(&folded, &promised, &alphabet),
            ambiguous_sounds: naive_pinyin::is_ambiguous(&terms, &folded),
            folded,
            possible,
            promised,
        }
    }

    /// Everything that the text may say.
    fn possible(&self, term: &Term) -> Vec<Writing> {
        let readings = naive_readings::all(&self.folded, &self.possible);
        self.read(term, &readings, &readings, |reader| reader.all())
    }

    /// What it says without a choice.
    fn certain(&self, term: &Term) -> Vec<Writing> {
        let mut readings = vec![self.plain.clone()];
        if !self.ambiguous {
            readings.extend((0..2).map(|number| naive_readings::uniform(&self.folded, &self.promised, number)));
        }
        let sounded = if self.ambiguous_sounds {
            &[]
        } else {
            readings.as_slice()
        };
        self.read(term, &readings, sounded, |reader| reader.cheapest())
    }

    fn read(
        &self,
        term: &Term,
        readings: &[Vec<Piece>],
        sounded: &[Vec<Piece>],
        found: impl Fn(Reader<'_>) -> Vec<Writing>,
    ) -> Vec<Writing> {
        naive::by_planes(term, self.text, |term, guards, folded| {
            let mut all = naive_masks::disguises(term, guards, folded);
            all.extend(naive::misspellings(term, guards, folded, self.text, &self.open));
            for pieces in readings {
                all.extend(found(Reader::new(term, guards, folded, self.text, pieces.clone())));
            }
            for pieces in sounded {
                all.extend(naive_pinyin::disguises(term, guards, folded, self.text, pieces));
            }
            all
        })
    }
}

fn folded(text: &str) -> Folded {
    let mut folded = Folded::default();
    fold(text, &mut folded);
    folded
}

/// Holds the verdict on one text to the oracles; returns the planes that found something, and whether all that is possible is certain.
fn hold(terms: &[Term], text: &str) -> Result<(BTreeSet<&'static str>, bool), TestCaseError> {
    let verdict = verdict_of(dictionary(terms), text, &Options::default());
    let view = View::new(terms, text);
    let (mut found, mut clear) = (BTreeSet::new(), true);
    for term in terms {
        let trigger = verdict.triggers.iter().find(|t| t.rule == format!("t/{}", term.id));
        let (possible, certain) = (view.possible(term), view.certain(term));
        let matches = |all: &[Writing]| naive::matches(&[term], &[], text, |_, _| all.to_vec());
        let (most, least) = (matches(&possible), matches(&certain));
        clear &= most == least;

        let spans: BTreeSet<_> = trigger
            .iter()
            .flat_map(|t| &t.matches)
            .map(|m| place(&m.spans[0]))
            .collect();
        let places = |matches: &[Match]| -> BTreeSet<_> { matches.iter().map(|m| (m.start, m.end)).collect() };
        let said = (&term.text, term.mode, text, trigger);
        prop_assert!(spans.is_subset(&places(&most)), "impossible: {:?}, {:?}", said, most);
        prop_assert!(places(&least).is_subset(&spans), "missed: {:?}, {:?}", said, least);

        let Some(trigger) = trigger else { continue };
        let cheapest = |matches: &[Match]| matches.iter().map(|m| m.penalty).min();
        let (low, high) = (cheapest(&most), cheapest(&least));
        prop_assert!(
            low.is_some_and(|p| p <= trigger.penalty),
            "too cheap: {:?}, {:?}",
            said,
            most
        );
        prop_assert!(
            high.is_none_or(|p| p >= trigger.penalty),
            "too dear: {:?}, {:?}",
            said,
            least
        );
        let names: Vec<_> = trigger.planes.iter().map(Plane::as_str).collect();
        let known = possible.iter().any(|&(_, planes)| naive_planes::names(planes) == names);
        prop_assert!(known || trigger.penalty == 0, "by other planes: {:?}", said);
        found.extend(names);
    }
    Ok((found, clear))
}

fn place(span: &Span) -> (usize, usize) {
    (span.start as usize, span.end as usize)
}

fn dictionary(terms: &[Term]) -> Dictionary {
    let (dictionary, _) = Dictionary::from_terms("t".parse().unwrap(), [("t", "none")], Tolerance::Standard).unwrap();
    Dictionary {
        terms: terms.iter().map(Term::view).collect(),
        ..dictionary
    }
}

/// Chance, from what a strategy drew.
struct Chance<'a>(std::iter::Cycle<std::slice::Iter<'a, u8>>);

impl Chance<'_> {
    fn below(&mut self, end: usize) -> usize {
        usize::from(*self.0.next().unwrap()) % end
    }
}

/// What may be written for the beginning of a term: how many bytes of it, and what.
type Disguise = fn(&str) -> Vec<(usize, String)>;

/// The term with `share` of eight of its symbols disguised, and now and then repeated or set apart.
fn disguised(term: &str, chance: &mut Chance<'_>, share: usize, disguise: Disguise) -> String {
    let (mut rest, mut out) = (term, String::new());
    let signs = ["", ".", " ", "-", "*", "，", "。", "'", "~", "--", ".-"];
    let noisy = chance.below(2) == 0;
    let everywhere = if chance.below(4) == 0 { chance.below(5) } else { 0 };
    while let Some(first) = rest.chars().next() {
        let mut ways = disguise(rest);
        let plain = (first.len_utf8(), first.to_string());
        let (length, written) = if ways.is_empty() || chance.below(8) >= share {
            plain
        } else {
            ways.swap_remove(chance.below(ways.len()))
        };
        rest = &rest[length..];
        let times = if noisy && chance.below(12) == 0 {
            1 + chance.below(4)
        } else {
            1
        };
        out += &written.repeat(times);
        if !rest.is_empty() {
            out += if noisy && chance.below(12) == 0 {
                signs[chance.below(signs.len())]
            } else {
                signs[everywhere]
            };
        }
    }
    out
}

/// The tolerances at which disguises are mostly tried.
const TOLERANCES: &[Tolerance] = &[Tolerance::Standard, Tolerance::Standard, Tolerance::Aggressive];

/// Runs `hold` over such terms, disguised between such fillers; a good share of the texts must be found by this plane.
fn plane(
    names: &[&str],
    terms: &'static [&'static str],
    fillers: &'static [&'static str],
    share: usize,
    disguise: Disguise,
) {
    plane_at(TOLERANCES, names, terms, fillers, (share, disguise));
}

/// The same at these tolerances.
fn plane_at(
    tolerances: &'static [Tolerance],
    names: &[&str],
    terms: &'static [&'static str],
    fillers: &'static [&'static str],
    (share, disguise): (usize, Disguise),
) {
    let mode = option::weighted(
        0.3,
        select(&[MatchMode::Word, MatchMode::WordStart, MatchMode::Substring][..]),
    );
    let tolerance = select(tolerances);
    let filler = || {
        prop_oneof![
            2 => Just(String::new()),
            1 => prop::collection::vec(select(fillers), 0..3).prop_map(|f| f.concat())
        ]
    };
    let list = (1..=3_usize).prop_flat_map(|count| subsequence(terms, count));
    let chance = prop::collection::vec(any::<u8>(), 32);
    let strategy = (list.prop_shuffle(), mode, tolerance, filler(), chance, filler());
    let config = ProptestConfig {
        cases: ProptestConfig::default().cases.max(1024),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let (cases, found, clear) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let outcome = TestRunner::new(config).run(&strategy, |(list, mode, tolerance, before, chance, behind)| {
        let term = |(number, text): (usize, &&str)| Term {
            text: (*text).to_owned(),
            id: number.to_string(),
            mode: mode.filter(|_| number == 0),
            tolerance,
            ..dictionary_term()
        };
        let terms: Vec<Term> = list.iter().enumerate().map(term).collect();
        let text = before + &disguised(list[0], &mut Chance(chance.iter().cycle()), share, disguise) + &behind;
        let (planes, is_clear) = hold(&terms, &text)?;
        clear.set(clear.get() + usize::from(is_clear));
        cases.set(cases.get() + 1);
        found.set(found.get() + usize::from(names.iter().any(|name| planes.contains(name))));
        Ok(())
    });
    if let Err(TestError::Fail(reason, _)) = outcome {
        panic!("{names:?}: {reason}");
    }
    let (cases, found, clear) = (cases.get(), found.get(), clear.get());
    assert!(clear * 2 >= cases, "only {clear} of {cases} can be read in one way");
    assert!(found * 8 >= cases, "only {found} of {cases} were found by {names:?}");
}

fn dictionary_term() -> Term {
    Term {
        text: String::new(),
        id: String::new(),
        severity: tamis::dictionary::Severity::High,
        category: "t".into(),
        tolerance: Tolerance::Standard,
        mode: None,
        alias: false,
        note: String::new(),
        line: 0,
    }
}

fn first(rest: &str) -> char {
    rest.chars().next().unwrap()
}

/// One symbol, written in each of these ways.
fn instead(rest: &str, ways: impl IntoIterator<Item = String>) -> Vec<(usize, String)> {
    let length = first(rest).len_utf8();
    ways.into_iter().map(|way| (length, way)).collect()
}

fn as_leet(rest: &str) -> Vec<(usize, String)> {
    let signs = "0134567890!|€@$+(¢£¥"
        .chars()
        .filter(|&sign| leet(sign).contains(first(rest)));
    instead(rest, signs.map(String::from))
}

fn as_mask(rest: &str) -> Vec<(usize, String)> {
    let letter = first(rest).is_ascii_alphabetic();
    let signs = ["*", "#", "_", "?", "*", "🖕"].into_iter().filter(|_| letter);
    instead(rest, signs.map(str::to_owned))
}

fn as_emoji(rest: &str) -> Vec<(usize, String)> {
    let names = EMOJI
        .iter()
        .flat_map(|(emoji, names)| names.iter().map(move |name| (emoji, name)));
    let called = names.filter(|(_, name)| rest.starts_with(**name));
    called.map(|(emoji, name)| (name.len(), emoji.to_string())).collect()
}

fn as_parts(rest: &str) -> Vec<(usize, String)> {
    instead(rest, WAYS.get(&first(rest)).into_iter().flatten().cloned())
}

fn as_sound(rest: &str) -> Vec<(usize, String)> {
    let sounds = SOUNDS.get(&first(rest)).into_iter().flatten();
    instead(rest, sounds.map(|sound| (*sound).to_owned()))
}

const LATIN: &[&str] = &[
    "toast", "goal", "oboe", "sob", "stage", "bitty", "allot", "all be", "b2b", "a1s", "goose", "es-so",
];
const WORDS: &[&str] = &[
    "toast", "goal", "oboe", "stage", "bitty", "allot", "goose", "mask", "sob", "roast",
];
const WORD_FILLERS: &[&str] = &[
    "", " ", "a ", " i", " ok", ".", "!", "微", "?", "*", "。", "s", "1", "- ", "🐔", "😂f", "$", " - ", "'", "it ",
];
const SPELLABLE: &[&str] = &[
    "toast", "goose", "tickle", "sob", "mask", "bottle", "pickles", "holidays", "blankets", "hamster", "buckle",
];
const LATIN_FILLERS: &[&str] = &[
    "", " ", " ", ".", "s", "a ", " i", "1", "5", "2", "x.", " ok", "!", "微", "?", "*", "$", "-", "o", "4", "。",
];
const HANZI: &[&str] = &[
    "非法",
    "你好",
    "马上",
    "妈妈",
    "鸡蛋",
    "加油",
    "树林",
    "好人",
    "企鹅肉",
    "草地",
    "加v信",
    "法",
    "口子",
    "林木",
    "明天吃鸡",
    "天明",
];
const MIXED: &[&str] = &[
    "加v信", "v信", "3p片", "车pk", "a片", "鸡bars", "好so", "sb草", "明天ok",
];
const HANZI_FILLERS: &[&str] = &[
    "", " ", "我", "，", "a", "木", "口", "。", "女", "人", "日", "🐔", "🐎", "\n", "1", "氵",
];

#[test]
fn leet_finds_what_the_rules_say() {
    plane(&["leet"], LATIN, LATIN_FILLERS, 3, as_leet);
}

#[test]
fn masks_find_what_the_rules_say() {
    plane(&["masks"], WORDS, WORD_FILLERS, 3, as_mask);
}

#[test]
fn emoji_find_what_the_rules_say() {
    plane(&["emoji"], HANZI, HANZI_FILLERS, 5, as_emoji);
}

#[test]
fn decomposition_finds_what_the_rules_say() {
    plane(&["decomposition"], HANZI, HANZI_FILLERS, 5, as_parts);
}

#[test]
fn mixed_pinyin_finds_what_the_rules_say() {
    plane(&["mixed_pinyin"], HANZI, HANZI_FILLERS, 5, as_sound);
}

#[test]
fn pinyin_finds_what_the_rules_say() {
    plane(&["pinyin"], HANZI, HANZI_FILLERS, 8, as_sound);
}

#[test]
fn disguises_of_hanzi_together_find_what_the_rules_say() {
    let planes = &["emoji", "decomposition", "mixed_pinyin", "pinyin"];
    plane(planes, HANZI, HANZI_FILLERS, 6, |rest| {
        [as_emoji(rest), as_parts(rest), as_sound(rest)].concat()
    });
}

#[test]
fn disguises_of_hanzi_beside_letters_find_what_the_rules_say() {
    plane(&["emoji", "decomposition", "leet"], MIXED, HANZI_FILLERS, 4, |rest| {
        [as_emoji(rest), as_parts(rest), as_leet(rest)].concat()
    });
}

#[test]
fn disguises_of_words_together_find_what_the_rules_say() {
    plane(&["leet", "masks"], WORDS, WORD_FILLERS, 3, |rest| {
        [as_leet(rest), as_mask(rest)].concat()
    });
}

/// What is left of a term with its first letter left out, doubled, another, one more or swapped, so that nothing else is done to it.
fn as_misspelt(rest: &str) -> Vec<(usize, String)> {
    let (letter, behind) = (first(rest), &rest[first(rest).len_utf8()..]);
    let mut ways = vec![behind.to_owned(), format!("x{behind}"), format!("e{behind}")];
    ways.extend(["e", "s", "с"].map(|more| format!("{letter}{more}{behind}")));
    if let Some(next) = behind.chars().next() {
        ways.push(format!("{next}{letter}{}", &behind[next.len_utf8()..]));
    }
    // Of letters that a term doubles itself a third would be another plane's.
    if !"ots".contains(letter) {
        let twice = |c: char| {
            if "ots".contains(c) {
                String::from(c)
            } else {
                format!("{c}{c}")
            }
        };
        let all: String = rest.chars().map(twice).collect();
        ways.extend([format!("{letter}{rest}"), all]);
    }
    ways.into_iter().map(|way| (rest.len(), way)).collect()
}

#[test]
fn misspelling_finds_what_the_rules_say() {
    let often = &[
        Tolerance::Aggressive,
        Tolerance::Aggressive,
        Tolerance::Aggressive,
        Tolerance::Standard,
    ];
    plane_at(often, &["misspelling"], SPELLABLE, WORD_FILLERS, (2, as_misspelt));
}
