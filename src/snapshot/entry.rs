//! What a pattern is for: whose it is, in which form, what its ends ask for, and how it was written.

use crate::{
    matching::{Edges, Reading},
    text::Alphabets,
};

/// Whose pattern it is, and so what an occurrence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// A term: the indices of its dictionary and of itself in it.
    Term(u32, u32),
    /// An exception: the indices of its dictionary and of itself in it.
    DictionaryException(u32, u32),
    /// An exception of the policy with this index, for all dictionaries.
    PolicyException(u32),
}

/// Which form of a term or exception a pattern is, and so in which stream it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// The folded symbols.
    Folded,
    /// The skeleton, for terms whose tolerance allows evasion planes.
    Skeleton,
    /// The syllables of a way to read it, for the same terms.
    Sound,
    /// Of no term: the parts of a hanzi of one. A text with such parts is worth a look for decomposed terms.
    Parts,
}

impl From<Reading> for Form {
    fn from(reading: Reading) -> Self {
        match reading {
            Reading::Skeleton => Self::Skeleton,
            Reading::Sound => Self::Sound,
        }
    }
}

/// One use of a pattern, or of one that is two forms of a term, in eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// From above: 2 bits for the kind of owner, 20 for the index of its dictionary or policy, 4 for the alphabets that it is written
    /// in, 4 for the forms, 2 for the edges.
    about: u32,
    /// The index of the term or exception in its dictionary.
    index: u32,
}

/// Most dictionaries, and most policies, that an entry can tell apart: more than any machine holds.
const MOST_LISTS: u32 = 1 << 20;

impl Entry {
    const KIND: u32 = 30;
    const LIST: u32 = 10;
    const ALPHABETS: u32 = 6;
    const FORM: u32 = 2;

    pub(super) fn new(owner: Owner, form: Form, edges: Edges, alphabets: Alphabets) -> Self {
        let (kind, list, index) = match owner {
            Owner::Term(d, t) => (0, d, t),
            Owner::DictionaryException(d, e) => (1, d, e),
            Owner::PolicyException(p) => (2, p, 0),
        };
        debug_assert!(list < MOST_LISTS, "no machine holds so many");
        let edges = u32::from(edges.start()) << 1 | u32::from(edges.end());
        let alphabets = u32::from(alphabets.bits()) << Self::ALPHABETS;
        Self {
            about: kind << Self::KIND | list << Self::LIST | alphabets | 1 << (Self::FORM + form as u32) | edges,
            index,
        }
    }

    /// The entry that says both; `None` where they differ in more than their forms.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        let both = Self {
            about: self.about | other.about,
            ..self
        };
        let same = |entry: Self| {
            (entry.owner(), entry.alphabets(), entry.edges()) == (both.owner(), both.alphabets(), both.edges())
        };
        (self.index == other.index && same(self) && same(other)).then_some(both)
    }

    pub(super) fn owner(self) -> Owner {
        let list = self.about >> Self::LIST & (MOST_LISTS - 1);
        match self.about >> Self::KIND {
            0 => Owner::Term(list, self.index),
            1 => Owner::DictionaryException(list, self.index),
            _ => Owner::PolicyException(list),
        }
    }

    /// True where the pattern is this form of its owner.
    pub(super) fn is(self, form: Form) -> bool {
        self.about >> (Self::FORM + form as u32) & 1 == 1
    }

    /// The alphabets of the term as it was written; none of an exception, which may be written in any.
    pub(super) fn alphabets(self) -> Alphabets {
        Alphabets::from_bits((self.about >> Self::ALPHABETS & 15) as u8)
    }

    pub(super) fn edges(self) -> Edges {
        Edges::of(self.about >> 1 & 1 == 1, self.about & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_owner() -> impl Strategy<Value = Owner> {
        let list = || prop_oneof![0..3_u32, Just((1 << 20) - 1)];
        prop_oneof![
            (list(), any::<u32>()).prop_map(|(d, t)| Owner::Term(d, t)),
            (list(), any::<u32>()).prop_map(|(d, e)| Owner::DictionaryException(d, e)),
            list().prop_map(Owner::PolicyException),
        ]
    }

    proptest! {
        #[test]
        fn an_entry_says_what_it_was_made_of(
            owner in any_owner(),
            ends in any::<(bool, bool)>(),
            mut forms in 1..16_u8,
            alphabets in 0..16_u8,
        ) {
            let all = [Form::Folded, Form::Skeleton, Form::Sound, Form::Parts];
            let edges = Edges::of(ends.0, ends.1);
            let alphabets = Alphabets::from_bits(alphabets);
            let wanted = all.map(|form| {
                forms = forms.rotate_right(1);
                (form, forms & 128 != 0)
            });
            let wanted_forms = wanted.iter().filter(|(_, wanted)| *wanted);
            let entries = wanted_forms.map(|(form, _)| Entry::new(owner, *form, edges, alphabets));
            let entry = entries.reduce(|a, b| a.and(b).unwrap()).unwrap();
            prop_assert_eq!((entry.owner(), entry.edges(), entry.alphabets()), (owner, edges, alphabets));
            prop_assert_eq!(wanted.map(|(form, _)| (form, entry.is(form))), wanted);
            let other = Entry::new(Owner::PolicyException(9), Form::Folded, edges, alphabets);
            prop_assert_eq!(entry.and(other), None);
        }
    }
}
