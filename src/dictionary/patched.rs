//! A long list that is edited without being copied.

use std::{
    cmp::Ordering,
    ops::Range,
    sync::{Arc, OnceLock},
};

use super::List;
use crate::threads::{both, is_for_two};

/// A list whose clones share what was there from the start. What is added later goes to the end, what is removed stays in its slot
/// and is skipped, so that a slot number means the same item in every list made from this one: what was compiled for a list still
/// fits the edited one.
///
/// ```
/// use tamis::dictionary::{Patched, Texts};
/// let list: Patched<Texts> = ["a", "b", "c"].into_iter().collect();
/// let mut edited = list.clone();
/// edited.remove(1);
/// assert_eq!(edited.push("d"), 3);
/// assert_eq!(edited.iter().collect::<Vec<_>>(), ["a", "c", "d"]);
/// assert_eq!(edited.get(1), "b", "slots stay");
/// assert_eq!(list.len(), 3);
/// ```
#[derive(Clone, Debug)]
pub struct Patched<L> {
    base: Arc<Base<L>>,
    added: L,
    /// The slots that are skipped, in order.
    removed: Vec<u32>,
}

/// What was there from the start.
#[derive(Debug)]
struct Base<L> {
    items: L,
    digests: OnceLock<Vec<[u8; 32]>>,
    order: OnceLock<Order>,
}

/// The slots of a list in another order than its own.
#[derive(Debug)]
pub enum Order {
    /// It is the same one.
    Same,
    /// The slots in this order: 4 bytes an item.
    Other(Box<[u32]>),
}

impl Order {
    /// The slot at a place of the order.
    pub fn slot(&self, place: usize) -> u32 {
        match self {
            Self::Same => slot_of(place),
            Self::Other(slots) => slots[place],
        }
    }
}

impl<L: List> Patched<L> {
    /// How many items there are. O(1).
    pub fn len(&self) -> usize {
        self.slots() - self.removed.len()
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many slots there are: items and removed ones.
    pub fn slots(&self) -> usize {
        self.base.items.len() + self.added.len()
    }

    /// The item in a slot, also where it was removed. O(1).
    pub fn get(&self, slot: usize) -> L::Item<'_> {
        match slot.checked_sub(self.base.items.len()) {
            None => self.base.items.get(slot),
            Some(added) => self.added.get(added),
        }
    }

    /// The items: those from the start, then the added ones.
    pub fn iter(&self) -> impl Iterator<Item = L::Item<'_>> {
        self.from_slot(0).map(|(_, item)| item)
    }

    /// The items from a slot on, each with its slot.
    pub fn from_slot(&self, slot: u32) -> impl Iterator<Item = (u32, L::Item<'_>)> {
        self.in_slots(slot..slot_of(self.slots()))
    }

    /// The items of some slots, each with its slot.
    pub fn in_slots(&self, slots: Range<u32>) -> impl Iterator<Item = (u32, L::Item<'_>)> {
        let mut removed = self.removed[self.removed.partition_point(|&gone| gone < slots.start)..]
            .iter()
            .peekable();
        slots
            .filter(move |slot| removed.next_if_eq(&slot).is_none())
            .map(|slot| (slot, self.get(slot as usize)))
    }

    /// What was there from the start, removed items too.
    pub fn base(&self) -> &L {
        &self.base.items
    }

    /// The digest of each item of [`Patched::base`], computed when first asked for and kept for all clones: 32 bytes an item.
    pub fn base_digests(&self, digest: impl Fn(L::Item<'_>) -> [u8; 32] + Sync) -> &[[u8; 32]] {
        let items = &self.base.items;
        let some = |indices: Range<usize>| -> Vec<_> { indices.map(|at| digest(items.get(at))).collect() };
        self.base.digests.get_or_init(|| {
            let half = items.len() / 2;
            let (end, mut all) = both(is_for_two(items.len()), || some(half..items.len()), || some(0..half));
            all.extend(end);
            all
        })
    }

    /// The slots of [`Patched::base`] in an order of their items, equal ones in their own; computed when first asked for and kept for all
    /// clones. There is one such order, so that the comparison must always be the same.
    pub fn base_order(&self, compare: impl Fn(L::Item<'_>, L::Item<'_>) -> Ordering) -> &Order {
        self.base.order.get_or_init(|| {
            let items = &self.base.items;
            let compare = |a: &u32, b: &u32| compare(items.get(*a as usize), items.get(*b as usize));
            let slots = 0..slot_of(items.len());
            if slots.clone().is_sorted_by(|a, b| compare(a, b).is_le()) {
                return Order::Same;
            }
            let mut slots: Box<[u32]> = slots.collect();
            slots.sort_by(compare);
            Order::Other(slots)
        })
    }

    /// What was added later, removed items too; its first slot is the length of [`Patched::base`].
    pub fn added(&self) -> &L {
        &self.added
    }

    /// The slots of removed items, in order.
    pub fn removed(&self) -> &[u32] {
        &self.removed
    }

    /// True where the item in this slot was removed. O(log removed).
    pub fn is_removed(&self, slot: u32) -> bool {
        !self.removed.is_empty() && self.removed.binary_search(&slot).is_ok()
    }

    /// Adds an item at the end and returns its slot.
    pub fn push(&mut self, item: L::Item<'_>) -> u32 {
        self.added.push(item);
        slot_of(self.slots() - 1)
    }

    /// Removes the item in a slot; false where it was removed before.
    pub fn remove(&mut self, slot: u32) -> bool {
        let place = self.removed.binary_search(&slot);
        if let Err(place) = place {
            self.removed.insert(place, slot);
        }
        place.is_err()
    }

    /// True where `self` was made from `other` by adding and removing, so that `other`'s slots mean the same items here.
    pub fn extends(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.base, &other.base) && self.added.len() >= other.added.len()
    }
}

/// The number of a slot; lists have far fewer than 32 bits can count.
pub(super) fn slot_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl<L: List> Default for Patched<L> {
    fn default() -> Self {
        L::default().into()
    }
}

impl<L: List> From<L> for Patched<L> {
    fn from(mut items: L) -> Self {
        items.shrink();
        Self {
            base: Arc::new(Base {
                items,
                digests: OnceLock::new(),
                order: OnceLock::new(),
            }),
            added: L::default(),
            removed: Vec::new(),
        }
    }
}

impl<'a, L: List> FromIterator<L::Item<'a>> for Patched<L> {
    fn from_iter<I: IntoIterator<Item = L::Item<'a>>>(items: I) -> Self {
        let mut list = L::default();
        for item in items {
            list.push(item);
        }
        list.into()
    }
}

/// The same items in the same order, however they came to be there.
impl<L: List> PartialEq for Patched<L> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other.iter()).all(|(a, b)| a == b)
    }
}

impl<L: List> Eq for Patched<L> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Texts;

    const NAMES: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

    #[test]
    fn items_are_listed_from_any_slot_on_without_the_removed_ones() {
        let mut list: Patched<Texts> = NAMES[..4].iter().copied().collect();
        for item in &NAMES[4..] {
            list.push(item);
        }
        for slot in [5, 0, 2] {
            assert!(list.remove(slot));
            assert!(!list.remove(slot));
        }
        for from in 0..9_u32 {
            let expected: Vec<_> = [1, 3, 4, 6].into_iter().filter(|item| *item >= from).collect();
            let (slots, items): (Vec<_>, Vec<_>) = list.from_slot(from).unzip();
            assert_eq!(slots, expected, "from {from}");
            assert!(
                items
                    .iter()
                    .zip(slots)
                    .all(|(item, slot)| *item == NAMES[slot as usize])
            );
        }
        assert_eq!((list.len(), list.slots()), (4, 7));
        assert!(list.is_removed(5) && !list.is_removed(4));
    }

    #[test]
    fn an_edited_list_extends_the_one_that_it_was_made_from() {
        let list: Patched<Texts> = NAMES[..3].iter().copied().collect();
        let mut edited = list.clone();
        edited.push("x");
        assert!(edited.extends(&list) && !list.extends(&edited));
        assert!(
            !edited.extends(&NAMES[..3].iter().copied().collect()),
            "equal content, other slots"
        );
        assert_ne!(edited, list);
        edited.remove(3);
        assert_eq!(edited, list);
    }

    #[test]
    fn digests_stand_in_the_order_of_their_items_however_many_there_are() {
        let digest = |text: &str| {
            let mut digest = [0; 32];
            digest[..text.len()].copy_from_slice(text.as_bytes());
            digest
        };
        for count in [0, 3, 20_001] {
            let texts: Vec<String> = (0..count).map(|number| number.to_string()).collect();
            let list: Patched<Texts> = texts.iter().map(String::as_str).collect();
            let expected: Vec<_> = texts.iter().map(|text| digest(text)).collect();
            assert_eq!(list.base_digests(digest), expected);
        }
    }

    #[test]
    fn another_order_is_kept_only_where_it_is_another() {
        let list: Patched<Texts> = ["b", "a", "c", "a"].into_iter().collect();
        let order = list.base_order(Ord::cmp);
        assert_eq!((0..4).map(|place| order.slot(place)).collect::<Vec<_>>(), [1, 3, 0, 2]);
        let sorted: Patched<Texts> = NAMES.into_iter().collect();
        assert!(matches!(sorted.base_order(Ord::cmp), Order::Same));
    }
}
