//! The rules of the activation log against a simple model: a pile of states. A change puts a state on the pile, a rollback takes one
//! off, the end of edits changes the topmost in place, and edits that have ended never come back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tamis::{
    dictionary::Change,
    identity::{ContentId, Name},
    store::{About, Active, ActiveSet, Edit, Entry, Kind, Time, plan},
};

#[derive(Clone, Debug)]
enum Act {
    /// This revision of this dictionary decides.
    Activate(u8, u8),
    Deactivate(u8),
    /// This exception is in this dictionary, for so long.
    Edit(u8, u8, Option<u64>),
    Rollback,
    /// So much time passes, and edits end.
    Wait(u64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..3_u8, 0..4_u8).prop_map(|(name, revision)| Act::Activate(name, revision)),
        1 => (0..3_u8).prop_map(Act::Deactivate),
        4 => (0..3_u8, 0..3_u8, prop::option::of(1..20_u64)).prop_map(|(name, text, end)| Act::Edit(name, text, end)),
        3 => Just(Act::Rollback),
        3 => (1..15_u64).prop_map(Act::Wait),
    ]
}

fn name(number: u8) -> Name {
    format!("d{number}").parse().unwrap()
}

fn revision(number: u8) -> ContentId {
    ContentId::of([[number].as_slice()])
}

/// What decides, as the model sees it: of each dictionary the revision, and each edit with its end.
type State = BTreeMap<Name, (ContentId, Vec<(Change, Option<Time>)>)>;

fn seen(active: &ActiveSet) -> State {
    let edits = |active: &Active| {
        active
            .edits
            .iter()
            .map(|edit| (edit.change.clone(), edit.expires))
            .collect()
    };
    active
        .dictionaries
        .iter()
        .map(|(name, active)| (name.clone(), (active.base, edits(active))))
        .collect()
}

fn without_ended(state: &mut State, now: Time) {
    for (_, edits) in state.values_mut() {
        edits.retain(|(_, end)| end.is_none_or(|end| end > now));
    }
}

/// The log as it is written.
#[derive(Default)]
struct Log(Vec<Entry>);

impl Log {
    fn serving(&self) -> Option<&Entry> {
        self.0.last()
    }

    fn write(&mut self, plan: plan::Plan, now: Time) {
        let generation = self.0.len() as u64 + 1;
        self.0.push(Entry {
            generation,
            previous: plan.previous,
            kind: plan.kind,
            restored: plan.restored,
            time: now,
            about: About::default(),
            snapshot: revision(0),
            active: plan.active,
            shipped: Vec::new(),
            folder: None,
        });
    }

    fn active(&self) -> ActiveSet {
        self.serving().map(|entry| entry.active.clone()).unwrap_or_default()
    }
}

proptest! {
    #[test]
    fn the_log_does_what_a_pile_of_states_does(acts in prop::collection::vec(act(), 1..60)) {
        let (mut log, mut pile, mut now) = (Log::default(), Vec::<State>::new(), Time(1_000));
        for act in acts {
            let mut active = log.active();
            let mut state = pile.last().cloned().unwrap_or_default();
            match act {
                Act::Activate(n, r) => {
                    active.dictionaries.insert(name(n), Active::pushed(revision(r)));
                    state.insert(name(n), (revision(r), Vec::new()));
                    log.write(plan::change(log.serving(), Kind::Activate, active), now);
                    pile.push(state);
                }
                Act::Deactivate(n) => {
                    active.dictionaries.remove(&name(n));
                    state.remove(&name(n));
                    log.write(plan::change(log.serving(), Kind::Deactivate, active), now);
                    pile.push(state);
                }
                Act::Edit(n, text, end) => {
                    let Some(slot) = active.dictionaries.get_mut(&name(n)) else { continue };
                    let change = Change::AddException(format!("x{text}"));
                    let expires = end.map(|end| Time(now.0 + end));
                    let edit = Edit { change: change.clone(), expires, author: String::new(), note: String::new(), time: now };
                    slot.edits = plan::with_edits(&slot.edits, vec![edit], 100).unwrap();
                    let (_, edits) = state.get_mut(&name(n)).unwrap();
                    let outlived = |old: &Option<Time>| expires.is_none_or(|new| old.is_some_and(|old| new >= old));
                    edits.retain(|(old, end)| old.key() != change.key() || !outlived(end));
                    edits.push((change, expires));
                    log.write(plan::change(log.serving(), Kind::Edit, active), now);
                    pile.push(state);
                }
                Act::Rollback => {
                    let target = log.serving().and_then(|entry| entry.previous);
                    prop_assert_eq!(target.is_some(), pile.len() > 1, "there is something before exactly where the pile has more");
                    let Some(target) = target else { continue };
                    let before = log.0[usize::try_from(target).unwrap() - 1].clone();
                    log.write(plan::rollback(log.serving().unwrap(), &before, now), now);
                    pile.pop();
                    without_ended(pile.last_mut().unwrap(), now);
                }
                Act::Wait(millis) => {
                    now = Time(now.0 + millis);
                    if let Some(plan) = log.serving().and_then(|entry| plan::expire(entry, now)) {
                        log.write(plan, now);
                    }
                    if let Some(state) = pile.last_mut() {
                        without_ended(state, now);
                    }
                }
            }
            prop_assert_eq!(seen(&log.active()), pile.last().cloned().unwrap_or_default());
            let next = plan::next_expiry(&log.active());
            prop_assert!(next.is_none_or(|end| end > now), "what has ended does not serve");
        }
    }

    #[test]
    fn an_edit_takes_the_place_of_those_on_the_same_text_that_it_outlives(ends in prop::collection::vec(prop::option::of(1..5_u64), 1..8)) {
        let mut live = Vec::new();
        for (number, end) in ends.iter().enumerate() {
            let change = if number % 2 == 0 { Change::AddException("x".into()) } else { Change::RemoveException("x".into()) };
            let edit = Edit { change, expires: end.map(Time), author: String::new(), note: number.to_string(), time: Time(0) };
            live = plan::with_edits(&live, vec![edit], 100).unwrap();
        }
        // What decides at any time is the newest of the edits that have not ended by then.
        for now in 0..6 {
            let now = Time(now);
            let newest = ends.iter().enumerate().rev().find(|(_, end)| end.is_none_or(|end| Time(end) > now)).map(|(number, _)| number.to_string());
            let left: Vec<Edit> = live.iter().filter(|edit| !edit.is_over(now)).cloned().collect();
            prop_assert_eq!(left.last().map(|edit| edit.note.clone()), newest);
            prop_assert!(plan::effective(&left).len() <= 1);
        }
    }
}
