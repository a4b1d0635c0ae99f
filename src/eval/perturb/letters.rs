//! Perturbations of Latin words: growth, leet, masks.

use super::{Written, is_letter};
use crate::eval::Seeded;

/// What people write for a letter.
const LEET: [(char, &str); 8] = [
    ('a', "4@"),
    ('b', "8"),
    ('e', "3"),
    ('g', "69"),
    ('i', "1!"),
    ('o', "0"),
    ('s', "5$"),
    ('t', "7"),
];

const MASKS: [&str; 3] = ["*", "#", "_"];

/// Repeats one or two letters, the first of them to three at least.
pub(super) fn runs(written: &mut Written, chance: &mut Seeded) -> bool {
    let places = written.open(is_letter);
    if places.is_empty() || !written.all(|c| c.is_ascii()) {
        return false;
    }
    for (number, at) in Written::some(places, 2, chance).into_iter().enumerate() {
        let count = if number == 0 {
            3 + chance.below(4)
        } else {
            2 + chance.below(3)
        };
        let letter = written.cells[at].plain.to_string();
        written.replace(at, letter.repeat(count));
    }
    true
}

/// Digits and signs for up to half of the letters of each word; one at least stays.
pub(super) fn leet(written: &mut Written, chance: &mut Seeded) -> bool {
    let signs = |c: char| {
        LEET.iter()
            .find(|(letter, _)| letter.eq_ignore_ascii_case(&c))
            .map(|(_, signs)| *signs)
    };
    let places = written.open(|c| signs(c).is_some());
    let letters = written.cells.iter().filter(|cell| is_letter(cell.plain)).count();
    if places.is_empty() || letters < 3 || !written.all(is_letter) {
        return false;
    }
    for at in Written::some(places, (letters / 2).max(1), chance) {
        let signs: Vec<char> = signs(written.cells[at].plain).unwrap_or_default().chars().collect();
        if let Some(sign) = chance.pick(&signs) {
            written.replace(at, sign.to_string());
        }
    }
    true
}

/// Hides up to half of a word of four letters or more.
pub(super) fn masks(written: &mut Written, chance: &mut Seeded) -> bool {
    let length = written.cells.len();
    let places = written.open(is_letter);
    if length < 4 || places.is_empty() || !written.all(is_letter) {
        return false;
    }
    let mask = chance.pick(&MASKS).copied().unwrap_or_default();
    for at in Written::some(places, length / 2, chance) {
        written.replace(at, mask.to_owned());
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(term: &str, perturb: impl Fn(&mut Written, &mut Seeded) -> bool, seed: u64) -> String {
        let mut written = Written::new(term);
        assert!(perturb(&mut written, &mut Seeded::new(seed, "letters")), "{term}");
        written.text()
    }

    #[test]
    fn growth_repeats_letters_and_nothing_else() {
        for seed in 0..50 {
            let text = written("jerk", runs, seed);
            let mut letters: Vec<char> = text.chars().collect();
            assert!(letters.chunk_by(|a, b| a == b).any(|run| run.len() >= 3), "{text}");
            letters.dedup();
            assert_eq!(letters, ['j', 'e', 'r', 'k']);
        }
    }

    #[test]
    fn leet_keeps_the_length_and_a_letter() {
        for seed in 0..50 {
            let text = written("toast", leet, seed);
            assert_eq!(text.chars().count(), 5);
            assert!(text.contains(|c: char| c.is_ascii_lowercase()), "{text}");
            for (sign, letter) in text.chars().zip("toast".chars()) {
                let known = LEET.iter().any(|(l, signs)| *l == letter && signs.contains(sign));
                assert!(sign == letter || known, "{text}");
            }
        }
    }

    #[test]
    fn masks_hide_half_at_most() {
        for seed in 0..50 {
            let text = written("toast", masks, seed);
            let hidden = text.chars().filter(|c| !c.is_ascii_lowercase()).count();
            assert!((1..=2).contains(&hidden) && text.chars().count() == 5, "{text}");
        }
    }
}
