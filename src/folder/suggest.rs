//! "Did you mean": the nearest of the words that would have been right.

/// The one of `words` that is at most a third of its letters away from `written`; the first of the nearest.
pub(crate) fn closest<'w>(written: &str, words: &[&'w str]) -> Option<&'w str> {
    words
        .iter()
        .map(|word| (distance(&written.to_lowercase(), &word.to_lowercase()), *word))
        .filter(|(distance, word)| distance * 3 <= word.chars().count().max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// The mend for a word that is none of `words`.
pub(crate) fn did_you_mean(written: &str, words: &[&str]) -> String {
    match closest(written, words) {
        Some(word) => format!("did you mean `{word}`?"),
        None if words.is_empty() => "remove it".to_owned(),
        None => format!("one of: {}", words.join(", ")),
    }
}

/// How many letters must be put in, left out, replaced or swapped with their neighbour; long words are compared by their beginning.
fn distance(a: &str, b: &str) -> usize {
    let [a, b] = [a, b].map(|word| word.chars().take(80).collect::<String>());
    strsim::osa_distance(&a, &b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_finds_its_word_and_a_stranger_none() {
        let words = ["severity", "category", "tolerance", "warn"];
        assert_eq!(closest("severty", &words), Some("severity"));
        assert_eq!(closest("Category", &words), Some("category"));
        assert_eq!(closest("wran", &words), Some("warn"), "swapped neighbours are one slip");
        assert_eq!(closest("action", &words), None);
        assert_eq!(closest("", &words), None);
    }
}
