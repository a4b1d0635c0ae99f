//! Chance that comes out the same for the same seed.

/// A generator of numbers: `SplitMix64`, of which eight lines suffice and whose order of numbers never changes.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// The sequence of a seed and a label, so that what is drawn for one purpose does not depend on how much was drawn for another.
    pub fn new(seed: u64, label: &str) -> Self {
        let hash = blake3::hash(label.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_bytes()[..8]);
        Self(seed ^ u64::from_le_bytes(first))
    }

    /// The next number.
    pub fn next_number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let number = self.next_number() % (end.max(1) as u64);
        usize::try_from(number).unwrap_or(0)
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// Puts them in a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            let other = self.below(end + 1);
            items.swap(end, other);
        }
    }
}

/// At most `room` of all that come by, each as likely as any other.
#[derive(Clone, Debug)]
pub struct Reservoir<T> {
    room: usize,
    seen: usize,
    kept: Vec<T>,
}

impl<T> Reservoir<T> {
    /// Keeps at most `room`.
    pub fn new(room: usize) -> Self {
        Self {
            room,
            seen: 0,
            kept: Vec::new(),
        }
    }

    /// One comes by; it is made only if it is kept.
    pub fn offer(&mut self, chance: &mut Seeded, item: impl FnOnce() -> T) {
        self.seen += 1;
        if self.kept.len() < self.room {
            self.kept.push(item());
        } else if self.room > 0 {
            let place = chance.below(self.seen);
            if place < self.room {
                self.kept[place] = item();
            }
        }
    }

    /// True where nothing was kept.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// What was kept.
    pub fn into_kept(self) -> Vec<T> {
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_label_others() {
        let numbers = |seed, label| {
            let mut chance = Seeded::new(seed, label);
            [(); 4].map(|()| chance.next_number())
        };
        assert_eq!(numbers(7, "gaps"), numbers(7, "gaps"));
        assert_ne!(numbers(7, "gaps"), numbers(8, "gaps"));
        assert_ne!(numbers(7, "gaps"), numbers(7, "runs"));
    }

    #[test]
    fn a_shuffle_loses_nothing() {
        let mut items: Vec<_> = (0..100).collect();
        Seeded::new(1, "").shuffle(&mut items);
        assert_ne!(items[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        items.sort_unstable();
        assert!(items.into_iter().eq(0..100));
    }

    #[test]
    fn every_item_is_about_as_likely_to_be_kept() {
        let mut kept = [0; 10];
        for seed in 0..2_000 {
            let mut chance = Seeded::new(seed, "reservoir");
            let mut reservoir = Reservoir::new(3);
            for item in 0..10 {
                reservoir.offer(&mut chance, || item);
            }
            for item in reservoir.into_kept() {
                kept[item] += 1;
            }
        }
        assert!(kept.iter().all(|n| (500..700).contains(n)), "{kept:?}");
    }
}
