//! What one would do without Tamis: fold into a buffer, then let a matcher at it.

use std::cell::RefCell;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder};
use icu_normalizer::ComposingNormalizer;
use tamis::contest::{Rival, Search};

use crate::common::bare::Bare;

/// A fold and a matcher behind it; whether the fold is the table's, so that it must find the same as the others.
pub(crate) struct Pipeline<'r> {
    pub(crate) name: String,
    pub(crate) same_fold: bool,
    pub(crate) count: Box<dyn Fn(&str) -> u64 + 'r>,
}

/// The pipelines over all rivals that have no further variant.
pub(crate) fn all<'r>(terms: &[String], rivals: &'r [Rival]) -> Vec<Pipeline<'r>> {
    let mut pipelines = vec![symbols(terms)];
    for rival in rivals {
        pipelines.push(table(rival.name, &rival.search));
    }
    // The fastest known matcher behind it stands for all: the normalizer is what costs.
    let charwise = rivals
        .iter()
        .find(|rival| rival.name == "daachorse-charwise-no-prefilter");
    pipelines.extend(charwise.map(|rival| icu(rival.name, &rival.search)));
    pipelines
}

/// The table into symbols, and daachorse stepped over them: nothing is encoded again.
fn symbols<'r>(terms: &[String]) -> Pipeline<'r> {
    let automaton: CharwiseDoubleArrayAhoCorasick<u32> = CharwiseDoubleArrayAhoCorasickBuilder::new()
        .use_prefilter(false)
        .build(terms)
        .expect("terms");
    let bare = RefCell::new(Bare::new());
    Pipeline {
        name: "table, daachorse over symbols".to_owned(),
        same_fold: true,
        count: Box::new(move |text| {
            let mut bare = bare.borrow_mut();
            let len = bare.run(text);
            let mut stepper = automaton.find_overlapping_stepper();
            let mut matches = 0;
            for &symbol in &bare.out[..len] {
                stepper.consume(symbol);
                matches += stepper.matches().count() as u64;
            }
            matches
        }),
    }
}

fn table<'r>(name: &str, search: &'r Search) -> Pipeline<'r> {
    let state = RefCell::new((Bare::new(), String::new()));
    Pipeline {
        name: format!("table, {name}"),
        same_fold: true,
        count: Box::new(move |text| {
            let (bare, buffer) = &mut *state.borrow_mut();
            bare.run_utf8(text, buffer);
            (search.count)(buffer)
        }),
    }
}

fn icu<'r>(name: &str, search: &'r Search) -> Pipeline<'r> {
    let normalizer = ComposingNormalizer::new_nfkc();
    let buffer = RefCell::new(String::new());
    Pipeline {
        name: format!("ICU4X NFKC, {name}"),
        same_fold: false,
        count: Box::new(move |text| {
            let mut buffer = buffer.borrow_mut();
            buffer.clear();
            let _ = normalizer.normalize_to(text, &mut *buffer);
            (search.count)(&buffer)
        }),
    }
}
