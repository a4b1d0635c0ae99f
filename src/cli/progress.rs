//! How far long work is: one line on standard error, on a terminal only.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

/// How often the line changes: fast enough to look alive, too slow to cost anything.
const EVERY: Duration = Duration::from_millis(200);

/// The progress of one piece of work.
#[derive(Debug)]
pub(super) struct Progress {
    began: Instant,
    shown: Option<Instant>,
    enabled: bool,
}

impl Progress {
    /// Progress that shows itself where standard error is a terminal and standard output, which would run through it, is not.
    pub(super) fn beside_output() -> Self {
        Self {
            began: Instant::now(),
            shown: None,
            enabled: io::stderr().is_terminal() && !io::stdout().is_terminal(),
        }
    }

    /// Progress that shows itself where standard error is a terminal, for work whose output comes at its end.
    pub(super) fn on_terminal() -> Self {
        Self {
            enabled: io::stderr().is_terminal(),
            ..Self::beside_output()
        }
    }

    /// Since when the work goes on.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Shows what `line` says, unless it did so a moment ago.
    pub(super) fn tick(&mut self, line: impl FnOnce(Duration) -> String) {
        let now = Instant::now();
        if self.enabled && self.shown.is_none_or(|shown| now - shown >= EVERY) {
            self.shown = Some(now);
            // Nobody misses progress that cannot be shown.
            let _ = write!(io::stderr(), "\r\x1b[2K{}", line(now - self.began));
        }
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        if self.shown.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[2K");
        }
    }
}

/// A number with its thousands set apart: `74,812`.
pub(super) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut shown = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.char_indices() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [0, 999, 1_000, 74_812, 1_234_567].map(thousands),
            ["0", "999", "1,000", "74,812", "1,234,567"]
        );
    }
}
