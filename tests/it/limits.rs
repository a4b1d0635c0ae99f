//! Every limit of a connection is set: the traps of the stack, each closed.

use tonic::Code;
use tonic_types::StatusExt;

use crate::support::{
    Running, batch,
    raw::{Call, Frames, STREAM, UNARY, call, frame, framed, framed_bytes, headers, malformed_headers},
};

/// HTTP/2's error code for a peer that misbehaves.
const ENHANCE_YOUR_CALM: u32 = 11;

#[tokio::test(flavor = "multi_thread")]
async fn streams_frames_headers_and_windows_are_bounded_in_the_settings() {
    let server = Running::with(&["加微信"]).await;
    let mut frames = Frames::connect(server.grpc).await;
    let settings = frames.next().await.unwrap().settings();
    assert_eq!(settings.get(&3), Some(&100), "max concurrent streams");
    assert_eq!(settings.get(&4), Some(&(1024 * 1024)), "initial window of a stream");
    assert!(settings.get(&5).is_none_or(|size| *size == 16 * 1024), "max frame size");
    assert_eq!(settings.get(&6), Some(&(16 * 1024)), "max header list");
    let mut window = 65_535;
    while window < 4 * 1024 * 1024 {
        let frame = frames.next().await.unwrap();
        if frame.kind == 8 && frame.stream == 0 {
            window += u32::from_be_bytes(frame.payload.try_into().unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_opens_and_resets_streams_in_a_burst_is_sent_away() {
    let server = Running::with(&["加微信"]).await;
    let mut frames = Frames::connect(server.grpc).await;
    let burst: Vec<u8> = (0..2_000)
        .flat_map(|i| [headers(2 * i + 1), frame(3, 0, 2 * i + 1, &[0, 0, 0, 8])].concat())
        .collect();
    frames.write(&burst).await;
    assert_eq!(frames.goaway().await, Some(ENHANCE_YOUR_CALM));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_makes_us_reset_streams_by_its_errors_is_sent_away() {
    let server = Running::with(&["加微信"]).await;
    let mut frames = Frames::connect(server.grpc).await;
    let errors: Vec<u8> = (0..2_000).flat_map(|i| malformed_headers(2 * i + 1)).collect();
    frames.write(&errors).await;
    assert_eq!(frames.goaway().await, Some(ENHANCE_YOUR_CALM));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_list_over_16_kib_is_refused() {
    let server = Running::with(&["加微信"]).await;
    let large = "x".repeat(17 * 1024);
    let (status, _) = call(server.grpc, UNARY, &[("x-large", &large)], &framed(&batch(&["x"]))).await;
    assert_ne!(status.code(), Code::Ok);
    let fits = "x".repeat(12 * 1024);
    let (status, _) = call(server.grpc, UNARY, &[("x-large", &fits)], &framed(&batch(&["x"]))).await;
    assert_eq!(status.code(), Code::Ok, "{status:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claimed_length_over_the_limit_is_refused_before_the_bytes_come() {
    let server = Running::with(&["加微信"]).await;
    for path in [UNARY, STREAM] {
        let call = Call::open(server.grpc, path, &[]).await;
        call.send(&[0, 0xC0, 0, 0, 0]).await;
        let (status, _) = call.answered_early().await;
        assert_eq!(status.code(), Code::ResourceExhausted, "{path}: {status:?}");
        let details = status.get_error_details();
        assert_eq!(details.error_info().unwrap().reason, "REQUEST_TOO_LARGE");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_over_1_mib_is_refused_as_exhausting_and_one_below_is_not() {
    let server = Running::with(&["加微信"]).await;
    let text = "x".repeat(60 * 1024);
    let (status, _) = call(server.grpc, UNARY, &[], &framed(&batch(&[text.as_str(); 17]))).await;
    assert_eq!(status.code(), Code::Ok, "{status:?}");
    let (status, _) = call(server.grpc, UNARY, &[], &framed(&batch(&[text.as_str(); 18]))).await;
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_stream_of_many_small_frames_lives() {
    let server = Running::with(&["加微信"]).await;
    let call = Call::open(server.grpc, STREAM, &[]).await;
    for _ in 0..5_000 {
        // An empty request in a frame of its own.
        call.send(&framed_bytes(&[])).await;
    }
    let (status, body) = call.end().await;
    assert_eq!(status.code(), Code::Ok, "{status:?}");
    assert_eq!(body.len(), 5_000 * (5 + 2), "an empty response for each");
}

#[test]
fn h2_is_past_the_versions_that_kill_such_streams() {
    let lock = include_str!("../../Cargo.lock");
    let (_, rest) = lock.split_once("name = \"h2\"\nversion = \"").unwrap();
    let version: Vec<u32> = rest
        .split('"')
        .next()
        .unwrap()
        .split('.')
        .map(|part| part.parse().unwrap())
        .collect();
    assert!(version >= vec![0, 4, 20], "{version:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_over_the_limit_are_closed_at_once() {
    let server = Running::empty(|settings| settings.grpc.max_connections = 1);
    let mut first = Frames::connect(server.grpc).await;
    assert!(first.next().await.is_some());
    let mut second = Frames::connect(server.grpc).await;
    assert!(second.next().await.is_none());
    let (_, page) = crate::support::get(server.http, "/metrics").await;
    assert!(
        page.contains("tamis_refused_connections_total{listener=\"grpc\"} 1"),
        "{page}"
    );
}
