//! Terms by the id that they report: those of one id are a family, of a term and its aliases.

use super::{Patched, Term};

impl Patched<Term> {
    /// The slots of what was pushed, family by family. Computed when first asked for: O(terms) where ids are texts, as in most lists.
    pub fn families(&self) -> impl Iterator<Item = &[u32]> {
        let base = self.base();
        self.by_id()
            .chunk_by(|a, b| base[*a as usize].id == base[*b as usize].id)
    }

    /// The live terms of one id with their slots. O(log terms + family + edits).
    pub fn family(&self, id: &str) -> impl Iterator<Item = (u32, &Term)> {
        let (base, by_id) = (self.base(), self.by_id());
        let from = by_id.partition_point(|slot| base[*slot as usize].id.as_str() < id);
        let pushed = by_id[from..].iter().map(|slot| (*slot, &base[*slot as usize]));
        let pushed = pushed.take_while(move |(_, term)| term.id == id);
        let added = self.from_slot(u32::try_from(base.len()).unwrap_or(u32::MAX));
        let added = added.filter(move |(_, term)| term.id == id);
        pushed.filter(|(slot, _)| !self.is_removed(*slot)).chain(added)
    }

    fn by_id(&self) -> &[u32] {
        self.base_order(|term| term.id.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dictionary::parse, folder::Folder};

    #[test]
    fn a_family_is_found_by_its_id_whatever_edits_did_to_it() {
        let folder = Folder::from_iter([("terms.csv", "term,id,alias_of\nbb,x,\naa,,x\ncc,,\n")]);
        let (dictionary, _) = parse("d", &folder).unwrap();
        let mut terms = dictionary.terms;
        let texts = |terms: &Patched<Term>, id: &str| terms.family(id).map(|(_, t)| t.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&terms, "x"), ["aa", "bb"]);
        terms.remove(0);
        terms.push(Term {
            text: "dd".into(),
            ..terms[1].clone()
        });
        assert_eq!(texts(&terms, "x"), ["bb", "dd"]);
        assert_eq!(
            (texts(&terms, "cc"), texts(&terms, "bb").len()),
            (vec!["cc".to_owned()], 0)
        );
        assert_eq!(terms.families().collect::<Vec<_>>(), [&[2][..], &[0, 1]]);
    }
}
