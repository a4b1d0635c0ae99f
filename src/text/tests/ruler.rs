//! Spans in every unit, snapped to what people see as one character.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::texts;
use crate::text::{OffsetUnit, Ruler};

fn measured(text: &str) -> Ruler {
    let mut ruler = Ruler::default();
    ruler.measure(text);
    ruler
}

#[test]
fn a_span_grows_to_whole_graphemes_and_counts_in_every_unit() {
    let text = "好e\u{301}👍🏽!";
    let ruler = measured(text);
    let e = ruler.snap(3..4);
    assert_eq!(ruler.slice(text, e.clone()), "e\u{301}");
    assert_eq!([e.start, e.end].map(|at| ruler.at(at, OffsetUnit::Bytes)), [3, 6]);
    assert_eq!([e.start, e.end].map(|at| ruler.at(at, OffsetUnit::Codepoints)), [1, 3]);
    let thumb = ruler.snap(6..10);
    assert_eq!(ruler.slice(text, thumb.clone()), "👍🏽");
    assert_eq!(
        [thumb.start, thumb.end].map(|at| ruler.at(at, OffsetUnit::Utf16)),
        [3, 7]
    );
}

#[test]
fn an_empty_text_has_one_boundary() {
    let ruler = measured("");
    assert_eq!((ruler.graphemes(), ruler.at(0, OffsetUnit::Bytes)), (0, 0));
}

/// Times are no test, but a quadratic measure would take minutes here.
#[test]
fn long_clusters_cost_no_more_than_their_length() {
    for unit in [
        "🇨",
        "\u{200D}",
        "\u{301}",
        "👨\u{200D}",
        "a\u{301}\u{200D}👩",
        "क\u{94D}",
        "\u{1100}",
        "\u{600}",
        "好",
        "\u{94D}\u{200D}",
    ] {
        let text = unit.repeat(60_000 / unit.len());
        assert!(measured(&text).graphemes() > 0);
    }
}

proptest! {
    #[test]
    fn boundaries_are_those_of_the_segmentation_rules(text in texts()) {
        let ruler = measured(&text);
        let expected: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        let found: Vec<usize> = (0..=ruler.graphemes()).map(|i| ruler.at(i, OffsetUnit::Bytes) as usize).collect();
        prop_assert_eq!(&found, &expected);
        for (i, &at) in expected.iter().enumerate() {
            prop_assert_eq!(ruler.at(i, OffsetUnit::Codepoints) as usize, text[..at].chars().count());
            prop_assert_eq!(ruler.at(i, OffsetUnit::Utf16) as usize, text[..at].encode_utf16().count());
        }
    }
}
