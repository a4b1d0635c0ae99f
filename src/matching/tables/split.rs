//! Splits a run of Latin letters into pinyin syllables.

use super::{
    spelling::{Tree, is_spelt},
    syllable::Syllable,
};

/// No way to split from here.
const DEAD: u32 = u32::MAX;
/// Room for the counts of the next `LONGEST` letters, a power of two.
const RING: usize = 8;

/// Splits letters wholly into syllables: the fewest syllables, then the longest first; false when they do not split.
///
/// Appends each syllable with its letter count to `out`, which is as before where nothing splits. Linear in the letters.
pub(crate) fn split_syllables(letters: &[char], out: &mut Vec<(Syllable, u8)>) -> bool {
    if !is_spelt(letters) {
        return false;
    }
    // From the end backwards: for each letter the best syllable that starts there, kept in `out` itself.
    let base = out.len();
    out.resize(base + letters.len(), (Syllable(0), 0));
    let mut fewest = [DEAD; RING];
    fewest[letters.len() % RING] = 0;
    for at in (0..letters.len()).rev() {
        let (count, choice) = best(letters, at, &fewest);
        fewest[at % RING] = count;
        out[base + at] = choice;
    }
    // Then forwards: the chosen ones move together at the front. Each has a letter at least, so none is overwritten unread.
    let (mut from, mut to) = (base, base);
    while from < out.len() {
        let choice = out[from];
        out[to] = choice;
        from += usize::from(choice.1);
        to += 1;
    }
    out.truncate(to);
    true
}

/// The fewest syllables from `at` to the end, and the first of them: the longest where several are as good.
fn best(letters: &[char], at: usize, fewest: &[u32; RING]) -> (u32, (Syllable, u8)) {
    let mut best = (DEAD, (Syllable(0), 0));
    for (length, syllable) in Tree::get().beginning(&letters[at..]) {
        let rest = fewest[(at + usize::from(length)) % RING];
        if rest < best.0 {
            best = (rest + 1, (syllable, length));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::syllable::LONGEST, *};

    fn split(letters: &str) -> Option<String> {
        let letters: Vec<char> = letters.chars().collect();
        let mut out = vec![(Syllable(7), 9)];
        let splits = split_syllables(&letters, &mut out);
        assert_eq!(out[0], (Syllable(7), 9), "what was there stays");
        let names: Vec<_> = out[1..].iter().map(|(syllable, _)| syllable.as_str()).collect();
        let length: usize = out[1..].iter().map(|&(_, length)| usize::from(length)).sum();
        assert_eq!(length, if splits { letters.len() } else { 0 });
        splits.then(|| names.join(" "))
    }

    /// All ways to split, by plain recursion.
    fn all(letters: &[char]) -> Vec<Vec<(Syllable, u8)>> {
        if letters.is_empty() {
            return vec![Vec::new()];
        }
        let mut found = Vec::new();
        for length in 1..=LONGEST.min(letters.len()) {
            if let Some(first) = super::super::syllable::syllable(&letters[..length]) {
                for rest in all(&letters[length..]) {
                    found.push([vec![(first, u8::try_from(length).unwrap())], rest].concat());
                }
            }
        }
        found
    }

    #[test]
    fn insults_split() {
        assert_eq!(split("shabi").as_deref(), Some("sha bi"));
        assert_eq!(split("caonima").as_deref(), Some("cao ni ma"));
        assert_eq!(split("nvren").as_deref(), Some("nv ren"));
        assert_eq!(split("jiaweixin").as_deref(), Some("jia wei xin"));
    }

    #[test]
    fn the_fewest_then_the_longest_first() {
        assert_eq!(split("xian").as_deref(), Some("xian"));
        assert_eq!(split("fangan").as_deref(), Some("fang an"));
        assert_eq!(split("canada").as_deref(), Some("can a da"));
        assert_eq!(split("dalian").as_deref(), Some("da lian"));
    }

    #[test]
    fn other_letters_do_not_split() {
        for letters in ["", "fuck", "hello", "shabix", "sha bi", "傻bi", "v"] {
            assert_eq!(split(letters), None, "{letters}");
        }
    }

    #[test]
    fn a_long_run_splits_in_time() {
        let letters: Vec<char> = "caonima".chars().cycle().take(70_000).collect();
        let mut out = Vec::new();
        assert!(split_syllables(&letters, &mut out));
        assert_eq!(out.len(), 30_000);
    }

    proptest! {
        #[test]
        fn the_choice_is_the_best_of_all(letters in "[acghinosuz]{0,12}") {
            let letters: Vec<char> = letters.chars().collect();
            let mut out = Vec::new();
            let splits = split_syllables(&letters, &mut out);
            let lengths = |split: &Vec<(Syllable, u8)>| split.iter().map(|&(_, l)| std::cmp::Reverse(l)).collect::<Vec<_>>();
            let expected = all(&letters).into_iter().min_by_key(|split| (split.len(), lengths(split)));
            prop_assert_eq!(splits, !letters.is_empty() && expected.is_some());
            prop_assert_eq!(out, expected.unwrap_or_default());
        }
    }
}
