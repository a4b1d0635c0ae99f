//! What the fold makes of a dictionary's term: for the linter.

use super::{Class, Folded, fold};

/// What a term folds to, and what about that its author should know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermFold {
    /// The folded symbols.
    pub folded: String,
    /// The number of symbols.
    pub symbols: usize,
    /// True where letters or digits are among them; else the term is nothing but separators, or empty.
    pub has_word: bool,
    /// True where the term starts with a character that folds differently behind another one: a combining mark, a
    /// sound mark, a letter of a Korean syllable, a regional indicator.
    pub open_start: bool,
    /// True where the term ends with a character that folds differently before another one: a leading consonant or an
    /// open syllable of Korean, a regional indicator. A kana that a sound mark could follow does not count: running
    /// text writes that as one character.
    pub open_end: bool,
}

impl TermFold {
    /// Folds `term` by itself and between neighbours of several scripts.
    ///
    /// ```
    /// use tamis::text::TermFold;
    ///
    /// assert_eq!(TermFold::of("ＶⅩ").folded, "vx");
    /// assert!(TermFold::of("\u{200B}").folded.is_empty());
    /// assert!(TermFold::of("\u{E34}ก").open_start); // a Thai vowel sign needs a letter before it
    /// ```
    pub fn of(term: &str) -> Self {
        let mut alone = Folded::default();
        fold(term, &mut alone);
        Self {
            folded: alone.symbols().iter().collect(),
            symbols: alone.len(),
            has_word: alone.classes().iter().any(|class| Class::is_word(*class)),
            open_start: NEIGHBOURS
                .iter()
                .any(|neighbour| !stands(&alone, &format!("{neighbour}{term}"), neighbour, true)),
            open_end: NEIGHBOURS
                .iter()
                .any(|neighbour| !stands(&alone, &format!("{term}{neighbour}"), neighbour, false)),
        }
    }
}

/// One neighbour for each way in which characters join: a space, letters with and without marks, a kana, Korean letters
/// of each place and an open syllable, a regional indicator.
const NEIGHBOURS: [&str; 9] = [" ", "a", "ก", "か", "\u{1100}", "\u{1161}", "가", "\u{11A8}", "🇦"];

/// True where both the term and its neighbour fold in `sentence` as they do alone.
fn stands(alone: &Folded, sentence: &str, neighbour: &str, before: bool) -> bool {
    let (mut beside, mut together) = (Folded::default(), Folded::default());
    fold(neighbour, &mut beside);
    fold(sentence, &mut together);
    let (first, second) = if before { (&beside, alone) } else { (alone, &beside) };
    together
        .symbols()
        .iter()
        .eq(first.symbols().iter().chain(second.symbols()))
}
