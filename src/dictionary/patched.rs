//! A long list that is edited without being copied.

use std::{
    ops::Index,
    sync::{Arc, OnceLock},
};

/// A list whose clones share what was there from the start. What is added later goes to the end, what is removed stays in its slot
/// and is skipped, so that a slot number means the same item in every list made from this one: what was compiled for a list still
/// fits the edited one.
///
/// ```
/// use tamis::dictionary::Patched;
/// let list = Patched::from(vec!["a", "b", "c"]);
/// let mut edited = list.clone();
/// edited.remove(1);
/// assert_eq!(edited.push("d"), 3);
/// assert_eq!(edited.iter().copied().collect::<Vec<_>>(), ["a", "c", "d"]);
/// assert_eq!(edited[1], "b", "slots stay");
/// assert_eq!(list.len(), 3);
/// ```
#[derive(Clone, Debug)]
pub struct Patched<T> {
    base: Arc<Base<T>>,
    added: Vec<T>,
    /// The slots that are skipped, in order.
    removed: Vec<u32>,
}

/// What was there from the start.
#[derive(Debug)]
struct Base<T> {
    items: Vec<T>,
    digests: OnceLock<Vec<[u8; 32]>>,
    order: OnceLock<Vec<u32>>,
}

impl<T> Patched<T> {
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

    /// The items: those from the start, then the added ones.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.from_slot(0).map(|(_, item)| item)
    }

    /// The items from a slot on, each with its slot.
    pub fn from_slot(&self, slot: u32) -> impl Iterator<Item = (u32, &T)> {
        let from = slot as usize;
        let (base, added) = (
            &self.base.items[from.min(self.base.items.len())..],
            &self.added[from.saturating_sub(self.base.items.len())..],
        );
        let mut removed = self.removed[self.removed.partition_point(|&gone| gone < slot)..]
            .iter()
            .peekable();
        (slot..)
            .zip(base.iter().chain(added))
            .filter(move |(slot, _)| removed.next_if_eq(&slot).is_none())
    }

    /// What was there from the start, removed items too.
    pub fn base(&self) -> &[T] {
        &self.base.items
    }

    /// The digest of each item of [`Patched::base`], computed when first asked for and kept for all clones: 32 bytes an item.
    pub fn base_digests(&self, digest: impl Fn(&T) -> [u8; 32]) -> &[[u8; 32]] {
        self.base
            .digests
            .get_or_init(|| self.base.items.iter().map(digest).collect())
    }

    /// The slots of [`Patched::base`] by a key of their items, those of one key in their own order; computed when first asked for and
    /// kept for all clones: 4 bytes an item. There is one such order, so that the key must always be the same.
    pub fn base_order<K: Ord + ?Sized>(&self, key: impl Fn(&T) -> &K) -> &[u32] {
        self.base.order.get_or_init(|| {
            let end = u32::try_from(self.base.items.len()).unwrap_or(u32::MAX);
            let mut order: Vec<u32> = (0..end).collect();
            order.sort_by(|a, b| key(&self.base.items[*a as usize]).cmp(key(&self.base.items[*b as usize])));
            order
        })
    }

    /// What was added later, removed items too; its first slot is the length of [`Patched::base`].
    pub fn added(&self) -> &[T] {
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
    pub fn push(&mut self, item: T) -> u32 {
        self.added.push(item);
        u32::try_from(self.slots() - 1).unwrap_or(u32::MAX)
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

impl<T> Index<usize> for Patched<T> {
    type Output = T;

    /// The item in a slot, also where it was removed.
    fn index(&self, slot: usize) -> &T {
        match slot.checked_sub(self.base.items.len()) {
            None => &self.base.items[slot],
            Some(added) => &self.added[added],
        }
    }
}

impl<T> Default for Patched<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T> From<Vec<T>> for Patched<T> {
    fn from(items: Vec<T>) -> Self {
        Self {
            base: Arc::new(Base {
                items,
                digests: OnceLock::new(),
                order: OnceLock::new(),
            }),
            added: Vec::new(),
            removed: Vec::new(),
        }
    }
}

impl<T> FromIterator<T> for Patched<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        items.into_iter().collect::<Vec<_>>().into()
    }
}

/// The same items in the same order, however they came to be there.
impl<T: PartialEq> PartialEq for Patched<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<T: Eq> Eq for Patched<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_listed_from_any_slot_on_without_the_removed_ones() {
        let mut list: Patched<_> = (0..4).collect();
        for item in 4..7 {
            list.push(item);
        }
        for slot in [5, 0, 2] {
            assert!(list.remove(slot));
            assert!(!list.remove(slot));
        }
        for from in 0..9_u32 {
            let expected: Vec<_> = [1, 3, 4, 6].into_iter().filter(|item| *item >= from).collect();
            let (slots, items): (Vec<_>, Vec<_>) =
                list.from_slot(from.min(7)).map(|(slot, item)| (slot, *item)).unzip();
            assert_eq!((&slots, &items), (&expected, &expected), "from {from}");
        }
        assert_eq!((list.len(), list.slots()), (4, 7));
        assert!(list.is_removed(5) && !list.is_removed(4));
    }

    #[test]
    fn an_edited_list_extends_the_one_that_it_was_made_from() {
        let list: Patched<_> = (0..3).collect();
        let mut edited = list.clone();
        edited.push(9);
        assert!(edited.extends(&list) && !list.extends(&edited));
        assert!(!edited.extends(&(0..3).collect()), "equal content, other slots");
        assert_ne!(edited, list);
        edited.remove(3);
        assert_eq!(edited, list);
    }
}
