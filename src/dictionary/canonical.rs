//! The canonical form: what of a dictionary is content, in one order, whatever the files looked like.

use super::{Case, Dictionary, Expect, MatchMode, Term};
use crate::identity::ContentId;

/// Names the encoding; raised when it changes, because every revision id changes with it.
const FORM: &str = "tamis-dictionary-1";

impl Dictionary {
    /// The revision id of what the dictionary holds now, edits included: BLAKE3 over length-prefixed fields in one order, of the terms
    /// over the digest of each.
    ///
    /// Line numbers, byte order marks, line ends, the order of lines and columns, and whether terms stood in a `.csv` or a `.txt` are
    /// no content; notes are. O(content) once for what came from the folder; after an edit O(edits + 32 bytes a term).
    pub fn content_id(&self) -> ContentId {
        let terms = self.terms_digest();
        let mut exceptions: Vec<&String> = self.exceptions.iter().collect();
        exceptions.sort();
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

    /// BLAKE3 over the digests of all terms in canonical order. Those of the base are computed once and read in runs, between which
    /// edits put in and leave out.
    fn terms_digest(&self) -> [u8; 32] {
        let (base, digests) = (self.terms.base(), self.terms.base_digests(digest));
        let place = |term: &Term| base.partition_point(|b| (&b.text, &b.id) < (&term.text, &term.id));
        let first_added = u32::try_from(base.len()).unwrap_or(u32::MAX);
        let mut added: Vec<&Term> = self.terms.from_slot(first_added).map(|(_, term)| term).collect();
        added.sort_by(|a, b| (&a.text, &a.id).cmp(&(&b.text, &b.id)));
        // What is put in at a place comes before what stands there.
        let mut breaks: Vec<_> = added
            .into_iter()
            .map(|term| (place(term), Some(digest(term))))
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

fn digest(term: &Term) -> [u8; 32] {
    ContentId::of(term_fields(term).map(str::as_bytes)).bytes()
}

impl Term {
    /// True where both say the same; where they were written does not count.
    pub fn same_content(&self, other: &Self) -> bool {
        term_fields(self) == term_fields(other)
    }
}

fn term_fields(term: &Term) -> [&str; 8] {
    [
        &term.text,
        &term.id,
        term.severity.as_str(),
        &term.category,
        term.tolerance.as_str(),
        term.mode.map_or("", MatchMode::as_str),
        if term.alias { "alias" } else { "" },
        &term.note,
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
