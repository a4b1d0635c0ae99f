//! The gRPC listener: its services, and HTTP/2 with every limit set.

use std::{sync::Arc, time::Duration};

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::{net::TcpStream, sync::watch};
use tonic::service::Routes;
use tonic_health::{pb::health_server::Health, pb::health_server::HealthServer};

use super::{
    accept::{drive, jittered},
    calls::Calls,
    preface::Greeted,
};
use crate::{
    config::{Grpc, limits},
    service::{
        FilterGrpc, Operations, Peer,
        proto::{
            DESCRIPTOR, dictionary_service_server::DictionaryServiceServer, filter_service_server::FilterServiceServer,
            policy_service_server::PolicyServiceServer, snapshot_service_server::SnapshotServiceServer,
        },
    },
    telemetry::Metrics,
};

/// All services of the port.
pub(super) fn routes(
    filter: FilterGrpc,
    operations: Option<Operations>,
    health: HealthServer<impl Health>,
) -> Result<Routes, tonic_reflection::server::Error> {
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTOR)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let filter = FilterServiceServer::new(filter).max_decoding_message_size(limits::MAX_REQUEST_BYTES);
    let routes = match operations {
        Some(operations) => Routes::new(filter)
            .add_service(
                DictionaryServiceServer::new(operations.clone())
                    .max_decoding_message_size(limits::MAX_PUSH_MESSAGE_BYTES),
            )
            .add_service(
                PolicyServiceServer::new(operations.clone()).max_decoding_message_size(limits::MAX_PUSH_MESSAGE_BYTES),
            )
            .add_service(SnapshotServiceServer::new(operations).max_decoding_message_size(limits::MAX_REQUEST_BYTES)),
        None => Routes::new(filter),
    };
    Ok(routes
        .add_service(health)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?))
}

/// Serves connections of the gRPC port.
#[derive(Clone)]
pub(super) struct GrpcConnections {
    http2: http2::Builder<TokioExecutor>,
    calls: Calls,
    age: Duration,
}

impl GrpcConnections {
    /// Connections that call `routes` under the limits of `settings`.
    pub(super) fn new(settings: &Grpc, routes: Routes, metrics: Arc<Metrics>, closing: watch::Receiver<bool>) -> Self {
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(TokioTimer::new())
            .max_concurrent_streams(settings.max_concurrent_streams)
            .max_pending_accept_reset_streams(limits::MAX_PENDING_ACCEPT_RESET_STREAMS)
            .max_local_error_reset_streams(limits::MAX_LOCAL_ERROR_RESET_STREAMS)
            .max_header_list_size(limits::MAX_HEADER_LIST_BYTES)
            .max_frame_size(limits::FRAME_BYTES)
            .adaptive_window(false)
            .initial_stream_window_size(limits::STREAM_WINDOW_BYTES)
            .initial_connection_window_size(limits::CONNECTION_WINDOW_BYTES)
            .keep_alive_interval(limits::KEEPALIVE_INTERVAL)
            .keep_alive_timeout(limits::KEEPALIVE_TIMEOUT);
        Self {
            http2,
            calls: Calls::new(routes, metrics, closing),
            age: settings.max_connection_age.0,
        }
    }

    /// Serves one connection to its end.
    pub(super) async fn serve(self, stream: TcpStream, closing: watch::Receiver<bool>) {
        let peer = stream.peer_addr().ok().map(Peer);
        let stream = match Greeted::read(stream).await {
            Ok(stream) => stream,
            Err(error) => {
                tracing::debug!(listener = "grpc", %error, "connection without an http/2 preface");
                return;
            }
        };
        let connection = self
            .http2
            .serve_connection(TokioIo::new(stream), self.calls.of_peer(peer));
        let age = (jittered(self.age), limits::CONNECTION_AGE_GRACE);
        drive(connection, closing, Some(age)).await;
    }
}
