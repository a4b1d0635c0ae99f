//! `tamis check` as a person or a script runs it.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

/// Runs `tamis check` with these arguments and this input.
fn check(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tamis"))
        .arg("check")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Beside the reading, as neither pipe holds much. A command that refuses its flags reads nothing.
    let feed = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    output
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The verdicts of a run that must succeed.
fn verdicts(args: &[&str], input: &str) -> Vec<Value> {
    let output = check(&[args, &["--format", "jsonl"]].concat(), input.as_bytes());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines = text(&output.stdout).lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn spans(verdict: &Value) -> Vec<(u64, u64, &str)> {
    let triggers = verdict["triggers"].as_array().unwrap().iter();
    let found = triggers.flat_map(|t| t["matches"].as_array().unwrap());
    let spans = found.flat_map(|m| m["spans"].as_array().unwrap());
    spans
        .map(|s| {
            let number = |key: &str| s[key].as_u64().unwrap();
            (number("start"), number("end"), s["text"].as_str().unwrap())
        })
        .collect()
}

/// A file with this content that lives as long as the value.
fn file(content: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file
}

fn path(file: &tempfile::NamedTempFile) -> &str {
    file.path().to_str().unwrap()
}

#[test]
fn with_no_flags_the_shipped_dictionaries_judge_standard_input() {
    let output = check(&[], "你好\n在家就能刷单返佣，一天三百\n".as_bytes());
    assert!(output.status.success());
    let said = text(&output.stdout);
    assert!(
        said.starts_with("block ") && said.contains("line 2 ") && said.contains("12..24 \"刷单返佣\""),
        "{said}"
    );
    let summary = text(&output.stderr);
    assert!(
        summary.contains("2 messages") && summary.contains("1 allowed") && summary.contains("1 blocked"),
        "{summary}"
    );
    assert!(
        !said.contains('\x1b') && !summary.contains('\x1b'),
        "no colours in a pipe"
    );
}

#[test]
fn json_lines_come_one_a_message_in_order_with_line_numbers_as_ids() {
    let terms = file("微信\n");
    let verdicts = verdicts(&["--terms", path(&terms)], "\u{feff}加微信\r\n\nhello\r\n微信");
    let told: Vec<_> = verdicts
        .iter()
        .map(|v| (v["id"].as_str().unwrap(), v["action"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("1", "block"), ("2", "allow"), ("3", "allow"), ("4", "block")]);
    assert_eq!(verdicts[0]["triggers"][0]["rule"], "terms/微信");
    assert_eq!(spans(&verdicts[0]), [(3, 9, "微信")]);
}

#[test]
fn spans_count_in_the_unit_that_was_asked_for() {
    let terms = file("微信\n");
    for (unit, start, end) in [("bytes", 4, 10), ("codepoints", 1, 3), ("utf16", 2, 4)] {
        let verdicts = verdicts(&["--terms", path(&terms), "--offsets", unit], "😀微信");
        assert_eq!(spans(&verdicts[0]), [(start, end, "微信")], "{unit}");
    }
}

#[test]
fn messages_in_json_keep_their_ids_and_scopes() {
    let input = concat!(
        r#"{"id":"a","text":"加微-信 傻逼","scope":"direct"}"#,
        "\n\n",
        r#"{"text":"傻逼"}"#,
        "\n"
    );
    let verdicts = verdicts(&["--input", "jsonl", "--scope", "group"], input);
    assert_eq!((&verdicts[0]["id"], &verdicts[1]["id"]), (&"a".into(), &"3".into()));
    assert_eq!(
        verdicts[0]["action"], "allow",
        "one-to-one conversations are judged for fraud and threats only"
    );
    assert_eq!(
        verdicts[1]["masked"], "**",
        "the scope of the flag holds where a message names none"
    );
}

#[test]
fn a_line_that_cannot_be_judged_has_its_error_and_the_work_goes_on() {
    let long = "x".repeat(64 * 1024 + 1);
    let input = [long.as_bytes(), b"\nab\xff\n", "微信".as_bytes()].concat();
    let terms = file("微信\n");
    let output = check(&["--terms", path(&terms), "--format", "jsonl"], &input);
    assert!(output.status.success());
    let lines: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines[0]["error"]["reason"], "TEXT_TOO_LARGE");
    assert!(lines[0]["error"]["message"].as_str().unwrap().contains("65537"));
    assert_eq!(
        (&lines[1]["id"], &lines[1]["error"]["reason"]),
        (&"2".into(), &"TEXT_NOT_UTF8".into())
    );
    assert_eq!(lines[2]["action"], "block");
}

#[test]
fn a_line_that_is_no_message_fails_the_work_at_the_end() {
    let output = check(
        &["--input", "jsonl", "--format", "jsonl"],
        b"{\"txt\":\"a\"}\n{\"text\":\"a\"}\n",
    );
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(
        (lines.len(), &lines[0]["error"]["reason"]),
        (2, &"UNDECODABLE_REQUEST".into())
    );
    assert!(text(&output.stderr).contains("lines that are no message: 1"));
}

#[test]
fn several_files_name_their_messages() {
    let (a, b) = (file("微信\n"), file("\n微信\n"));
    let terms = file("微信\n");
    let verdicts = verdicts(&["--terms", path(&terms), path(&a), path(&b)], "");
    let ids: Vec<_> = verdicts.iter().map(|v| v["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        ids,
        [
            format!("{}:1", path(&a)),
            format!("{}:1", path(&b)),
            format!("{}:2", path(&b))
        ]
    );
}

#[test]
fn what_is_wrong_with_the_lists_is_said_in_one_go_and_is_a_usage_error() {
    let terms = file("微信\nf\n。\n");
    let output = check(
        &[
            "--terms",
            path(&terms),
            "--terms",
            "no/such/file",
            "--policy",
            "no/such/folder",
        ],
        b"",
    );
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains("no/such/file") && said.contains("no/such/folder"),
        "{said}"
    );
    let output = check(&["--terms", path(&terms)], b"");
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains(":2: ") && said.contains(":3: "), "{said}");
}

#[test]
fn a_missing_file_of_messages_fails_the_work() {
    let output = check(&["no/such/file"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("no/such/file"));
}

#[test]
fn a_policy_of_one_s_own_judges_the_terms_that_it_cannot_know() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("policy.toml"),
        "name = \"mine\"\ndictionaries = [\"elsewhere\"]\n[scope.default]\nreview = \"never\"\nblock = \"never\"\n",
    )
    .unwrap();
    let terms = file("微信\n");
    let policy = folder.path().to_str().unwrap();
    let output = check(
        &["--terms", path(&terms), "--policy", policy, "--format", "jsonl"],
        "微信".as_bytes(),
    );
    let verdict: Value = serde_json::from_str(text(&output.stdout)).unwrap();
    assert_eq!(verdict["action"], "warn");
    assert!(
        text(&output.stderr).contains("default/elsewhere"),
        "what is missing is said"
    );
}
