//! How long calls take.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use tamis::service::proto::client::{CheckMessagesRequest, filter_service_client::FilterServiceClient};
use tokio::{task::JoinSet, time::interval};

/// How many calls there were, and how long the middle and the slowest took.
pub(crate) fn percentiles(mut took: Vec<Duration>) -> String {
    took.sort_unstable();
    let at = |permille: usize| took.get(took.len() * permille / 1_000).copied().unwrap_or_default();
    let [half, p99, p999] = [500, 990, 999].map(at);
    let calls = took.len();
    format!("{calls} calls, p50 {half:?}, p99 {p99:?}, p99.9 {p999:?}")
}

/// Connections of their own thread that send a batch each at a steady pace, whether or not the one before is answered in time.
pub(crate) struct Checking {
    over: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Duration>>,
}

impl Checking {
    pub(crate) fn start(
        address: SocketAddr,
        connections: usize,
        every: Duration,
        batch: &CheckMessagesRequest,
    ) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let (told, batch) = (Arc::clone(&over), batch.clone());
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let mut callers = JoinSet::new();
                for _ in 0..connections {
                    callers.spawn(calls(address, every, batch.clone(), Arc::clone(&told)));
                }
                callers.join_all().await.concat()
            })
        });
        Self { over, thread }
    }

    /// How long each call took, counted from when it was due.
    pub(crate) fn end(self) -> Vec<Duration> {
        self.over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

async fn calls(
    address: SocketAddr,
    every: Duration,
    batch: CheckMessagesRequest,
    over: Arc<AtomicBool>,
) -> Vec<Duration> {
    let mut client = FilterServiceClient::connect(format!("http://{address}")).await.unwrap();
    let (mut pace, mut took) = (interval(every), Vec::new());
    while !over.load(Ordering::Relaxed) {
        let due = pace.tick().await;
        let reply = client.check_messages(batch.clone()).await.expect("no call fails");
        took.push(due.elapsed());
        assert_eq!(reply.into_inner().verdicts.len(), batch.messages.len());
    }
    took
}
