//! `tamis lint` and `tamis test` as a person or a script runs them.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

/// Runs the binary with these arguments in this folder.
fn tamis(within: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tamis"))
        .args(args)
        .current_dir(within)
        .output()
        .unwrap()
}

/// Exit code, standard output and standard error.
fn said(output: &Output) -> (i32, &str, &str) {
    let text = |bytes| std::str::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A folder with these files.
fn house(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    root
}

#[test]
fn lint_names_file_line_field_and_mend_and_fails_on_errors_alone() {
    let root = house(&[
        ("lists/ads/terms.csv", "term,severity\n加微信,hihg\n"),
        ("lists/fraud/terms.txt", "刷单\n刷单\n"),
    ]);
    assert_eq!(
        said(&tamis(root.path(), &["lint", "lists"])),
        (
            1,
            "error: lists/ads/terms.csv:2: severity: \"hihg\": not one of the possible values; did you mean `high`?\n\
             warning: lists/fraud/terms.txt:2: term: \"刷单\": the term stands on line 1 too; remove one of them\n",
            "error: 2 dictionaries and 0 policies: 1 error, 1 warning\n",
        )
    );
    let output = tamis(root.path(), &["lint", "lists/fraud"]);
    let (code, out, err) = said(&output);
    assert_eq!((code, err), (0, ""));
    assert!(
        out.ends_with("1 dictionary and 0 policies: 0 errors, 1 warning\n"),
        "{out}"
    );
}

#[test]
fn lint_speaks_json() {
    let root = house(&[("d/terms.txt", "x\n"), ("d/cases.jsonl", "{}\n")]);
    let output = tamis(root.path(), &["lint", "--format", "json", "d"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["errors"], &report["dictionaries"]), (&2.into(), &1.into()));
    let problem = &report["problems"][1];
    assert_eq!(
        (&problem["file"], &problem["line"], &problem["level"]),
        (&"d/terms.txt".into(), &1.into(), &"error".into())
    );
}

#[test]
fn a_folder_that_is_not_there_is_a_slip_on_the_command_line() {
    let root = house(&[]);
    for command in ["lint", "test"] {
        let output = tamis(root.path(), &[command, "nowhere"]);
        assert_eq!(said(&output), (2, "", "error: nowhere is no folder\n"));
    }
}

#[test]
fn cases_that_fail_are_named_by_file_and_line() {
    let cases = "{\"text\":\"我刷单\",\"expect\":\"hit\",\"rule\":\"刷单\",\"span\":\"刷单\"}\n\n{\"text\":\"别刷单\",\"expect\":\"miss\"}\n";
    let root = house(&[("fraud/terms.txt", "刷单\n"), ("fraud/cases.jsonl", cases)]);
    assert_eq!(
        said(&tamis(root.path(), &["test", "fraud"])),
        (
            1,
            "failed: fraud/cases.jsonl:3: \"别刷单\": expected no hit, got 刷单 at \"刷单\"\n",
            "error: 1 of 2 cases failed\n",
        )
    );
    fs::write(root.path().join("fraud/allow.txt"), "别刷单\n").unwrap();
    assert_eq!(
        said(&tamis(root.path(), &["test", "fraud"])),
        (0, "2 cases of 1 dictionary and 1 policy passed\n", "")
    );
}

#[test]
fn a_policy_alone_is_tested_with_the_shipped_dictionaries_that_it_names() {
    let root = house(&[
        (
            "strict/policy.toml",
            "dictionaries = ['fraud']\n[scope.default]\nblock = 'low'\n",
        ),
        (
            "strict/cases.jsonl",
            "{\"text\":\"在家就能刷单返佣\",\"expect\":\"warn\"}\n",
        ),
    ]);
    let output = tamis(root.path(), &["test", "strict"]);
    let (code, out, _) = said(&output);
    assert_eq!(code, 1);
    assert!(out.starts_with("failed: strict/cases.jsonl:1: "), "{out}");
    assert!(out.contains("expected warn, got block"), "{out}");
}

#[test]
fn what_ships_has_no_problem_and_passes() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = tamis(here, &["lint", "dictionaries", "policies"]);
    let (code, out, err) = said(&output);
    assert_eq!((code, err), (0, ""), "{out}");
    assert_eq!(tamis(here, &["test", "."]).status.code(), Some(0));
}
