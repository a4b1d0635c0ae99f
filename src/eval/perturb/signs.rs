//! Perturbations of single characters, and of what stands between them.

use super::{Cell, Written, is_hanzi, is_letter};
use crate::eval::Seeded;

/// First capital and first small letter of styles without holes: bold, bold italic, bold script, bold Fraktur, sans-serif, monospace.
const STYLES: [(u32, u32); 6] = [
    (0x1d400, 0x1d41a),
    (0x1d468, 0x1d482),
    (0x1d4d0, 0x1d4ea),
    (0x1d56c, 0x1d586),
    (0x1d5a0, 0x1d5ba),
    (0x1d670, 0x1d68a),
];

/// Letters of other alphabets that look like small Latin ones.
const LOOK_ALIKES: [(char, &str); 14] = [
    ('a', "аα"),
    ('c', "сϲ"),
    ('d', "ԁ"),
    ('e', "е"),
    ('h', "һ"),
    ('i', "іι"),
    ('j', "ј"),
    ('k', "κ"),
    ('o', "оο"),
    ('p', "рρ"),
    ('s', "ѕ"),
    ('u', "υ"),
    ('x', "х"),
    ('y', "у"),
];

const INVISIBLE: [&str; 6] = ["\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{ad}"];
const MARKS: [&str; 6] = ["\u{301}", "\u{308}", "\u{30a}", "\u{323}", "\u{336}", "\u{35c}"];

/// Signs that no sentence needs between two hanzi, and signs that it may.
const SIGNS: [&str; 8] = ["-", ".", "*", "_", "~", "·", " ", "--"];
const CLAUSES: [&str; 3] = ["、", "，", ","];
const LATIN_SIGNS: [&str; 6] = [".", "-", "_", "*", "~", "·"];

pub(super) fn full_width(written: &mut Written) -> bool {
    each(
        written,
        |c| char::from_u32(u32::from(c) + 0xfee0),
        |c| c.is_ascii_alphanumeric(),
    )
}

pub(super) fn enclosed(written: &mut Written, chance: &mut Seeded) -> bool {
    let style = chance.below(4);
    let enclose = |c: char| {
        let (upper, lower) = (
            u32::from(c.to_ascii_uppercase()) - 0x41,
            u32::from(c.to_ascii_lowercase()) - 0x61,
        );
        char::from_u32(match style {
            0 => 0x24b6 + upper,
            1 => 0x24d0 + lower,
            2 => 0x1f130 + upper,
            _ => 0x1f170 + upper,
        })
    };
    each(written, enclose, is_letter)
}

pub(super) fn mathematical(written: &mut Written, chance: &mut Seeded) -> bool {
    let (capital, small) = STYLES[chance.below(STYLES.len())];
    let style = |c: char| {
        let from_a = |first: u8| u32::from(c) - u32::from(first);
        char::from_u32(if c.is_ascii_uppercase() {
            capital + from_a(b'A')
        } else {
            small + from_a(b'a')
        })
    };
    each(written, style, is_letter)
}

/// Replaces every symbol of a kind.
fn each(written: &mut Written, by: impl Fn(char) -> Option<char>, is: impl Fn(char) -> bool) -> bool {
    let places = written.open(is);
    for &at in &places {
        if let Some(c) = by(written.cells[at].plain) {
            written.replace(at, c.to_string());
        }
    }
    !places.is_empty()
}

pub(super) fn homoglyphs(written: &mut Written, chance: &mut Seeded) -> bool {
    let looks = |c: char| LOOK_ALIKES.iter().find(|(plain, _)| *plain == c).map(|(_, like)| *like);
    let places = written.open(|c| looks(c).is_some());
    let letters = written.cells.iter().filter(|cell| is_letter(cell.plain)).count();
    // A word wholly in another alphabet is a word of that alphabet.
    if places.is_empty() || letters < 2 {
        return false;
    }
    for at in Written::some(places, letters - 1, chance) {
        let like: Vec<char> = looks(written.cells[at].plain).unwrap_or_default().chars().collect();
        if let Some(c) = chance.pick(&like) {
            written.replace(at, c.to_string());
        }
    }
    true
}

pub(super) fn zero_width(written: &mut Written, chance: &mut Seeded) -> bool {
    insert(written, chance, |_, chance| {
        chance.pick(&INVISIBLE).copied().unwrap_or_default()
    })
}

pub(super) fn combining_marks(written: &mut Written, chance: &mut Seeded) -> bool {
    let places = written.open(|c| is_hanzi(c) || is_letter(c));
    if places.is_empty() {
        return false;
    }
    let most = places.len();
    for at in Written::some(places, most, chance) {
        if let Some(mark) = chance.pick(&MARKS) {
            written.cells[at].written.push_str(mark);
            written.cells[at].replaced = true;
        }
    }
    true
}

/// Signs between the symbols: what the rules for gaps allow to terms of this length.
pub(super) fn separators(written: &mut Written, chance: &mut Seeded) -> bool {
    if written
        .cells
        .iter()
        .any(|cell| !cell.plain.is_alphanumeric() || !cell.gap.is_empty())
    {
        return false;
    }
    if written.all(|c| c.is_ascii()) {
        let sign = chance.pick(&LATIN_SIGNS).copied().unwrap_or_default();
        let every = chance.below(2) == 0;
        return insert(
            written,
            chance,
            |_, chance| {
                if every || chance.below(2) == 0 { sign } else { "" }
            },
        );
    }
    let long = written.cells.len() > 2;
    let hanzi: Vec<bool> = written.cells.iter().map(|cell| is_hanzi(cell.plain)).collect();
    // Between the letters of one token other rules hold: they are the Latin terms' business.
    let beside_hanzi = move |at: usize| hanzi[at] || hanzi.get(at + 1) == Some(&true);
    insert(written, chance, move |at, chance| match chance.below(4) {
        _ if !beside_hanzi(at) => "",
        0 if long => "",
        1 if long => chance.pick(&CLAUSES).copied().unwrap_or_default(),
        _ => chance.pick(&SIGNS).copied().unwrap_or_default(),
    })
}

/// The letters of one word, or of all words of several: `f u c k`, `send n u d e s`.
pub(super) fn spaced_letters(written: &mut Written, chance: &mut Seeded) -> bool {
    const FEWEST: usize = 3;
    let plain = |cell: &Cell| (is_letter(cell.plain) || cell.plain == ' ') && cell.gap.is_empty();
    let letters = written.cells.iter().filter(|cell| cell.plain != ' ').count();
    if letters < FEWEST || !written.cells.iter().all(plain) {
        return false;
    }
    let words: Vec<_> = written
        .cells
        .split(|cell| cell.plain == ' ')
        .map(<[Cell]>::len)
        .collect();
    let long: Vec<_> = (0..words.len()).filter(|&word| words[word] >= FEWEST).collect();
    let one = match words.len() {
        1 => None,
        _ => chance.pick(&long).filter(|_| chance.below(2) == 0),
    };
    for (number, word) in written.cells.split_mut(|cell| cell.plain == ' ').enumerate() {
        let last = word.len().saturating_sub(1);
        for cell in word[..last].iter_mut().filter(|_| one.is_none_or(|&one| one == number)) {
            cell.gap.push(' ');
        }
    }
    written.cells.iter().any(|cell| !cell.gap.is_empty())
}

/// Puts something into the gaps, at least into one.
fn insert(written: &mut Written, chance: &mut Seeded, what: impl Fn(usize, &mut Seeded) -> &'static str) -> bool {
    let gaps = written.cells.len().saturating_sub(1);
    if gaps == 0 {
        return false;
    }
    for _ in 0..20 {
        let mut any = false;
        for (at, cell) in written.cells[..gaps].iter_mut().enumerate() {
            let between = what(at, chance);
            cell.gap.push_str(between);
            any |= !between.is_empty();
        }
        if any {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;
    use crate::text::{Folded, fold};

    fn written(term: &str, perturb: impl Fn(&mut Written, &mut Seeded) -> bool, seed: u64) -> String {
        let mut written = Written::new(term);
        assert!(perturb(&mut written, &mut Seeded::new(seed, "signs")), "{term}");
        written.text()
    }

    fn folded(text: &str) -> String {
        let mut folded = Folded::default();
        fold(text, &mut folded);
        folded.symbols().iter().collect()
    }

    #[test]
    fn disguised_characters_fold_to_the_term() {
        for seed in 0..50 {
            assert_eq!(folded(&written("loser", |w, _| full_width(w), seed)), "loser");
            assert_eq!(folded(&written("loser", enclosed, seed)), "loser");
            assert_eq!(folded(&written("Loser", mathematical, seed)), "loser");
            assert_eq!(folded(&written("loser", homoglyphs, seed)), "loser");
            assert_eq!(folded(&written("loser加微", zero_width, seed)), "loser加微");
            assert_eq!(folded(&written("loser加微", combining_marks, seed)), "loser加微");
        }
        assert_eq!(written("ab", |w, _| full_width(w), 0), "ａｂ");
    }

    #[test]
    fn separators_keep_the_symbols_and_their_order() {
        for seed in 0..50 {
            for term in ["微信", "非法集资", "loser", "加v"] {
                let text = written(term, separators, seed);
                let symbols: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
                assert_eq!(symbols, term);
                assert_ne!(text, term);
                assert!(
                    !text.ends_with(|c: char| !c.is_alphanumeric()),
                    "nothing behind the last"
                );
            }
            assert!(
                !written("微信", separators, seed).contains(['，', '、', ',']),
                "two hanzi with a clause between are two"
            );
        }
    }

    #[test]
    fn letters_are_spaced_word_by_word() {
        let mut all: Vec<_> = (0..50).map(|seed| written("oh heck", spaced_letters, seed)).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all, ["o h h e c k", "oh h e c k"]);
        assert_eq!(written("heck", spaced_letters, 0), "h e c k");
    }

    #[test]
    fn marks_stay_with_their_letter() {
        let text = written("heck", combining_marks, 3);
        assert_eq!(text.graphemes(true).count(), 4);
    }
}
