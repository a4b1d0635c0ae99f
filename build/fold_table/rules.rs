//! Decides for each code point what the fold does with it.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical, decompose_compatible};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};

use super::class::Class;
use super::reason::{Reason, Reasons};
use super::sources::{self, Sources};

/// No character becomes more than this many symbols: one that would stays itself.
pub(crate) const EXPANSION_CAP: usize = 4;

/// What the fold does with a code point.
pub(crate) enum Rule {
    /// It stays, with this class.
    Keep(Class),
    /// It becomes these characters.
    Map(Vec<char>),
    /// It goes; `inside` tells that it never parts a mark from its base.
    Delete { inside: bool },
    /// A combining mark of a script that spells with marks: stays after a base of such a script.
    Mark(Class),
    /// A voiced sound mark, to be joined with the kana before it.
    Voiced(char),
    /// A regional indicator for this letter.
    Regional(char),
    /// A conjoining letter of a Korean syllable, and the letter it is when it stands alone.
    Jamo(Jamo, char),
}

/// The place of a conjoining letter in its syllable.
#[derive(Clone, Copy)]
pub(crate) enum Jamo {
    Leading,
    Vowel,
    Trailing,
}

/// The rules, with the inverse maps that they need.
pub(crate) struct Rules<'a> {
    sources: &'a Sources,
    by_hand: HashMap<char, (String, Reason)>,
    digits: HashMap<char, char>,
    capitals: HashMap<char, char>,
    hangul_letters: HashMap<char, char>,
}

fn within(ranges: &[RangeInclusive<u32>], c: char) -> bool {
    ranges.iter().any(|range| range.contains(&(c as u32)))
}

fn is_mark(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Mark
}

/// Kashida and its N'Ko sister only stretch a word.
fn is_stretch(c: char) -> bool {
    matches!(c, '\u{640}' | '\u{7FA}')
}

fn case_folded(c: char) -> Vec<char> {
    unicase::UniCase::unicode(c.encode_utf8(&mut [0; 4]))
        .to_folded_case()
        .chars()
        .collect()
}

fn canonical_parts(c: char) -> Vec<char> {
    let mut parts = Vec::new();
    decompose_canonical(c, |part| parts.push(part));
    parts
}

fn decomposed(c: char) -> Vec<char> {
    let mut parts = Vec::new();
    decompose_compatible(c, |part| parts.push(part));
    parts
}

/// The character `places` after `first`.
fn count_on(first: char, places: u32) -> char {
    char::from_u32(first as u32 + places).unwrap_or(first)
}

/// Every character below the limit.
pub(crate) fn all() -> impl Iterator<Item = char> {
    (0..sources::LIMIT).filter_map(char::from_u32)
}

impl<'a> Rules<'a> {
    pub(crate) fn new(sources: &'a Sources) -> Self {
        let mut rules = Self {
            sources,
            by_hand: HashMap::new(),
            digits: HashMap::new(),
            capitals: HashMap::new(),
            hangul_letters: HashMap::new(),
        };
        rules.list_by_hand();
        let mut place = 0_u32;
        for c in all() {
            // Decimal digits stand in runs of ten, from zero up.
            place = if c.general_category() == GeneralCategory::DecimalNumber {
                place + 1
            } else {
                0
            };
            if place > 0 && !c.is_ascii() {
                rules.digits.insert(c, count_on('0', (place - 1) % 10));
            }
            if let [small] = case_folded(c)[..]
                && small != c
            {
                rules.capitals.entry(small).or_insert(c);
            }
            if matches!(c, '\u{3131}'..='\u{318E}')
                && let [letter] = decomposed(c)[..]
            {
                rules.hangul_letters.insert(letter, c);
            }
        }
        // The trailing forms, in their order, as the letters that keyboards type.
        for (trailing, letter) in
            ('\u{11A8}'..='\u{11C2}').zip("ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ".chars())
        {
            rules.hangul_letters.entry(trailing).or_insert(letter);
        }
        rules
    }

    fn list_by_hand(&mut self) {
        let first = |text: &str| text.chars().next().unwrap_or_default();
        for (from, to) in sources::BY_EYE {
            let reason = if from.is_ascii() || first(from).script() == Script::Latin {
                Reason::LetterForm
            } else {
                Reason::LookAlike
            };
            self.by_hand.insert(first(from), (to.to_owned(), reason));
        }
        for (from, to) in sources::PUNCTUATION {
            self.by_hand.insert(first(from), (to.to_owned(), Reason::Punctuation));
        }
        for (from, to) in sources::HAN_BY_HAND {
            self.by_hand.insert(first(from), (to.to_owned(), Reason::Traditional));
        }
        for (code, to) in sources::ENCLOSED_WORDS {
            self.by_hand
                .extend(char::from_u32(code).map(|c| (c, (to.to_owned(), Reason::Enclosed))));
        }
        for (from, last, start) in sources::ENCLOSED {
            for code in from..=last {
                let to = match start.parse::<u32>() {
                    Ok(number) => (number + code - from).to_string(),
                    Err(_) => count_on(start.chars().next().unwrap_or_default(), code - from).to_string(),
                };
                self.by_hand
                    .extend(char::from_u32(code).map(|c| (c, (to, Reason::Enclosed))));
            }
        }
    }

    /// The rule for `c`, and why.
    pub(crate) fn decide(&self, c: char) -> (Rule, Reasons) {
        let none = Reasons::default();
        let why = |reason| none.with(reason);
        match c {
            ' ' | '\n' => return (Rule::Keep(class_of(c)), none),
            '\t'
            | '\u{A0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200A}'
            | '\u{202F}'
            | '\u{205F}'
            | '\u{3000}'
            | '\u{2800}' => {
                return (Rule::Map(vec![' ']), why(Reason::Space));
            }
            '\u{B}'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                return (Rule::Map(vec!['\n']), why(Reason::LineBreak));
            }
            '\u{1F1E6}'..='\u{1F1FF}' => {
                return (
                    Rule::Regional(count_on('a', c as u32 - 0x1F1E6)),
                    why(Reason::FlagLetter),
                );
            }
            '\u{1F3FB}'..='\u{1F3FF}' => return (Rule::Delete { inside: true }, why(Reason::SkinTone)),
            _ if is_stretch(c) => return (Rule::Delete { inside: false }, why(Reason::Stretch)),
            '\u{3099}' | '\u{FF9E}' => return (Rule::Voiced('\u{3099}'), none),
            '\u{309A}' | '\u{FF9F}' => return (Rule::Voiced('\u{309A}'), none),
            _ => {}
        }
        if within(&sources::IGNORABLE, c) {
            let inside = is_mark(c) || matches!(c, '\u{200C}' | '\u{200D}');
            return (Rule::Delete { inside }, why(Reason::Invisible));
        }
        if c.general_category() == GeneralCategory::Control || matches!(c, '\u{FFF9}'..='\u{FFFB}') {
            return (Rule::Delete { inside: false }, why(Reason::Control));
        }
        if let Some(place) = jamo_place(c) {
            let alone = self.hangul_letters.get(&c).copied().unwrap_or(c);
            return (Rule::Jamo(place, alone), why(Reason::Style));
        }
        self.decide_by_closure(c)
    }

    fn decide_by_closure(&self, c: char) -> (Rule, Reasons) {
        let mut reasons = Reasons::default();
        let mut parts = Vec::new();
        self.close(c, &mut parts, &mut reasons, 0);
        let parts = self.recompose(&parts);
        if parts.is_empty() {
            (Rule::Delete { inside: is_mark(c) }, reasons)
        } else if parts == [c] || parts.len() > EXPANSION_CAP {
            let rule = if is_mark(c) {
                Rule::Mark(mark_class(c))
            } else {
                Rule::Keep(class_of(c))
            };
            (
                rule,
                if is_mark(c) {
                    Reasons::default().with(Reason::Mark)
                } else {
                    Reasons::default()
                },
            )
        } else {
            let reasons = if reasons.is_empty() {
                reasons.with(Reason::Apart)
            } else {
                reasons
            };
            (Rule::Map(parts), reasons)
        }
    }

    /// Applies every mapping until nothing changes any more.
    fn close(&self, c: char, out: &mut Vec<char>, reasons: &mut Reasons, depth: u32) {
        assert!(depth < 16, "the folding rules run in a circle at U+{:04X}", c as u32);
        if is_mark(c) && is_generic_mark(c) {
            *reasons = reasons.with(Reason::Mark);
            return;
        }
        if is_stretch(c) {
            *reasons = reasons.with(Reason::Stretch);
            return;
        }
        match self.step(c) {
            Some((parts, reason)) => {
                *reasons = reason.map_or(*reasons, |reason| reasons.with(reason));
                let marked = parts.len() > 1 && parts.iter().any(|&part| is_mark(part) && is_generic_mark(part));
                let before = *reasons;
                for part in parts {
                    self.close(part, out, reasons, depth + 1);
                }
                if marked {
                    *reasons = if reason.is_none() {
                        before.with(Reason::Diacritic)
                    } else {
                        before
                    };
                }
            }
            None => out.push(c),
        }
    }

    /// One mapping of `c`, or none.
    fn step(&self, c: char) -> Option<(Vec<char>, Option<Reason>)> {
        if c.is_ascii() && !c.is_ascii_uppercase() || sources::KEPT_WHOLE.contains(c) {
            return None;
        }
        let single = |text: &str, reason| Some((text.chars().collect(), Some(reason)));
        let whole = matches!(c, '\u{3131}'..='\u{318E}' | '\u{AC00}'..='\u{D7A3}');
        // Canonical forms come first: whatever follows must not see whether an accent was written apart.
        let canonical = canonical_parts(c);
        if canonical != [c] && !whole {
            return Some((canonical, is_compatibility_ideograph(c).then_some(Reason::Variant)));
        }
        if !is_mark(c) {
            let folded = case_folded(c);
            if folded != [c] {
                return Some((folded, Some(Reason::Case)));
            }
        }
        if let Some((text, reason)) = self.by_hand.get(&c) {
            return single(text, *reason);
        }
        if let Some(text) = self.sources.radicals.get(&c) {
            return single(text, Reason::Radical);
        }
        let parts = plain_parts(c);
        if parts != [c] && !whole {
            return Some((parts, Some(compatibility_reason(c))));
        }
        if let Some(text) = self.sources.latin.get(&c) {
            return single(text, Reason::LetterForm);
        }
        for (map, reason) in [
            (&self.sources.simplified, Reason::Traditional),
            (&self.sources.shinjitai, Reason::Variant),
            (&self.sources.han_variants, Reason::Variant),
        ] {
            if let Some(text) = map.get(&c) {
                return single(text, reason);
            }
        }
        if let Some(&digit) = self.digits.get(&c) {
            return Some((vec![digit], Some(Reason::Digit)));
        }
        self.look_alike(c)
    }

    /// TR39's opinion, where the source is a letter of an alphabet and the target one of ours.
    fn look_alike(&self, c: char) -> Option<(Vec<char>, Option<Reason>)> {
        let script = c.script();
        if sources::NOT_ALIKE.contains(c)
            || !sources::LOOK_ALIKE_SCRIPTS.contains(&script)
            || c.general_category_group() != GeneralCategoryGroup::Letter
        {
            return None;
        }
        let latin = script == Script::Latin;
        let prototype = |c: char| -> Option<String> {
            let skeleton: String = unicode_security::skeleton(c.encode_utf8(&mut [0; 4]))
                .filter(|&c| !is_mark(c))
                .collect();
            let text = if skeleton == "rn" {
                "m".to_owned()
            } else {
                skeleton.to_ascii_lowercase()
            };
            let fits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase()) && (latin || text.len() == 1);
            fits.then_some(text)
        };
        let text = prototype(c).or_else(|| self.capitals.get(&c).copied().and_then(prototype))?;
        Some((
            text.chars().collect(),
            Some(if latin { Reason::LetterForm } else { Reason::LookAlike }),
        ))
    }

    /// Kana with their sound marks and Korean syllables stay whole; other conjoining letters become those that keyboards type.
    fn recompose(&self, parts: &[char]) -> Vec<char> {
        let mut out: Vec<char> = Vec::new();
        for &c in parts {
            let joins = matches!(c, '\u{3099}' | '\u{309A}') || jamo_place(c).is_some();
            match out
                .last()
                .copied()
                .filter(|_| joins)
                .and_then(|before| compose(before, c))
            {
                Some(whole) => *out.last_mut().unwrap_or(&mut '\0') = whole,
                None => out.push(c),
            }
        }
        out.into_iter()
            .map(|c| self.hangul_letters.get(&c).copied().unwrap_or(c))
            .collect()
    }
}

/// The compatibility decomposition without brackets, dots and the spaces that carry stand-alone accents.
fn plain_parts(c: char) -> Vec<char> {
    let mut parts = decomposed(c);
    if within(&sources::BRACKETED, c) {
        parts.retain(|part| !"(),.〔〕".contains(*part));
    }
    let stands_alone = parts.len() > 1 && parts[0] == ' ';
    if stands_alone { vec![c] } else { parts }
}

fn compatibility_reason(c: char) -> Reason {
    match c as u32 {
        0xFF00..=0xFFEF => Reason::Width,
        0x2460..=0x24FF | 0x3200..=0x32FF | 0x1F100..=0x1F2FF => Reason::Enclosed,
        0x2E80..=0x2FDF => Reason::Radical,
        _ => Reason::Style,
    }
}

fn is_compatibility_ideograph(c: char) -> bool {
    matches!(c, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}')
}

fn jamo_place(c: char) -> Option<Jamo> {
    match c {
        '\u{1100}'..='\u{1112}' => Some(Jamo::Leading),
        '\u{1161}'..='\u{1175}' => Some(Jamo::Vowel),
        '\u{11A8}'..='\u{11C2}' => Some(Jamo::Trailing),
        _ => None,
    }
}

/// True for marks that no script needs: accents of the Latin, Greek and Cyrillic alphabets, of symbols and of Han.
fn is_generic_mark(c: char) -> bool {
    let shared = matches!(
        c.script(),
        Script::Inherited
            | Script::Common
            | Script::Latin
            | Script::Greek
            | Script::Cyrillic
            | Script::Coptic
            | Script::Han
            | Script::Hangul
    );
    let belongs =
        within(&sources::ARABIC_MARKS, c) || within(&sources::INDIC_MARKS, c) || matches!(c, '\u{3099}' | '\u{309A}');
    shared && !belongs
}

fn mark_class(c: char) -> Class {
    if within(&sources::ARABIC_MARKS, c) {
        Class::Arabic
    } else if within(&sources::INDIC_MARKS, c) {
        Class::Indic
    } else {
        script_class(c.script())
    }
}

fn script_class(script: Script) -> Class {
    match script {
        Script::Latin => Class::Latin,
        Script::Han => Class::Han,
        Script::Hiragana | Script::Katakana => Class::Kana,
        Script::Hangul => Class::Hangul,
        Script::Thai | Script::Lao | Script::Khmer | Script::Myanmar => Class::Unspaced,
        Script::Cyrillic => Class::Cyrillic,
        Script::Greek => Class::Greek,
        Script::Arabic => Class::Arabic,
        Script::Hebrew => Class::Hebrew,
        Script::Devanagari
        | Script::Bengali
        | Script::Gurmukhi
        | Script::Gujarati
        | Script::Oriya
        | Script::Tamil
        | Script::Telugu
        | Script::Kannada
        | Script::Malayalam
        | Script::Sinhala => Class::Indic,
        _ => Class::Other,
    }
}

/// The class of a character that stays itself.
pub(crate) fn class_of(c: char) -> Class {
    if sources::STRONG.contains(c) {
        return Class::SeparatorStrong;
    }
    if c.is_ascii_digit() {
        return Class::Digit;
    }
    match (c.general_category_group(), c.script()) {
        // The long vowel sign and the repetition marks of kana are shared between its two scripts.
        _ if matches!(c, '\u{3031}'..='\u{3035}' | '\u{30FC}') => Class::Kana,
        (GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number, Script::Common) => match c.general_category() {
            GeneralCategory::ModifierLetter | GeneralCategory::OtherNumber => Class::SeparatorWeak,
            _ => Class::Other,
        },
        (GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number | GeneralCategoryGroup::Mark, script) => {
            script_class(script)
        }
        _ => Class::SeparatorWeak,
    }
}

/// The canonical combining class of a kept mark.
pub(crate) fn combining_class(c: char) -> u8 {
    canonical_combining_class(c)
}
