//! "Did you mean": the nearest of the words that would have been right.

#[cfg(feature = "server")]
use crate::identity::Name;

/// How many letters of a word are compared.
const COMPARED: usize = 80;

/// The one of `words` that is at most a third of its letters away from `written`; the first of the nearest.
pub(crate) fn closest<'w>(written: &str, words: &[&'w str]) -> Option<&'w str> {
    // No distance is less than that of the lengths, which tells most words apart.
    let differs = |word: &str| letters(word).abs_diff(letters(written));
    words
        .iter()
        .filter(|word| differs(word) * 3 <= letters(word).max(3))
        .map(|word| (distance(&written.to_lowercase(), &word.to_lowercase()), *word))
        .filter(|(distance, word)| distance * 3 <= letters(word).max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Most names of a tenant among which the nearest is looked for: callers ask before they are admitted.
#[cfg(feature = "server")]
const MOST_NAMES: usize = 64;

/// The name that is probably meant: the nearest one of the same tenant, if it has few, else one that only the tenant sets apart.
#[cfg(feature = "server")]
pub(crate) fn closest_name<'n>(written: &Name, names: impl IntoIterator<Item = &'n Name>) -> Option<&'n Name> {
    let (near, far): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name.tenant() == written.tenant());
    let words: Vec<&str> = near.iter().map(|name| name.short()).collect();
    let meant = Some(&words).filter(|words| words.len() <= MOST_NAMES);
    let meant = meant.and_then(|words| closest(written.short(), words));
    let meant = near.into_iter().find(|name| Some(name.short()) == meant);
    meant.or_else(|| far.into_iter().find(|name| name.short() == written.short()))
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
    let [a, b] = [a, b].map(|word| word.chars().take(COMPARED).collect::<String>());
    strsim::osa_distance(&a, &b)
}

fn letters(word: &str) -> usize {
    word.chars().take(COMPARED).count()
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

    #[cfg(feature = "server")]
    #[test]
    fn a_name_is_looked_for_in_its_tenant_and_then_in_the_others() {
        let names: Vec<Name> = ["fraud", "ab", "eu/fraud", "eu/loans"]
            .map(|name| name.parse().unwrap())
            .into();
        let closest = |written: &str| {
            let found = closest_name(&written.parse().unwrap(), &names);
            found.map(Name::as_str)
        };
        assert_eq!(closest("fruad"), Some("default/fraud"));
        assert_eq!(closest("eu/fruad"), Some("eu/fraud"));
        assert_eq!(closest("loans"), Some("eu/loans"));
        assert_eq!(closest("laons"), None, "two slips");
        assert_eq!(closest("xy"), None, "the tenant makes no name longer");
    }
}
