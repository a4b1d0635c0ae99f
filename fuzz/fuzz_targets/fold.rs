//! The properties of the fold on arbitrary bytes: `cargo +nightly fuzz run fold`.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use tamis::simd::Level;
use tamis::text::{Class, Folded, Ruler, append, append_bytes, append_bytes_at, fold};

#[derive(Default)]
struct Scratch {
    once: Folded,
    again: Folded,
    text: String,
    ruler: Ruler,
}

thread_local!(static SCRATCH: RefCell<Scratch> = RefCell::default());

fuzz_target!(|bytes: &[u8]| SCRATCH.with_borrow_mut(|scratch| check(bytes, scratch)));

fn check(bytes: &[u8], scratch: &mut Scratch) {
    let Scratch { once, again, text: refolded, ruler } = scratch;
    once.clear();
    let outcome = append_bytes(bytes, once).map(|_| ()).map_err(|error| error.at);
    let valid = std::str::from_utf8(bytes);
    assert_eq!(outcome, valid.map(|_| ()).map_err(|error| error.valid_up_to()), "validity");
    let valid_up_to = valid.err().map_or(bytes.len(), |error| error.valid_up_to());
    let text = std::str::from_utf8(&bytes[..valid_up_to]).expect("valid up to there");

    fold(text, once);
    for level in Level::available() {
        again.clear();
        assert!(append_bytes_at(level, text.as_bytes(), again).is_ok(), "{level} takes what is valid");
        assert_eq!(once, again, "{level} folds as the others do");
    }
    assert!(once.sources().is_sorted(), "positions rise");
    assert!(once.sources().iter().all(|&at| text.is_char_boundary(at as usize) && (at as usize) < text.len()), "positions stand on characters");
    assert!(once.sources().chunk_by(|a, b| a == b).all(|symbols| symbols.len() <= 4), "at most four symbols a character");
    assert!(once.symbols().iter().zip(once.classes()).all(|(&symbol, &class)| Class::of(symbol) == class), "classes");

    refolded.clear();
    refolded.extend(once.symbols());
    fold(refolded, again);
    assert_eq!(once.symbols(), again.symbols(), "folding twice is folding once");

    // A text that starts with a letter or a space folds behind any other as it does alone.
    let middle = text.char_indices().map(|(at, _)| at).find(|&at| at >= text.len() / 2 && text[at..].starts_with(|c: char| c.is_ascii_graphic()));
    if let Some(middle) = middle {
        again.clear();
        append(&text[..middle], again);
        append(&text[middle..], again);
        assert_eq!(once.symbols(), again.symbols(), "concatenation");
    }

    // A span, snapped to graphemes, folds to what was found there, unless it starts with a mark or cuts a row of flags.
    let flags = text.contains(|c| ('\u{1F1E6}'..='\u{1F1FF}').contains(&c));
    let (from, len) = (usize::from(bytes.first().copied().unwrap_or(0)), usize::from(bytes.last().copied().unwrap_or(0) % 6) + 1);
    if !flags && !once.is_empty() && middle.is_none() {
        let from = from % once.len();
        let to = (from + len).min(once.len());
        fold(&String::from_iter([once.symbols()[from]]), again);
        if again.is_empty() {
            return;
        }
        ruler.measure(text);
        let slice = ruler.slice(text, ruler.snap(once.source_bytes(text, from as u32..to as u32)));
        fold(slice, again);
        let found = &once.symbols()[from..to];
        assert!(again.symbols().windows(found.len()).any(|window| window == found), "{found:?} is not in {slice:?}");
    }
}
