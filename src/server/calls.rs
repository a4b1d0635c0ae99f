//! What surrounds every gRPC call: its deadline, the codes that the contract names, bugs, its metrics.

use std::{
    convert::Infallible,
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use http::{HeaderMap, Request, Response};
use hyper::body::Incoming;
use tokio::{sync::watch, time::timeout_at};
use tonic::{Code, Status, body::Body, service::Routes};
use tower::Service;

use super::ending::Ending;
use crate::{
    service::{Deadline, Peer, Refusal, code_word},
    telemetry::{self, Metrics, Surface},
};

const UNARY: &str = "/tamis.v1.FilterService/CheckMessages";
const OWN_SERVICES: &str = "/tamis.v1.";

/// The routes as a connection calls them.
#[derive(Clone)]
pub(super) struct Calls {
    routes: Routes,
    metrics: Arc<Metrics>,
    closing: watch::Receiver<bool>,
    peer: Option<Peer>,
}

impl Calls {
    /// Surrounds `routes`; streams of services that are not ours end once `closing` turns true.
    pub(super) fn new(routes: Routes, metrics: Arc<Metrics>, closing: watch::Receiver<bool>) -> Self {
        Self {
            routes: routes.prepare(),
            metrics,
            closing,
            peer: None,
        }
    }

    /// The calls of one connection, which say where they come from.
    #[must_use]
    pub(super) fn of_peer(mut self, peer: Option<Peer>) -> Self {
        self.peer = peer;
        self
    }
}

impl hyper::service::Service<Request<Incoming>> for Calls {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let Self {
            routes,
            metrics,
            closing,
            peer,
        } = self.clone();
        if let Some(peer) = peer {
            request.extensions_mut().insert(peer);
        }
        Box::pin(async move {
            let started = Instant::now();
            let unary = request.uri().path() == UNARY;
            let ours = request.uri().path().starts_with(OWN_SERVICES);
            let response = remapped(answered(routes, request, started).await);
            if unary {
                metrics.request(Surface::Unary, code_word(code(response.headers())), started.elapsed());
            }
            Ok(if ours {
                response
            } else {
                response.map(|body| Body::new(Ending::new(body, closing)))
            })
        })
    }
}

/// The answer within the caller's deadline. A bug in a handler becomes `INTERNAL`.
async fn answered(mut routes: Routes, mut request: Request<Incoming>, started: Instant) -> Response<Body> {
    let deadline = timeout(request.headers()).and_then(|timeout| started.checked_add(timeout));
    if let Some(deadline) = deadline {
        request.extensions_mut().insert(Deadline(deadline));
    }
    let mut call = pin!(routes.call(request));
    let call = poll_fn(|cx| match telemetry::catch(|| call.as_mut().poll(cx)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(Ok(response))) => Poll::Ready(response),
        Ok(Poll::Ready(Err(never))) => match never {},
        Err(bug) => Poll::Ready(Status::from(Refusal::Bug { id: bug.id }).into_http()),
    });
    match deadline {
        Some(deadline) => timeout_at(deadline.into(), call)
            .await
            .unwrap_or_else(|_| Status::from(Refusal::DeadlineExceeded).into_http()),
        None => call.await,
    }
}

/// tonic answers an oversized request by `OUT_OF_RANGE`; the contract says `RESOURCE_EXHAUSTED`.
fn remapped(response: Response<Body>) -> Response<Body> {
    match code(response.headers()) {
        Code::OutOfRange => Status::from(Refusal::RequestTooLarge).into_http(),
        _ => response,
    }
}

/// The code of an answer that consists of headers alone; `OK` for one with a body.
fn code(headers: &HeaderMap) -> Code {
    headers
        .get("grpc-status")
        .map_or(Code::Ok, |status| Code::from_bytes(status.as_bytes()))
}

/// `grpc-timeout`: at most eight digits and a unit. What cannot be read counts as none.
fn timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if !(1..=8).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(number * 3_600),
        "M" => Duration::from_secs(number * 60),
        "S" => Duration::from_secs(number),
        "m" => Duration::from_millis(number),
        "u" => Duration::from_micros(number),
        "n" => Duration::from_nanos(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_grpc_writes_them() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-timeout", text.parse().unwrap());
            timeout(&headers)
        };
        assert_eq!(read("100m"), Some(Duration::from_millis(100)));
        assert_eq!(read("99999999H"), Some(Duration::from_secs(99_999_999 * 3_600)));
        for bad in ["", "m", "1", "123456789m", "1x", "-1S", "+1S"] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
        assert_eq!(timeout(&HeaderMap::new()), None);
    }
}
