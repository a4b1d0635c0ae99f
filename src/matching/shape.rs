//! The shape of a term: its skeleton, how often each symbol of it is written, and where separators belong.

use crate::text::Folded;

/// A term as the planes compare it with the pieces of a text.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// The skeleton: no separators, no repetitions.
    pub(crate) symbols: Vec<char>,
    /// For each symbol of the skeleton how often it is written.
    pub(crate) counts: Vec<u32>,
    /// The term without separators.
    pub(crate) letters: Vec<char>,
    /// For each letter the separators that the term has after it.
    joints: Vec<(u32, Vec<char>)>,
}

impl Shape {
    /// The shape of a folded term.
    pub(crate) fn of(folded: &Folded) -> Self {
        let mut shape = Self::default();
        shape.read(folded);
        shape
    }

    /// Becomes the shape of a folded term.
    #[expect(clippy::cast_possible_truncation, reason = "terms have at most 256 symbols")]
    pub(crate) fn read(&mut self, folded: &Folded) {
        self.symbols.clear();
        self.counts.clear();
        self.letters.clear();
        self.joints.clear();
        for (&symbol, class) in folded.symbols().iter().zip(folded.classes()) {
            if !class.is_word() {
                let Some(after) = self.letters.len().checked_sub(1) else {
                    continue;
                };
                match self.joints.last_mut() {
                    Some((at, separators)) if *at as usize == after => separators.push(symbol),
                    _ => self.joints.push((after as u32, vec![symbol])),
                }
                continue;
            }
            self.letters.push(symbol);
            if self.symbols.last() == Some(&symbol) {
                *self.counts.last_mut().unwrap_or(&mut 0) += 1;
            } else {
                self.symbols.push(symbol);
                self.counts.push(1);
            }
        }
        self.joints.retain(|&(at, _)| at as usize + 1 < self.letters.len());
    }

    /// The separators that the term has between a letter and the next; `None` where it has none.
    pub(crate) fn joint(&self, letter: usize) -> Option<&[char]> {
        let found = self.joints.binary_search_by_key(&letter, |&(at, _)| at as usize).ok()?;
        Some(&self.joints[found].1)
    }

    /// The separators that the term has behind one of its runs of equal letters; `None` where it has none.
    pub(crate) fn joint_behind(&self, run: usize) -> Option<&[char]> {
        let letters: u32 = self.counts.get(..=run)?.iter().sum();
        self.joint((letters as usize).checked_sub(1)?)
    }

    /// The letters that have separators between them, two by two, and whether those are more than white space.
    pub(crate) fn parted(&self) -> impl Iterator<Item = ((char, char), bool)> {
        self.joints.iter().filter_map(|(at, separators)| {
            let letter = |at: u32| self.letters.get(at as usize).copied();
            let signs = separators.iter().any(|c| !c.is_whitespace());
            Some(((letter(*at)?, letter(at + 1)?), signs))
        })
    }

    /// True where the term has separators inside.
    pub(crate) fn has_joints(&self) -> bool {
        !self.joints.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn a_term_is_its_letters_their_counts_and_the_separators_between() {
        let mut folded = Folded::default();
        fold("Kill-all!", &mut folded);
        let shape = Shape::of(&folded);
        assert_eq!(shape.symbols.iter().collect::<String>(), "kilal");
        assert_eq!(shape.counts, [1, 1, 2, 1, 2]);
        assert_eq!(shape.joint(3), Some(&['-'][..]));
        assert_eq!(shape.joint(6), None, "what stands after the last letter joins nothing");
    }
}
