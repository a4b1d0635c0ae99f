//! What `tamis bench` and the benches share: the contestants, the proof that they find the same, and a fair clock.
//!
//! What lives here: the stages of the house on public faces, other people's engines, medians of interleaved rounds. What must not:
//! files, word lists, reports. Nothing that serves a request comes here.

pub use clock::{Contestant, ROUNDS, Timing, built, medians};
pub use ours::{BATCH, Matcher, Ours, Patterns, Ready, Tally, check_batch, check_single};
pub use rivals::{Build, DFA_MAX_BYTES, Each, Hit, RIVALS, Rival, Search};

mod clock;
mod ours;
mod rivals;
