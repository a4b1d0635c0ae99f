//! `tamis config`: what was written, and what it resolves to.

use std::{fs, process::Command};

use crate::support::Binary;

fn config(args: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tamis"))
        .arg("config")
        .args(args)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn what_is_printed_reads_back_to_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tamis.toml");
    let file = file.to_str().unwrap();
    let (_, printed, _) = config(
        &["--http", "127.0.0.1:7"],
        &[("TAMIS_DRAIN_GRACE", "90s"), ("TAMIS_DATA", "here")],
    );
    assert!(
        printed.contains("127.0.0.1:7") && printed.contains("grace = \"90s\"") && printed.contains("data = \"here\"")
    );
    fs::write(file, &printed).unwrap();
    assert_eq!(config(&["--config", file], &[]), (0, printed, String::new()));
}

#[test]
fn the_printed_default_is_the_documented_file() {
    let (code, printed, _) = config(&["--default"], &[]);
    assert_eq!((code, printed.as_str()), (0, include_str!("../../docs/tamis.toml")));
}

#[test]
fn a_mistake_ends_with_code_2_and_names_file_line_and_mend() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tamis.toml");
    fs::write(&file, "[drain]\ngrase = \"5s\"\n").unwrap();
    let (code, _, said) = config(&["--config", file.to_str().unwrap()], &[]);
    assert_eq!(code, 2);
    assert!(
        said.contains("tamis.toml:2: unknown key `grase`; did you mean `grace`?"),
        "{said}"
    );
    let (code, _, said) = config(&["--watch", "a", "--dictionaries", "b"], &[]);
    assert!(code == 2 && said.contains("watch"), "{said}");
    assert_eq!(config(&["--config", "nowhere.toml"], &[]).0, 2);
}

#[test]
fn all_mistakes_of_file_environment_and_flags_are_told_in_one_go() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tamis.toml");
    fs::write(&file, "watch = \"lists\"\n[drain]\ngrase = \"5s\"\ndelay = 5\n").unwrap();
    let (code, _, said) = config(
        &["--config", file.to_str().unwrap(), "--dictionaries", "b"],
        &[("TAMIS_ENGINE", "seive"), ("TAMIS_GRPC_ADRESS", "127.0.0.1:1")],
    );
    assert_eq!(code, 2);
    for told in [
        "tamis.toml:3: unknown key `grase`; did you mean `grace`?",
        "tamis.toml:4: ",
        "TAMIS_ENGINE: \"seive\"",
        "TAMIS_GRPC_ADRESS sets no key; did you mean `TAMIS_GRPC_ADDRESS`?",
        "watch: the watched folder holds",
    ] {
        assert_eq!(said.matches(told).count(), 1, "{told}: {said}");
    }
    let folders = ["--dictionaries", "nowhere", "--policy", "neither"];
    let server = Command::new(env!("CARGO_BIN_EXE_tamis"))
        .arg("serve")
        .args(folders)
        .output()
        .unwrap();
    let said = String::from_utf8(server.stderr).unwrap();
    assert_eq!(server.status.code(), Some(2));
    assert!(
        said.contains("nowhere is no folder") && said.contains("neither is no folder"),
        "{said}"
    );
}

#[test]
fn a_name_of_no_vector_level_ends_every_command_with_code_2() {
    let (code, _, said) = config(&[], &[("TAMIS_SIMD", "avx9")]);
    assert_eq!(code, 2);
    assert!(
        said.contains("TAMIS_SIMD is \"avx9\"; use scalar, avx2 or avx512"),
        "{said}"
    );
    let check = Command::new(env!("CARGO_BIN_EXE_tamis"))
        .arg("check")
        .env("TAMIS_SIMD", "")
        .output()
        .unwrap();
    assert_eq!(check.status.code(), Some(2), "empty is no name either");
    assert_eq!(config(&[], &[("TAMIS_SIMD", "scalar")]).0, 0, "no unknown variable");
}

#[test]
fn the_log_names_the_vectors_and_the_engine_in_use() {
    let server = Binary::serve(
        &[],
        &[
            ("TAMIS_SIMD", "scalar"),
            ("TAMIS_ENGINE", "daachorse"),
            ("TAMIS_DRAIN_DELAY", "0ms"),
        ],
    );
    server.wait_for("simd=scalar engine=daachorse");
}

#[test]
fn a_name_of_no_engine_is_refused_with_the_nearest_one() {
    let (code, _, said) = config(&[], &[("TAMIS_ENGINE", "seive")]);
    assert_eq!(code, 2);
    assert!(
        said.contains("TAMIS_ENGINE: \"seive\"") && said.contains("did you mean `sieve`?"),
        "{said}"
    );
    assert!(
        config(&[], &[("TAMIS_ENGINE", "daachorse")])
            .1
            .contains("engine = \"daachorse\"")
    );
}
