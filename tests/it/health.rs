//! Health tells the truth: it follows what serves, not whether the process runs.

use std::process::Command;

use tonic::Code;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

use crate::support::{Binary, Running, get, parsed};

const SERVICES: [&str; 2] = ["", "tamis.v1.FilterService"];

fn about(service: &str) -> HealthCheckRequest {
    HealthCheckRequest {
        service: service.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_not_serving_before_its_snapshot_and_while_it_leaves() {
    let mut server = Running::empty(|settings| settings.drain.delay.0 = std::time::Duration::from_millis(200));
    let mut client = HealthClient::new(server.channel().await);
    let mut watches = Vec::new();
    for service in SERVICES {
        let mut watch = client.watch(about(service)).await.unwrap().into_inner();
        assert_eq!(
            watch.message().await.unwrap().unwrap().status(),
            ServingStatus::NotServing
        );
        watches.push(watch);
    }
    assert_eq!(get(server.http, "/readyz").await.0, 503);
    assert_eq!(get(server.http, "/livez").await.0, 200);

    server.publish(parsed(&["加微信"])).await.unwrap();
    for watch in &mut watches {
        assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    }
    assert_eq!(get(server.http, "/readyz").await.0, 200);

    server.leave();
    for mut watch in watches {
        assert_eq!(
            watch.message().await.unwrap().unwrap().status(),
            ServingStatus::NotServing
        );
        // Then the watch itself ends, so that it does not hold the drain up.
        assert_eq!(watch.message().await.unwrap_err().code(), Code::Unavailable);
    }
    assert_eq!(server.left().await.cut, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_not_there_is_not_found() {
    let server = Running::with(&["加微信"]).await;
    let mut client = HealthClient::new(server.channel().await);
    let status = client.check(about("tamis.v1.Nothing")).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
}

#[test]
fn tamis_health_exits_by_what_it_hears() {
    let health = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_tamis"))
            .arg("health")
            .args(args)
            .output()
            .unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
        )
    };
    let server = Binary::serve(&[], &[("TAMIS_DRAIN_DELAY", "0ms")]);
    server.wait_for("snapshot serves");
    let address = server.grpc().to_string();
    assert_eq!(health(&["--addr", &address]), (0, "SERVING\n".to_owned()));
    assert_eq!(
        health(&["--addr", &address, "--service", "tamis.v1.FilterService"]).0,
        0
    );
    let (code, said) = health(&["--addr", &address, "--service", "nobody"]);
    assert!(code == 1 && said.contains("nobody"), "{code} {said}");
    server.signal("TERM");
    assert!(server.ended().0.success());
    let (code, said) = health(&["--addr", &address]);
    assert!(code == 1 && said.contains(&address), "{code} {said}");
    assert_eq!(health(&["--addr", "not an address"]).0, 2);
}
