//! Timing contestants against each other, fairly.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use rustix::time::{ClockId, clock_gettime};

/// How often each contestant runs where nothing else is asked; the median counts.
pub const ROUNDS: usize = 7;

/// A timed run lasts at least this long: far above the clock's resolution and the scheduler's slices.
const AT_LEAST: Duration = Duration::from_millis(20);

/// A piece of work over the whole text; what it returns is kept from the optimizer.
pub type Contestant<'a> = Box<dyn FnMut() -> u64 + 'a>;

/// The time that this thread has spent on a processor. Contestants run on one thread, and what else the machine does should count
/// for none of them; where others drain the caches or the clock rate, it still does.
fn on_processor() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

/// What a contestant needed for one run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timing {
    /// The middle one of all rounds.
    pub median: Duration,
    /// The fastest.
    pub best: Duration,
    /// The slowest.
    pub worst: Duration,
}

impl Timing {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |i: usize| times.get(i).copied().unwrap_or_default();
        Self {
            median: at(times.len() / 2),
            best: at(0),
            worst: at(times.len().saturating_sub(1)),
        }
    }
}

/// The processor times of each contestant. All run once in every round, so that a slow moment of the machine meets all of them; a first
/// round warms caches and settles how often short work is repeated. `after_each` is told of every run.
pub fn medians(contestants: &mut [Contestant<'_>], rounds: usize, mut after_each: impl FnMut()) -> Vec<Timing> {
    let mut run = |contestant: &mut Contestant<'_>, repeats: u32| {
        let began = on_processor();
        for _ in 0..repeats {
            black_box(contestant());
        }
        let elapsed = on_processor().saturating_sub(began);
        after_each();
        elapsed / repeats
    };
    let repeats: Vec<u32> = contestants
        .iter_mut()
        .map(|c| {
            let once = run(c, 1).as_nanos().max(1);
            u32::try_from(AT_LEAST.as_nanos() / once)
                .unwrap_or(u32::MAX)
                .saturating_add(1)
        })
        .collect();
    let mut times = vec![Vec::with_capacity(rounds); contestants.len()];
    for _ in 0..rounds {
        for ((contestant, &repeats), times) in contestants.iter_mut().zip(&repeats).zip(&mut times) {
            times.push(run(contestant, repeats));
        }
    }
    times.into_iter().map(Timing::of).collect()
}

/// Builds something [`ROUNDS`] times, or until `enough` has passed; the last one, and the median time by the clock on the wall, since
/// builds may use several threads.
pub fn built<T, E>(enough: Duration, mut build: impl FnMut() -> Result<T, E>) -> Result<(T, Duration), E> {
    let mut times = Vec::with_capacity(ROUNDS);
    loop {
        let began = Instant::now();
        let one = build()?;
        times.push(began.elapsed());
        if times.len() == ROUNDS || times.iter().sum::<Duration>() > enough {
            return Ok((one, Timing::of(times).median));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contestant_runs_in_every_round() {
        let (mut a, mut b) = (0_u64, 0_u64);
        let slow = || {
            let until = on_processor() + AT_LEAST;
            while on_processor() < until {}
        };
        let mut contestants: Vec<Contestant<'_>> = vec![
            Box::new(|| {
                slow();
                a += 1;
                a
            }),
            Box::new(|| {
                slow();
                b += 1;
                b
            }),
        ];
        let times = medians(&mut contestants, 3, || {});
        drop(contestants);
        assert_eq!((a, b), (4, 4));
        assert!(
            times
                .iter()
                .all(|t| t.best >= AT_LEAST && t.best <= t.median && t.median <= t.worst)
        );
    }
}
