//! The plane `gaps`: separators inside a term, `微-信`, `f.u.c.k`, `f u c k`, without reading `有点傻。逼近` or `but it` as one.

use super::skeleton::Piece;
use crate::text::{Class, Folded};

/// Most separators in one gap, unless it is a single strong one.
pub(super) const MOST_WEAK: usize = 2;

/// Fewest letters of a row that are spaced out, `f u c k`: two single letters beside each other are ordinary English.
const FEWEST_SPACED: usize = 3;

/// What follows the apostrophe of an English contraction, which some write as a dot or a comma.
const CONTRACTED: [&[char]; 3] = [&['l'], &['r', 'e'], &['v', 'e']];

/// What follows a proper apostrophe besides.
const POSSESSIVE: [&[char]; 3] = [&['s'], &['d'], &['m']];

/// The gaps between the pieces of one occurrence.
#[derive(Debug)]
pub(crate) struct Gaps {
    /// Letters of the term, separators not counted.
    letters: usize,
    /// True where a gap stands that the term does not have.
    used: bool,
    /// The gaps inside the words that ended, between letters of scripts that use spaces: with white space, and without.
    spaced: usize,
    tight: usize,
    /// Those of the word at hand.
    word: Word,
    /// Letters of the words up to here whose letters all stand alone, and whether some of those are gaps apart that the term does not have.
    row: usize,
    spaced_row: bool,
    /// True where a word is spaced out only in part, or a row is too short.
    broken: bool,
    /// What may be an English contraction.
    contraction: Option<Contraction>,
}

/// The gaps inside one word of a term, between letters of scripts that use spaces.
#[derive(Debug, Default)]
struct Word {
    /// With white space.
    spaced: usize,
    /// Without.
    tight: usize,
    /// Letters of the term side by side.
    solid: usize,
}

/// The separators that a term has between two letters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Joint<'a> {
    pub(crate) separators: &'a [char],
    /// So many letters has the word that ends before them.
    pub(crate) word: usize,
}

/// Which terms a gap may hide that they have not themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hides {
    Nothing,
    /// Those of more than two letters.
    Long,
    All,
}

impl Hides {
    /// `spaced` where both sides are letters or digits of scripts that put spaces between words.
    pub(super) fn of(gap: &[char], classes: &[Class], spaced: bool) -> Self {
        let short = gap.len() <= MOST_WEAK && !classes.contains(&Class::SeparatorStrong);
        let parts_words = spaced && gap.iter().any(|c| c.is_whitespace());
        if !short && (gap.len() > 1 || parts_words) {
            Self::Nothing
        } else if spaced || short && !gap.iter().any(|&c| ends_clause(c)) {
            Self::All
        } else {
            Self::Long
        }
    }
}

impl Gaps {
    pub(crate) fn new(letters: usize) -> Self {
        Self {
            letters,
            used: false,
            spaced: 0,
            tight: 0,
            word: Word::default(),
            row: 0,
            spaced_row: false,
            broken: false,
            contraction: None,
        }
    }

    /// True where the text has separators that the term has not.
    pub(crate) fn used(&self) -> bool {
        self.used
    }

    /// Takes in what stands between two neighbouring pieces; `joint` where the term itself has separators there. `None` where it is more
    /// than the plane allows.
    pub(crate) fn between(&mut self, folded: &Folded, a: Piece, b: Piece, joint: Option<Joint<'_>>) -> Option<()> {
        let range = a.end as usize..(b.start as usize).max(a.end as usize);
        let (gap, classes) = (&folded.symbols()[range.clone()], &folded.classes()[range]);
        if let Some(Contraction { behind, .. }) = &mut self.contraction
            && behind.last() != Some(&b.symbol)
        {
            behind.push(b.symbol);
        }
        if let Some(Joint { separators, word }) = joint {
            self.end_word(word);
            if gap.len() > MOST_WEAK || gap.iter().any(|c| !c.is_whitespace()) {
                self.end_row();
            }
            return self.joint(gap, separators).then_some(());
        }
        let spaced_script = is_spaced(a) && is_spaced(b);
        if gap.is_empty() {
            self.word.solid += usize::from(spaced_script && a.symbol != b.symbol);
            return Some(());
        }
        self.used = true;
        if spaced_script && gap.iter().all(|&c| is_apostrophe(c) || matches!(c, '.' | ',' | '\\')) {
            self.contraction = Some(Contraction {
                proper: gap.iter().copied().any(is_apostrophe),
                before: a.symbol,
                behind: vec![b.symbol],
            });
        }
        let blank = gap.iter().any(|c| c.is_whitespace());
        self.word.spaced += usize::from(spaced_script && blank);
        self.word.tight += usize::from(spaced_script && !blank);
        let allowed = match Hides::of(gap, classes, spaced_script) {
            Hides::Nothing => false,
            Hides::Long => self.letters > 2,
            Hides::All => true,
        };
        allowed.then_some(())
    }

    /// Takes in that so many more of the term's letters stand side by side, being the same as that of `piece`. What is written more
    /// often than in the term does not count: `f uuu c k`.
    pub(crate) fn repeated(&mut self, letters: usize, piece: Piece) {
        self.word.solid += if is_spaced(piece) { letters } else { 0 };
    }

    /// Where the term has separators the text must have some: white space for white space and the same for the same are free.
    fn joint(&mut self, gap: &[char], joint: &[char]) -> bool {
        let blank = |separators: &[char]| separators.iter().all(|c| c.is_whitespace());
        if gap.is_empty() || gap == joint || blank(gap) && blank(joint) {
            return !gap.is_empty();
        }
        self.used = true;
        gap.iter().filter(|c| !c.is_whitespace()).count() <= MOST_WEAK
    }

    /// Ends a word of the term that has so many letters: spaced out are all of them or none.
    fn end_word(&mut self, letters: usize) {
        let word = std::mem::take(&mut self.word);
        self.broken |= word.spaced > 0 && (word.tight > 0 || word.solid > 0);
        if word.spaced == 0 && letters > 1 {
            self.end_row();
        } else {
            self.row += letters;
            self.spaced_row |= word.spaced > 0;
        }
        self.spaced += word.spaced;
        self.tight += word.tight;
    }

    /// Ends a row of letters that stand alone.
    fn end_row(&mut self) {
        self.broken |= self.spaced_row && self.row < FEWEST_SPACED;
        (self.row, self.spaced_row) = (0, false);
    }

    /// Whether the gaps together are allowed; the last word of the term has so many letters.
    pub(crate) fn allowed(&mut self, word: usize) -> bool {
        self.end_word(word);
        self.end_row();
        !self.is_contraction() && !self.broken
    }

    /// True where letters are spaced out.
    fn spaced_out(&self) -> bool {
        self.spaced > 0
    }

    /// True for he'll and bob's, whose only gap is the apostrophe of English.
    fn is_contraction(&self) -> bool {
        self.tight == 1 && self.spaced == 0 && self.contraction.as_ref().is_some_and(Contraction::is_english)
    }

    /// Whether the pieces go on beyond an end of the occurrence, so that it is only a part of a token or of a spaced row. `inside` are the
    /// pieces from that end inwards, `outside` those from it outwards.
    pub(crate) fn continues(
        &self,
        folded: &Folded,
        mut inside: impl Iterator<Item = Piece>,
        mut outside: impl Iterator<Item = Piece>,
    ) -> bool {
        let (Some(inner), Some(outer)) = (inside.next(), outside.next()) else {
            return false;
        };
        if !is_alike(inner, outer) {
            return false;
        }
        let gap = between(folded, inner, outer);
        if !gap.iter().any(|c| c.is_whitespace()) {
            return gap.len() <= MOST_WEAK;
        }
        let (second, third) = (outside.next(), outside.next());
        let is_lone = |a, beyond: Option<Piece>| beyond.is_none_or(|b| !touch(folded, a, b));
        let goes_on = || second.is_some_and(|second| is_alike(outer, second) && is_lone(second, third));
        self.spaced_out()
            && stands_alone(folded, inner, inside)
            && is_lone(outer, second)
            && (!is_word(outer.symbol) || goes_on())
    }
}

/// True where nothing stands between two neighbours, the second of a script that puts spaces between words.
fn touch(folded: &Folded, a: Piece, b: Piece) -> bool {
    is_spaced(b) && between(folded, a, b).is_empty()
}

/// True where the pieces that follow one are apart from it, or from its repetitions: it is no letter of a word that is written as one.
fn stands_alone(folded: &Folded, first: Piece, following: impl Iterator<Item = Piece>) -> bool {
    let mut last = first;
    for piece in following {
        if !touch(folded, last, piece) {
            return true;
        }
        if piece.symbol != first.symbol {
            return false;
        }
        last = piece;
    }
    true
}

/// True for two letters or two digits of scripts that put spaces between words.
fn is_alike(a: Piece, b: Piece) -> bool {
    is_spaced(a) && Class::of(a.symbol) == Class::of(b.symbol)
}

/// What stands between two neighbours, in whichever order.
fn between(folded: &Folded, a: Piece, b: Piece) -> &[char] {
    let (low, high) = (a.end.min(b.end) as usize, a.start.max(b.start) as usize);
    &folded.symbols()[low.min(high)..high]
}

/// True for what English writes in one letter: beside a spaced run it is a word, not more of the run.
pub(super) fn is_word(symbol: char) -> bool {
    matches!(symbol, 'a' | 'i' | 'u')
}

/// A gap that may be an apostrophe.
#[derive(Debug)]
struct Contraction {
    /// True where it is one, false for what is typed instead of it.
    proper: bool,
    before: char,
    /// The letters behind it, repetitions taken out.
    behind: Vec<char>,
}

impl Contraction {
    fn is_english(&self) -> bool {
        let behind = self.behind.as_slice();
        CONTRACTED.contains(&behind)
            || behind == ['t'] && self.before == 'n'
            || self.proper && POSSESSIVE.contains(&behind)
    }
}

fn is_apostrophe(symbol: char) -> bool {
    matches!(symbol, '\'' | '‘' | '’' | '`' | '´')
}

/// True for letters and digits of scripts that put spaces between words. Syllables stand for hanzi.
fn is_spaced(piece: Piece) -> bool {
    let class = Class::of(piece.symbol);
    class.is_word() && !class.is_unspaced()
}

/// Punctuation that ends a clause or a quotation: between two hanzi it is ordinary prose.
fn ends_clause(symbol: char) -> bool {
    matches!(
        symbol,
        ',' | '，'
            | '、'
            | ':'
            | '：'
            | ';'
            | '；'
            | '—'
            | '…'
            | '"'
            | '“'
            | '”'
            | '\''
            | '‘'
            | '’'
            | '('
            | ')'
            | '（'
            | '）'
            | '['
            | ']'
            | '【'
            | '】'
            | '《'
            | '》'
            | '「'
            | '」'
            | '\n'
    )
}

#[cfg(test)]
mod tests {
    use super::super::fit::tests::fits;

    fn slices(term: &str, text: &str) -> Vec<String> {
        fits(term, text).into_iter().map(|(slice, _)| slice).collect()
    }

    #[test]
    fn two_hanzi_may_stand_apart_by_two_weak_separators() {
        assert_eq!(slices("微信", "加微-信"), ["微-信"]);
        assert_eq!(slices("微信", "微 . 信"), [""; 0], "three are too many");
        assert_eq!(slices("微信", "微**信"), ["微**信"]);
    }

    #[test]
    fn the_end_of_a_clause_between_two_hanzi_is_prose() {
        assert_eq!(slices("傻逼", "有点傻。逼近"), [""; 0]);
        assert_eq!(slices("赌博", "他在赌，博士在看"), [""; 0]);
        assert_eq!(slices("赌博", "他在赌\n博士在看"), [""; 0]);
        assert_eq!(slices("傻逼", "说他“傻”逼近"), [""; 0]);
    }

    #[test]
    fn three_hanzi_may_have_one_strong_separator_in_a_gap() {
        assert_eq!(slices("加微信", "加。微！信"), ["加。微！信"]);
        assert_eq!(slices("加微信", "加。。微信"), [""; 0]);
    }

    #[test]
    fn a_latin_term_is_found_dotted_if_it_is_the_whole_token() {
        assert_eq!(slices("fuck", "f.u.c.k"), ["f.u.c.k"]);
        assert_eq!(slices("fuck", "oh f-u-ck you"), ["f-u-ck"]);
        assert_eq!(slices("shit", "this.hit.song"), [""; 0]);
        assert_eq!(slices("cunt", "don't"), [""; 0]);
    }

    #[test]
    fn a_latin_term_is_found_spaced_out_if_the_run_of_single_letters_equals_it() {
        assert_eq!(slices("fuck", "f u c k you"), ["f u c k"]);
        assert_eq!(slices("fuck", "fu ck"), [""; 0], "words may not be joined");
        assert_eq!(slices("butt", "but it"), [""; 0]);
        assert_eq!(slices("ass", "i a s s d"), [""; 0], "the run is longer than the term");
    }

    #[test]
    fn words_of_a_term_are_spaced_out_all_or_some_of_them() {
        assert_eq!(slices("kill you", "k i l l y o u"), ["k i l l y o u"]);
        assert_eq!(slices("kill you", "k i l l  y o u"), ["k i l l  y o u"]);
        assert_eq!(slices("kill you", "i k i l l you, bob"), ["k i l l you"]);
        assert_eq!(slices("kill you", "kill y o u"), ["kill y o u"]);
        assert_eq!(
            slices("kill you", "x kill y o u"),
            ["kill y o u"],
            "the row begins behind kill"
        );
        assert_eq!(
            slices("kill you", "k i l l you b"),
            ["k i l l you"],
            "and ends before you"
        );
        assert_eq!(slices("kill you", "k ill you"), [""; 0], "in part");
        assert_eq!(
            slices("kill you", "k i l l y o u r"),
            [""; 0],
            "the row is longer than the term"
        );
        assert_eq!(slices("go away", "g o away"), [""; 0], "two letters are too few");
        assert_eq!(slices("go away", "g o a w a y"), ["g o a w a y"]);
    }

    #[test]
    fn a_word_of_one_letter_beside_a_spaced_run_is_no_part_of_it() {
        assert_eq!(slices("fuck", "I f u c k you"), ["f u c k"]);
        assert_eq!(slices("shit", "what a s h i t"), ["s h i t"]);
        assert_eq!(slices("fuck", "hey, f u c k u"), ["f u c k"]);
        assert_eq!(slices("fuck", "f u c k u p"), [""; 0], "more of the run");
        assert_eq!(slices("fuck", "x f u c k"), [""; 0], "no word");
    }

    #[test]
    fn a_space_in_a_term_is_any_separator_but_not_none() {
        assert_eq!(slices("kill you", "kill_you"), ["kill_you"]);
        assert_eq!(slices("kill you", "killyou"), [""; 0]);
    }
}
