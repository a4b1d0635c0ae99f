//! `tamis eval` over tiny corpora made here.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

fn eval(within: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tamis"))
        .arg("eval")
        .args(args)
        .current_dir(within)
        .output()
        .unwrap()
}

fn json(within: &Path, args: &[&str]) -> Value {
    let output = eval(within, &[args, &["--format", "json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Two dictionaries, a clean text and a labelled one.
fn folder() -> TempDir {
    let dir = TempDir::new().unwrap();
    for (path, text) in [
        ("old/fraud/terms.txt", "刷单\n日结\n"),
        ("new/fraud/terms.txt", "刷单\n跑分\n"),
        ("clean.txt", "今天下雨\n他在跑分\n刷-单，刷单\n日结工资\n"),
        (
            "labelled.csv",
            "functionality,test_case,label_gold\nopen,刷单,hateful\nspelt,shua单,hateful\nplain,你好,non-hateful\n",
        ),
        (
            "labelled.jsonl",
            "{\"text\":\"跑分\",\"expect\":\"hit\"}\n\n{\"text\":\"跑步\",\"expect\":\"miss\"}\n",
        ),
    ] {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

#[test]
fn clean_and_labelled_text_are_counted_with_intervals() {
    let dir = folder();
    let report = json(
        dir.path(),
        &[
            "--dictionaries",
            "new",
            "--clean",
            "clean.txt",
            "--labelled",
            "labelled.csv",
            "--labelled",
            "labelled.jsonl",
        ],
    );
    let clean = &report["clean"][0];
    assert_eq!(clean["corpus"], "clean");
    assert_eq!(clean["messages"], 4);
    assert_eq!(
        clean["blocked"]["count"].as_u64().unwrap()
            + clean["reviewed"]["count"].as_u64().unwrap()
            + clean["warned"]["count"].as_u64().unwrap(),
        2
    );
    assert!(clean["blocked"]["low"].as_f64() < clean["blocked"]["high"].as_f64());
    assert_eq!(clean["rules"][0]["rule"], "fraud/刷单");
    assert!(clean["rules"][0].get("samples").is_none(), "no text unless asked for");
    let found: Vec<_> = report["labelled"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {} {}", row["set"], row["group"], row["found"]["count"]))
        .collect();
    assert_eq!(
        found,
        [
            r#""labelled" "open" 1"#,
            r#""labelled" "plain" 0"#,
            r#""labelled" "spelt" 1"#,
            r#""labelled" "all" 2"#,
            r#""labelled" "" 0"#,
            r#""labelled" "" 1"#,
        ]
    );
}

#[test]
fn a_baseline_shows_what_would_change() {
    let dir = folder();
    let args = [
        "--dictionaries",
        "new",
        "--baseline",
        "old",
        "--clean",
        "clean.txt",
        "--samples",
        "5",
    ];
    let report = json(dir.path(), &args);
    let compared = &report["compared"][0];
    assert_eq!(compared["newly_found"]["count"], 1);
    assert_eq!(compared["newly_passed"]["count"], 1);
    assert_eq!(compared["rules"]["fraud/跑分"]["gained"], 1);
    assert_eq!(compared["rules"]["fraud/日结"]["lost"], 1);
    assert_eq!(compared["samples"].as_array().unwrap().len(), 2);
    assert_eq!(report, json(dir.path(), &args), "the same seed, the same report");
}

#[test]
fn the_table_is_for_people_and_shows_messages_only_when_asked() {
    let dir = folder();
    let print = |args: &[&str]| String::from_utf8(eval(dir.path(), args).stdout).unwrap();
    let base = ["--dictionaries", "new", "--clean", "clean.txt"];
    let table = print(&base);
    assert!(table.contains("| clean | 4 |"), "{table}");
    assert!(!table.contains("他在跑分"));
    assert!(print(&[&base[..], &["--samples", "1"]].concat()).contains("他在跑分"));
}

#[test]
fn what_is_wrong_is_said() {
    let dir = folder();
    let fails = |args: &[&str], code, said: &str| {
        let output = eval(dir.path(), args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert!(stderr.contains(said), "{stderr}");
    };
    fails(&[], 2, "nothing to measure");
    fails(&["--clean", "nowhere.txt"], 1, "nowhere.txt");
    fails(&["--labelled", "clean.txt"], 1, "no column is called test_case");
    fails(&["--perturb"], 2, "--corpora");
}
