//! Bytes that polite clients never send.

use prost::{Message, bytes::Bytes};
use tamis::service::proto::{
    self,
    client::{CheckMessagesResponse, ErrorReason, StreamCheckMessagesRequest, check_result::Outcome},
};
use tonic::Code;
use tonic_types::StatusExt;

use crate::support::{
    Running, batch,
    raw::{Call, STREAM, UNARY, call, framed, framed_bytes},
};

fn message(change: impl FnOnce(&mut proto::Message)) -> proto::Message {
    let mut message = proto::Message {
        id: Bytes::from_static(b"m"),
        text: Bytes::from_static("加微信".as_bytes()),
        ..proto::Message::default()
    };
    change(&mut message);
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_not_utf8_are_their_own_message_s_error() {
    let server = Running::with(&["加微信"]).await;
    let request = proto::CheckMessagesRequest {
        messages: vec![
            message(|m| m.text = Bytes::from_static(b"ab\xFF")),
            message(|m| m.id = Bytes::from_static(b"\xC3\x28")),
            message(|m| m.sender = Bytes::from_static(b"\x80")),
            message(|_| {}),
        ],
        ..proto::CheckMessagesRequest::default()
    };
    let (status, body) = call(server.grpc, UNARY, &[], &framed(&request)).await;
    assert_eq!(status.code(), Code::Ok, "{status:?}");
    let reply = CheckMessagesResponse::decode(&body[5..]).unwrap();
    let outcomes: Vec<_> = reply.verdicts.into_iter().map(|r| r.outcome.unwrap()).collect();
    let [
        Outcome::Error(text),
        Outcome::Error(id),
        Outcome::Error(sender),
        Outcome::Verdict(_),
    ] = &outcomes[..]
    else {
        panic!("{outcomes:?}");
    };
    assert_eq!((text.id.as_str(), text.reason()), ("m", ErrorReason::TextNotUtf8));
    assert!(text.message.contains("byte 2"), "{}", text.message);
    assert_eq!(id.reason(), ErrorReason::FieldNotUtf8);
    assert!(sender.message.contains("sender"), "{}", sender.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_protobuf_is_the_caller_s_mistake() {
    let server = Running::with(&["加微信"]).await;
    for path in [UNARY, STREAM] {
        let (status, _) = call(server.grpc, path, &[], &framed_bytes(&[0x0A, 0xFF])).await;
        assert_eq!(status.code(), Code::InvalidArgument, "{path}: {status:?}");
        let details = status.get_error_details();
        assert_eq!(details.error_info().unwrap().reason, "UNDECODABLE_REQUEST");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_deadline_is_called_deadline_exceeded() {
    let server = Running::with(&["加微信"]).await;
    let batch = batch(&["x"]);
    let streamed = StreamCheckMessagesRequest {
        request: Some(batch.clone()),
        ..StreamCheckMessagesRequest::default()
    };
    for (path, request) in [(UNARY, framed(&batch)), (STREAM, framed(&streamed))] {
        let (status, _) = call(server.grpc, path, &[("grpc-timeout", "1n")], &request).await;
        assert_eq!(status.code(), Code::DeadlineExceeded, "{path}: {status:?}");
        let details = status.get_error_details();
        assert_eq!(details.error_info().unwrap().reason, "DEADLINE_EXCEEDED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_waits_for_its_next_request_ends_at_the_deadline() {
    let server = Running::with(&["加微信"]).await;
    let call = Call::open(server.grpc, STREAM, &[("grpc-timeout", "50m")]).await;
    let (status, _) = call.answered_early().await;
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
}
