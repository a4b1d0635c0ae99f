//! Batches over gRPC, as platforms send them.

use futures_util::stream;
use prost_types::Timestamp;
use tamis::service::proto::client::{
    Action, CheckMessagesRequest, CheckResult, ErrorReason, Message, OffsetEncoding, StreamCheckMessagesRequest,
    Verdict, check_result::Outcome, stream_check_messages_response::Outcome as StreamOutcome,
};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::support::{Lists, Running, batch, message};

fn verdict(result: &CheckResult) -> &Verdict {
    match result.outcome.as_ref().unwrap() {
        Outcome::Verdict(verdict) => verdict,
        Outcome::Error(error) => panic!("{error:?}"),
    }
}

fn reason(result: &CheckResult) -> (i32, ErrorReason) {
    match result.outcome.as_ref().unwrap() {
        Outcome::Verdict(verdict) => panic!("{verdict:?}"),
        Outcome::Error(error) => (error.code, error.reason()),
    }
}

fn info(status: &Status) -> (Code, String) {
    let details = status.get_error_details();
    let info = details.error_info().unwrap();
    assert_eq!(info.domain, "tamis");
    (status.code(), info.reason.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_answered_in_order_by_one_snapshot_with_spans_and_masks() {
    let server = Running::with(&["加微信"]).await;
    let mut client = server.client().await;
    let reply = client
        .check_messages(batch(&["你好", "😀加微信吧"]))
        .await
        .unwrap()
        .into_inner();
    let [clean, hit] = [verdict(&reply.verdicts[0]), verdict(&reply.verdicts[1])];
    assert_eq!(
        (clean.id.as_str(), clean.action(), clean.score),
        ("0", Action::Allow, 0.0)
    );
    assert_eq!((hit.id.as_str(), hit.action(), hit.score), ("1", Action::Block, 0.8));
    assert_eq!(hit.masked.as_deref(), Some("😀***吧"));
    assert_eq!((clean.snapshot.as_str(), clean.generation), (hit.snapshot.as_str(), 1));
    let trigger = &hit.triggers[0];
    assert_eq!(
        (trigger.rule.as_str(), trigger.dictionary.as_str()),
        ("fraud/加微信", "default/fraud")
    );
    let span = &trigger.matches[0].spans[0];
    assert_eq!((span.start, span.end, span.text.as_str()), (4, 13, "加微信"));
}

#[tokio::test(flavor = "multi_thread")]
async fn spans_come_in_the_unit_that_was_asked_for() {
    let server = Running::with(&["加微信"]).await;
    let mut client = server.client().await;
    for (unit, expected) in [
        (OffsetEncoding::Unspecified, (4, 13)),
        (OffsetEncoding::Bytes, (4, 13)),
        (OffsetEncoding::Codepoints, (1, 4)),
        (OffsetEncoding::Utf16, (2, 5)),
    ] {
        let mut request = batch(&["😀加微信"]);
        request.offset_encoding = unit.into();
        let reply = client.check_messages(request).await.unwrap().into_inner();
        let span = &verdict(&reply.verdicts[0]).triggers[0].matches[0].spans[0];
        assert_eq!((span.start, span.end), expected, "{unit:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_judged_has_its_own_error_and_the_others_their_verdicts() {
    let server = Running::with(&["加微信"]).await;
    let mut client = server.client().await;
    let bad = |change: fn(&mut Message)| {
        let mut message = message("m", "x");
        change(&mut message);
        message
    };
    let request = CheckMessagesRequest {
        messages: vec![
            message("long", &"长".repeat(30_000)),
            bad(|m| m.scope = "nowhere".to_owned()),
            bad(|m| m.trust = Some(1.5)),
            bad(|m| m.trust = Some(f64::NAN)),
            bad(|m| {
                m.time = Some(Timestamp {
                    seconds: i64::MAX,
                    nanos: 0,
                });
            }),
            message("good", "加微信"),
        ],
        ..CheckMessagesRequest::default()
    };
    let reply = client.check_messages(request).await.unwrap().into_inner();
    let invalid = i32::from(Code::InvalidArgument);
    for (result, expected) in reply.verdicts.iter().zip([
        ErrorReason::TextTooLarge,
        ErrorReason::UnknownScope,
        ErrorReason::TrustOutOfRange,
        ErrorReason::TrustOutOfRange,
        ErrorReason::BadTime,
    ]) {
        assert_eq!(reason(result), (invalid, expected));
    }
    assert_eq!(verdict(&reply.verdicts[5]).action(), Action::Block);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_and_a_scope_that_are_not_there_are_answered_with_the_nearest() {
    let server = Running::with(&["加微信"]).await;
    let mut client = server.client().await;
    let mut request = batch(&["x"]);
    request.policy = "defualt".to_owned();
    let status = client.check_messages(request).await.unwrap_err();
    assert_eq!(info(&status), (Code::NotFound, "UNKNOWN_POLICY".to_owned()));
    let said = status.message();
    assert!(said.ends_with("did you mean `default/default`?"), "{said}");

    for (scope, nearest) in [("defualt", true), ("nowhere", false)] {
        let mut request = batch(&["x"]);
        request.messages[0].scope = scope.to_owned();
        let reply = client.check_messages(request).await.unwrap().into_inner();
        let Some(Outcome::Error(error)) = &reply.verdicts[0].outcome else {
            panic!("{reply:?}");
        };
        assert_eq!(error.message.ends_with("did you mean `default`?"), nearest, "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_is_looked_for_among_few_and_short_ones_alone() {
    let long = "g".repeat(30);
    for (scopes, written, nearest) in [
        (15, "scope11x", true),
        (16, "scope11x", false),
        (15, &*(long.clone() + "xxx"), false),
    ] {
        let lists = Lists::of(&["加微信"]);
        let names = (1..scopes).map(|number| format!("scope{number}")).chain([long.clone()]);
        let defined: Vec<String> = names.map(|name| format!("[scope.{name}]\nmask = true\n")).collect();
        let head = "name = \"default\"\ndictionaries = [\"fraud\"]\nunknown_scopes = \"reject\"\n";
        lists.write("policy/policy.toml", &(head.to_owned() + &defined.concat()));
        let server = Running::empty(|_| {});
        server.publish(lists.loaded()).await.unwrap();
        let mut request = batch(&["x"]);
        written.clone_into(&mut request.messages[0].scope);
        let reply = server
            .client()
            .await
            .check_messages(request)
            .await
            .unwrap()
            .into_inner();
        let Some(Outcome::Error(error)) = &reply.verdicts[0].outcome else {
            panic!("{reply:?}");
        };
        assert_eq!(error.message.contains("did you mean"), nearest, "{scopes} {error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_says_which_field_why_and_when_to_retry() {
    let server = Running::empty(|_| {});
    let mut client = server.client().await;
    let status = client.check_messages(batch(&["x"])).await.unwrap_err();
    assert_eq!(info(&status), (Code::Unavailable, "NOTHING_LOADED".to_owned()));
    assert!(status.get_error_details().retry_info().unwrap().retry_delay.is_some());
    assert!(status.metadata().contains_key("grpc-retry-pushback-ms"));

    server.publish(crate::support::parsed(&["加微信"])).await.unwrap();
    let mut refused = async |change: fn(&mut CheckMessagesRequest)| {
        let mut request = batch(&["x"]);
        change(&mut request);
        let status = client.check_messages(request).await.unwrap_err();
        let violations = status
            .get_error_details()
            .bad_request()
            .unwrap()
            .field_violations
            .clone();
        let (code, reason) = info(&status);
        (code, reason, violations[0].field.clone())
    };
    let expected = |code, reason: &str, field: &str| (code, reason.to_owned(), field.to_owned());
    assert_eq!(
        refused(|r| r.policy = "acme/strict".to_owned()).await,
        expected(Code::NotFound, "UNKNOWN_POLICY", "policy")
    );
    assert_eq!(
        refused(|r| r.policy = "a/b/c".to_owned()).await,
        expected(Code::InvalidArgument, "BAD_POLICY_NAME", "policy")
    );
    assert_eq!(
        refused(|r| r.offset_encoding = 9).await,
        expected(Code::InvalidArgument, "UNKNOWN_OFFSET_ENCODING", "offset_encoding")
    );
    assert_eq!(
        refused(|r| r.messages = vec![Message::default(); 1_025]).await,
        expected(Code::InvalidArgument, "TOO_MANY_MESSAGES", "messages")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_batch_is_within_the_limit() {
    let server = Running::with(&["加微信"]).await;
    let mut client = server.client().await;
    let request = batch(&vec!["加微信"; 1_024]);
    let reply = client.check_messages(request).await.unwrap().into_inner();
    assert_eq!(reply.verdicts.len(), 1_024);
    assert!(reply.verdicts.iter().all(|r| verdict(r).action() == Action::Block));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_answers_every_batch_with_its_correlation_and_outlives_a_refused_one() {
    let server = Running::with(&["加微信"]).await;
    let mut client = server.client().await;
    let asked = |correlation: &str, policy: &str| StreamCheckMessagesRequest {
        correlation_id: correlation.to_owned(),
        request: Some(CheckMessagesRequest {
            policy: policy.to_owned(),
            ..batch(&["加微信"])
        }),
    };
    let requests = stream::iter([asked("a", ""), asked("b", "nobody"), asked("c", "default")]);
    let mut answers = client.stream_check_messages(requests).await.unwrap().into_inner();
    let mut outcomes = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        outcomes.push((answer.correlation_id, answer.outcome.unwrap()));
    }
    let [
        (a, StreamOutcome::Response(first)),
        (b, StreamOutcome::Error(refused)),
        (c, StreamOutcome::Response(_)),
    ] = &outcomes[..]
    else {
        panic!("{outcomes:?}");
    };
    assert_eq!([a.as_str(), b, c], ["a", "b", "c"]);
    assert_eq!(verdict(&first.verdicts[0]).action(), Action::Block);
    assert_eq!(
        (refused.code, refused.reason()),
        (Code::NotFound.into(), ErrorReason::UnknownPolicy)
    );
    assert_eq!(refused.field, "policy");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_exceed_the_work_in_flight_is_shed_with_a_pushback() {
    let server = Running::empty(|settings| settings.grpc.max_in_flight_bytes = 1_000);
    server.publish(crate::support::parsed(&["加微信"])).await.unwrap();
    let mut client = server.client().await;
    client.check_messages(batch(&["x"])).await.unwrap();
    let status = client.check_messages(batch(&["x"; 8])).await.unwrap_err();
    assert_eq!(info(&status), (Code::Unavailable, "OVERLOADED".to_owned()));
    assert!(status.metadata().contains_key("grpc-retry-pushback-ms"));
    client.check_messages(batch(&["x"])).await.unwrap();
}
