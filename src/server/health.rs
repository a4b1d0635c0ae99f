//! `grpc.health.v1` with true readiness: what it says follows the registry and the process, not hope.

use tokio::sync::watch;
use tonic_health::{
    ServingStatus,
    pb::health_server::HealthServer,
    server::{HealthReporter, HealthService},
};

use crate::{registry::Status, service::proto::FILTER_SERVICE};

/// What health answers for: the server as a whole, the filter, and the services of operations, which serve as soon as it does.
const SERVICES: [&str; 5] = [
    "",
    FILTER_SERVICE,
    "tamis.v1.DictionaryService",
    "tamis.v1.PolicyService",
    "tamis.v1.SnapshotService",
];

/// The health service, which says `NOT_SERVING` until a snapshot serves, and again once the process leaves.
pub(super) struct Health {
    reporter: HealthReporter,
    said: ServingStatus,
}

impl Health {
    /// Says `NOT_SERVING` for all services.
    pub(super) async fn new() -> Self {
        // Without a word, the reporter would say that the server as a whole serves.
        let mut health = Self {
            reporter: HealthReporter::new(),
            said: ServingStatus::Serving,
        };
        health.say(ServingStatus::NotServing).await;
        health
    }

    /// The service to be routed.
    pub(super) fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
    }

    /// Follows the registry and the process until one of them is gone.
    pub(super) async fn follow(mut self, mut registry: watch::Receiver<Status>, mut leaving: watch::Receiver<bool>) {
        loop {
            let ready = registry.borrow_and_update().serving.is_some() && !*leaving.borrow_and_update();
            self.say(if ready {
                ServingStatus::Serving
            } else {
                ServingStatus::NotServing
            })
            .await;
            let gone = tokio::select! {
                changed = registry.changed() => changed.is_err(),
                changed = leaving.changed() => changed.is_err(),
            };
            if gone {
                return;
            }
        }
    }

    /// Says it where it is news: watchers hear every word.
    async fn say(&mut self, status: ServingStatus) {
        if std::mem::replace(&mut self.said, status) == status {
            return;
        }
        for service in SERVICES {
            self.reporter.set_service_status(service, status).await;
        }
    }
}
