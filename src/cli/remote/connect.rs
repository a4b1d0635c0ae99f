//! The connection to a server, and its errors in our words.

use std::{fs, path::PathBuf, time::Duration};

use tonic::{
    Code, Request, Status,
    metadata::{Ascii, MetadataValue},
    transport::{Channel, Endpoint},
};
use tonic_types::StatusExt;

use crate::{
    cli::Failure,
    service::proto::client::{
        dictionary_service_client::DictionaryServiceClient, policy_service_client::PolicyServiceClient,
        snapshot_service_client::SnapshotServiceClient,
    },
};

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// Which server, and as whom.
#[derive(Clone, Debug, clap::Args)]
pub(in crate::cli) struct Server {
    /// The gRPC address of the server.
    #[arg(
        long,
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:50051",
        env = "TAMIS_SERVER"
    )]
    server: String,
    /// A file that holds the bearer token.
    #[arg(long, value_name = "FILE", env = "TAMIS_TOKEN_FILE")]
    token_file: Option<PathBuf>,
}

/// A connection.
pub(in crate::cli) struct Connection {
    channel: Channel,
    token: Option<MetadataValue<Ascii>>,
}

/// What runs a command's calls.
pub(in crate::cli) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::work)
}

impl Server {
    /// Connects, and reads the token.
    pub(in crate::cli) async fn connect(&self) -> Result<Connection, Failure> {
        let token = self.token()?;
        let endpoint = Endpoint::from_shared(format!("http://{}", self.server))
            .map_err(|error| Failure::usage(format!("--server {:?}: {error}; write HOST:PORT", self.server)))?;
        let channel = endpoint.connect_timeout(CONNECT).connect().await;
        let channel =
            channel.map_err(|error| Failure::work(format!("cannot reach {}: {}", self.server, root(&error))))?;
        Ok(Connection { channel, token })
    }

    fn token(&self) -> Result<Option<MetadataValue<Ascii>>, Failure> {
        let Some(file) = &self.token_file else { return Ok(None) };
        let text = fs::read_to_string(file).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
        let value = format!("Bearer {}", text.trim()).parse();
        value
            .map(Some)
            .map_err(|_| Failure::usage(format!("{}: this is no token", file.display())))
    }
}

impl Connection {
    pub(in crate::cli) fn dictionaries(&self) -> DictionaryServiceClient<Channel> {
        DictionaryServiceClient::new(self.channel.clone())
    }

    pub(in crate::cli) fn policies(&self) -> PolicyServiceClient<Channel> {
        PolicyServiceClient::new(self.channel.clone())
    }

    pub(in crate::cli) fn snapshots(&self) -> SnapshotServiceClient<Channel> {
        SnapshotServiceClient::new(self.channel.clone())
    }

    /// A request as whoever holds the token.
    pub(in crate::cli) fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(token) = &self.token {
            request.metadata_mut().insert("authorization", token.clone());
        }
        request
    }
}

/// What the server says, with the details line by line.
impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        let mut text = status.message().to_owned();
        let details = status.get_error_details();
        for violation in details
            .bad_request()
            .map(|bad| bad.field_violations.as_slice())
            .unwrap_or_default()
        {
            // What the message says itself needs no line of its own, only the field.
            if violation.description == status.message() {
                text = format!("{}: {text}", violation.field);
            } else if !status.message().contains(&violation.description) {
                text += &format!("\n  {}: {}", violation.field, violation.description);
            }
        }
        if let Some(reason) = details.error_info() {
            text = format!("{}: {text}", reason.reason);
        }
        match status.code() {
            Code::Unauthenticated | Code::PermissionDenied | Code::InvalidArgument => Self::Usage(text),
            _ => Self::Work(text),
        }
    }
}

/// The innermost cause, which is what the system said.
fn root(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
