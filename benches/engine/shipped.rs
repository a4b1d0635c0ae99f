//! What the planes add to a whole check: terms and aliases of the shipped dictionaries at `folded` and at `standard`, by turns in one run.

use std::{fs, sync::Arc};

use tamis::{
    contest::{Contestant, Timing, check_batch, medians},
    dictionary::Tolerance,
    policy::Policy,
    snapshot::{Scratch, Snapshot},
};

use crate::{
    common,
    sets::{Text, dictionary},
};

/// So many terms at most.
const TERMS: usize = 4_000;

/// The files of a folder, each by itself: chats, comments and reviews differ. Without one, what was generated.
pub(crate) fn texts(folder: Option<&str>, limit: usize, generated: &Text) -> Vec<(String, Text)> {
    let Some(folder) = folder else {
        let messages = generated.messages.clone();
        return vec![("generated".to_owned(), Text::new(messages))];
    };
    let files = fs::read_dir(folder).expect("the folder of --corpora");
    let mut names: Vec<String> = files
        .filter_map(|file| Some(file.ok()?.file_name().to_str()?.to_owned()))
        .filter(|name| name.starts_with("zh") || name.starts_with("en"))
        .collect();
    names.sort_unstable();
    let read = |name: String| {
        let text = Text::new(common::corpora::read(folder, &name, limit));
        (name.trim_end_matches(".txt").to_owned(), text)
    };
    names.into_iter().map(read).collect()
}

/// Races both tolerances over a text.
pub(crate) fn measure(name: &str, text: &Text, rounds: usize) {
    let terms = terms();
    let messages: Vec<&str> = text.messages.iter().map(String::as_str).collect();
    let snapshots = [Tolerance::Folded, Tolerance::Standard].map(|tolerance| {
        let dictionary = dictionary(&terms, tolerance);
        let policy = Policy::plain(vec![dictionary.name.clone()]);
        let scope = policy.name.clone();
        let snapshot = Snapshot::build(vec![Arc::new(dictionary)], vec![Arc::new(policy)]).expect("shipped terms");
        (snapshot, scope)
    });
    let [folded, standard] = snapshots
        .each_ref()
        .map(|(snapshot, scope)| snapshot.judge(scope).expect("its own policy"));
    let (mut one, mut other) = (Scratch::default(), Scratch::default());
    let found =
        [(folded, &mut one), (standard, &mut other)].map(|(judge, scratch)| check_batch(judge, &messages, scratch));
    assert!(
        found[0] <= found[1],
        "{name}: what is found at folded is found at standard"
    );
    if rounds == 0 {
        return;
    }
    let mut contestants: [Contestant<'_>; 2] = [
        Box::new(|| check_batch(folded, &messages, &mut one)),
        Box::new(|| check_batch(standard, &messages, &mut other)),
    ];
    let times = medians(&mut contestants, rounds, || {});
    let each = |time: &Timing| time.median.as_secs_f64() * 1e9 / messages.len() as f64;
    println!(
        "shipped {name}: {} terms, {} messages; {} have a trigger at folded, {} at standard",
        terms.len(),
        messages.len(),
        found[0],
        found[1]
    );
    let ratio = each(&times[1]) / each(&times[0]);
    let outcome = if ratio <= 2.0 { "held" } else { "NOT HELD" };
    println!(
        "  whole check, batch: folded {:.0} ns a message, standard {:.0}; {outcome}: {ratio:.2} of 2 at most\n",
        each(&times[0]),
        each(&times[1])
    );
}

/// What they list, each term once, in order.
fn terms() -> Vec<String> {
    let loaded = tamis::shipped::parsed().expect("the shipped dictionaries");
    let listed = loaded
        .dictionaries
        .iter()
        .flat_map(|dictionary| dictionary.terms.iter());
    let mut terms: Vec<String> = listed.map(|term| term.text.to_owned()).collect();
    terms.sort_unstable();
    terms.dedup();
    terms.truncate(TERMS);
    terms
}
