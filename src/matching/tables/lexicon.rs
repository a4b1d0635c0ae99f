//! English words with their inflections, and words of chat.

use super::is_among;

include!(concat!(env!("OUT_DIR"), "/evasion_lexicon.rs"));

/// True for English words of three letters and more, in small letters. They are no misspelling of anything.
pub(crate) fn is_english(letters: &[char]) -> bool {
    let length = letters.len();
    let Some(words) = OF_LENGTH.get(length).filter(|words| !words.is_empty()) else {
        return false;
    };
    let word = |at: usize| words[at * length..(at + 1) * length].iter().copied().map(char::from);
    is_among(words.len() / length, word, letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(word: &str) -> bool {
        is_english(&word.chars().collect::<Vec<_>>())
    }

    #[test]
    fn words_inflections_contractions_and_words_of_chat_are_english() {
        for word in "walk walks walked walking colour color don't didnt didn monday lol pls wanna".split(' ') {
            assert!(english(&word.replace('\'', "")), "{word}");
        }
    }

    #[test]
    fn misspellings_and_what_is_no_word_are_not() {
        for word in [
            "wlak",
            "definately",
            "fuk",
            "",
            "a",
            "ab",
            "微信了",
            "abcdefghijklmnopqrstuvwxyzabcdefghij",
        ] {
            assert!(!english(word), "{word}");
        }
    }

    #[test]
    fn words_are_sorted_by_length_and_unique() {
        for (length, words) in OF_LENGTH.iter().enumerate().filter(|(_, words)| !words.is_empty()) {
            assert!(words.chunks(length).is_sorted_by(|a, b| a < b), "{length}");
            assert!(words.iter().all(u8::is_ascii_lowercase), "{length}");
        }
    }
}
