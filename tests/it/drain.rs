//! What SIGTERM sets off: health turns, nothing new is accepted, accepted work finishes, exit 0.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use prost::Message;
use tamis::service::proto::client::{
    CheckMessagesResponse, StreamCheckMessagesRequest, filter_service_client::FilterServiceClient,
};
use tokio::{net::TcpStream, sync::mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

use crate::support::{
    Binary, Running, batch,
    raw::{Call, UNARY, framed},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_accepted_before_sigterm_is_answered_and_the_process_exits_0() {
    let server = Binary::serve(&[], &[("TAMIS_DRAIN_DELAY", "50ms")]);
    server.wait_for("snapshot serves");
    let address = server.grpc();
    let frame = framed(&batch(&["刷单返佣"]));
    let call = Call::open(address, UNARY, &[]).await;
    call.send(&frame[..frame.len() / 2]).await;
    // Another call on a connection of its own shows that the server has had the time to see the first.
    let mut client = FilterServiceClient::connect(format!("http://{address}")).await.unwrap();
    client.check_messages(batch(&["你好"])).await.unwrap();

    server.signal("TERM");
    server.wait_for("accepting nothing new");
    assert!(wait_until_refused(address).await, "a new connection is still accepted");
    call.send(&frame[frame.len() / 2..]).await;
    let (status, body) = call.end().await;
    assert_eq!(status.code(), Code::Ok, "{status:?}");
    assert_eq!(CheckMessagesResponse::decode(&body[5..]).unwrap().verdicts.len(), 1);
    drop(client);
    let (exit, log) = server.ended();
    assert_eq!(exit.code(), Some(0), "{log}");
    assert!(log.contains("all accepted work is done"), "{log}");
}

async fn wait_until_refused(address: std::net::SocketAddr) -> bool {
    for _ in 0..1_000 {
        if TcpStream::connect(address).await.is_err() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn under_load_no_call_fails_before_the_server_stops_accepting() {
    let server = Binary::serve(&[], &[("TAMIS_DRAIN_DELAY", "300ms")]);
    server.wait_for("snapshot serves");
    let address = server.grpc();
    let (closing, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (closing, answered) = (Arc::clone(&closing), Arc::clone(&answered));
            tokio::spawn(async move {
                let mut client = FilterServiceClient::connect(format!("http://{address}")).await.unwrap();
                loop {
                    let status = match client.check_messages(batch(&["刷单返佣", "你好"])).await {
                        Ok(reply) => {
                            assert_eq!(reply.into_inner().verdicts.len(), 2);
                            answered.fetch_add(1, Ordering::SeqCst);
                            continue;
                        }
                        Err(status) => status,
                    };
                    // The log may be read a little after the server acts, never before it was told to leave.
                    assert!(closing.load(Ordering::SeqCst), "{status:?}");
                    return;
                }
            })
        })
        .collect();
    while answered.load(Ordering::SeqCst) < 200 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    closing.store(true, Ordering::SeqCst);
    let before = answered.load(Ordering::SeqCst);
    server.signal("TERM");
    for caller in callers {
        caller.await.unwrap();
    }
    let (exit, log) = server.ended();
    assert_eq!(exit.code(), Some(0), "{log}");
    assert!(
        answered.load(Ordering::SeqCst) > before,
        "nothing was answered during the drain delay"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_unavailable_after_what_it_sent_is_answered() {
    let mut server = Running::with(&["加微信"]).await;
    let mut client = server.client().await;
    let (requests, sent) = mpsc::channel(4);
    let request = StreamCheckMessagesRequest {
        correlation_id: "last".to_owned(),
        request: Some(batch(&["加微信"])),
    };
    requests.send(request).await.unwrap();
    let mut answers = client
        .stream_check_messages(ReceiverStream::new(sent))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(answers.message().await.unwrap().unwrap().correlation_id, "last");
    server.leave();
    let status = answers.message().await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert!(status.message().contains("shutting down"), "{status:?}");
    assert_eq!(server.left().await.cut, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_never_ends_is_cut_at_the_end_of_the_grace() {
    let mut server = Running::empty(|settings| settings.drain.grace.0 = Duration::from_millis(100));
    server.publish(crate::support::parsed(&["加微信"])).await.unwrap();
    let call = Call::open(server.grpc, UNARY, &[]).await;
    call.send(&[0, 0, 0, 0, 9]).await;
    server.client().await.check_messages(batch(&["x"])).await.unwrap();
    server.leave();
    assert_eq!(server.left().await.cut, 1);
}

#[test]
fn a_second_signal_ends_the_process_at_once() {
    let server = Binary::serve(&[], &[("TAMIS_DRAIN_DELAY", "1h")]);
    server.signal("TERM");
    server.wait_for("asked to leave");
    server.signal("INT");
    let (exit, log) = server.ended();
    assert_eq!(exit.code(), Some(1), "{log}");
}
