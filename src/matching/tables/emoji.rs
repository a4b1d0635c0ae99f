//! What an emoji is read as.

include!(concat!(env!("OUT_DIR"), "/evasion_emoji.rs"));

/// What an emoji is read as in Chinese: 1 or 2 readings of 1 to 3 hanzi each, the likeliest first; empty where there is none.
pub(crate) fn emoji(c: char) -> &'static [&'static str] {
    EMOJI
        .binary_search_by_key(&c, |&(emoji, _)| emoji)
        .map_or(&[], |at| EMOJI[at].1)
}

#[cfg(test)]
mod tests {
    use super::super::coverage::folds_to_itself;
    use super::*;

    #[test]
    fn emoji_read_as_people_mean_them() {
        for (c, expected) in [
            ('🐎', &["马", "妈"][..]),
            ('🌿', &["草", "操"]),
            ('🐔', &["鸡"]),
            ('🦆', &["鸭"]),
            ('🐧', &["企鹅"]),
            ('➕', &["加"]),
            ('🛰', &["卫星"]),
            ('🍺', &["啤", "批"]),
            ('🐂', &["牛"]),
            ('🐶', &["狗"]),
            ('💩', &["屎"]),
            ('🔪', &["刀", "杀"]),
            ('💊', &["药"]),
            ('💰', &["钱"]),
        ] {
            assert_eq!(emoji(c), expected, "{c}");
        }
    }

    #[test]
    fn other_characters_have_none() {
        for c in ['a', '马', '1', '+', '\u{FE0F}'] {
            assert!(emoji(c).is_empty(), "{c}");
        }
    }

    #[test]
    fn every_reading_is_one_to_three_folded_hanzi() {
        assert!(EMOJI.is_sorted_by(|a, b| a.0 < b.0));
        for (c, readings) in EMOJI {
            assert!((1..=2).contains(&readings.len()), "{c}");
            assert!(readings.len() < 2 || readings[0] != readings[1], "{c}");
            for reading in readings {
                assert!((1..=3).contains(&reading.chars().count()), "{c} {reading}");
                let han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c) && folds_to_itself(c);
                assert!(reading.chars().all(han), "{c} {reading}");
            }
        }
    }

    #[test]
    fn every_emoji_survives_the_fold() {
        let lost: Vec<_> = EMOJI.iter().map(|&(c, _)| c).filter(|&c| !folds_to_itself(c)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}
