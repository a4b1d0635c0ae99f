//! The tokens in which letters may be hidden: `f*ck`, `f * c k`, `f-*.ck`, `f🖕ck`.

use std::ops::Range;

use super::{gaps::is_word, tables};
use crate::text::{Class, Folded};

/// Calls `see` with the places of the symbols of each token, without punctuation at its ends.
pub(super) fn each_token(folded: &Folded, mut see: impl FnMut(&[usize])) {
    let symbols = folded.symbols();
    let (mut at, mut emphasis, mut places) = (0, false, Vec::new());
    while at < symbols.len() {
        let length = (at..symbols.len()).take_while(|&i| is_part(folded, i)).count();
        places.clear();
        if length == 1 {
            spread(folded, at, &mut places);
            if places.len() > 1 {
                see(&places);
                // A word of one letter beside a row may be no part of it: a s h * t.
                if is_word(symbols[at]) {
                    see(&places[1..]);
                }
                at = places[places.len() - 1];
            }
        } else {
            places.extend(without_marks(symbols, at..at + length, &mut emphasis));
            see(&places);
        }
        at += length.max(1);
    }
    each_wide_token(folded, see);
}

/// The same for tokens inside which signs part letters, emoji hide them or signs like `!` stand for them. Elsewhere these part words.
fn each_wide_token(folded: &Folded, mut see: impl FnMut(&[usize])) {
    let symbols = folded.symbols();
    let (mut at, mut emphasis, mut places) = (0, false, Vec::new());
    while at < symbols.len() {
        let end = wide_end(folded, at);
        let mut token = at..end;
        let is_margin = |i: usize| is_picture(symbols[i]) || is_joiner(symbols[i]) || symbols[i] == '?';
        while !token.is_empty() && is_margin(token.end - 1) {
            token.end -= 1;
        }
        while !token.is_empty() && is_margin(token.start) {
            token.start += 1;
        }
        let token = without_marks(symbols, token, &mut emphasis);
        if token.clone().any(|i| !is_part(folded, i)) {
            places.clear();
            places.extend(token.filter(|&i| !is_joiner(symbols[i])));
            see(&places);
        }
        at = end.max(at + 1);
    }
}

/// Where the wide token that begins at `at` ends.
fn wide_end(folded: &Folded, at: usize) -> usize {
    let symbols = folded.symbols();
    let is_sign = |i: usize| {
        !tables::leet(symbols[i]).is_empty() && folded.classes()[i] != Class::Digit && is_part(folded, i + 1)
    };
    let is_wide = |i: usize| i < symbols.len() && (is_part(folded, i) || is_picture(symbols[i]) || is_sign(i));
    let mut end = at;
    while is_wide(end) || end > at && end < symbols.len() && is_joiner(symbols[end]) && is_wide(end + 1) {
        end += 1;
    }
    end
}

/// True for a letter, a mask, and what stands for a letter wherever it is.
fn is_part(folded: &Folded, at: usize) -> bool {
    let Some(&symbol) = folded.symbols().get(at) else {
        return false;
    };
    let sign = folded.classes()[at] == Class::Digit || matches!(symbol, '@' | '$');
    folded.classes()[at] == Class::Latin || is_mask(symbol) || sign && !tables::leet(symbol).is_empty()
}

/// The places of single symbols from `at` on that single spaces part, `f * c k`; one where it is no such row. A word behind it is
/// another word.
fn spread(folded: &Folded, at: usize, places: &mut Vec<usize>) {
    let mut last = at;
    places.push(at);
    while folded.symbols().get(last + 1) == Some(&' ') && is_part(folded, last + 2) && !is_part(folded, last + 3) {
        last += 2;
        places.push(last);
    }
}

/// The token without what is punctuation at its ends: question marks, and the stars around `*emphasis*`, which may reach over many
/// tokens: `emphasis` says whether it has begun.
fn without_marks(symbols: &[char], mut token: Range<usize>, emphasis: &mut bool) -> Range<usize> {
    while !token.is_empty() && symbols[token.end - 1] == '?' {
        token.end -= 1;
    }
    while !token.is_empty() && symbols[token.start] == '?' {
        token.start += 1;
    }
    let written = &symbols[token.clone()];
    let begins = matches!(written, ['*', first, ..] if *first != '*');
    let ends = matches!(written, [.., last, '*'] if *last != '*');
    if ends && (begins || *emphasis) {
        *emphasis = false;
        return token.start + usize::from(begins)..token.end - 1;
    }
    *emphasis |= begins;
    token
}

/// True where an emoji may hide a letter of a token: something of one stands on both sides.
pub(crate) fn is_pictured(symbols: &[char], at: usize) -> bool {
    let is_solid = |&symbol: &char| {
        let sign = is_mask(symbol) || is_joiner(symbol) || is_picture(symbol) || !tables::leet(symbol).is_empty();
        sign || Class::of(symbol) == Class::Latin
    };
    let before = at.checked_sub(1).map(|before| &symbols[before]);
    is_picture(symbols[at]) && before.is_some_and(is_solid) && symbols.get(at + 1).is_some_and(is_solid)
}

/// True for what hides a letter, an emoji included.
pub(crate) fn hides(symbol: char) -> bool {
    is_mask(symbol) || is_picture(symbol)
}

/// True for a sign that hides a letter.
pub(crate) fn is_mask(symbol: char) -> bool {
    matches!(symbol, '*' | '#' | '%' | '?' | '_' | '•' | '●' | '○' | '■' | '□' | '×')
}

/// True for most emoji.
pub(super) fn is_picture(symbol: char) -> bool {
    matches!(symbol, '\u{2600}'..='\u{27BF}' | '\u{1F300}'..='\u{1FAFF}')
}

/// True for a sign that may part the letters of one word.
pub(crate) fn is_joiner(symbol: char) -> bool {
    matches!(symbol, '.' | '-' | '~' | '·')
}
