//! Neutral words: from the packages that carry them, else made up.

use std::{collections::HashSet, fs, path::PathBuf, process::Command};

use tamis::text::{Folded, fold};

use crate::common::random::Random;

/// A language of messages and words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Chinese,
    English,
}

/// The words of a language in a fixed order without meaning.
pub(crate) struct Words {
    pub(crate) language: Language,
    /// Those from a package.
    pub(crate) real: Vec<String>,
}

impl Words {
    /// Reads the list that a package of the lock file carries; empty where cargo cannot say where that is.
    pub(crate) fn read(language: Language) -> Self {
        let mut real = match language {
            Language::Chinese => chinese().unwrap_or_default(),
            Language::English => english().unwrap_or_default(),
        };
        let mut folded = Folded::default();
        // On words that fold to themselves an engine over raw bytes and one over symbols look for the same.
        real.retain(|word| {
            fold(word, &mut folded);
            folded.symbols().iter().copied().eq(word.chars())
        });
        real.sort_unstable();
        real.dedup();
        Random(7).shuffle(&mut real);
        Self { language, real }
    }

    /// No package at all: what a smoke test needs.
    pub(crate) fn none(language: Language) -> Self {
        Self {
            language,
            real: Vec::new(),
        }
    }

    /// The words, and behind them made-up ones until there are `count`: two words written as one, or two to six random symbols.
    pub(crate) fn at_least(&self, count: usize) -> Vec<String> {
        let mut random = Random(3);
        let mut words = self.real.clone();
        let mut known: HashSet<String> = words.iter().cloned().collect();
        let short: Vec<&String> = self.real.iter().filter(|word| word.len() <= 6).collect();
        while words.len() < count {
            let word = if short.len() > 1_000 {
                format!(
                    "{}{}",
                    short[random.below(short.len())],
                    short[random.below(short.len())]
                )
            } else {
                made_up(self.language, &mut random)
            };
            if known.insert(word.clone()) {
                words.push(word);
            }
        }
        words
    }
}

fn made_up(language: Language, random: &mut Random) -> String {
    match language {
        // Common hanzi from the middle of the block that fold to themselves are what a package would give; here any do.
        Language::Chinese => loop {
            let word: String = (0..2 + random.below(4))
                .filter_map(|_| char::from_u32(0x4e00 + u32::try_from(random.below(20_000)).unwrap_or(0)))
                .collect();
            let mut folded = Folded::default();
            fold(&word, &mut folded);
            if folded.symbols().iter().copied().eq(word.chars()) {
                return word;
            }
        },
        Language::English => (0..5 + random.below(5))
            .map(|_| char::from(b'a' + u8::try_from(random.below(26)).unwrap_or(0)))
            .collect(),
    }
}

/// jieba's dictionary without the names of people, places and organisations: lines of word, frequency and part of speech.
fn chinese() -> Option<Vec<String>> {
    let list = fs::read_to_string(package("jieba-rs")?.join("src/data/dict.txt")).ok()?;
    let word = |line: &str| {
        let mut fields = line.split_whitespace();
        let (word, _, kind) = (fields.next()?, fields.next()?, fields.next()?);
        let named = kind.starts_with("nr") || ["ns", "nt", "nz"].contains(&kind);
        let hanzi = word.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        (!named && hanzi && (2..=6).contains(&word.chars().count())).then(|| word.to_owned())
    };
    Some(list.lines().filter_map(word).collect())
}

/// The large list of English adjectives, adverbs and nouns that petname carries.
fn english() -> Option<Vec<String>> {
    let folder = package("petname")?.join("words/large");
    let mut words = Vec::new();
    for file in ["adjectives.txt", "adverbs.txt", "nouns.txt"] {
        let list = fs::read_to_string(folder.join(file)).ok()?;
        let plain = |word: &&str| (4..=14).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase());
        words.extend(list.split_whitespace().filter(plain).map(str::to_owned));
    }
    Some(words)
}

/// Where cargo keeps the source of a package of the lock file.
fn package(name: &str) -> Option<PathBuf> {
    let rustc = Command::new("rustc").arg("-vV").output().ok()?;
    let version = String::from_utf8(rustc.stdout).ok()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "))?;
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--locked",
            "--format-version",
            "1",
            "--filter-platform",
            host,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .ok()?;
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).ok()?;
    let package = metadata["packages"].as_array()?.iter().find(|p| p["name"] == name)?;
    Some(PathBuf::from(package["manifest_path"].as_str()?).parent()?.to_owned())
}
