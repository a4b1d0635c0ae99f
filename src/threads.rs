//! Long work on two threads. It runs beside requests: it takes a second core, for half as long, and never more than that.

use std::{num::NonZero, panic, thread};

/// From so many terms on, a second thread is worth its start.
const MUCH: usize = 16_384;

/// Whether work on so many terms is worth two threads, and there are two cores.
pub(crate) fn is_for_two(terms: usize) -> bool {
    terms >= MUCH && thread::available_parallelism().is_ok_and(|cores| cores > NonZero::<usize>::MIN)
}

/// What both give; the first on a thread of its own where there are `two`.
pub(crate) fn both<A: Send, B>(two: bool, first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    if !two {
        return (first(), second());
    }
    thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| panic::resume_unwind(panic)), second)
    })
}
