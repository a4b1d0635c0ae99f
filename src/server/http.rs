//! The HTTP side: checks as JSON, probes, metrics.

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use serde::Serialize;
use tokio::{net::TcpStream, sync::watch, time::timeout};
use tonic::Code;

use super::accept::drive;
use crate::{
    config::limits::{
        BLOCKING_JSON_BYTES, HANDSHAKE_TIMEOUT, HTTP_BODY_TIMEOUT, MAX_HEADER_LIST_BYTES, MAX_REQUEST_BYTES,
    },
    registry::Status,
    service::{
        Ask, Filter, Refusal, code_word,
        json::{Answer, ErrorBody, Reply, Request as Batch},
        proto::ErrorReason,
        reason_word,
    },
    telemetry::{self, Metrics, Surface},
};

/// What the routes share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) filter: Arc<Filter>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) status: watch::Receiver<Status>,
    pub(super) leaving: watch::Receiver<bool>,
}

/// Serves one connection to its end.
pub(super) async fn serve(router: Router, stream: TcpStream, closing: watch::Receiver<bool>) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HANDSHAKE_TIMEOUT)
        .max_buf_size(MAX_HEADER_LIST_BYTES as usize)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    drive(connection, closing, None).await;
}

/// All routes of the port.
pub(super) fn router(shared: Shared) -> Router {
    Router::new()
        .route("/v1/messages:check", post(check))
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(|| async {
            plain_error(
                StatusCode::NOT_FOUND,
                Code::NotFound,
                ErrorReason::NoSuchPath,
                "no such path; see POST /v1/messages:check",
            )
        })
        .method_not_allowed_fallback(|| async {
            plain_error(
                StatusCode::METHOD_NOT_ALLOWED,
                Code::Unimplemented,
                ErrorReason::NoSuchMethod,
                "this path has another method",
            )
        })
        .with_state(shared)
}

async fn metrics(State(shared): State<Shared>) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], shared.metrics.encode())
}

/// The body of `/readyz`.
#[derive(Serialize)]
struct Readiness {
    /// `serving`, `loading` or `draining`.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    generation: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<String>,
    /// Why the newest folder does not serve, line by line; empty where it does.
    problems: Vec<String>,
}

async fn ready(State(shared): State<Shared>) -> Response {
    let status = shared.status.borrow().clone();
    let word = match (*shared.leaving.borrow(), status.serving) {
        (true, _) => "draining",
        (false, None) => "loading",
        (false, Some(_)) => "serving",
    };
    let body = Readiness {
        status: word,
        generation: status.serving.map(|(generation, _)| generation),
        snapshot: status.serving.map(|(_, id)| id.to_string()),
        problems: status.problems(),
    };
    let code = if word == "serving" {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (code, axum::Json(body)).into_response()
}

async fn check(State(shared): State<Shared>, request: Request) -> Response {
    let started = Instant::now();
    let answer = checked(&shared, request.into_body()).await;
    let code = answer.as_ref().map_or_else(Refusal::code, |_| Code::Ok);
    shared
        .metrics
        .request(Surface::Http, code_word(code), started.elapsed());
    match answer {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(refusal) => refused(&refusal),
    }
}

async fn checked(shared: &Shared, body: Body) -> Result<Vec<u8>, Refusal> {
    let body = timeout(HTTP_BODY_TIMEOUT, collected(body))
        .await
        .map_err(|_| Refusal::DeadlineExceeded)??;
    let large = body.len() > BLOCKING_JSON_BYTES;
    let batch = aside(large, move || parsed(&body)).await??;
    let ask = Ask {
        policy: &batch.policy,
        offsets: batch.offsets()?,
        explain: batch.explain,
        request_id: &batch.request_id,
        deadline: None,
    };
    let answers = shared.filter.judge(ask, &batch.messages, |_, message, outcome| {
        Answer::new(&message.id, outcome)
    });
    let reply = Reply {
        verdicts: answers.await?,
    };
    // Writing our own reply to memory can fail by a bug only.
    aside(large, move || {
        telemetry::catch(|| serde_json::to_vec(&reply).unwrap_or_default())
    })
    .await?
    .map_err(|bug| Refusal::Bug { id: bug.id })
}

async fn collected(body: Body) -> Result<Bytes, Refusal> {
    let whole = Limited::new(body, MAX_REQUEST_BYTES).collect().await;
    whole.map(http_body_util::Collected::to_bytes).map_err(|error| {
        if error.is::<LengthLimitError>() {
            Refusal::RequestTooLarge
        } else {
            Refusal::Undecodable {
                cause: "its body broke off".to_owned(),
            }
        }
    })
}

fn parsed(body: &[u8]) -> Result<Batch, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::Undecodable {
        cause: error.to_string(),
    })
}

/// Runs `work` here, or on a thread that may block where it is large.
async fn aside<T: Send + 'static>(large: bool, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    if !large {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::Overloaded)
}

fn refused(refusal: &Refusal) -> Response {
    let code = match refusal.code() {
        Code::InvalidArgument => StatusCode::BAD_REQUEST,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::ResourceExhausted => StatusCode::PAYLOAD_TOO_LARGE,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::DeadlineExceeded => StatusCode::REQUEST_TIMEOUT,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let mut response = (code, axum::Json(Failed { error: refusal.into() })).into_response();
    if let Some(after) = refusal.retry_after() {
        let seconds = after.as_secs().max(1);
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn plain_error(status: StatusCode, code: Code, reason: ErrorReason, message: &str) -> Response {
    let error = ErrorBody {
        code: code_word(code),
        reason: reason_word(reason),
        message: message.to_owned(),
        field: None,
    };
    (status, axum::Json(Failed { error })).into_response()
}

/// `{"error":{…}}`.
#[derive(Serialize)]
struct Failed {
    error: ErrorBody,
}
