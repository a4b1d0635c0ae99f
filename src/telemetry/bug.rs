//! Bugs: panics become an id for the caller and a line in the log; the process lives.

use std::{
    any::Any,
    cell::RefCell,
    hash::{BuildHasher, RandomState},
    panic::{AssertUnwindSafe, catch_unwind},
};

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught and logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bug {
    /// What the log line is called.
    pub id: String,
}

/// Makes panics remember where they happened instead of printing. What they say is dropped unless it is a literal: the message of
/// a bad slice quotes the text that was sliced, and that may be a message.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let said = literal(panic.payload());
        tracing::error!(place, said, "panic");
        PLACE.set(Some(place));
    }));
}

/// Runs `work`; a panic in it is logged under a fresh id. What `work` borrows mutably must be thrown away after a bug.
pub fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Bug> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let id = format!("bug-{:012x}", RandomState::new().hash_one(0) >> 16);
        let place = PLACE.take().unwrap_or_default();
        tracing::error!(
            id,
            place,
            said = literal(&*payload),
            "a bug was caught; please report it"
        );
        Bug { id }
    })
}

fn literal(payload: &(dyn Any + Send)) -> &'static str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or("(not a literal, withheld)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_id() {
        let bug = catch(|| panic!("as tested")).unwrap_err();
        assert!(bug.id.starts_with("bug-"), "{bug:?}");
        assert_eq!(catch(|| 7), Ok(7));
    }
}
