//! Eight connections check while revisions are pushed, activated, edited and rolled back: no call fails, no reply mixes two snapshots,
//! and every verdict is the naive one for the snapshot that it names.
//!
//! `TAMIS_TEST_SWAP_SECONDS=60 cargo test --release --test it changes -- --nocapture` prints the latencies with and without changes.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Value;
use tamis::{
    config,
    dictionary::Dictionary,
    policy::Policy,
    registry::{Ask, Keeper, Step},
    server::{Drained, Server},
    service::{
        Tokens,
        proto::client::{OffsetEncoding, check_result::Outcome, filter_service_client::FilterServiceClient},
    },
    store::Time,
    telemetry::Metrics,
    text::OffsetUnit,
};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    live_lists::as_json,
    naive,
    operations::{Desk, add},
    support::{batch, percentiles},
};

const CONNECTIONS: usize = 8;

/// Every kind of change happens at least twice, however slow the machine.
const LEAST_CHANGES: usize = 14;

pub(crate) const TEXTS: [&str; 6] = [
    "你好，明天见",
    "加微信聊",
    "刷单返利，日结",
    "😀加微信😀跑分平台",
    "free money here",
    "e\u{301}返佣e\u{301}",
];

/// How long everything changes, in seconds.
fn seconds() -> Duration {
    Duration::from_secs(std::env::var("TAMIS_TEST_SWAP_SECONDS").map_or(3, |text| text.parse().unwrap()))
}

const QUIET: u8 = 0;
const CHANGING: u8 = 1;
const OVER: u8 = 2;

/// What one connection saw.
#[derive(Default)]
struct Seen {
    /// The verdict on each text by snapshot.
    verdicts: HashMap<(String, &'static str), Value>,
    /// How long calls took, while nothing changed and while everything did.
    took: [Vec<Duration>; 2],
}

async fn keep_checking(address: SocketAddr, phase: Arc<AtomicU8>) -> Seen {
    let mut client = FilterServiceClient::connect(format!("http://{address}")).await.unwrap();
    let mut seen = Seen::default();
    loop {
        let now = phase.load(Ordering::Relaxed);
        if now == OVER {
            return seen;
        }
        let mut request = batch(&TEXTS);
        request.set_offset_encoding(OffsetEncoding::Codepoints);
        let began = Instant::now();
        let reply = client
            .check_messages(request)
            .await
            .expect("no call fails")
            .into_inner();
        seen.took[usize::from(now)].push(began.elapsed());
        let mut snapshot = None;
        for (result, text) in reply.verdicts.iter().zip(TEXTS) {
            let Some(Outcome::Verdict(verdict)) = &result.outcome else {
                panic!("{result:?}")
            };
            assert_eq!(
                *snapshot.get_or_insert_with(|| verdict.snapshot.clone()),
                verdict.snapshot,
                "a reply mixes snapshots"
            );
            let verdict_json = as_json(verdict);
            let known = seen
                .verdicts
                .entry((verdict.snapshot.clone(), text))
                .or_insert_with(|| verdict_json.clone());
            assert_eq!(*known, verdict_json, "one snapshot, two verdicts");
        }
    }
}

/// What every snapshot that ever served is made of.
type Made = HashMap<String, (Vec<Dictionary>, Policy)>;

fn note(keeper: &Keeper, made: &mut Made) {
    let serving = keeper.registry().serving().unwrap();
    let dictionaries = serving.snapshot.dictionaries().map(|d| Dictionary::clone(d)).collect();
    let policy = serving.snapshot.policies().next().unwrap();
    made.insert(serving.snapshot.id().to_string(), (dictionaries, Policy::clone(policy)));
}

/// One change after the other, of every kind.
async fn change(desk: &Desk, number: usize) {
    match number % 7 {
        0 => _ = desk.serve(&format!("term\n加微信\n返佣{}\n", number % 4)).await,
        1 => {
            let text = ["刷单返利", "跑分平台", "free money"][number % 3];
            desk.edit(vec![add(text)], None).await.unwrap();
        }
        2 => {
            let soon = Time::now().after(Duration::from_millis(40));
            desk.edit(vec![add("返佣")], Some(soon)).await.unwrap();
        }
        3 => {
            let edit = Ask::AddException("加微信聊".into());
            desk.edit(vec![edit], None).await.unwrap();
        }
        // A bad one in between.
        4 => assert!(desk.push("term\nx\n", "").await.is_err()),
        _ => _ = desk.rollback().await.unwrap(),
    }
}

/// The server on ports of its own, until the sender is used.
pub(crate) fn started(keeper: &Arc<Keeper>) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<Drained>) {
    let mut settings = config::Settings::default();
    settings.grpc.address.set_port(0);
    settings.http.address.set_port(0);
    settings.drain.delay.0 = Duration::ZERO;
    let server = Server::bind(&settings, keeper.registry(), &Arc::new(Metrics::default())).unwrap();
    let server = server.with_operations(Arc::clone(keeper), Tokens::default());
    let (address, (leave, left)) = (server.grpc_address(), oneshot::channel());
    let ended = tokio::spawn(async move { server.serve(async { drop(left.await) }).await.unwrap() });
    (address, leave, ended)
}

/// Changes one thing after the other; every snapshot is noted before the next can come.
async fn keep_changing(desk: &Desk, made: &mut Made) -> usize {
    let began = Instant::now();
    let mut number = 0;
    while began.elapsed() < seconds() || number < LEAST_CHANGES {
        change(desk, number).await;
        note(&desk.keeper, made);
        number += 1;
        if number.is_multiple_of(12) {
            desk.step(Step::Expire).await.unwrap();
            note(&desk.keeper, made);
        }
    }
    number
}

/// Holds everything that was seen to the oracle; gives how many snapshots judged.
fn compared(seen: &[Seen], made: &Made) -> usize {
    let mut snapshots = HashSet::new();
    for ((snapshot, text), verdict) in seen.iter().flat_map(|seen| &seen.verdicts) {
        let (dictionaries, policy) = made
            .get(snapshot)
            .unwrap_or_else(|| panic!("unknown snapshot {snapshot}"));
        let expected = naive::verdict(dictionaries, policy, text, "", OffsetUnit::Codepoints).unwrap();
        assert_eq!(*verdict, expected, "{text:?} by {snapshot}");
        snapshots.insert(snapshot);
    }
    snapshots.len()
}

/// How long calls took, without changes and with.
fn report(seen: &[Seen]) -> String {
    let phase = |(phase, what)| {
        let took = seen.iter().flat_map(|seen: &Seen| &seen.took[phase]).copied().collect();
        format!("{what}: {}", percentiles(took))
    };
    [(0, "without changes"), (1, "while everything changes")]
        .map(phase)
        .join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_everything_changes_no_call_fails_and_each_verdict_is_its_snapshot_s() {
    let desk = Desk::bare().await;
    desk.serve("term\n加微信\n").await;
    let (address, leave, ended) = started(&desk.keeper);
    let phase = Arc::new(AtomicU8::new(QUIET));
    let callers: Vec<_> = (0..CONNECTIONS)
        .map(|_| tokio::spawn(keep_checking(address, Arc::clone(&phase))))
        .collect();
    let mut made = Made::new();
    note(&desk.keeper, &mut made);
    tokio::time::sleep(seconds() / 3).await;
    phase.store(CHANGING, Ordering::Relaxed);
    let changes = keep_changing(&desk, &mut made).await;
    phase.store(OVER, Ordering::Relaxed);
    let mut seen = Vec::new();
    for caller in callers {
        seen.push(caller.await.unwrap());
    }
    leave.send(()).unwrap();
    ended.await.unwrap();
    let snapshots = compared(&seen, &made);
    println!("{changes} changes, {snapshots} snapshots judged");
    println!("{}", report(&seen));
    assert!(snapshots > 2, "{changes} changes, {snapshots} snapshots seen");
}
