//! A folder goes live whenever it changes, and a bad one never does.

use std::{
    collections::{HashMap, HashSet},
    fs,
    net::SocketAddr,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tamis::{
    dictionary::Dictionary,
    service::proto::client::{
        CheckMessagesResponse, OffsetEncoding, Trigger, Verdict, check_result::Outcome,
        filter_service_client::FilterServiceClient,
    },
    snapshot::Snapshot,
    text::OffsetUnit,
};

use crate::{
    naive,
    support::{Binary, Lists, batch, get},
};

/// How long the folder keeps changing under load, in seconds; the long run is `TAMIS_TEST_SWAP_SECONDS=30 cargo test live_lists`.
fn seconds() -> Duration {
    let seconds = std::env::var("TAMIS_TEST_SWAP_SECONDS").map_or(3, |text| text.parse().unwrap());
    Duration::from_secs(seconds)
}

const CONNECTIONS: usize = 8;
const CHANGE_EVERY: Duration = Duration::from_millis(100);

/// What the folder holds in turn; all of them are in one dictionary.
const VERSIONS: [&[&str]; 5] = [
    &["加微信", "刷单"],
    &["加微信", "刷单", "返佣"],
    &["返佣", "spam"],
    &["加微", "加微信", "badword"],
    &["刷单返佣"],
];

const TEXTS: [&str; 7] = [
    "你好，明天见",
    "加微信聊",
    "刷单返佣，日结",
    "😀加 微 信😀刷单",
    "a BadWord here, badwords not",
    "spam spam spam",
    "e\u{301}返佣e\u{301}",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_folder_goes_live_and_a_bad_one_leaves_the_old_one_serving() {
    let lists = Lists::of(&["加微信"]);
    let server = Binary::watching(lists.path());
    let action = async |text: &str| {
        let mut client = FilterServiceClient::connect(format!("http://{}", server.grpc()))
            .await
            .unwrap();
        let reply = client.check_messages(batch(&[text])).await.unwrap().into_inner();
        let Outcome::Verdict(verdict) = reply.verdicts[0].outcome.clone().unwrap() else {
            panic!("{reply:?}");
        };
        (verdict.action().as_str_name(), verdict.generation)
    };
    assert_eq!(action("刷单").await, ("ACTION_ALLOW", 1));

    lists.write("fraud/terms.txt", "加微信\n刷单\n");
    server.wait_for("generation=2");
    assert_eq!(action("刷单").await, ("ACTION_BLOCK", 2));

    // A case that does not hold: the gate says which, and what served before serves on.
    lists.write("fraud/cases.jsonl", "{\"text\":\"返佣\",\"expect\":\"hit\"}\n");
    server.wait_for("content refused");
    assert_eq!(action("刷单").await, ("ACTION_BLOCK", 2));
    server.wait_for("cases.jsonl:1");
    let (status, body) = get(server.http(), "/readyz").await;
    assert!(status == 200 && body.contains("cases.jsonl:1"), "{status} {body}");
    let (_, page) = get(server.http(), "/metrics").await;
    assert!(page.contains("tamis_snapshot_last_build_failed 1"), "{page}");

    lists.write("fraud/terms.txt", "加微信\n刷单\n返佣\n");
    server.wait_for("generation=3");
    assert_eq!(action("返佣").await, ("ACTION_BLOCK", 3));
    let (_, body) = get(server.http(), "/readyz").await;
    assert!(body.contains("\"problems\":[]"), "{body}");
}

#[test]
fn a_server_with_a_bad_folder_waits_for_a_good_one() {
    let lists = Lists::of(&["加微信"]);
    lists.write("fraud/terms.txt", "x\n");
    let server = Binary::serve(
        &["--watch", lists.path().to_str().unwrap()],
        &[("TAMIS_DRAIN_DELAY", "0ms")],
    );
    server.wait_for("content refused");
    lists.write("fraud/terms.txt", "加微信\n");
    server.wait_for("generation=1");
    server.signal("TERM");
    assert!(server.ended().0.success());
}

/// `tamis term add fraud` against this server.
fn edit(server: &Binary, args: &[&str]) {
    let typed = ["term", "add", "fraud"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_tamis"));
    command
        .args(typed)
        .args(args)
        .args(["--server", &server.grpc().to_string()]);
    assert!(command.output().unwrap().status.success());
}

#[test]
fn a_folder_that_an_edit_held_up_goes_live_when_the_edit_has_ended() {
    let lists = Lists::of(&["加微信"]);
    let server = Binary::watching(lists.path());
    edit(&server, &["无抵押秒放款", "--expires", "3s"]);
    lists.write("fraud/terms.txt", "加微信\n刷单\n");
    server.wait_for("live edits are not in this revision");
    // The edit was the second generation, its end the third.
    server.wait_for("snapshot serves generation=4");
}

#[test]
fn a_folder_that_the_store_held_up_goes_live_when_the_store_is_back() {
    let lists = Lists::of(&["加微信"]);
    let server = Binary::watching(lists.path());
    // No permission keeps root from writing: a file in the place of the folder does.
    let (log, aside) = (server.data().join("store/log"), server.data().join("aside"));
    fs::rename(&log, &aside).unwrap();
    fs::write(&log, "").unwrap();
    lists.write("fraud/terms.txt", "加微信\n刷单\n");
    server.wait_for("content refused");
    fs::remove_file(&log).unwrap();
    fs::rename(&aside, &log).unwrap();
    server.wait_for("snapshot serves generation=2");
}

#[test]
fn folders_that_are_read_once_and_cannot_serve_end_the_process() {
    let lists = Lists::of(&["加微信"]);
    lists.write("fraud/terms.txt", "x\n");
    let server = Binary::serve(&["--dictionaries", lists.path().to_str().unwrap()], &[]);
    let (exit, log) = server.ended();
    assert_eq!(exit.code(), Some(1));
    assert!(log.contains("terms.txt:1"), "{log}");
}

/// What the oracle makes of every text, by the id of the snapshot that each version of the folder makes.
type Expected = HashMap<String, HashMap<&'static str, Value>>;

fn expected() -> Expected {
    let versions = VERSIONS.iter().map(|terms| {
        let loaded = Lists::of(terms).loaded();
        let dictionaries: Vec<Dictionary> = loaded.dictionaries.iter().map(|d| Dictionary::clone(d)).collect();
        let judged = TEXTS.map(|text| {
            let judged = naive::verdict(&dictionaries, &loaded.policies[0], text, "", OffsetUnit::Codepoints);
            (text, judged.unwrap())
        });
        let snapshot = Snapshot::build(loaded.dictionaries, loaded.policies).unwrap();
        (snapshot.id().to_string(), HashMap::from(judged))
    });
    versions.collect()
}

/// Sends batches until `done`, compares every verdict, and gives the snapshots that judged.
async fn keep_checking(address: SocketAddr, expected: Arc<Expected>, done: Arc<AtomicBool>) -> HashSet<String> {
    let mut client = FilterServiceClient::connect(format!("http://{address}")).await.unwrap();
    let mut snapshots = HashSet::new();
    while !done.load(Ordering::Relaxed) {
        let mut request = batch(&TEXTS.repeat(8));
        request.set_offset_encoding(OffsetEncoding::Codepoints);
        let reply = client.check_messages(request).await.unwrap().into_inner();
        assert_eq!(reply.verdicts.len(), TEXTS.len() * 8);
        snapshots.insert(compared(&reply, &expected));
    }
    snapshots
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_folder_changes_no_call_fails_and_each_verdict_is_its_snapshot_s() {
    let lists = Lists::of(VERSIONS[0]);
    let server = Binary::watching(lists.path());
    let (expected, done) = (Arc::new(expected()), Arc::new(AtomicBool::new(false)));
    let callers: Vec<_> = (0..CONNECTIONS)
        .map(|_| tokio::spawn(keep_checking(server.grpc(), Arc::clone(&expected), Arc::clone(&done))))
        .collect();
    let started = Instant::now();
    let mut change = 0;
    while started.elapsed() < seconds() {
        tokio::time::sleep(CHANGE_EVERY).await;
        change += 1;
        // Now and then a folder that the gate refuses.
        let terms = if change % 7 == 0 {
            &["x"]
        } else {
            VERSIONS[change % VERSIONS.len()]
        };
        lists.write("fraud/terms.txt", &(terms.join("\n") + "\n"));
    }
    done.store(true, Ordering::Relaxed);
    let mut seen = HashSet::new();
    for caller in callers {
        seen.extend(caller.await.unwrap());
    }
    assert!(seen.len() > 1, "no swap was seen in {change} changes");
}

/// Compares a reply with what is expected of the one snapshot that it names; gives that snapshot.
fn compared(reply: &CheckMessagesResponse, expected: &HashMap<String, HashMap<&str, Value>>) -> String {
    let verdicts: Vec<&Verdict> = reply
        .verdicts
        .iter()
        .map(|result| match result.outcome.as_ref().unwrap() {
            Outcome::Verdict(verdict) => verdict,
            Outcome::Error(error) => panic!("{error:?}"),
        })
        .collect();
    let snapshot = verdicts[0].snapshot.clone();
    let by_text = expected
        .get(&snapshot)
        .unwrap_or_else(|| panic!("unknown snapshot {snapshot}"));
    for (verdict, text) in verdicts.iter().zip(TEXTS.iter().cycle()) {
        assert_eq!(verdict.snapshot, snapshot, "a reply mixes snapshots");
        assert_eq!(as_json(verdict), by_text[text], "{text:?} by {snapshot}");
    }
    snapshot
}

/// The verdict as the oracle writes it.
pub(crate) fn as_json(verdict: &Verdict) -> Value {
    let word = |name: &str| name.split_once('_').unwrap().1.to_lowercase();
    let trigger = |t: &Trigger| {
        let spans = |m: &tamis::service::proto::client::Match| {
            let spans = m
                .spans
                .iter()
                .map(|s| json!({"start": s.start, "end": s.end, "text": s.text}));
            json!({"spans": spans.collect::<Vec<_>>()})
        };
        json!({
            "rule": t.rule, "dictionary": t.dictionary, "revision": t.revision, "category": t.category,
            "severity": word(t.severity().as_str_name()), "action": word(t.action().as_str_name()),
            "penalty": t.penalty, "planes": t.planes, "matches": t.matches.iter().map(spans).collect::<Vec<_>>(),
        })
    };
    let mut json = json!({
        "action": word(verdict.action().as_str_name()), "score": verdict.score,
        "triggers": verdict.triggers.iter().map(trigger).collect::<Vec<_>>(),
    });
    if let Some(masked) = &verdict.masked {
        json["masked"] = json!(masked);
    }
    if verdict.truncated {
        json["truncated"] = json!(true);
    }
    json
}
