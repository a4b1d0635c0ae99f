//! What the process says about itself: logs and metrics.
//!
//! What lives here: the log's formats, the panic hook, every metric and the exporter. What must not: message texts, in any form. No other
//! room knows an exporter.

mod bug;
mod logs;
mod metrics;

pub use bug::{Bug, catch, install_hook};
pub use logs::{LogFormat, check_levels, start as start_logs};
pub use metrics::{Metrics, Surface};
