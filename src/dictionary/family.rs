//! Terms by the id that they report: those of one id are a family, of a term and its aliases.

use super::{List, Patched, TermRef, Terms, compact::partition_point, patched::slot_of};

impl Patched<Terms> {
    /// The slots of what was pushed that report the id of another, each with the first slot of its family; in order. Computed anew: O(terms)
    /// where ids are texts, as in most lists, else O(terms x log terms).
    pub fn followers(&self) -> Vec<(u32, u32)> {
        let base = self.base();
        let (mut first, mut followers) = (None, Vec::new());
        for slot in (0..base.len()).map(|place| self.slot_by_id(place)) {
            let id = base.get(slot as usize).id;
            match first {
                Some((first, its)) if its == id => followers.push((slot, first)),
                _ => first = Some((slot, id)),
            }
        }
        followers.sort_unstable();
        followers
    }

    /// The live terms of one id with their slots. O(log terms + family + edits).
    pub fn family(&self, id: &str) -> impl Iterator<Item = (u32, TermRef<'_>)> {
        let base = self.base();
        let from = partition_point(base.len(), |place| base.get(self.slot_by_id(place) as usize).id < id);
        let pushed = (from..base.len()).map(|place| self.slot_by_id(place));
        let pushed = pushed.map(|slot| (slot, base.get(slot as usize)));
        let pushed = pushed.take_while(move |(_, term)| term.id == id);
        let added = self.from_slot(slot_of(base.len()));
        let added = added.filter(move |(_, term)| term.id == id);
        pushed.filter(|(slot, _)| !self.is_removed(*slot)).chain(added)
    }

    /// The slot at a place of what was pushed, by id.
    fn slot_by_id(&self, place: usize) -> u32 {
        self.base_order(|a, b| a.id.cmp(b.id)).slot(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dictionary::{Term, parse},
        folder::Folder,
    };

    #[test]
    fn a_family_is_found_by_its_id_whatever_edits_did_to_it() {
        let folder = Folder::from_iter([("terms.csv", "term,id,alias_of\nbb,x,\naa,,x\ncc,,\n")]);
        let (dictionary, _) = parse("d", &folder).unwrap();
        let mut terms = dictionary.terms;
        let texts =
            |terms: &Patched<Terms>, id: &str| terms.family(id).map(|(_, t)| t.text.to_owned()).collect::<Vec<_>>();
        assert_eq!(texts(&terms, "x"), ["aa", "bb"]);
        terms.remove(0);
        let added = Term {
            text: "dd".into(),
            ..terms.get(1).to_term()
        };
        terms.push(added.view());
        assert_eq!(texts(&terms, "x"), ["bb", "dd"]);
        assert_eq!(
            (texts(&terms, "cc"), texts(&terms, "bb").len()),
            (vec!["cc".to_owned()], 0)
        );
        assert_eq!(terms.followers(), [(1, 0)]);
    }
}
