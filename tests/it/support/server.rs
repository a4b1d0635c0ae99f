//! The real server in this process, on ports of its own.

use std::{net::SocketAddr, sync::Arc};

use tamis::{
    config::Settings,
    content::Loaded,
    registry::{Published, Registry, Rejected},
    server::{Drained, Server},
    service::proto::client::{CheckMessagesRequest, Message, filter_service_client::FilterServiceClient},
    telemetry::Metrics,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
};
use tonic::transport::{Channel, Endpoint};

/// A server that runs until it is told to leave.
pub(crate) struct Running {
    pub(crate) grpc: SocketAddr,
    pub(crate) http: SocketAddr,
    registry: Arc<Registry>,
    leave: Option<oneshot::Sender<()>>,
    served: JoinHandle<Drained>,
}

impl Running {
    /// A server that blocks these terms.
    pub(crate) async fn with(terms: &[&str]) -> Self {
        let server = Self::empty(|_| {});
        server.publish(super::parsed(terms)).await.unwrap();
        server
    }

    /// A server that serves nothing yet.
    pub(crate) fn empty(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::default();
        settings.grpc.address.set_port(0);
        settings.http.address.set_port(0);
        settings.drain.delay.0 = std::time::Duration::ZERO;
        change(&mut settings);
        let metrics = Arc::new(Metrics::default());
        let policy = settings.policy.parse().unwrap();
        let registry = Arc::new(Registry::new(policy, Arc::clone(&metrics)).unwrap());
        let server = Server::bind(&settings, &registry, &metrics).unwrap();
        let (leave, left) = oneshot::channel();
        Self {
            grpc: server.grpc_address(),
            http: server.http_address(),
            registry,
            leave: Some(leave),
            served: tokio::spawn(async move {
                let left = async { drop(left.await) };
                server.serve(left).await.unwrap()
            }),
        }
    }

    /// Lets these lists serve.
    pub(crate) async fn publish(&self, lists: Loaded) -> Result<Published, Rejected> {
        let registry = Arc::clone(&self.registry);
        tokio::task::spawn_blocking(move || registry.publish(lists.dictionaries, lists.policies))
            .await
            .unwrap()
    }

    pub(crate) async fn channel(&self) -> Channel {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.grpc)).unwrap();
        endpoint.connect().await.unwrap()
    }

    pub(crate) async fn client(&self) -> FilterServiceClient<Channel> {
        FilterServiceClient::new(self.channel().await)
    }

    /// Tells it to leave.
    pub(crate) fn leave(&mut self) {
        self.leave.take().unwrap().send(()).unwrap();
    }

    /// Waits until it has left.
    pub(crate) async fn left(self) -> Drained {
        self.served.await.unwrap()
    }
}

/// A batch of these texts, called `0`, `1`, ….
pub(crate) fn batch(texts: &[&str]) -> CheckMessagesRequest {
    let messages = texts.iter().enumerate().map(|(i, text)| message(&i.to_string(), text));
    CheckMessagesRequest {
        messages: messages.collect(),
        ..CheckMessagesRequest::default()
    }
}

pub(crate) fn message(id: &str, text: &str) -> Message {
    Message {
        id: id.to_owned(),
        text: text.to_owned(),
        ..Message::default()
    }
}

/// One HTTP request over a connection of its own: status line, head and body.
pub(crate) async fn http(address: SocketAddr, method: &str, path: &str, body: &[u8]) -> (u16, String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: tamis\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // A refused body may be reset before all of it is written.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {answer:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_lowercase(), body.to_owned())
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let (status, _, body) = http(address, "GET", path, b"").await;
    (status, body)
}
