//! What a million terms take, from the push to the last edit. It measures and asserts only that everything was done.
//!
//! `cargo test --release --test it million -- --ignored --nocapture` prints the tables of `docs/benchmarks/revisions.md`;
//! `TAMIS_TEST_TERMS` says how many terms there are.
#![allow(clippy::print_stdout)]

use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    changes::TEXTS,
    support::{Binary, Checking, batch, percentiles},
};

/// Edits that are live while more are made, and how many more.
const PENDING: usize = 100;
const TIMED: usize = 30;

/// Who checks meanwhile: so many connections, a batch each every so often.
const CONNECTIONS: usize = 8;
const PACE: Duration = Duration::from_millis(20);

/// How long nothing else goes on.
const QUIET: Duration = Duration::from_secs(10);

fn terms() -> usize {
    std::env::var("TAMIS_TEST_TERMS").map_or(1_000_000, |text| text.parse().unwrap())
}

/// A dictionary of random terms of 3 to 6 hanzi, tolerance `standard`.
fn write_dictionary(folder: &Path, seed: u64) {
    let mut state = seed;
    let mut below = move |end: u64| {
        // splitmix64
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) % end).unwrap()
    };
    let mut texts = BTreeSet::new();
    while texts.len() < terms() {
        let length = 3 + below(4);
        texts.insert(
            (0..length)
                .map(|_| char::from_u32(0x4e00 + below(0x51a5)).unwrap())
                .collect::<String>(),
        );
    }
    fs::create_dir_all(folder).unwrap();
    fs::write(
        folder.join("dictionary.toml"),
        "severity = \"high\"\ncategory = \"fraud\"\n",
    )
    .unwrap();
    let lines: Vec<_> = texts.into_iter().collect();
    fs::write(folder.join("terms.csv"), format!("term\n{}\n", lines.join("\n"))).unwrap();
}

fn command(server: &Binary, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tamis"));
    command.args(args).args(["--server", &server.grpc().to_string()]);
    command
}

/// How long a whole command takes, from its start to its end.
fn timed(server: &Binary, args: &[&str]) -> Duration {
    let began = Instant::now();
    let output = command(server, args).output().unwrap();
    let took = began.elapsed();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    took
}

/// One row: what it was, how long it took, and the memory of the server at its most and after.
fn row(server: &Binary, what: &str, took: Duration) {
    let mib = |field: &str| server.memory(field) >> 10;
    let (most, after) = (mib("VmHWM:"), mib("VmRSS:"));
    println!("| {what} | {:.1} s | {most} MiB | {after} MiB |", took.as_secs_f64());
    server.forget_peak();
}

fn spread(what: &str, took: &mut [Duration]) {
    took.sort_unstable();
    let milliseconds = |took: Duration| took.as_secs_f64() * 1e3;
    let (least, median, most) = (took[0], took[took.len() / 2], took[took.len() - 1]);
    let [least, median, most] = [least, median, most].map(milliseconds);
    println!(
        "| {what} | {} | {least:.0} ms | {median:.0} ms | {most:.0} ms |",
        took.len()
    );
}

fn load(when: &str) {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load {when}: {}", load.trim());
}

#[test]
#[ignore = "measures for minutes: run it alone, with --nocapture"]
fn a_million_terms_are_pushed_edited_taken_back_and_watched() {
    let folder = tempfile::tempdir().unwrap();
    let [big, other] = ["big", "other"].map(|name| folder.path().join(name));
    write_dictionary(&big, 1);
    write_dictionary(&other, 2);
    let [big_path, other_path] = [&big, &other].map(|path| path.to_str().unwrap());
    load("before");
    let server = Binary::serve(&[], &[("TAMIS_DRAIN_DELAY", "0ms")]);
    server.wait_for("generation=1");
    pushed(&server, big_path);
    policies(&server, folder.path());
    checked(&server, big_path);
    edited(&server, other_path);
    drop(server);
    fs::remove_dir_all(&other).unwrap();
    watched(folder.path());
    load("after");
}

fn pushed(server: &Binary, big: &str) {
    println!(
        "\n| {} terms | took | most memory | after |\n|---|---|---|---|",
        terms()
    );
    let took = timed(server, &["push", big]);
    row(server, "`tamis push`: parse, lint, gate on a full build, keep", took);
    let took = timed(server, &["activate", "big"]);
    row(server, "`tamis activate`: read, gate on a full build, swap", took);
    timed(server, &["rollback"]);
    fs::write(Path::new(big).join("allow.txt"), "一\n").unwrap();
    server.forget_peak();
    let took = timed(server, &["push", big, "--activate"]);
    row(
        server,
        "`tamis push --activate`: parse, lint, keep, gate on a full build, swap",
        took,
    );
}

fn edited(server: &Binary, other: &str) {
    println!("\n| whole command | times | least | median | most |\n|---|---|---|---|---|");
    let mut pending = String::from("term add big");
    (0..PENDING).for_each(|number| write!(pending, " 待处理{number}").unwrap());
    let pending: Vec<_> = pending.split(' ').collect();
    spread("100 terms in one edit", &mut [timed(server, &pending)]);
    let urgent = |word: &str, number: usize| timed(server, &["term", "add", "big", &format!("{word}词{number}")]);
    let mut took: Vec<_> = (0..TIMED).map(|number| urgent("急急", number)).collect();
    spread("an urgent term, 100 edits pending", &mut took);
    let mut beside = Vec::new();
    let gates = pushed_over_and_over(server, other, || {
        std::thread::sleep(Duration::from_secs(1));
        beside.push(urgent("又急", beside.len()));
        beside.len() < TIMED
    });
    let what = format!("the same, while another million is gated, {gates} times over");
    spread(&what, &mut beside);
    spread(
        "rollback of an edit, in the same state",
        &mut [timed(server, &["rollback"])],
    );
}

/// Pushes a folder over and over until there is nothing more to do; gives how often that went through. Nothing is kept, or the next push
/// would be known content and not gated.
fn pushed_over_and_over(server: &Binary, folder: &str, mut more: impl FnMut() -> bool) -> usize {
    let start = || {
        let mut push = command(server, &["push", folder, "--dry-run"]);
        push.stdout(Stdio::null()).spawn().unwrap()
    };
    let (mut push, mut done) = (start(), 0);
    loop {
        let goes_on = more();
        if !goes_on || push.try_wait().unwrap().is_some() {
            assert!(push.wait().unwrap().success());
            done += 1;
            if !goes_on {
                return done;
            }
            push = start();
        }
    }
}

/// A policy of its own for the big dictionary, and what changes of it take.
fn policies(server: &Binary, folder: &Path) {
    let folder = folder.join("policy");
    fs::create_dir_all(&folder).unwrap();
    let steps = [
        ("a new policy: full build", "[]", "high"),
        ("other thresholds: the segments stay", "[]", "critical"),
        ("other exceptions: full build", "[\"平安\"]", "critical"),
    ];
    println!("\n| `tamis push POLICY --activate` | took | most memory | after |\n|---|---|---|---|");
    for (what, exceptions, block) in steps {
        let head = format!("name = \"million\"\ndictionaries = [\"big\"]\nexceptions = {exceptions}\n");
        let text = format!("{head}[scope.default]\nblock = \"{block}\"\n");
        fs::write(folder.join("policy.toml"), text).unwrap();
        let took = timed(server, &["push", folder.to_str().unwrap(), "--activate"]);
        row(server, what, took);
    }
    fs::remove_dir_all(&folder).unwrap();
}

/// Checks at a steady pace, with nothing else going on and while a million terms are pushed and built.
fn checked(server: &Binary, big: &str) {
    let batch = batch(&TEXTS);
    let start = || Checking::start(server.grpc(), CONNECTIONS, PACE, &batch);
    // What served before is freed by then.
    std::thread::sleep(Duration::from_secs(2));
    let checking = start();
    std::thread::sleep(QUIET);
    let quiet = checking.end();
    fs::write(Path::new(big).join("allow.txt"), "二\n").unwrap();
    let checking = start();
    let took = timed(server, &["push", big, "--activate"]);
    let building = checking.end();
    println!("\nchecks with nothing else going on: {}", percentiles(quiet));
    println!(
        "checks while `tamis push --activate` takes {:.1} s: {}",
        took.as_secs_f64(),
        percentiles(building)
    );
    server.forget_peak();
}

fn watched(folder: &Path) {
    let began = Instant::now();
    let server = Binary::serve(&["--watch", folder.to_str().unwrap()], &[("TAMIS_DRAIN_DELAY", "0ms")]);
    while !server.log().contains("generation=1") {
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("\n| start | took | most memory | after |\n|---|---|---|---|");
    row(
        &server,
        "`tamis serve --watch` of the folder, to serving",
        began.elapsed(),
    );
}
