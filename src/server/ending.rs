//! Streams of other services, such as health watches and reflection, end when the process closes instead of holding the drain up.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use http_body::Frame;
use prost::bytes::Bytes;
use tokio::sync::watch;
use tonic::{Status, body::Body};

use super::accept::closed;
use crate::service::Refusal;

/// A response body that ends with `UNAVAILABLE` once the process closes.
pub(super) struct Ending {
    inner: Option<Body>,
    closed: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Ending {
    /// Ends `inner` when `closing` turns true.
    pub(super) fn new(inner: Body, mut closing: watch::Receiver<bool>) -> Self {
        Self {
            inner: Some(inner),
            closed: Box::pin(async move { closed(&mut closing).await }),
        }
    }
}

impl http_body::Body for Ending {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(inner) = self.inner.as_mut() else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(frame) = Pin::new(inner).poll_frame(cx) {
            return Poll::Ready(frame);
        }
        ready!(self.closed.as_mut().poll(cx));
        self.inner = None;
        let mut trailers = http::HeaderMap::new();
        let status = Status::from(Refusal::Draining);
        Poll::Ready(Some(
            status.add_header(&mut trailers).map(|()| Frame::trailers(trailers)),
        ))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(http_body::Body::is_end_stream)
    }
}
