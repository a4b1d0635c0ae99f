//! Where a match may begin and end inside running text.

use crate::{
    dictionary::MatchMode,
    text::{Class, Folded},
};

/// Which ends of a pattern must stand on a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edges {
    start: bool,
    end: bool,
}

impl Edges {
    /// What a term asks of its ends: its mode where it names one, else the default of the script at each end.
    ///
    /// `classes` are those of the folded term; must not be empty.
    pub fn new(mode: Option<MatchMode>, classes: &[Class]) -> Self {
        let (start, end) = match mode {
            Some(MatchMode::Word) => (true, true),
            Some(MatchMode::WordStart) => (true, false),
            Some(MatchMode::Substring) => (false, false),
            None => {
                let spaced = |class: Option<&Class>| class.is_some_and(|c| !c.is_unspaced());
                (
                    spaced(classes.first()),
                    spaced(classes.last()) && classes.last() != Some(&Class::Hangul),
                )
            }
        };
        Self::of(start, end)
    }

    /// These ends.
    pub(crate) fn of(start: bool, end: bool) -> Self {
        Self { start, end }
    }

    /// True where the start must stand on a boundary.
    pub fn start(self) -> bool {
        self.start
    }

    /// True where the end must stand on a boundary.
    pub fn end(self) -> bool {
        self.end
    }

    /// True where the match `start..end` of the folded `text` stands as this pattern asks: only a neighbour of the same class and
    /// script as the symbol at that end breaks a boundary, and separators break none.
    pub fn hold(self, folded: &Folded, text: &str, start: usize, end: usize) -> bool {
        let broken = |left: Option<usize>| left.is_some_and(|left| folded.joined(text, left));
        !(self.start && broken(start.checked_sub(1)) || self.end && broken(end.checked_sub(1)))
    }
}

/// Where the Latin letters end that stand from `start` on.
pub(crate) fn latin_end(classes: &[Class], start: usize) -> usize {
    start
        + classes[start..]
            .iter()
            .take_while(|&&class| class == Class::Latin)
            .count()
}

/// True where the symbol at `at` surely goes on the word of the one before it.
pub(crate) fn joined(classes: &[Class], at: usize) -> bool {
    match (
        at.checked_sub(1).and_then(|before| classes.get(before)),
        classes.get(at),
    ) {
        (Some(before), Some(class)) => before == class && class.is_word(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    /// Whether `term` may match in `text` where it first occurs.
    fn holds(mode: Option<MatchMode>, term: &str, text: &str) -> bool {
        let (mut t, mut x) = (Folded::default(), Folded::default());
        fold(term, &mut t);
        fold(text, &mut x);
        let start = x
            .symbols()
            .windows(t.symbols().len())
            .position(|w| w == t.symbols())
            .expect("the term occurs");
        Edges::new(mode, t.classes()).hold(&x, text, start, start + t.symbols().len())
    }

    #[test]
    fn latin_terms_are_whole_words_but_another_class_is_a_boundary() {
        assert!(holds(None, "vx", "vx123"));
        assert!(holds(None, "vx", "加vx"));
        assert!(!holds(None, "vx", "vxs"));
        assert!(!holds(None, "ass", "class"));
    }

    #[test]
    fn a_russian_word_is_one_word_although_some_of_its_letters_fold_to_latin_ones() {
        assert!(!holds(None, "ac", "класс"));
    }

    #[test]
    fn digits_do_not_match_inside_longer_numbers() {
        assert!(!holds(None, "69", "695"));
        assert!(holds(None, "69", "a69b"));
    }

    #[test]
    fn han_terms_match_inside_running_text_unless_they_say_word() {
        assert!(holds(None, "微信", "加微信号"));
        assert!(!holds(Some(MatchMode::Word), "微信", "加微信号"));
        assert!(holds(Some(MatchMode::Word), "微信", "add 微信 now"));
    }

    #[test]
    fn each_end_of_a_mixed_term_is_decided_by_its_own_symbol() {
        assert!(holds(None, "加v", "快加v吧"));
        assert!(!holds(None, "加v", "快加vip"));
    }

    #[test]
    fn korean_terms_match_at_word_starts() {
        assert!(holds(None, "도박", "도박사이트"));
        assert!(!holds(None, "도박", "불법도박"));
    }

    #[test]
    fn a_term_that_says_substring_matches_anywhere() {
        assert!(holds(Some(MatchMode::Substring), "casino", "onlinecasinos"));
        assert!(holds(Some(MatchMode::WordStart), "casino", "casinos"));
        assert!(!holds(Some(MatchMode::WordStart), "casino", "onlinecasino"));
    }
}
