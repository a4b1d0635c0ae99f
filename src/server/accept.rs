//! The accept loop, and the life of a connection: how many there may be, how old they get, how they end.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use hyper_util::server::graceful::GracefulConnection;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{Semaphore, watch},
    time::{Instant, sleep, sleep_until},
};
use tokio_util::task::TaskTracker;

use crate::{config::limits::LISTEN_BACKLOG, telemetry::Metrics};

/// How long accepting rests after the kernel refused, as when file handles ran out.
const REST: Duration = Duration::from_millis(50);

/// Binds `address`. Port 0 takes a free port.
pub(super) fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(LISTEN_BACKLOG)
}

/// One listener with what its connections share.
pub(super) struct Door {
    /// `grpc` or `http`, in logs and metrics.
    pub(super) name: &'static str,
    pub(super) max_connections: usize,
    pub(super) metrics: Arc<Metrics>,
    /// Every connection, so that the drain can wait for them.
    pub(super) connections: TaskTracker,
    /// True once nothing new is accepted.
    pub(super) closing: watch::Receiver<bool>,
}

impl Door {
    /// Accepts until the process closes; each connection is served by `serve` on a task of its own.
    pub(super) async fn open<S, F>(self, listener: TcpListener, serve: S)
    where
        S: Fn(TcpStream, watch::Receiver<bool>) -> F,
        F: Future<Output = ()> + Send + 'static,
    {
        let slots = Arc::new(Semaphore::new(self.max_connections));
        let mut closing = self.closing.clone();
        loop {
            let accepted = tokio::select! {
                // Who has connected before we close is still let in, to be told by GOAWAY instead of a reset.
                biased;
                accepted = listener.accept() => accepted,
                () = closed(&mut closing) => return,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(listener = self.name, %error, "accepting failed");
                    sleep(REST).await;
                    continue;
                }
            };
            let Ok(slot) = Arc::clone(&slots).try_acquire_owned() else {
                self.metrics.refused_connection(self.name);
                tracing::debug!(
                    listener = self.name,
                    limit = self.max_connections,
                    "connection refused, too many"
                );
                continue;
            };
            // Small replies must not wait for the acknowledgement of the ones before.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(listener = self.name, %error, "nodelay failed");
            }
            let open = self.metrics.connection(self.name);
            let connection = serve(stream, self.closing.clone());
            self.connections.spawn(async move {
                connection.await;
                drop((slot, open));
            });
        }
    }
}

/// Resolves once the process closes.
pub(super) async fn closed(closing: &mut watch::Receiver<bool>) {
    // The sender lives as long as the server; without it there is nothing to serve either.
    let _ = closing.wait_for(|closing| *closing).await;
}

/// Polls a connection to its end. When the process closes, or the connection is older than `age`, it is asked to finish; `grace`
/// after its age it is dropped.
pub(super) async fn drive<C>(connection: C, mut closing: watch::Receiver<bool>, age: Option<(Duration, Duration)>)
where
    C: GracefulConnection,
    C::Error: std::fmt::Display,
{
    let mut connection = pin!(connection);
    let born = Instant::now();
    let far = Duration::from_secs(86_400 * 365);
    let (age, grace) = age.unwrap_or((far, far));
    let old = sleep_until(born + age);
    let mut old = pin!(old);
    let mut asked_to_finish = false;
    let mut aged = false;
    loop {
        tokio::select! {
            result = connection.as_mut() => {
                if let Err(error) = result {
                    tracing::debug!(%error, "connection ended");
                }
                return;
            }
            () = closed(&mut closing), if !asked_to_finish => {
                asked_to_finish = true;
                connection.as_mut().graceful_shutdown();
            }
            () = &mut old => {
                if aged {
                    tracing::debug!("connection cut after its age and grace");
                    return;
                }
                aged = true;
                old.as_mut().reset(Instant::now() + grace);
                if !asked_to_finish {
                    asked_to_finish = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// `time`, give or take a tenth, so that what began together does not end together.
pub(super) fn jittered(time: Duration) -> Duration {
    use std::hash::{BuildHasher, RandomState};
    let random = u32::try_from(RandomState::new().hash_one(0) % 201).unwrap_or(100);
    time * (900 + random) / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_a_tenth() {
        for _ in 0..100 {
            let time = jittered(Duration::from_secs(10));
            assert!(
                (Duration::from_secs(9)..=Duration::from_secs(11)).contains(&time),
                "{time:?}"
            );
        }
    }

    #[tokio::test]
    async fn small_replies_are_not_held_back_on_accepted_connections() {
        let listener = bind(([127, 0, 0, 1], 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        let (closing, closed) = watch::channel(false);
        let (seen, mut nodelay) = tokio::sync::mpsc::unbounded_channel();
        let door = Door {
            name: "grpc",
            max_connections: 1,
            metrics: Arc::default(),
            connections: TaskTracker::new(),
            closing: closed,
        };
        let accepting = tokio::spawn(door.open(listener, move |stream, _| {
            seen.send(stream.nodelay().unwrap()).unwrap();
            std::future::ready(())
        }));
        let _peer = TcpStream::connect(address).await.unwrap();
        assert_eq!(nodelay.recv().await, Some(true));
        closing.send_replace(true);
        accepting.await.unwrap();
    }
}
