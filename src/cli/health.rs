//! `tamis health`: asks a running server by `grpc.health.v1`.

use std::{io::Write, time::Duration};

use tonic::{Code, transport::Endpoint};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

use super::{Failure, Outcome};

const EXAMPLES: &str = "\
Examples:
  tamis health                                        the server on 127.0.0.1:50051
  tamis health --addr 10.0.0.7:50051 --timeout 500ms
  tamis health --service tamis.v1.FilterService

Exit codes: 0 it serves, 1 it does not or cannot be reached.";

/// The flags of `tamis health`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The gRPC address of the server.
    #[arg(
        long,
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:50051",
        env = "TAMIS_HEALTH_ADDR"
    )]
    addr: String,
    /// The service to ask about; none is the server as a whole.
    #[arg(long, value_name = "NAME", default_value = "")]
    service: String,
    /// How long to wait for the answer.
    #[arg(long, value_name = "TIME", default_value = "2s")]
    timeout: crate::config::Time,
}

/// Asks, and prints the answer.
pub fn run(args: &Args) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::work)?;
    let status = runtime.block_on(ask(&args.addr, &args.service, args.timeout.0))?;
    writeln!(std::io::stdout(), "{}", status.as_str_name())?;
    match status {
        ServingStatus::Serving => Ok(()),
        _ => Err(Failure::work(format!("{} does not serve", args.addr))),
    }
}

async fn ask(address: &str, service: &str, timeout: Duration) -> Result<ServingStatus, Failure> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))
        .map_err(|error| Failure::usage(format!("--addr {address:?}: {error}; write HOST:PORT")))?;
    let asking = async {
        let channel = endpoint
            .connect()
            .await
            .map_err(|error| Failure::work(format!("cannot reach {address}: {}", root(&error))))?;
        let request = HealthCheckRequest {
            service: service.to_owned(),
        };
        match HealthClient::new(channel).check(request).await {
            Ok(answer) => Ok(answer.into_inner().status()),
            Err(status) if status.code() == Code::NotFound => {
                Err(Failure::work(format!("{address} knows no service {service:?}")))
            }
            Err(status) => Err(Failure::work(format!("{address}: {}", status.message()))),
        }
    };
    tokio::time::timeout(timeout, asking)
        .await
        .unwrap_or_else(|_| Err(Failure::work(format!("no answer from {address} within {timeout:?}"))))
}

/// The innermost cause, which is what the system said.
fn root(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
