//! Blocked Bloom filters: a key chooses one 32-bit word and two bits in it, so that one load, or one lane of a gather, asks for a key.

/// A set of 32-bit keys that answers "perhaps" or "no".
#[derive(Debug, PartialEq)]
pub(crate) struct Bloom(Vec<u32>);

impl Bloom {
    /// Room for so many keys.
    pub(crate) fn new(keys: usize, bits_per_key: usize, words: std::ops::RangeInclusive<usize>) -> Self {
        let wanted = (keys * bits_per_key / 32).next_power_of_two();
        Self(vec![0; wanted.clamp(*words.start(), *words.end())])
    }

    /// The two bits of a key in its word: by the upper ten bits, while the lower ones choose the word.
    #[inline]
    pub(crate) fn bits(key: u32) -> u32 {
        1 << (key >> 27) | 1 << (key >> 22 & 31)
    }

    #[inline]
    fn word(&self, key: u32) -> usize {
        key as usize & (self.0.len() - 1)
    }

    /// Adds a key to the set.
    pub(crate) fn insert(&mut self, key: u32) {
        let word = self.word(key);
        self.0[word] |= Self::bits(key);
    }

    /// False where the key is certainly not in the set.
    #[inline]
    pub(crate) fn perhaps(&self, key: u32) -> bool {
        self.0[self.word(key)] & Self::bits(key) == Self::bits(key)
    }

    /// The words, a power of two.
    pub(crate) fn words(&self) -> &[u32] {
        &self.0
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        size_of_val(self.0.as_slice())
    }
}
