//! One message under one dictionary.

use std::sync::Arc;

use tamis::{
    dictionary::Dictionary,
    policy::Policy,
    snapshot::{Context, Message, Options, Scratch, Snapshot, Verdict},
};

/// The verdict of a plain policy.
pub(crate) fn verdict_of(dictionary: Dictionary, text: &str, options: &Options) -> Verdict {
    let policy = Policy::plain([dictionary.name.clone()]);
    let name = policy.name.clone();
    let snapshot = Snapshot::build(vec![Arc::new(dictionary)], vec![Arc::new(policy)]).unwrap();
    let message = Message {
        text: text.as_bytes(),
        ..Message::default()
    };
    let judge = snapshot.judge(&name).unwrap();
    judge
        .check(&message, &Context::default(), options, &mut Scratch::default())
        .unwrap()
}
