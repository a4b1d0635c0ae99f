//! The server's life: bind, serve, drain.

use std::{fmt, io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::task::TaskTracker;

use super::{
    accept::{self, Door},
    grpc::{self, GrpcConnections},
    health::Health,
    http,
};
use crate::{
    config::Settings,
    registry::{Keeper, Registry},
    service::{Filter, FilterGrpc, Operations, Tokens},
    telemetry::Metrics,
};

/// Why the server cannot start.
#[derive(Debug)]
pub enum ServerError {
    /// An address cannot be bound.
    Bind {
        /// Which one.
        address: SocketAddr,
        /// What the system says.
        cause: io::Error,
    },
    /// The descriptors in the binary cannot be read.
    Reflection(tonic_reflection::server::Error),
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind { address, cause } => write!(f, "cannot listen on {address}: {cause}"),
            Self::Reflection(error) => write!(f, "reflection: {error}"),
        }
    }
}

impl std::error::Error for ServerError {}

/// How the drain went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Connections that still had work when the grace ended.
    pub cut: usize,
}

/// A server that is bound, and serves once [`Server::serve`] runs.
pub struct Server {
    grpc: TcpListener,
    http: TcpListener,
    grpc_address: SocketAddr,
    http_address: SocketAddr,
    settings: Settings,
    registry: Arc<Registry>,
    metrics: Arc<Metrics>,
    filter: Arc<Filter>,
    operations: Option<(Arc<Keeper>, Tokens)>,
}

impl Server {
    /// Binds both addresses and logs them as bound.
    pub fn bind(settings: &Settings, registry: &Arc<Registry>, metrics: &Arc<Metrics>) -> Result<Self, ServerError> {
        let (grpc, grpc_address) = bound("grpc", settings.grpc.address)?;
        let (http, http_address) = bound("http", settings.http.address)?;
        let filter = Filter::new(
            Arc::clone(registry),
            Arc::clone(metrics),
            settings.grpc.max_in_flight_bytes,
        );
        Ok(Self {
            grpc,
            http,
            grpc_address,
            http_address,
            settings: settings.clone(),
            registry: Arc::clone(registry),
            metrics: Arc::clone(metrics),
            filter: Arc::new(filter),
            operations: None,
        })
    }

    /// Serves the services of operations too: changes of what `keeper` keeps, for whom `tokens` allow it.
    #[must_use]
    pub fn with_operations(mut self, keeper: Arc<Keeper>, tokens: Tokens) -> Self {
        self.operations = Some((keeper, tokens));
        self
    }

    /// Where gRPC listens.
    pub fn grpc_address(&self) -> SocketAddr {
        self.grpc_address
    }

    /// Where HTTP listens.
    pub fn http_address(&self) -> SocketAddr {
        self.http_address
    }

    /// Serves until `leave` resolves, then drains: health says `NOT_SERVING`; after the delay nothing new is accepted and connections
    /// are told by GOAWAY; accepted work finishes within the grace.
    pub async fn serve(self, leave: impl Future<Output = ()>) -> Result<Drained, ServerError> {
        let phases = Phases::default();
        let connections = TaskTracker::new();
        let drain = self.settings.drain;
        let health = Health::new().await;
        let status = self.registry.status();
        let doors = self.open(&health, &phases, &connections)?;
        tokio::spawn(health.follow(status, phases.leaving.subscribe()));

        leave.await;
        tracing::info!(delay = %drain.delay, grace = %drain.grace, "leaving, health says not serving");
        phases.leaving.send_replace(true);
        sleep(drain.delay.0).await;
        tracing::info!(
            connections = connections.len(),
            "accepting nothing new, finishing accepted work"
        );
        phases.closing.send_replace(true);
        let cut = drained(doors, &connections, drain.grace.0).await;
        Ok(Drained { cut })
    }

    /// Starts the accept loops.
    fn open(
        self,
        health: &Health,
        phases: &Phases,
        connections: &TaskTracker,
    ) -> Result<[JoinHandle<()>; 2], ServerError> {
        let closing = phases.closing.subscribe();
        let door = |name, max_connections| Door {
            name,
            max_connections,
            metrics: Arc::clone(&self.metrics),
            connections: connections.clone(),
            closing: closing.clone(),
        };
        let service = FilterGrpc::new(Arc::clone(&self.filter), Arc::clone(&self.metrics), closing.clone());
        let operations = self
            .operations
            .map(|(keeper, tokens)| Operations::new(keeper, tokens, closing.clone()));
        let routes = grpc::routes(service, operations, health.service()).map_err(ServerError::Reflection)?;
        let grpc = GrpcConnections::new(&self.settings.grpc, routes, Arc::clone(&self.metrics), closing.clone());
        let paths = http::router(http::Shared {
            filter: self.filter,
            metrics: Arc::clone(&self.metrics),
            status: self.registry.status(),
            leaving: phases.leaving.subscribe(),
        });
        Ok([
            tokio::spawn(
                door("grpc", self.settings.grpc.max_connections)
                    .open(self.grpc, move |stream, closing| grpc.clone().serve(stream, closing)),
            ),
            tokio::spawn(
                door("http", self.settings.http.max_connections).open(self.http, move |stream, closing| {
                    http::serve(paths.clone(), stream, closing)
                }),
            ),
        ])
    }
}

/// How far the process is on its way out; both are false while it serves.
#[derive(Debug, Default)]
struct Phases {
    /// Health says `NOT_SERVING`; everything is still accepted.
    leaving: watch::Sender<bool>,
    /// Nothing new is accepted.
    closing: watch::Sender<bool>,
}

fn bound(name: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServerError> {
    let fail = |cause| ServerError::Bind { address, cause };
    let listener = accept::bind(address).map_err(fail)?;
    let address = listener.local_addr().map_err(fail)?;
    tracing::info!(listener = name, %address, "listening");
    Ok((listener, address))
}

/// Waits for the accept loops and every connection, but no longer than `grace`; says how many connections were left.
async fn drained(doors: [JoinHandle<()>; 2], connections: &TaskTracker, grace: Duration) -> usize {
    let finished = async {
        for door in doors {
            // An accept loop ends by itself or, by a bug, at once.
            let _ = door.await;
        }
        connections.close();
        connections.wait().await;
    };
    if timeout(grace, finished).await.is_ok() {
        tracing::info!("all accepted work is done");
        return 0;
    }
    let cut = connections.len();
    tracing::warn!(connections = cut, "grace is over, cutting connections");
    cut
}
