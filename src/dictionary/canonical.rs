//! The canonical form: what of a dictionary is content, in one order, whatever the files looked like.

use super::{Case, Dictionary, Expect, List, MatchMode, TermRef, compact::partition_point, patched::slot_of};
use crate::identity::ContentId;

/// Names the encoding; raised when it changes, because every revision id changes with it.
const FORM: &str = "tamis-dictionary-1";

impl Dictionary {
    /// The revision id of what the dictionary holds now, edits included: BLAKE3 over length-prefixed fields in one order, of the terms
    /// over the digest of each.
    ///
    /// Line numbers, byte order marks, line ends, the order of lines and columns, and whether terms stood in a `.csv` or a `.txt` are
    /// no content; notes are. O(content) for what came from a folder, and for the first edit of it; for each edit after O(edits + 32 bytes
    /// a term), which are kept for it.
    pub fn content_id(&self) -> ContentId {
        let terms = self.terms_digest();
        let mut exceptions: Vec<&str> = self.exceptions.iter().collect();
        exceptions.sort_unstable();
        exceptions.dedup();
        let counts = [
            self.languages.len(),
            self.terms.len(),
            exceptions.len(),
            self.cases.len(),
        ];
        let counts = counts.map(|count| (count as u64).to_le_bytes());
        let head = [FORM, self.name.as_str(), &self.title, &self.licence];
        let fields = head
            .into_iter()
            .map(str::as_bytes)
            .chain(counts.iter().map(<[u8; 8]>::as_slice))
            .chain(self.languages.iter().map(String::as_bytes))
            .chain([terms.as_slice()])
            .chain(exceptions.iter().map(|exception| exception.as_bytes()))
            .chain(self.cases.iter().flat_map(|case| case_fields(case).map(str::as_bytes)));
        ContentId::of(fields)
    }

    /// BLAKE3 over the digests of all terms in canonical order. Those of a base that was edited are kept, since more edits will follow,
    /// and read in runs, between which edits put in and leave out.
    fn terms_digest(&self) -> [u8; 32] {
        let base = self.terms.base();
        if self.terms.slots() == base.len() && self.terms.removed().is_empty() {
            return fresh_digest(base.iter());
        }
        let digests = self.terms.base_digests(digest);
        let place = |term: &TermRef<'_>| partition_point(base.len(), |at| order(&base.get(at)) < order(term));
        let first_added = slot_of(base.len());
        let mut added: Vec<_> = self.terms.from_slot(first_added).map(|(_, term)| term).collect();
        added.sort_by(|a, b| order(a).cmp(&order(b)));
        // What is put in at a place comes before what stands there.
        let mut breaks: Vec<_> = added
            .into_iter()
            .map(|term| (place(&term), Some(digest(term))))
            .collect();
        let removed = self.terms.removed().iter().take_while(|slot| **slot < first_added);
        breaks.extend(removed.map(|slot| (*slot as usize, None)));
        breaks.sort_by_key(|(at, put_in)| (*at, put_in.is_none()));
        let mut hasher = blake3::Hasher::new();
        let mut from = 0;
        for (at, put_in) in breaks {
            hasher.update(digests[from..at].as_flattened());
            from = at + usize::from(put_in.is_none());
            if let Some(digest) = put_in {
                hasher.update(&digest);
            }
        }
        hasher.update(digests[from..].as_flattened());
        *hasher.finalize().as_bytes()
    }
}

/// The same for terms in this order, whose digests are not kept.
fn fresh_digest<'a>(terms: impl Iterator<Item = TermRef<'a>>) -> [u8; 32] {
    // Hashing many at a time is several times as fast.
    const MANY: usize = 512;
    let (mut hasher, mut digests) = (blake3::Hasher::new(), Vec::with_capacity(MANY));
    for term in terms {
        digests.push(digest(term));
        if digests.len() == MANY {
            hasher.update(digests.as_flattened());
            digests.clear();
        }
    }
    hasher.update(digests.as_flattened());
    *hasher.finalize().as_bytes()
}

fn digest(term: TermRef<'_>) -> [u8; 32] {
    ContentId::of(term_fields(&term).map(str::as_bytes)).bytes()
}

/// What the canonical order goes by.
fn order<'a>(term: &TermRef<'a>) -> (&'a str, &'a str) {
    (term.text, term.id)
}

impl TermRef<'_> {
    /// True where both say the same; where they were written does not count.
    pub fn same_content(&self, other: &TermRef<'_>) -> bool {
        term_fields(self) == term_fields(other)
    }
}

fn term_fields<'a>(term: &TermRef<'a>) -> [&'a str; 8] {
    [
        term.text,
        term.id,
        term.severity.as_str(),
        term.category,
        term.tolerance.as_str(),
        term.mode.map_or("", MatchMode::as_str),
        if term.alias { "alias" } else { "" },
        term.note,
    ]
}

fn case_fields(case: &Case) -> [&str; 5] {
    let expect = match case.expect {
        Expect::Hit => "hit",
        Expect::Miss => "miss",
    };
    [
        &case.text,
        expect,
        case.rule.as_deref().unwrap_or_default(),
        case.span.as_deref().unwrap_or_default(),
        case.note.as_deref().unwrap_or_default(),
    ]
}
