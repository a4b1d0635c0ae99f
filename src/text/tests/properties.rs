//! What holds for every text.

use proptest::prelude::*;

use super::{folded, texts};
use crate::simd::Level;
use crate::text::fold::NotUtf8;
use crate::text::special::Special;
use crate::text::table::{self, EXPAND, MARK};
use crate::text::{Class, Folded, Ruler, append, append_bytes_at, explain, fold};

/// The oracle of the pass: every character by itself, none in a run.
fn one_by_one(bytes: &[u8], out: &mut Folded) -> Result<(), NotUtf8> {
    out.clear();
    out.reserve(bytes.len());
    let mut special = Special::new(0);
    let mut at = 0;
    while at < bytes.len() {
        at = special.fold(bytes, at, out)?;
    }
    Ok(())
}

/// Texts of several blocks with little that is special, for the kernels that go through 64 bytes a step.
fn long_texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[一-龥，。！]{1,30}",
        4 => "[ -~]{1,80}",
        2 => "[а-яÀ-ž]{1,20}",
        1 => "[\u{1F300}-\u{1F64F}\u{200B}ﬃ\u{301}\t]",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

#[test]
fn the_table_for_kernels_holds_only_characters_and_classes() {
    for (code, &entry) in table::bmp().iter().enumerate() {
        let meta = (entry >> 24) as u8;
        if meta < EXPAND {
            assert!(char::from_u32(entry & 0xFFFF).is_some(), "U+{code:04X}");
            assert_eq!(Class::from_number(meta & 15) as u8, meta & 15, "U+{code:04X}");
        }
    }
}

/// True where a text that starts with `c` folds behind another text as it does alone.
fn starts_afresh(c: char) -> bool {
    table::meta(c) < EXPAND
}

proptest! {
    #[test]
    fn positions_rise_and_stand_on_characters(text in texts()) {
        let mut out = Folded::default();
        fold(&text, &mut out);
        prop_assert!(out.sources().is_sorted());
        prop_assert!(out.sources().iter().all(|&at| (at as usize) < text.len() && text.is_char_boundary(at as usize)));
        for (i, class) in out.classes().iter().enumerate() {
            prop_assert_eq!(*class, Class::of(out.symbols()[i]));
        }
    }

    #[test]
    fn no_character_becomes_more_than_four_symbols(text in texts()) {
        let mut out = Folded::default();
        fold(&text, &mut out);
        prop_assert!(out.sources().chunk_by(|a, b| a == b).all(|symbols| symbols.len() <= 4));
    }

    #[test]
    fn folding_twice_is_folding_once(text in texts()) {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once);
    }

    #[test]
    fn a_text_folds_behind_another_as_alone_unless_it_starts_with_what_joins(
        a in texts(),
        b in texts().prop_filter("joins what stands before", |b| b.chars().next().is_none_or(starts_afresh)),
    ) {
        prop_assert_eq!(folded(&format!("{a}{b}")), folded(&a) + &folded(&b));
    }

    #[test]
    fn a_batch_is_its_texts_one_by_one(parts in prop::collection::vec(texts(), 0..5)) {
        let (mut batch, mut alone) = (Folded::default(), Folded::default());
        for text in &parts {
            let range = append(text, &mut batch);
            fold(text, &mut alone);
            prop_assert_eq!(&batch.symbols()[range.clone()], alone.symbols());
            prop_assert_eq!(&batch.classes()[range.clone()], alone.classes());
            prop_assert_eq!(&batch.sources()[range], alone.sources());
        }
    }

    #[test]
    fn runs_fold_as_their_characters_do(text in prop_oneof![texts(), long_texts()]) {
        let (mut runs, mut oracle) = (Folded::default(), Folded::default());
        prop_assert!(one_by_one(text.as_bytes(), &mut oracle).is_ok());
        for level in Level::available() {
            runs.clear();
            prop_assert!(append_bytes_at(level, text.as_bytes(), &mut runs).is_ok());
            prop_assert_eq!(&runs, &oracle, "{}", level);
        }
    }

    #[test]
    fn bytes_are_refused_where_the_standard_library_refuses_them(
        text in prop_oneof![texts(), long_texts()],
        noise in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    ) {
        let mut bytes = text.into_bytes();
        for (at, byte) in noise {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        let theirs = std::str::from_utf8(&bytes).map(|_| ()).map_err(|error| error.valid_up_to());
        for level in Level::available() {
            let ours = append_bytes_at(level, &bytes, &mut Folded::default()).map(|_| ()).map_err(|error| error.at);
            prop_assert_eq!(ours, theirs, "{}", level);
        }
    }

    /// Flags stand aside: half of a run of regional indicators may read as a flag where the whole did not.
    #[test]
    fn a_span_folds_to_what_was_found_there(text in texts(), from in any::<prop::sample::Index>(), len in 1_usize..8) {
        let text: String = text.chars().filter(|c| !('\u{1F1E6}'..='\u{1F1FF}').contains(c)).collect();
        let (mut out, mut ruler) = (Folded::default(), Ruler::default());
        fold(&text, &mut out);
        prop_assume!(!out.is_empty());
        let from = from.index(out.len());
        let to = (from + len).min(out.len());
        let found = out.symbols()[from..to].to_vec();
        // A term that starts with a mark is one that the linter warns of.
        prop_assume!(table::meta(found[0]) < MARK);
        ruler.measure(&text);
        let bytes = out.source_bytes(&text, u32::try_from(from).unwrap()..u32::try_from(to).unwrap());
        let slice = ruler.slice(&text, ruler.snap(bytes));
        fold(slice, &mut out);
        prop_assert!(out.symbols().windows(found.len()).any(|window| window == found), "{:?} is not in {:?}", found, slice);
    }

    #[test]
    fn every_change_has_a_reason_and_nothing_else_has(text in texts()) {
        let mut out = Folded::default();
        let steps = explain(&text, &mut out);
        prop_assert_eq!(steps.len(), text.chars().count());
        prop_assert_eq!(steps.iter().map(|step| step.symbols.len()).sum::<usize>(), out.len());
        // Marks that changed places differ from the character at their position; everything else is exact.
        for step in steps.iter().filter(|step| table::meta(step.original) < MARK) {
            let same = out.symbols()[step.symbols.clone()] == [step.original];
            prop_assert_eq!(step.reasons.is_empty(), same, "{:?}", step);
        }
    }
}

/// Runs go on or stop by blocks of 64 bytes and steps of 16 characters: so every place before, on and behind those is tried.
#[test]
fn a_run_stops_at_the_same_character_wherever_it_stands() {
    let specials = [
        "ﬃ",
        "😀",
        "\u{200B}",
        "ก\u{301}",
        "\u{1100}\u{1161}",
        "\u{E0}",
        "\n",
        "x",
        "",
    ];
    let malformed: [&[u8]; 9] = [
        b"\x80",
        b"\xC3",
        b"\xC0\xAF",
        b"\xE4\xB8",
        b"\xE0\x9F\xBF",
        b"\xED\xA0\x80",
        b"\xF0\x9F\x98",
        b"\xF4\x90\x80\x80",
        b"\xFF",
    ];
    let (mut runs, mut oracle) = (Folded::default(), Folded::default());
    for (before, count) in ["a", "é", "一", "a一", "aé一"]
        .into_iter()
        .flat_map(|before| (0..70).map(move |count| (before, count)))
    {
        for behind in [
            "",
            "一",
            "aé一aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            for special in specials {
                let text = [&before.repeat(count), special, behind].concat();
                assert!(one_by_one(text.as_bytes(), &mut oracle).is_ok());
                for level in Level::available() {
                    runs.clear();
                    assert!(append_bytes_at(level, text.as_bytes(), &mut runs).is_ok());
                    assert_eq!(runs, oracle, "{level}: {text:?}");
                }
            }
            for bytes in malformed {
                let bytes = [before.repeat(count).as_bytes(), bytes, behind.as_bytes()].concat();
                let at = std::str::from_utf8(&bytes).unwrap_err().valid_up_to();
                for level in Level::available() {
                    runs.clear();
                    assert_eq!(
                        append_bytes_at(level, &bytes, &mut runs),
                        Err(NotUtf8 { at }),
                        "{level}: {bytes:?}"
                    );
                    assert!(runs.is_empty());
                }
            }
        }
    }
}

/// Times are no test, but a quadratic fold would take minutes here.
#[test]
fn no_text_costs_more_than_its_length() {
    for unit in [
        "🇨",
        "🇨🇳",
        "\u{200D}",
        "\u{301}",
        "\u{651}\u{64E}",
        "ﷺ",
        "㍿",
        "\u{1100}",
        "가\u{11A8}",
        "か\u{3099}",
        "ก\u{E38}\u{E3A}",
        "\u{200B}",
        "ﳲ",
    ] {
        let text = format!("م{}", unit.repeat(1_000_000 / unit.len()));
        let _ = folded(&text);
    }
}

#[test]
fn nothing_is_allocated_once_the_scratch_has_grown() {
    let texts = ["傻\u{200B}逼 🅵🆄🅲🅺 ㍿㍿㍿", &"好".repeat(300), "x"];
    let mut out = Folded::default();
    for text in &texts {
        fold(text, &mut out);
    }
    let held = out.heap_bytes();
    for text in &texts {
        fold(text, &mut out);
    }
    assert_eq!(out.heap_bytes(), held);
}
