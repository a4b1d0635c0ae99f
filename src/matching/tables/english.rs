//! English words that also read as pinyin.

use super::is_among;

include!(concat!(env!("OUT_DIR"), "/evasion_english.rs"));

/// True for English words, common loans and names that split wholly into pinyin syllables: made, can, women, china, panda.
///
/// They veto the pinyin planes where they stand as whole tokens. Of two letters only a few words count: tokens that short
/// are as often pinyin.
pub(crate) fn reads_as_english(letters: &[char]) -> bool {
    is_among(STARTS.len() - 1, word, letters)
}

fn word(at: usize) -> impl Iterator<Item = char> {
    LETTERS[usize::from(STARTS[at])..usize::from(STARTS[at + 1])]
        .iter()
        .copied()
        .map(char::from)
}

#[cfg(test)]
mod tests {
    use super::super::split_syllables;
    use super::*;

    fn english(word: &str) -> bool {
        reads_as_english(&word.chars().collect::<Vec<_>>())
    }

    #[test]
    fn everyday_words_are_english() {
        for word in "made can women china panda banana sun she you game machine make time hahaha wanna obama".split(' ')
        {
            assert!(english(word), "{word}");
        }
    }

    #[test]
    fn pinyin_is_not() {
        for word in "shabi caonima nima tamade jiba weixin sha bi cao ni ma beijing wode fuck  z".split(' ') {
            assert!(!english(word), "{word}");
        }
    }

    #[test]
    fn words_are_sorted_unique_and_split() {
        let words: Vec<Vec<char>> = (0..STARTS.len() - 1).map(|at| word(at).collect()).collect();
        assert!(words.is_sorted_by(|a, b| a < b));
        for word in &words {
            assert!(split_syllables(word, &mut Vec::new()), "{word:?}");
            assert!(reads_as_english(word), "{word:?}");
        }
    }
}
