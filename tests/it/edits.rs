//! Edits that ride in a delta segment: whatever is added and removed, the snapshot judges as if it had been built from scratch.

use std::sync::Arc;

use proptest::prelude::*;
use tamis::{
    dictionary::{Dictionary, Term},
    identity::ContentId,
    snapshot::Snapshot,
    text::OffsetUnit,
};

use crate::{
    naive,
    oracle::{dictionary, judged, policy, term, text},
};

#[derive(Clone, Debug)]
enum Edit {
    AddTerm(Term),
    RemoveTerm(usize),
    AddException(String),
    RemoveException(usize),
    /// A full build of what the dictionary has become.
    Fold,
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => term().prop_map(Edit::AddTerm),
        3 => any::<usize>().prop_map(Edit::RemoveTerm),
        2 => text(3).prop_map(Edit::AddException),
        1 => any::<usize>().prop_map(Edit::RemoveException),
        1 => Just(Edit::Fold),
    ]
}

fn apply(dictionary: &mut Dictionary, edit: &Edit) {
    match edit {
        Edit::AddTerm(term) => _ = dictionary.terms.push(term.view()),
        Edit::RemoveTerm(at) => {
            let slot = at.checked_rem(dictionary.terms.slots());
            slot.map(|slot| dictionary.terms.remove(u32::try_from(slot).unwrap()));
        }
        Edit::AddException(text) => _ = dictionary.exceptions.push(text),
        Edit::RemoveException(at) => {
            let slot = at.checked_rem(dictionary.exceptions.slots());
            slot.map(|slot| dictionary.exceptions.remove(u32::try_from(slot).unwrap()));
        }
        Edit::Fold => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn an_edited_snapshot_judges_like_one_that_is_built_from_scratch(
        mut x in dictionary("x"),
        y in dictionary("y"),
        policy in policy(),
        edits in prop::collection::vec(edit(), 1..8),
        texts in prop::collection::vec(text(16), 1..4),
    ) {
        let build = |x: &Dictionary| {
            let dictionaries = vec![Arc::new(x.clone()), Arc::new(y.clone())];
            Snapshot::build(dictionaries, vec![Arc::new(policy.clone())]).unwrap()
        };
        let mut snapshot = build(&x);
        for (number, edit) in (0_u64..).zip(&edits) {
            apply(&mut x, edit);
            x.revision = ContentId::of([number.to_le_bytes().as_slice()]);
            snapshot = match edit {
                Edit::Fold => build(&x),
                _ => snapshot.patched(&[Arc::new(x.clone())]).unwrap(),
            };
            prop_assert_eq!(snapshot.id(), build(&x).id());
            for text in &texts {
                let expected = naive::verdict(&[x.clone(), y.clone()], &policy, text, "", OffsetUnit::Bytes);
                prop_assert_eq!(judged(&snapshot, &policy, text, "", OffsetUnit::Bytes), expected, "text {:?}", text);
            }
        }
    }

    #[test]
    fn what_is_no_edit_of_a_snapshots_dictionary_needs_a_full_build(x in dictionary("x"), mut policy in policy()) {
        policy.dictionaries = vec![x.name.clone()];
        let snapshot = Snapshot::build(vec![Arc::new(x.clone())], vec![Arc::new(policy)]).unwrap();
        let parsed_again = Dictionary { terms: x.terms.iter().collect(), ..x.clone() };
        let stranger = Dictionary { name: "z".parse().unwrap(), ..x };
        prop_assert!(snapshot.patched(&[Arc::new(parsed_again)]).is_none());
        prop_assert!(snapshot.patched(&[Arc::new(stranger)]).is_none());
    }

    #[test]
    fn other_policies_over_the_same_terms_judge_like_a_full_build(
        x in dictionary("x"),
        mut added in term(),
        old in policy(),
        mut new in policy(),
        texts in prop::collection::vec(text(16), 1..4),
    ) {
        added.text.push('信');
        let mut edited = x.clone();
        edited.terms.push(added.view());
        edited.revision = ContentId::of([b"edited".as_slice()]);
        let [y, edited] = [dictionary_y(), edited].map(Arc::new);
        let built = Snapshot::build(vec![Arc::new(x), Arc::clone(&y)], vec![Arc::new(old.clone())]).unwrap();
        let snapshot = built.patched(&[Arc::clone(&edited)]).unwrap();
        let dictionaries = [edited, y];
        new.revision = ContentId::of([b"new".as_slice()]);
        if new.exceptions != old.exceptions {
            prop_assert!(snapshot.with_policies(&dictionaries, &[Arc::new(new.clone())]).is_none(), "they are compiled in");
            new.exceptions.clone_from(&old.exceptions);
        }
        let new = Arc::new(new);
        prop_assert!(snapshot.with_policies(&dictionaries[1..], &[Arc::clone(&new)]).is_none(), "other dictionaries");
        let shared = snapshot.with_policies(&dictionaries, &[Arc::clone(&new)]).unwrap();
        let full = Snapshot::build(dictionaries.to_vec(), vec![Arc::clone(&new)]).unwrap();
        prop_assert_eq!(shared.id(), full.id());
        for text in &texts {
            let [shared, full] = [&shared, &full].map(|s| judged(s, &new, text, "", OffsetUnit::Bytes));
            prop_assert_eq!(shared, full, "text {:?}", text);
        }
    }
}

/// Another dictionary beside the one that is edited.
fn dictionary_y() -> Dictionary {
    let folder = tamis::folder::Folder::from_iter([("terms.txt", "微信\n")]);
    tamis::dictionary::parse("y", &folder).unwrap().0
}
