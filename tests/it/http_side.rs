//! The HTTP side: the same verdicts as JSON.

use serde_json::{Value, json};

use crate::support::{Running, get, http};

const CHECK: &str = "/v1/messages:check";

async fn post(server: &Running, body: &[u8]) -> (u16, Value) {
    let (status, _, body) = http(server.http, "POST", CHECK, body).await;
    (
        status,
        serde_json::from_str(&body).unwrap_or_else(|_| panic!("{body:?}")),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_as_json_is_answered_in_the_one_schema() {
    let server = Running::with(&["加微信"]).await;
    let body = r#"{"messages":[{"id":"a","text":"😀加微信"},{"id":"b","text":"好","scope":"nowhere"}],"offset_encoding":"utf16"}"#;
    let (status, reply) = post(&server, body.as_bytes()).await;
    assert_eq!(status, 200);
    let [hit, error] = [&reply["verdicts"][0], &reply["verdicts"][1]];
    assert_eq!(hit["id"], "a");
    assert_eq!(hit["action"], "block");
    assert_eq!(hit["masked"], "😀***");
    assert_eq!(hit["generation"], 1);
    assert_eq!(
        hit["triggers"][0]["matches"],
        json!([{"spans": [{"start": 2, "end": 5, "text": "加微信"}]}])
    );
    assert_eq!(
        (&error["id"], &error["error"]["reason"]),
        (&json!("b"), &json!("UNKNOWN_SCOPE"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_no_utf8_or_a_lone_surrogate_is_its_message_s_error() {
    let server = Running::with(&["加微信"]).await;
    let (status, reply) = post(
        &server,
        b"{\"messages\":[{\"text\":\"a\xFF\"},{\"text\":\"\\ud800\"},{\"text\":\"ok\"}]}",
    )
    .await;
    assert_eq!(status, 200);
    let reasons: Vec<_> = reply["verdicts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["error"]["reason"].clone())
        .collect();
    assert_eq!(reasons, [json!("TEXT_NOT_UTF8"), json!("TEXT_NOT_UTF8"), Value::Null]);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_a_status_a_code_a_reason_and_a_message() {
    let server = Running::with(&["加微信"]).await;
    for (body, status, code, reason) in [
        (
            r#"{"mesages":[]}"#.to_owned(),
            400,
            "INVALID_ARGUMENT",
            "UNDECODABLE_REQUEST",
        ),
        (
            r#"{"messages":[{"id":"1"}]}"#.to_owned(),
            400,
            "INVALID_ARGUMENT",
            "UNDECODABLE_REQUEST",
        ),
        (r#"{"policy":"nobody"}"#.to_owned(), 404, "NOT_FOUND", "UNKNOWN_POLICY"),
        (
            r#"{"offset_encoding":"utf32"}"#.to_owned(),
            400,
            "INVALID_ARGUMENT",
            "UNKNOWN_OFFSET_ENCODING",
        ),
        (
            format!(r#"{{"messages":[{}{{"text":""}}]}}"#, r#"{"text":""},"#.repeat(1_024)),
            400,
            "INVALID_ARGUMENT",
            "TOO_MANY_MESSAGES",
        ),
        (
            " ".repeat(1024 * 1024 + 1),
            413,
            "RESOURCE_EXHAUSTED",
            "REQUEST_TOO_LARGE",
        ),
    ] {
        let (got, reply) = post(&server, body.as_bytes()).await;
        let error = &reply["error"];
        assert_eq!(
            (got, error["code"].as_str(), error["reason"].as_str()),
            (status, Some(code), Some(reason))
        );
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
    let empty = Running::empty(|_| {});
    let (status, head, _) = http(empty.http, "POST", CHECK, b"{}").await;
    assert!(status == 503 && head.contains("retry-after: 1"), "{status} {head}");
    for (path, status, reason) in [(CHECK, 405, "NO_SUCH_METHOD"), ("/nowhere", 404, "NO_SUCH_PATH")] {
        let (got, body) = get(server.http, path).await;
        assert_eq!(got, status);
        assert!(body.contains(reason), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_count_requests_messages_errors_and_the_snapshot() {
    let server = Running::with(&["加微信"]).await;
    post(
        &server,
        r#"{"messages":[{"text":"加微信"},{"text":"好"},{"text":"x","trust":7}]}"#.as_bytes(),
    )
    .await;
    server
        .client()
        .await
        .check_messages(crate::support::batch(&["好"]))
        .await
        .unwrap();
    let (status, page) = get(server.http, "/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "tamis_requests_total{surface=\"http\",code=\"OK\"} 1",
        "tamis_requests_total{surface=\"unary\",code=\"OK\"} 1",
        "tamis_messages_total{action=\"block\"} 1",
        "tamis_messages_total{action=\"allow\"} 2",
        "tamis_message_errors_total{reason=\"TRUST_OUT_OF_RANGE\"} 1",
        "tamis_request_duration_seconds_count{surface=\"unary\"} 1",
        "tamis_snapshot_generation 1",
        "tamis_snapshot_swaps_total 1",
    ] {
        assert!(page.contains(line), "{line} is missing in\n{page}");
    }
}
