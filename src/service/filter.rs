//! `tamis.v1.FilterService` over gRPC.

use std::{pin::Pin, sync::Arc, time::Instant};

use futures_util::{Stream, stream::unfold};
use prost::bytes::Bytes;
use tokio::{sync::watch, time::timeout_at};
use tonic::{Code, Request, Response, Status, Streaming};

use super::{
    batch::{Ask, Deadline, Filter, Incoming},
    error::{Refusal, Unjudged, code_word},
    json::in_range,
    proto::{
        self, CheckMessagesRequest, CheckMessagesResponse, CheckResult, StreamCheckMessagesRequest,
        StreamCheckMessagesResponse, check_result, filter_service_server::FilterService,
        stream_check_messages_response,
    },
    replies, timestamp,
};
use crate::{
    snapshot::Message,
    telemetry::{Metrics, Surface},
    text::OffsetUnit,
};

/// The service as tonic calls it.
#[derive(Clone, Debug)]
pub struct FilterGrpc {
    filter: Arc<Filter>,
    metrics: Arc<Metrics>,
    closing: watch::Receiver<bool>,
}

impl FilterGrpc {
    /// Answers by `filter`; streams end after what they have received once `closing` turns true.
    pub fn new(filter: Arc<Filter>, metrics: Arc<Metrics>, closing: watch::Receiver<bool>) -> Self {
        Self {
            filter,
            metrics,
            closing,
        }
    }

    async fn check(
        &self,
        deadline: Option<Deadline>,
        request: &CheckMessagesRequest,
    ) -> Result<CheckMessagesResponse, Refusal> {
        let ask = Ask {
            policy: &request.policy,
            offsets: offsets(request.offset_encoding)?,
            explain: request.explain,
            request_id: &request.request_id,
            deadline,
        };
        let mut snapshot = Bytes::new();
        let verdicts = self.filter.judge(ask, &request.messages, |serving, message, outcome| {
            if snapshot.is_empty() {
                snapshot = Bytes::from(serving.snapshot.id().to_string());
            }
            let outcome = match outcome {
                Ok(verdict) => {
                    check_result::Outcome::Verdict(replies::verdict(verdict, message.id.clone(), snapshot.clone()))
                }
                Err(error) => check_result::Outcome::Error(replies::message_error(&error, &message.id)),
            };
            CheckResult { outcome: Some(outcome) }
        });
        Ok(CheckMessagesResponse {
            verdicts: verdicts.await?,
        })
    }

    async fn answer(
        &self,
        deadline: Option<Deadline>,
        asked: StreamCheckMessagesRequest,
    ) -> Result<StreamCheckMessagesResponse, Status> {
        let started = Instant::now();
        let answer = self.check(deadline, &asked.request.unwrap_or_default()).await;
        let code = answer.as_ref().map_or_else(Refusal::code, |_| Code::Ok);
        self.metrics
            .request(Surface::Stream, code_word(code), started.elapsed());
        let outcome = match answer {
            Ok(response) => stream_check_messages_response::Outcome::Response(response),
            Err(refusal @ (Refusal::DeadlineExceeded | Refusal::Bug { .. })) => return Err(refusal.into()),
            Err(refusal) => stream_check_messages_response::Outcome::Error(replies::request_error(&refusal)),
        };
        Ok(StreamCheckMessagesResponse {
            correlation_id: String::from_utf8_lossy(&asked.correlation_id).into_owned(),
            outcome: Some(outcome),
        })
    }

    /// The next request of a stream, `None` at its end.
    async fn next(
        &mut self,
        deadline: Option<Deadline>,
        requests: &mut Streaming<StreamCheckMessagesRequest>,
    ) -> Result<Option<StreamCheckMessagesRequest>, Status> {
        let closing = &mut self.closing;
        let next = async {
            tokio::select! {
                // What has arrived is answered before the stream ends.
                biased;
                request = requests.message() => request.map_err(remapped),
                _ = closing.wait_for(|closing| *closing) => Err(Refusal::Draining.into()),
            }
        };
        match deadline {
            Some(Deadline(end)) => timeout_at(end.into(), next)
                .await
                .unwrap_or_else(|_| Err(Refusal::DeadlineExceeded.into())),
            None => next.await,
        }
    }
}

#[tonic::async_trait]
impl FilterService for FilterGrpc {
    async fn check_messages(
        &self,
        request: Request<CheckMessagesRequest>,
    ) -> Result<Response<CheckMessagesResponse>, Status> {
        let deadline = request.extensions().get::<Deadline>().copied();
        let answer = self.check(deadline, request.get_ref()).await?;
        Ok(Response::new(answer))
    }

    type StreamCheckMessagesStream = Pin<Box<dyn Stream<Item = Result<StreamCheckMessagesResponse, Status>> + Send>>;

    async fn stream_check_messages(
        &self,
        request: Request<Streaming<StreamCheckMessagesRequest>>,
    ) -> Result<Response<Self::StreamCheckMessagesStream>, Status> {
        let deadline = request.extensions().get::<Deadline>().copied();
        let state = Some((self.clone(), request.into_inner()));
        Ok(Response::new(Box::pin(unfold(state, move |state| async move {
            let (mut service, mut requests) = state?;
            let answer = match service.next(deadline, &mut requests).await {
                Ok(None) => return None,
                Ok(Some(request)) => service.answer(deadline, request).await,
                Err(status) => Err(status),
            };
            let rest = answer.is_ok().then_some((service, requests));
            Some((answer, rest))
        }))))
    }
}

/// tonic calls a frame over the limit `OUT_OF_RANGE`; the contract says `RESOURCE_EXHAUSTED`.
fn remapped(status: Status) -> Status {
    match status.code() {
        Code::OutOfRange => Refusal::RequestTooLarge.into(),
        _ => status,
    }
}

fn offsets(encoding: i32) -> Result<OffsetUnit, Refusal> {
    match proto::OffsetEncoding::try_from(encoding) {
        Ok(proto::OffsetEncoding::Unspecified | proto::OffsetEncoding::Bytes) => Ok(OffsetUnit::Bytes),
        Ok(proto::OffsetEncoding::Codepoints) => Ok(OffsetUnit::Codepoints),
        Ok(proto::OffsetEncoding::Utf16) => Ok(OffsetUnit::Utf16),
        Err(_) => Err(Refusal::UnknownOffsetEncoding {
            value: encoding.to_string(),
        }),
    }
}

impl Incoming for proto::Message {
    fn bytes(&self) -> usize {
        self.text.len()
    }

    fn read(&self) -> Result<Message<'_>, Unjudged> {
        let id = utf8("id", &self.id)?;
        let scope = utf8("scope", &self.scope)?;
        utf8("sender", &self.sender)?;
        utf8("conversation", &self.conversation)?;
        utf8("target", &self.target)?;
        utf8("kind", &self.kind)?;
        in_range(self.trust)?;
        if self.time.as_ref().is_some_and(|time| !timestamp::is_valid(time)) {
            return Err(Unjudged::BadTime);
        }
        Ok(Message {
            id,
            text: &self.text,
            scope,
        })
    }
}

fn utf8<'a>(field: &'static str, bytes: &'a [u8]) -> Result<&'a str, Unjudged> {
    std::str::from_utf8(bytes).map_err(|_| Unjudged::FieldNotUtf8 { field })
}
