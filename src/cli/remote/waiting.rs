//! What a terminal shows while a server works.

use std::{pin::pin, time::Duration};

use crate::cli::progress::Progress;

/// How often the line changes; what is done sooner shows none.
const EVERY: Duration = Duration::from_millis(200);

/// Shown while the server makes a generation that is no edit.
const ACTIVATING: &str = "the server builds all of it and runs all cases, then it goes live";

/// Waits for an activation, and says since when.
pub(super) async fn activating<T>(work: impl Future<Output = T>) -> T {
    let line = |elapsed: Duration| format!("{ACTIVATING}, {} s", elapsed.as_secs());
    showing(line, work).await
}

/// Waits for work; on a terminal with a line that says how far it is.
pub(super) async fn showing<T>(line: impl Fn(Duration) -> String, work: impl Future<Output = T>) -> T {
    let mut shown = Progress::on_terminal();
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => {
                shown.clear();
                return done;
            }
            () = tokio::time::sleep(EVERY) => shown.tick(&line),
        }
    }
}
