//! Pattern sets: words chosen so that a given share of the messages has a hit.

use std::collections::HashSet;

use tamis::{
    dictionary::{Dictionary, Tolerance},
    matching::{Automaton, Engine},
    text::{Folded, fold},
};

use crate::common::{bare::Bare, random::Random};
use crate::words::{Language, Words};

/// Messages, and for every word of a list which of them hold it.
pub(crate) struct Text {
    pub(crate) messages: Vec<String>,
    /// Messages that were left out because the bare fold, which one rival uses, sees other symbols in them.
    pub(crate) left_out: usize,
}

impl Text {
    /// Keeps the messages that fold one to one, so that all contestants see the same symbols.
    pub(crate) fn new(mut messages: Vec<String>) -> Self {
        let before = messages.len();
        let (mut bare, mut folded) = (Bare::new(), Folded::default());
        messages.retain(|message| {
            fold(message, &mut folded);
            let len = bare.run(message);
            *folded.symbols() == bare.out[..len]
        });
        Self {
            left_out: before - messages.len(),
            messages,
        }
    }

    /// Messages of a language made of its words, the frequent ones by far the most frequent.
    pub(crate) fn generated(words: &Words, bytes: usize) -> Self {
        let list = words.at_least(20_000);
        let gap = if words.language == Language::English { " " } else { "" };
        let (mut random, mut messages, mut left) = (Random(11), Vec::new(), bytes);
        while left > 0 {
            let count = 4 + random.below(20);
            let picked: Vec<&str> = (0..count).map(|_| random.skewed(&list).as_str()).collect();
            let message = picked.join(gap);
            left = left.saturating_sub(message.len());
            messages.push(message);
        }
        Self::new(messages)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.messages.iter().map(String::len).sum()
    }

    /// For each word the messages that hold it, as a part of other words too: so the rivals meet them.
    pub(crate) fn holders(&self, words: &[String]) -> Vec<Vec<u32>> {
        let patterns: Vec<Vec<char>> = words.iter().map(|word| word.chars().collect()).collect();
        let engine = Automaton::new(&patterns).expect("words");
        let (mut folded, mut found) = (Folded::default(), Vec::new());
        let mut holders = vec![Vec::new(); words.len()];
        for (at, message) in (0..).zip(&self.messages) {
            fold(message, &mut folded);
            found.clear();
            engine.scan(folded.symbols(), &mut found);
            for hit in &found {
                let holders: &mut Vec<u32> = &mut holders[hit.pattern as usize];
                if holders.last() != Some(&at) {
                    holders.push(at);
                }
            }
        }
        holders
    }
}

/// Terms to look for, and the dictionary that holds them.
pub(crate) struct Set {
    pub(crate) name: String,
    /// Sorted, so that their order is that of the patterns.
    pub(crate) terms: Vec<String>,
    /// How many stand in no package's list.
    pub(crate) made_up: usize,
}

impl Set {
    /// `count` words of which those that occur are hit in about `share` of all messages. Words are taken in their fixed order;
    /// those in more than `frequent` of all messages never are.
    pub(crate) fn choose(name: &str, count: usize, share: f64, frequent: f64, text: &Text, words: &[&Words]) -> Self {
        let mut terms = Vec::new();
        let mut made_up = 0;
        let mut hit: HashSet<u32> = HashSet::new();
        let part = |of: f64| (text.messages.len() as f64 * of) as usize;
        for (i, source) in words.iter().enumerate() {
            let count = count / words.len();
            let list = source.at_least(count * 6 / 5 + 30_000);
            let holders = text.holders(&list);
            let enough = part(share) * (i + 1) / words.len();
            let mut chosen: Vec<usize> = Vec::new();
            for (word, holders) in holders.iter().enumerate().filter(|(_, h)| !h.is_empty()) {
                if hit.len() >= enough || chosen.len() == count {
                    break;
                }
                if holders.len() <= part(frequent).max(1) {
                    hit.extend(holders);
                    chosen.push(word);
                }
            }
            let silent = holders
                .iter()
                .enumerate()
                .filter(|(_, h)| h.is_empty())
                .map(|(word, _)| word);
            let rest = count - chosen.len();
            chosen.extend(silent.take(rest));
            made_up += chosen.iter().filter(|&&word| word >= source.real.len()).count();
            terms.extend(chosen.into_iter().map(|word| list[word].clone()));
        }
        terms.sort_unstable();
        terms.dedup();
        Self {
            name: name.to_owned(),
            terms,
            made_up,
        }
    }

    /// The dictionary as an operator would write it.
    pub(crate) fn dictionary(&self, tolerance: Tolerance) -> Dictionary {
        dictionary(&self.terms, tolerance)
    }
}

/// A dictionary of plain terms.
pub(crate) fn dictionary(terms: &[String], tolerance: Tolerance) -> Dictionary {
    let name = "bench".parse().expect("a name");
    let list = terms.join("\n");
    let made = Dictionary::from_terms(name, [("terms", list.as_str())], tolerance);
    made.expect("terms without faults").0
}
