//! One server to a store: a second one would write over what the first has acknowledged.

use std::{path::Path, process::Command};

use crate::support::Binary;

fn first(data: &Path) -> Binary {
    let variables = [("TAMIS_DATA", data.to_str().unwrap()), ("TAMIS_DRAIN_DELAY", "1s")];
    Binary::serve(&[], &variables)
}

#[test]
fn a_second_server_on_the_same_store_is_refused_until_the_first_is_gone() {
    let data = tempfile::tempdir().unwrap();
    let server = first(data.path());
    let second = Command::new("timeout")
        .args(["30", env!("CARGO_BIN_EXE_tamis"), "serve"])
        .args(["--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0"])
        .env("TAMIS_DATA", data.path())
        .envs([("TAMIS_DRAIN_DELAY", "0ms"), ("TAMIS_DRAIN_GRACE", "100ms")])
        .output()
        .unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(2), "{said}");
    let folder = data.path().join("store").display().to_string();
    assert!(said.contains(&format!("another tamis serves from {folder}")), "{said}");
    server.signal("KILL");
    server.ended();
    assert!(
        !first(data.path()).log().contains("another tamis"),
        "nothing stays behind"
    );
}

#[test]
fn a_restart_waits_until_the_server_before_has_drained() {
    let data = tempfile::tempdir().unwrap();
    let leaving = first(data.path());
    leaving.signal("TERM");
    let next = first(data.path());
    assert!(next.log().contains("another tamis serves from this store, waiting"));
    let (status, log) = leaving.ended();
    assert!(status.success(), "{log}");
}
