//! Timing contestants against each other, fairly.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// How often each contestant runs; the median counts.
pub(super) const ROUNDS: usize = 7;

/// A timed run lasts at least this long: far above the clock's resolution and the scheduler's slices.
const AT_LEAST: Duration = Duration::from_millis(20);

/// A piece of work over the whole text; what it returns is kept from the optimizer.
pub(super) type Contestant<'a> = Box<dyn FnMut() -> u64 + 'a>;

/// The median time of each contestant. All run once in every round, so that a slow moment of the machine meets all of them; a first
/// round warms caches and settles how often short work is repeated. `after_each` is told of every run.
pub(super) fn medians(contestants: &mut [Contestant<'_>], mut after_each: impl FnMut()) -> Vec<Duration> {
    let mut run = |contestant: &mut Contestant<'_>, repeats: u32| {
        let began = Instant::now();
        for _ in 0..repeats {
            black_box(contestant());
        }
        let elapsed = began.elapsed();
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
    let mut times = vec![Vec::with_capacity(ROUNDS); contestants.len()];
    for _ in 0..ROUNDS {
        for ((contestant, &repeats), times) in contestants.iter_mut().zip(&repeats).zip(&mut times) {
            times.push(run(contestant, repeats));
        }
    }
    times.into_iter().map(median).collect()
}

/// The middle one.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Builds something [`ROUNDS`] times; the last one, and the median time.
pub(super) fn built<T, E>(mut build: impl FnMut() -> Result<T, E>) -> Result<(T, Duration), E> {
    let mut times = Vec::with_capacity(ROUNDS);
    loop {
        let began = Instant::now();
        let one = build()?;
        times.push(began.elapsed());
        // A build of seconds is not noisy enough to be worth minutes.
        if times.len() == ROUNDS || times.iter().sum::<Duration>() > Duration::from_secs(10) {
            return Ok((one, median(times)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contestant_runs_in_every_round() {
        let (mut a, mut b) = (0_u64, 0_u64);
        let slow = || std::thread::sleep(AT_LEAST);
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
        let times = medians(&mut contestants, || {});
        drop(contestants);
        assert_eq!((a, b), (ROUNDS as u64 + 1, ROUNDS as u64 + 1));
        assert!(times.iter().all(|&t| t >= AT_LEAST));
    }
}
