//! What a hanzi sounds like.

use super::Syllable;

include!(concat!(env!("OUT_DIR"), "/evasion_readings.rs"));

/// `SET_OF` starts here; build/tables.rs has the same number.
const FIRST: u32 = 0x4E00;

/// The common readings of a hanzi, the most frequent first, at most 3; empty for everything but U+4E00 to U+9FFF.
pub(crate) fn readings(c: char) -> &'static [Syllable] {
    let at = u32::from(c).wrapping_sub(FIRST) as usize;
    SET_OF.get(at).map_or(&[], |&set| SETS[usize::from(set)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(c: char) -> Vec<&'static str> {
        readings(c).iter().map(|r| r.as_str()).collect()
    }

    #[test]
    fn heteronyms_read_the_most_common_way_first() {
        for (c, expected) in [
            ('行', &["xing", "hang"][..]),
            ('长', &["chang", "zhang"]),
            ('重', &["zhong", "chong"]),
            ('乐', &["le", "yue"]),
            ('都', &["dou", "du"]),
            ('还', &["hai", "huan"]),
            ('地', &["di", "de"]),
            ('觉', &["jue", "jiao"]),
            ('弹', &["dan", "tan"]),
            ('率', &["lv", "shuai"]),
        ] {
            assert_eq!(read(c), expected, "{c}");
        }
    }

    #[test]
    fn rare_readings_are_dropped() {
        for (c, expected) in [
            ('操', "cao"),
            ('傻', "sha"),
            ('逼', "bi"),
            ('信', "xin"),
            ('微', "wei"),
            ('卖', "mai"),
            ('色', "se"),
        ] {
            assert_eq!(read(c), [expected], "{c}");
        }
    }

    #[test]
    fn other_characters_read_as_nothing() {
        for c in [
            'a',
            '3',
            '\u{4DFF}',
            '\u{A000}',
            'か',
            '😀',
            '\u{20000}',
            '\0',
            char::MAX,
        ] {
            assert_eq!(read(c), [""; 0], "{c}");
        }
    }

    #[test]
    fn no_reading_stands_twice_and_none_has_more_than_three() {
        for c in '\u{4E00}'..='\u{9FFF}' {
            let mut unique = readings(c).to_vec();
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), readings(c).len(), "{c}");
            assert!(unique.len() <= 3, "{c}");
        }
    }
}
