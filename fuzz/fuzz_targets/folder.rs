//! Whatever a folder holds, its parser answers, and what it takes keeps its promises: `cargo +nightly fuzz run folder`.
#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use tamis::{dictionary, folder::Folder, policy};

// The files of a folder, one after the other, with a byte between them that no UTF-8 holds.
fuzz_target!(|bytes: &[u8]| {
    let contents = || bytes.split(|&byte| byte == 0xff).map(<[u8]>::to_vec);
    check_dictionary(&dictionary::FILES.into_iter().zip(contents()).collect());
    check_policy(&policy::FILES.into_iter().zip(contents()).collect());
});

fn check_dictionary(folder: &Folder) {
    let (dictionary, warnings) = match dictionary::parse("d", folder) {
        Ok(parsed) => parsed,
        Err(problems) => return assert!(problems.has_errors(), "refused for no reason"),
    };
    assert!(!warnings.has_errors(), "taken in spite of errors");
    assert_eq!(dictionary.revision, dictionary.content_id());
    let texts: Vec<&str> = dictionary.terms.iter().map(|term| term.text).collect();
    assert!(texts.is_sorted_by(|a, b| a < b), "in order, each once");
    let own: Vec<&str> = dictionary.terms.iter().filter(|term| !term.alias).map(|term| term.id).collect();
    let ids: HashSet<&str> = own.iter().copied().collect();
    assert_eq!(ids.len(), own.len(), "an id belongs to one term");
    assert!(dictionary.terms.iter().all(|term| ids.contains(term.id)), "an alias stands for a term");
    assert!(dictionary.cases.iter().all(|case| case.span.as_ref().is_none_or(|span| case.text.contains(span.as_str()))));
}

fn check_policy(folder: &Folder) {
    match policy::parse("p", folder) {
        Ok((policy, warnings)) => {
            assert!(!warnings.has_errors(), "taken in spite of errors");
            assert!(policy.scope("").is_some() && !policy.dictionaries.is_empty());
        }
        Err(problems) => assert!(problems.has_errors(), "refused for no reason"),
    }
}
