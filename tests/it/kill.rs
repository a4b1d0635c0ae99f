//! A process that dies at any point of its writing: the next start serves the last acknowledged generation.
//!
//! A few points in an ordinary run; a thousand by `TAMIS_TEST_KILLS=1000 cargo test --test it kill`.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use tamis::store::{Entry, Settings, Store};

use crate::store_faults::{Fault, Faulty, advance, servable};

/// Tells the test binary that it is the child, and where it dies: `FOLDER FAULT AT`.
const CHILD: &str = "TAMIS_TEST_KILL_CHILD";

fn kills() -> usize {
    std::env::var("TAMIS_TEST_KILLS").map_or(24, |text| text.parse().unwrap())
}

/// Not a test by itself: what the child does until it dies.
#[test]
fn child() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let [folder, fault, at] = told.split('|').collect::<Vec<_>>().try_into().unwrap();
    let fault = match fault {
        "before" => Fault::DiesBefore,
        "staged" => Fault::DiesStaged,
        _ => Fault::DiesAfter,
    };
    let place = Faulty::new(Path::new(folder), fault, at.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Store::open(Arc::new(place), Settings::default()).await.unwrap();
        let from = store.next_generation();
        for number in from..from + 500 {
            let entry = advance(&store, number).await.unwrap();
            println!("acknowledged {}", serde_json::to_string(&entry).unwrap());
        }
    });
}

/// Starts the child, waits until it dies or kills it after `millis`; gives what it had acknowledged.
fn died(folder: &Path, fault: &str, at: usize, millis: Option<u64>) -> Option<Entry> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--nocapture", "--test-threads=1"])
        .env(CHILD, format!("{}|{fault}|{at}", folder.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        let whole = |line: String| {
            line.split_once("acknowledged ")
                .and_then(|(_, entry)| serde_json::from_str(entry).ok())
        };
        lines.lines().map_while(Result::ok).filter_map(whole).last()
    });
    if let Some(millis) = millis {
        std::thread::sleep(Duration::from_millis(millis));
        // SIGKILL; it may have died by itself.
        let _ = child.kill();
    }
    child.wait().unwrap();
    reader.join().unwrap()
}

#[test]
fn whenever_the_process_dies_the_next_start_serves_what_was_acknowledged_last() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut last: Option<Entry> = None;
    for kill in 0..kills() {
        // In turn: a fault point before, inside and after each operation of a round, and any time at all.
        let at = 4 + kill / 4 % 24;
        let (fault, millis) = match kill % 4 {
            0 => ("before", None),
            1 => ("staged", None),
            2 => ("after", None),
            _ => ("after", Some(20 + (kill as u64 * 37) % 180)),
        };
        let at = if millis.is_some() { usize::MAX } else { at };
        if let Some(acknowledged) = died(folder.path(), fault, at, millis) {
            last = Some(acknowledged);
        }
        let store = runtime
            .block_on(Store::open_local(folder.path(), Settings::default()))
            .unwrap();
        let serves = runtime.block_on(servable(&store));
        if let Some(last) = &last {
            let serves = serves.unwrap();
            // What was in flight when it died may be there or not.
            assert!(
                serves.generation >= last.generation,
                "kill {kill}: {} after {}",
                serves.generation,
                last.generation
            );
            assert!(
                serves.generation <= last.generation + 1,
                "kill {kill}: no more than one was in flight"
            );
            let kept = runtime.block_on(store.entry(last.generation)).unwrap();
            assert_eq!(*kept, *last, "kill {kill}");
        }
        if let Some(newest) = store.newest() {
            last = Some(Entry::clone(&newest));
        }
    }
    assert!(
        last.is_some_and(|last| last.generation > 3),
        "the process got somewhere between its deaths"
    );
}
