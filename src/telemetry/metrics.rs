//! Every metric of the process, and the text that Prometheus reads.

use std::{sync::atomic::AtomicU64, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::policy::Action;

/// Upper bounds of the latency buckets, in seconds: those of gRFC A66, which begin at 10 microseconds, where checks are.
const LATENCY_BUCKETS: [f64; 19] = [
    0.000_01, 0.000_05, 0.000_1, 0.000_3, 0.000_6, 0.000_8, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01,
    0.05, 0.1, 0.5, 1.0, 5.0,
];

/// By which way a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// `CheckMessages`.
    Unary,
    /// One request of `StreamCheckMessages`.
    Stream,
    /// `POST /v1/messages:check`.
    Http,
}

impl Surface {
    const ALL: [Self; 3] = [Self::Unary, Self::Stream, Self::Http];

    fn as_str(self) -> &'static str {
        match self {
            Self::Unary => "unary",
            Self::Stream => "stream",
            Self::Http => "http",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BySurface {
    surface: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    surface: &'static str,
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByAction {
    action: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByReason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByListener {
    listener: &'static str,
}

/// All metrics; cheap to update from any thread.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    latency: [Histogram; 3],
    messages: [Counter; 4],
    message_errors: Family<ByReason, Counter>,
    connections: Family<ByListener, Gauge>,
    refused_connections: Family<ByListener, Counter>,
    generation: Gauge<u64, AtomicU64>,
    snapshot_bytes: Gauge<u64, AtomicU64>,
    swaps: Counter,
    failed_builds: Counter,
    last_build_failed: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let latency: Family<BySurface, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(LATENCY_BUCKETS));
        let messages = Family::<ByAction, Counter>::default();
        let mut metrics = Self {
            registry: Registry::with_prefix("tamis"),
            requests: Family::default(),
            latency: Surface::ALL.map(|surface| {
                latency.get_or_create_owned(&BySurface {
                    surface: surface.as_str(),
                })
            }),
            messages: [Action::Allow, Action::Warn, Action::Review, Action::Block].map(|action| {
                messages.get_or_create_owned(&ByAction {
                    action: action.as_str(),
                })
            }),
            message_errors: Family::default(),
            connections: Family::default(),
            refused_connections: Family::default(),
            generation: Gauge::default(),
            snapshot_bytes: Gauge::default(),
            swaps: Counter::default(),
            failed_builds: Counter::default(),
            last_build_failed: Gauge::default(),
        };
        metrics.register(latency, messages);
        metrics
    }
}

impl Metrics {
    fn register(
        &mut self,
        latency: Family<BySurface, Histogram, fn() -> Histogram>,
        messages: Family<ByAction, Counter>,
    ) {
        let registry = &mut self.registry;
        registry.register(
            "requests",
            "Check requests by surface and gRPC code",
            self.requests.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "From the decoded request to its reply",
            Unit::Seconds,
            latency,
        );
        registry.register("messages", "Messages judged, by action", messages);
        registry.register(
            "message_errors",
            "Messages without a verdict, by reason",
            self.message_errors.clone(),
        );
        registry.register("connections", "Open connections by listener", self.connections.clone());
        registry.register(
            "refused_connections",
            "Connections closed at once because the limit was reached",
            self.refused_connections.clone(),
        );
        registry.register(
            "snapshot_generation",
            "The generation that serves; 0 before any",
            self.generation.clone(),
        );
        registry.register_with_unit(
            "snapshot_heap",
            "Memory of the serving snapshot",
            Unit::Bytes,
            self.snapshot_bytes.clone(),
        );
        registry.register("snapshot_swaps", "Snapshots that went live", self.swaps.clone());
        registry.register(
            "snapshot_failed_builds",
            "Folders that the gate refused",
            self.failed_builds.clone(),
        );
        registry.register(
            "snapshot_last_build_failed",
            "1 while the newest content does not serve",
            self.last_build_failed.clone(),
        );
    }

    /// A request was answered.
    pub fn request(&self, surface: Surface, code: &'static str, took: Duration) {
        let surface_word = surface.as_str();
        self.requests
            .get_or_create(&RequestLabels {
                surface: surface_word,
                code,
            })
            .inc();
        self.latency[surface as usize].observe(took.as_secs_f64());
    }

    /// So many messages of a batch got each action, in the order of [`Action`].
    pub fn messages(&self, by_action: [u64; 4]) {
        for (counter, count) in self.messages.iter().zip(by_action) {
            if count > 0 {
                counter.inc_by(count);
            }
        }
    }

    /// A message got no verdict.
    pub fn message_error(&self, reason: &'static str) {
        self.message_errors.get_or_create(&ByReason { reason }).inc();
    }

    /// A connection was opened on a listener; it counts until the guard is dropped.
    pub fn connection(&self, listener: &'static str) -> Open {
        let gauge = self.connections.get_or_create_owned(&ByListener { listener });
        gauge.inc();
        Open(gauge)
    }

    /// A connection was closed at once because there were too many.
    pub fn refused_connection(&self, listener: &'static str) {
        self.refused_connections.get_or_create(&ByListener { listener }).inc();
    }

    /// A snapshot went live.
    pub fn swapped(&self, generation: u64, heap_bytes: usize) {
        self.generation.set(generation);
        self.snapshot_bytes.set(heap_bytes as u64);
        self.swaps.inc();
    }

    /// Whether the newest content serves.
    pub fn newest_serves(&self, serves: bool) {
        self.last_build_failed.set(i64::from(!serves));
    }

    /// The newest content was refused.
    pub fn build_failed(&self) {
        self.failed_builds.inc();
    }

    /// What Prometheus reads.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail; if it did, a short page would tell.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// A connection that is open.
#[derive(Debug)]
pub struct Open(Gauge);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_stands_on_the_page() {
        let metrics = Metrics::default();
        metrics.request(Surface::Unary, "OK", Duration::from_micros(20));
        metrics.messages([3, 0, 0, 2]);
        metrics.swapped(4, 1_000);
        let open = metrics.connection("grpc");
        let page = metrics.encode();
        for line in [
            "tamis_requests_total{surface=\"unary\",code=\"OK\"} 1",
            "tamis_request_duration_seconds_bucket{le=\"0.00005\",surface=\"unary\"} 1",
            "tamis_messages_total{action=\"block\"} 2",
            "tamis_snapshot_generation 4",
            "tamis_connections{listener=\"grpc\"} 1",
        ] {
            assert!(page.contains(line), "{line} is missing in\n{page}");
        }
        drop(open);
        assert!(metrics.encode().contains("tamis_connections{listener=\"grpc\"} 0"));
    }
}
