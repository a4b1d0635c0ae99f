//! The oracle of the plane `misspelling`: everything that may be done to a term is done to it, and compared with every token of a text.

use std::{collections::HashSet, sync::LazyLock};

use tamis::text::{Class, Folded};

use crate::naive_planes::{MISSPELLING, Writing};

/// What is no misspelling: the lists that the product is made from, read here anew.
static ENGLISH: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut words = HashSet::new();
    for list in [
        include_str!("../../build/data/evasion/lexicon.txt"),
        include_str!("../../build/data/evasion/chat.txt"),
    ] {
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split(' ');
            let word = parts.next().unwrap();
            words.extend(parts.map(|ending| format!("{word}{ending}")));
            words.insert(word.to_owned());
        }
    }
    words
});

/// The tokens of a text that may be `term`, which must be a word of letters.
pub(crate) fn disguises(term: &Folded, guards: (bool, bool), folded: &Folded, text: &str) -> Vec<Writing> {
    let word = guards == (true, true) && term.classes().iter().all(|&class| class == Class::Latin);
    if !word || !(3..=32).contains(&term.len()) {
        return Vec::new();
    }
    let (class, joined) = (
        |at: usize| folded.classes().get(at).copied(),
        |at| folded.joined(text, at),
    );
    let starts = (0..folded.len())
        .filter(|&at| class(at) == Some(Class::Latin) && (at == 0 || class(at - 1) != Some(Class::Latin)));
    let tokens = starts.map(|start| {
        let latin = |&at: &usize| class(at) == Some(Class::Latin);
        (start, start + (start..folded.len()).take_while(latin).count())
    });
    let whole = |&(start, end): &(usize, usize)| {
        let digits = start > 0 && class(start - 1) == Some(Class::Digit) || class(end) == Some(Class::Digit);
        let goes_on = start > 0 && joined(start - 1) || joined(end - 1);
        (3..=32).contains(&(end - start)) && !digits && !goes_on
    };
    let misspelt = |&(start, end): &(usize, usize)| {
        let token = &folded.symbols()[start..end];
        token != term.symbols()
            && !ENGLISH.contains(&token.iter().collect::<String>())
            && (is_doubled(term.symbols(), token) || edits(term.symbols()).any(|edited| edited.is(token)))
    };
    let found = tokens.filter(whole).filter(misspelt);
    found.map(|place| (place, MISSPELLING)).collect()
}

/// A word with one letter missing, another letter somewhere (`?`), or two swapped.
struct Edited(Vec<char>);

impl Edited {
    fn is(&self, token: &[char]) -> bool {
        self.0.len() == token.len() && self.0.iter().zip(token).all(|(&a, &b)| a == '?' || a == b)
    }
}

/// Everything that may be done to a word of four letters and more, its first letter aside.
fn edits(word: &[char]) -> impl Iterator<Item = Edited> {
    let length = word.len();
    let last_stays = length == 4;
    let may_go = |at: usize| "aeiouy".contains(word[at]);
    let pair = |at: usize| at + 1 < length && (word[at] == word[at + 1] || word[at..at + 2] == ['c', 'k']);
    let mut all = Vec::new();
    for at in 1..length {
        let (head, tail) = word.split_at(at);
        let left_out = [head, &tail[1..]].concat();
        if (may_go(at) || pair(at) || pair(at - 1)) && !(last_stays && left_out.last() != word.last()) {
            all.push(left_out);
        }
        if may_go(at) && !(last_stays && at == length - 1) {
            all.push([head, &['?'], &tail[1..]].concat());
        }
        all.push([head, &['?'], tail].concat());
        let mut swapped = word.to_vec();
        if at + 1 < length {
            swapped.swap(at, at + 1);
            all.push(swapped);
        }
    }
    // One letter more behind the last.
    let added = if last_stays { word[length - 1] } else { '?' };
    all.push([word, &[added]].concat());
    all.retain(|edited| length >= 4 && edited != word);
    all.into_iter().map(Edited)
}

/// True where letters are written twice that stand once in the word.
fn is_doubled(word: &[char], token: &[char]) -> bool {
    let runs = |letters: &[char]| -> Vec<(char, usize)> {
        letters.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect()
    };
    let (ours, theirs) = (runs(word), runs(token));
    let grown = |(a, b): (&(char, usize), &(char, usize))| a.0 == b.0 && a.1 <= b.1 && b.1 <= 2;
    word != token && ours.len() == theirs.len() && ours.iter().zip(&theirs).all(grown)
}
