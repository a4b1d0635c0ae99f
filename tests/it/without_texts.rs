//! No message text reaches a log or a metric at the default settings.

use tamis::service::proto::client::{Message, filter_service_client::FilterServiceClient};
use tonic::Request;

use crate::support::{Binary, batch, get, http};

const CANARIES: [&str; 4] = [
    "canary-text-7f3a",
    "canary-bad-91bc",
    "canary-scope-55d0",
    "canary-json-c4e8",
];

#[tokio::test(flavor = "multi_thread")]
async fn texts_and_scopes_appear_nowhere_in_logs_and_metrics() {
    let [text, bad, scope, json] = CANARIES;
    let server = Binary::serve(&[], &[("TAMIS_DRAIN_DELAY", "0ms")]);
    server.wait_for("snapshot serves");
    let mut client = FilterServiceClient::connect(format!("http://{}", server.grpc()))
        .await
        .unwrap();
    let mut request = batch(&[&format!("{text} 刷单返佣 {text}"), &bad.repeat(6_000)]);
    request.messages.push(Message {
        scope: scope.to_owned(),
        text: text.to_owned(),
        trust: Some(9.0),
        ..Message::default()
    });
    client.check_messages(Request::new(request.clone())).await.unwrap();
    request.policy = "nobody".to_owned();
    client.check_messages(request).await.unwrap_err();
    let body = format!(r#"{{"messages":[{{"text":"{json} 刷单返佣"}}],"{json}":1}}"#);
    http(server.http(), "POST", "/v1/messages:check", body.as_bytes()).await;
    let body = format!(r#"{{"messages":[{{"text":"{json} 刷单返佣"}}]}}"#);
    http(server.http(), "POST", "/v1/messages:check", body.as_bytes()).await;

    let (_, page) = get(server.http(), "/metrics").await;
    assert!(page.contains("tamis_messages_total{action=\"block\"} 2"), "{page}");
    server.signal("TERM");
    let (_, log) = server.ended();
    for canary in CANARIES {
        assert!(!log.contains(canary), "{canary} in\n{log}");
        assert!(!page.contains(canary), "{canary} in\n{page}");
    }
}
