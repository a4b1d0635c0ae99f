//! Freeing old snapshots away from requests.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// How often the thread looks whether the last request has let go; requests take milliseconds.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Longest wait for old values, so that a stuck request never stops new ones from going live.
const WAIT_AT_MOST: Duration = Duration::from_secs(10);

/// Drops values on a thread of its own, each only after everyone else has let go of it, so that no request ever pays for freeing.
#[derive(Debug)]
pub(super) struct Retirement<T>(Arc<Shared<T>>);

#[derive(Debug)]
struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    waiting: Vec<Arc<T>>,
    /// True while a value is being freed.
    freeing: bool,
    /// True once nobody can hand over anything more.
    closed: bool,
}

impl<T: Send + Sync + 'static> Retirement<T> {
    /// Starts the thread.
    pub(super) fn start() -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                waiting: Vec::new(),
                freeing: false,
                closed: false,
            }),
            changed: Condvar::new(),
        });
        let thread = Arc::clone(&shared);
        thread::Builder::new()
            .name("tamis-retire".to_owned())
            .spawn(move || thread.run())?;
        Ok(Self(shared))
    }

    /// Hands over a value that is not reachable any more for new users.
    pub(super) fn retire(&self, value: Arc<T>) {
        self.0.lock().waiting.push(value);
        self.0.changed.notify_all();
    }

    /// Waits until everything handed over is freed: with it, at most one old value exists beside the live one and the next.
    pub(super) fn wait_until_empty(&self) {
        let state = self.0.lock();
        drop(
            self.0
                .changed
                .wait_timeout_while(state, WAIT_AT_MOST, |state| state.freeing || !state.waiting.is_empty()),
        );
    }
}

impl<T> Drop for Retirement<T> {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // The state is whole at every point where a panic is possible.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut state = self.lock();
        loop {
            // Nobody can take new references: the count only falls, and at one it is ours alone.
            let free = state.waiting.iter().position(|value| Arc::strong_count(value) == 1);
            if let Some(index) = free {
                let value = state.waiting.swap_remove(index);
                state.freeing = true;
                drop(state);
                drop(value);
                state = self.lock();
                state.freeing = false;
                self.changed.notify_all();
            } else if state.closed {
                return;
            } else if state.waiting.is_empty() {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            } else {
                drop(state);
                thread::sleep(LOOK_EVERY);
                state = self.lock();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_freed_by_the_thread_once_its_last_user_let_go() {
        struct Freed(std::sync::mpsc::Sender<thread::ThreadId>);
        impl Drop for Freed {
            fn drop(&mut self) {
                self.0.send(thread::current().id()).unwrap();
            }
        }
        let (freed, by) = std::sync::mpsc::channel();
        let retirement = Retirement::start().unwrap();
        let value = Arc::new(Freed(freed));
        let user = Arc::clone(&value);
        retirement.retire(value);
        assert!(by.recv_timeout(LOOK_EVERY * 4).is_err());
        drop(user);
        assert_ne!(by.recv().unwrap(), thread::current().id());
        retirement.wait_until_empty();
    }
}
