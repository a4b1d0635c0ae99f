//! Real pairs: a sentence as written and the same sentence with a word disguised by people.

use std::ops::Range;

use serde::Serialize;

use super::{Tables, is_hanzi};
use crate::{
    dictionary::Tolerance,
    eval::{AdHoc, Labelled, Reservoir, Seeded, Share},
};

/// The altered word of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The word as written, with a neighbour where one hanzi alone was altered.
    pub word: String,
    /// What was altered in it.
    pub plain: String,
    /// What it became.
    pub altered: String,
    /// The disguised sentence.
    pub text: String,
    /// Where the disguised word stands in it, in bytes.
    pub place: Range<usize>,
}

impl Pair {
    /// The pair of a sentence and its disguised twin; `None` where they do not differ in hanzi of the first.
    pub fn new(plain: &str, disguised: &str) -> Option<Self> {
        let (a, b): (Vec<char>, Vec<char>) = (plain.chars().collect(), disguised.chars().collect());
        let same = |pairs: &mut dyn Iterator<Item = (&char, &char)>| pairs.take_while(|(x, y)| x == y).count();
        let head = same(&mut a.iter().zip(&b));
        let room = a.len().min(b.len()) - head;
        let tail = same(&mut a.iter().rev().zip(b.iter().rev())).min(room);
        let (mut start, mut end) = (head, a.len() - tail);
        let changed: String = a[start..end].iter().collect();
        let altered: String = b[start..b.len() - tail].iter().collect();
        if changed.is_empty() || altered.is_empty() || !changed.chars().all(is_hanzi) {
            return None;
        }
        if end - start < 2 {
            if start > 0 && is_hanzi(a[start - 1]) {
                start -= 1;
            } else if a.get(end).copied().is_some_and(is_hanzi) {
                end += 1;
            } else {
                return None;
            }
        }
        let bytes = |chars: &[char]| chars.iter().map(|c| c.len_utf8()).sum::<usize>();
        let behind = b.len() - (a.len() - end);
        Some(Self {
            word: a[start..end].iter().collect(),
            plain: changed,
            altered,
            text: disguised.to_owned(),
            place: bytes(&b[..start])..bytes(&b[..behind]),
        })
    }

    /// True where the tables lead from the altered writing back to the word.
    fn reachable(&self, tables: &Tables) -> bool {
        let hanzi: Vec<char> = self.plain.chars().collect();
        reaches(tables, &hanzi, &self.altered)
    }

    /// True where the word, loaded alone, is found over the disguised writing; `None` where it is no usable term.
    fn found(&self) -> Option<bool> {
        let list = AdHoc::new(&self.word, Tolerance::Standard).ok()?;
        let verdict = list.checker()?.check(self.text.as_bytes())?;
        let spans = verdict.triggers.iter().flat_map(|t| &t.matches).flat_map(|m| &m.spans);
        let covers = |start: u32, end: u32| start as usize <= self.place.start && self.place.end <= end as usize;
        Some(spans.clone().any(|span| covers(span.start, span.end)))
    }
}

/// True where `altered` writes these hanzi, each as itself, in parts or by a reading.
fn reaches(tables: &Tables, hanzi: &[char], altered: &str) -> bool {
    let Some((&first, rest)) = hanzi.split_first() else {
        return altered.is_empty();
    };
    let ends = altered.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.take(6).any(|end| {
        let piece = &altered[..end];
        let writes = piece.chars().eq([first])
            || tables.knows_parts(first, piece)
            || tables.knows_reading(first, &piece.to_lowercase());
        writes && reaches(tables, rest, &altered[end..])
    })
}

/// The pairs of a set that names the twin of each disguised sentence.
#[derive(Clone, Debug, Default)]
pub struct Pairs {
    /// How many disguised sentences there are.
    pub sentences: u64,
    /// Those whose altered word could be told.
    pub pairs: Vec<Pair>,
}

/// What was found of the real pairs of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairRow {
    /// The kind.
    pub kind: String,
    /// How many disguised sentences there are.
    pub sentences: u64,
    /// Found, of the pairs whose altered word could be told.
    pub all: Share,
    /// Found, of the pairs that the tables can reach.
    pub reachable: Share,
    /// Reachable pairs that were missed, where samples were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<String>,
}

impl Pairs {
    /// The pairs of one kind among labelled messages.
    pub fn of(kind: &str, messages: &[Labelled]) -> Self {
        let mut pairs = Self::default();
        for message in messages.iter().filter(|message| message.group == kind) {
            pairs.sentences += 1;
            let twin = messages
                .iter()
                .find(|twin| !twin.id.is_empty() && twin.id == message.variant_of);
            pairs
                .pairs
                .extend(twin.and_then(|twin| Pair::new(&twin.text, &message.text)));
        }
        pairs
    }

    /// Loads each word alone and counts.
    pub fn measure(&self, kind: &str, tables: &Tables, samples: usize, seed: u64) -> PairRow {
        let (mut all, mut found, mut known, mut found_known) = (0, 0, 0, 0);
        let mut missed = Reservoir::new(samples);
        let mut chance = Seeded::new(seed, kind);
        for pair in &self.pairs {
            let Some(hit) = pair.found() else { continue };
            let reachable = pair.reachable(tables);
            all += 1;
            found += u64::from(hit);
            known += u64::from(reachable);
            found_known += u64::from(reachable && hit);
            if reachable && !hit {
                missed.offer(&mut chance, || {
                    format!("{} as {}", pair.word, &pair.text[pair.place.clone()])
                });
            }
        }
        PairRow {
            kind: kind.to_owned(),
            sentences: self.sentences,
            all: Share::new(found, all),
            reachable: Share::new(found_known, known),
            missed: missed.into_kept(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(plain: &str, disguised: &str) -> Option<(String, String)> {
        let pair = Pair::new(plain, disguised)?;
        Some((pair.word.clone(), pair.text[pair.place.clone()].to_owned()))
    }

    #[test]
    fn the_altered_word_is_found_by_comparing() {
        for (plain, disguised, word, writing) in [
            ("他很难受。", "他很nan受。", "很难", "很nan"),
            ("难受", "nan受", "难受", "nan受"),
            ("真是垃圾。", "真是laji。", "垃圾", "laji"),
        ] {
            assert_eq!(pair(plain, disguised), Some((word.to_owned(), writing.to_owned())));
        }
        assert_eq!(pair("天天好", "天好"), None);
        assert_eq!(pair("一样", "一样"), None);
    }

    #[test]
    fn pairs_are_measured_over_all_and_over_what_the_tables_reach() {
        let message = |id: &str, variant_of: &str, text: &str| Labelled {
            text: text.to_owned(),
            harmful: true,
            group: if variant_of.is_empty() { "plain" } else { "spelt" }.to_owned(),
            id: id.to_owned(),
            variant_of: variant_of.to_owned(),
        };
        let messages = [
            message("1", "", "他非法了"),
            message("2", "1", "他非氵去了"),
            message("3", "1", "他非口八了"),
            message("4", "9", "没有"),
        ];
        let pairs = Pairs::of("spelt", &messages);
        let row = pairs.measure("spelt", &Tables::new(""), 0, 1);
        assert_eq!((row.sentences, row.all.of, row.reachable.of), (3, 2, 1));
        assert_eq!((row.all.count, row.reachable.count), (1, 1));
    }
}
