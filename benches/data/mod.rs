//! Terms and messages for the benches: made from a seed, so that every machine measures the same; or real ones, from the files that
//! `TAMIS_BENCH_TERMS` and `TAMIS_BENCH_TEXT` name (one entry a line each).

use std::{collections::HashSet, env, fs};

use tamis::text::{Folded, fold};

/// The language of made-up terms and messages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Hanzi only: terms of 2 to 6, messages of about 30.
    Chinese,
    /// Words of 4 to 9 letters: terms of two written as one, messages of about 14.
    English,
}

/// What one bench runs on.
pub(crate) struct Data {
    /// `zh-10k`, or `real`.
    pub(crate) name: String,
    /// Distinct terms.
    pub(crate) terms: Vec<String>,
    /// Messages, of which about 2 in 100 hold a term.
    pub(crate) messages: Vec<String>,
    made: bool,
}

impl Data {
    /// `count` terms and 2,000 messages of a kind.
    pub(crate) fn made(kind: Kind, count: usize) -> Self {
        let mut random = Random(0x7a_6d15);
        let alphabet = Alphabet::new(kind, &mut random);
        let mut terms: Vec<String> = (0..count * 2).map(|_| alphabet.term(&mut random)).collect();
        terms.sort();
        terms.dedup();
        while terms.len() > count {
            terms.swap_remove(random.below(terms.len()));
        }
        let messages = (0..2_000).map(|_| alphabet.message(&terms, &mut random)).collect();
        let language = match kind {
            Kind::Chinese => "zh",
            Kind::English => "en",
        };
        Self {
            name: format!("{language}-{count}"),
            terms,
            messages,
            made: true,
        }
    }

    /// The terms and messages of the files that the environment names.
    pub(crate) fn real() -> Option<Self> {
        let lines = |variable| {
            let path = env::var(variable).ok()?;
            let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{variable}={path}: {e}"));
            Some(text.lines().map(str::to_owned).collect::<Vec<_>>())
        };
        Some(Self {
            name: "real".to_owned(),
            terms: lines("TAMIS_BENCH_TERMS")?,
            messages: lines("TAMIS_BENCH_TEXT")?,
            made: false,
        })
    }

    /// The bytes of all messages.
    pub(crate) fn bytes(&self) -> u64 {
        self.messages.iter().map(|message| message.len() as u64).sum()
    }

    /// A bench is also a test: fails where the count is not that of looking every stretch of every message up in a set. Real texts
    /// fold, so that their count is only shown.
    pub(crate) fn expect(&self, matches: u64) {
        if !self.made {
            eprintln!("{}: {matches} matches", self.name);
            return;
        }
        let terms: HashSet<&str> = self.terms.iter().map(String::as_str).collect();
        let lengths: HashSet<usize> = self.terms.iter().map(|term| term.chars().count()).collect();
        let occurrences = |message: &String| {
            let mut ends: Vec<usize> = message.char_indices().map(|(at, _)| at).collect();
            ends.push(message.len());
            let stretches = |&length: &usize| {
                ends.windows(length + 1)
                    .map(|w| &message[w[0]..w[w.len() - 1]])
                    .collect()
            };
            let count = |stretches: Vec<&str>| stretches.iter().filter(|s| terms.contains(*s)).count();
            lengths.iter().map(stretches).map(count).sum::<usize>() as u64
        };
        let known = self.messages.iter().map(occurrences).sum::<u64>();
        assert!(known > 0, "{}: a bench without matches proves nothing", self.name);
        assert_eq!(matches, known, "{}: matches", self.name);
    }
}

/// What terms and messages are made of.
struct Alphabet {
    kind: Kind,
    words: Vec<String>,
}

impl Alphabet {
    fn new(kind: Kind, random: &mut Random) -> Self {
        let words = match kind {
            // Only characters that fold to themselves, so that the count is known without folding.
            Kind::Chinese => ('\u{4e00}'..'\u{9fa5}')
                .step_by(7)
                .map(String::from)
                .filter(|c| is_folded(c))
                .collect(),
            Kind::English => (0..3_000)
                .map(|_| {
                    let letters = 4 + random.below(6);
                    (0..letters)
                        .map(|_| char::from(b'a' + random.below(26) as u8))
                        .collect()
                })
                .collect(),
        };
        Self { kind, words }
    }

    /// A word; the first ones are by far the most frequent, as in any language.
    fn word(&self, random: &mut Random) -> &str {
        let (a, b) = (random.below(self.words.len()), random.below(self.words.len()));
        &self.words[a * b / self.words.len()]
    }

    fn term(&self, random: &mut Random) -> String {
        match self.kind {
            Kind::Chinese => (0..2 + random.below(5)).map(|_| self.word(random)).collect(),
            Kind::English => format!("{}{}", self.word(random), self.word(random)),
        }
    }

    fn message(&self, terms: &[String], random: &mut Random) -> String {
        let (length, gap) = match self.kind {
            Kind::Chinese => (10 + random.below(40), ""),
            Kind::English => (4 + random.below(20), " "),
        };
        let mut words: Vec<&str> = (0..length).map(|_| self.word(random)).collect();
        if random.below(50) == 0 {
            words[length / 2] = &terms[random.below(terms.len())];
        }
        words.join(gap)
    }
}

fn is_folded(text: &str) -> bool {
    let mut folded = Folded::default();
    fold(text, &mut folded);
    folded.symbols().iter().collect::<String>() == text
}

/// `SplitMix64`: small, seeded, the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}
