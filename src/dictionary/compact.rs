//! Lists that lie in few pieces of memory: of a million terms, a text and sixteen bytes each and not four million allocations.

use std::{collections::HashMap, fmt, sync::Arc};

use super::{MatchMode, Severity, TermRef, Tolerance};

/// A list that keeps its items in its own way and hands them out as views.
pub trait List: Clone + Default + Sync + fmt::Debug {
    /// An item, as it is handed out and taken in.
    type Item<'a>: Copy + PartialEq
    where
        Self: 'a;

    /// How many items there are. O(1).
    fn len(&self) -> usize;

    /// The item at an index below [`List::len`]. O(1).
    fn get(&self, index: usize) -> Self::Item<'_>;

    /// Adds an item at the end. O(item), amortised.
    fn push(&mut self, item: Self::Item<'_>);

    /// Gives back what was reserved for more items.
    fn shrink(&mut self);

    /// True where there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All items in order.
    fn iter(&self) -> impl ExactSizeIterator<Item = Self::Item<'_>> + Clone {
        (0..self.len()).map(|index| self.get(index))
    }
}

/// How many of the first `count` numbers a condition holds for, where it holds for none behind one that it does not hold for. O(log count).
pub(super) fn partition_point(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// A list of texts: one buffer, and 4 bytes a text. Together under 4 GiB.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    buffer: String,
    /// Where each text ends.
    ends: Vec<u32>,
}

impl List for Texts {
    type Item<'a> = &'a str;

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.buffer[start as usize..self.ends[index] as usize]
    }

    fn push(&mut self, text: &str) {
        self.buffer.push_str(text);
        self.ends.push(offset(self.buffer.len()));
    }

    fn shrink(&mut self) {
        self.buffer.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// A list of terms: one buffer with their texts, ids that are no texts, and notes; 16 bytes a term; and what many terms share once.
/// Together under 4 GiB; texts and ids end at 64 KiB, far above what a folder may hold.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    buffer: String,
    rows: Vec<Row>,
    kinds: Vec<Kind>,
    numbers: HashMap<Kind, u32>,
}

/// One term: where in the buffer its text begins, and how long that and the id behind it are. Its note is the rest, up to the next term.
#[derive(Clone, Copy, Debug)]
struct Row {
    start: u32,
    text: u16,
    /// 0 where the text is the id.
    id: u16,
    kind: u32,
    line: u32,
}

/// What terms have that many others have, too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kind {
    category: Arc<str>,
    severity: Severity,
    tolerance: Tolerance,
    mode: Option<MatchMode>,
    alias: bool,
}

impl Kind {
    fn is_of(&self, term: &TermRef<'_>) -> bool {
        (self.severity, self.tolerance, self.mode, self.alias) == (term.severity, term.tolerance, term.mode, term.alias)
            && *self.category == *term.category
    }
}

impl Terms {
    /// The number of the kind of a term, which most often is that of the one before.
    fn kind_of(&mut self, term: &TermRef<'_>) -> u32 {
        if let Some(last) = self
            .rows
            .last()
            .filter(|last| self.kinds[last.kind as usize].is_of(term))
        {
            return last.kind;
        }
        let kind = Kind {
            category: term.category.into(),
            severity: term.severity,
            tolerance: term.tolerance,
            mode: term.mode,
            alias: term.alias,
        };
        *self.numbers.entry(kind).or_insert_with_key(|kind| {
            self.kinds.push(kind.clone());
            offset(self.kinds.len() - 1)
        })
    }
}

impl List for Terms {
    type Item<'a> = TermRef<'a>;

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn get(&self, index: usize) -> TermRef<'_> {
        let row = self.rows[index];
        let end = self
            .rows
            .get(index + 1)
            .map_or(self.buffer.len(), |next| next.start as usize);
        let (text, rest) = self.buffer[row.start as usize..end].split_at(row.text.into());
        let (id, note) = rest.split_at(row.id.into());
        let kind = &self.kinds[row.kind as usize];
        TermRef {
            text,
            id: if id.is_empty() { text } else { id },
            severity: kind.severity,
            category: &kind.category,
            tolerance: kind.tolerance,
            mode: kind.mode,
            alias: kind.alias,
            note,
            line: row.line.into(),
        }
    }

    fn push(&mut self, term: TermRef<'_>) {
        let kind = self.kind_of(&term);
        let start = offset(self.buffer.len());
        let (text, length) = short(term.text);
        let (id, id_length) = short(if term.id == term.text { "" } else { term.id });
        self.buffer.extend([text, id, term.note]);
        self.rows.push(Row {
            start,
            text: length,
            id: id_length,
            kind,
            line: u32::try_from(term.line).unwrap_or(u32::MAX),
        });
    }

    fn shrink(&mut self) {
        self.buffer.shrink_to_fit();
        self.rows.shrink_to_fit();
    }
}

/// As much of a text as 16 bits can count, and its length.
fn short(text: &str) -> (&str, u16) {
    let fits = |length: &u16| text.is_char_boundary((*length).into());
    let length = u16::try_from(text.len())
        .ok()
        .or_else(|| (0..=u16::MAX).rev().find(fits));
    let length = length.unwrap_or_default();
    (&text[..length.into()], length)
}

/// Folders are limited to far less than 4 GiB.
#[expect(
    clippy::cast_possible_truncation,
    reason = "folders are limited to far less than 4 GiB"
)]
fn offset(length: usize) -> u32 {
    length as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dictionary::Term;

    const MODES: [Option<MatchMode>; 3] = [None, Some(MatchMode::Word), Some(MatchMode::Substring)];

    fn term() -> impl Strategy<Value = Term> {
        let word = |from: &'static [&str]| prop::sample::select(from).prop_map(str::to_owned);
        let rare = |from: &'static [&str]| prop_oneof![3 => Just(String::new()), 1 => word(from)];
        let kinds = (
            word(&["ads", "", "刷单"]),
            prop::sample::select(&MODES[..]),
            any::<bool>(),
            0..3_usize,
        );
        (
            ".{0,6}",
            rare(&["x", "微信", "a-very-long-id"]),
            rare(&["why", "因为"]),
            kinds,
            0..9_u64,
        )
            .prop_map(|(text, id, note, (category, mode, alias, which), line)| Term {
                id: if id.is_empty() { text.clone() } else { id },
                severity: [Severity::Low, Severity::High, Severity::Critical][which],
                tolerance: [Tolerance::Exact, Tolerance::Folded, Tolerance::Standard][which],
                text,
                category,
                mode,
                alias,
                note,
                line,
            })
    }

    fn example() -> Term {
        Term {
            text: "刷单".to_owned(),
            id: "刷单".to_owned(),
            severity: Severity::High,
            category: "fraud".to_owned(),
            tolerance: Tolerance::Standard,
            mode: None,
            alias: false,
            note: String::new(),
            line: 1,
        }
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(terms in prop::collection::vec(term(), 0..20), cut in 0..30_usize) {
            let mut list = Terms::default();
            for (index, term) in terms.iter().enumerate() {
                if index == cut {
                    list.shrink();
                }
                list.push(term.view());
            }
            prop_assert_eq!(list.iter().map(TermRef::to_term).collect::<Vec<_>>(), terms);
        }

        #[test]
        fn texts_come_out_as_they_went_in(mut texts in prop::collection::vec(".{0,5}", 0..20), least in ".{0,5}") {
            texts.sort();
            let mut list = Texts::default();
            for text in &texts {
                list.push(text);
            }
            let expected = texts.partition_point(|text| *text < least);
            prop_assert_eq!(partition_point(list.len(), |at| list.get(at) < least.as_str()), expected);
            prop_assert_eq!(list.iter().collect::<Vec<_>>(), texts);
        }
    }

    #[test]
    fn what_terms_share_is_kept_once() {
        let mut list = Terms::default();
        let term = example();
        for (text, category) in [("a", "x"), ("b", "y"), ("c", "x"), ("d", "y")] {
            let (text, category) = (text.to_owned(), category.to_owned());
            list.push(
                Term {
                    text,
                    category,
                    ..term.clone()
                }
                .view(),
            );
        }
        assert_eq!(list.kinds.len(), 2);
        assert_eq!(size_of::<Row>(), 16);
    }

    #[test]
    fn a_text_beyond_all_limits_is_cut_between_two_characters() {
        let long = "é".repeat(40_000);
        let mut list = Terms::default();
        list.push(TermRef {
            text: &long,
            id: "x",
            ..example().view()
        });
        list.push(example().view());
        let cut = list.get(0);
        assert!((cut.text.len(), cut.id) == (65_534, "x") && long.starts_with(cut.text));
        assert_eq!(list.get(1), example().view());
    }
}
