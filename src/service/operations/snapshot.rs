//! `tamis.v1.SnapshotService` over gRPC.

use std::{pin::Pin, sync::Arc};

use futures_util::{Stream, stream::unfold};
use tonic::{Request, Response, Status};

use super::{Operations, Role, name, revisions::page, status::bad_field, wire};
use crate::{
    identity::{ContentId, Name},
    registry::{Advanced, Declined, Step},
    service::proto::{
        self, ActivateRequest, ActivateResponse, DeactivateRequest, DeactivateResponse, GetSnapshotRequest,
        GetSnapshotResponse, ListGenerationsRequest, ListGenerationsResponse, RollbackRequest, RollbackResponse,
        Target, WatchSnapshotRequest, WatchSnapshotResponse, snapshot_service_server::SnapshotService,
    },
    store::{About, Entry, Sort, StoreError},
};

/// Most targets of one activation.
const MAX_TARGETS: usize = 1_000;

/// Generations that a page has at most, and where nobody says.
const PAGE: (usize, usize) = (256, 20);

impl Operations {
    /// Takes a step; once it is begun it is carried through, whether the caller stays or not.
    pub(super) async fn advance(&self, step: Step, about: About, etag: String) -> Result<Advanced, Status> {
        let keeper = Arc::clone(&self.keeper);
        let step = tokio::spawn(async move { keeper.advance(&step, &about, &etag).await });
        Ok(step.await.unwrap_or(Err(Declined::NotReady))?)
    }

    /// A generation that serves, or did a moment ago.
    fn generation(&self, entry: &Entry) -> proto::Generation {
        let mut generation = wire::generation(entry);
        for active in &mut generation.active {
            active.unused = active.sort() == proto::Sort::Dictionary && self.is_unused(&active.name);
        }
        generation
    }

    fn status(&self) -> Result<proto::SnapshotStatus, Status> {
        let serving = self.keeper.registry().serving().ok_or(Declined::NotReady)?;
        let entry = self.keeper.serving_entry()?;
        let (held, limit) = self.keeper.store().usage();
        Ok(proto::SnapshotStatus {
            generation: Some(self.generation(&entry)),
            etag: entry.etag(),
            problems: self.keeper.registry().status().borrow().problems(),
            store_bytes: held,
            store_limit_bytes: limit,
            snapshot_bytes: serving.snapshot.heap_bytes() as u64,
            engine: self.keeper.registry().engine().to_string(),
        })
    }

    async fn targets(&self, targets: &[Target]) -> Result<Vec<(Sort, Name, ContentId)>, Status> {
        let mut revisions = Vec::new();
        for (sort, name, revision) in named(targets)? {
            let newest = revision.is_empty();
            let seen = self.keeper.resolve(sort, &name, revision, newest).await?;
            revisions.push((sort, name, seen.revision.revision));
        }
        Ok(revisions)
    }
}

fn named(targets: &[Target]) -> Result<Vec<(Sort, Name, &str)>, Status> {
    if targets.is_empty() || targets.len() > MAX_TARGETS {
        return Err(bad_field(
            "targets",
            format!("name 1 to {MAX_TARGETS} dictionaries or policies"),
        ));
    }
    let one = |target: &'_ Target| {
        let sort = match target.sort() {
            proto::Sort::Dictionary => Sort::Dictionary,
            proto::Sort::Policy => Sort::Policy,
            proto::Sort::Unspecified => {
                return Err(bad_field("targets.sort", "say whether it is a dictionary or a policy"));
            }
        };
        Ok((sort, name("targets.name", &target.name)?))
    };
    targets
        .iter()
        .map(|target| one(target).map(|(sort, name)| (sort, name, target.revision.as_str())))
        .collect()
}

#[tonic::async_trait]
impl SnapshotService for Operations {
    async fn activate(&self, request: Request<ActivateRequest>) -> Result<Response<ActivateResponse>, Status> {
        let author = self.author(&request, Role::Admin)?;
        let asked = request.into_inner();
        let what = asked.targets.iter().flat_map(|t| {
            [
                if t.sort == 1 { "d" } else { "p" },
                t.name.as_str(),
                t.revision.as_str(),
            ]
        });
        let about = Self::about(
            author,
            &asked.note,
            &asked.request_id,
            ["activate"].into_iter().chain(what),
        )?;
        let step = Step::Activate {
            revisions: self.targets(&asked.targets).await?,
            drop_edits: asked.drop_edits,
        };
        let Advanced { entry, changed } = self.advance(step, about, asked.etag).await?;
        Ok(Response::new(ActivateResponse {
            generation: Some(self.generation(&entry)),
            changed,
        }))
    }

    async fn deactivate(&self, request: Request<DeactivateRequest>) -> Result<Response<DeactivateResponse>, Status> {
        let author = self.author(&request, Role::Admin)?;
        let asked = request.into_inner();
        let what = asked
            .targets
            .iter()
            .flat_map(|t| [if t.sort == 1 { "d" } else { "p" }, t.name.as_str()]);
        let about = Self::about(
            author,
            &asked.note,
            &asked.request_id,
            ["deactivate"].into_iter().chain(what),
        )?;
        let names = named(&asked.targets)?
            .into_iter()
            .map(|(sort, name, _)| (sort, name))
            .collect();
        let step = Step::Deactivate {
            names,
            drop_edits: asked.drop_edits,
        };
        let Advanced { entry, changed } = self.advance(step, about, asked.etag).await?;
        Ok(Response::new(DeactivateResponse {
            generation: Some(self.generation(&entry)),
            changed,
        }))
    }

    async fn rollback(&self, request: Request<RollbackRequest>) -> Result<Response<RollbackResponse>, Status> {
        let author = self.author(&request, Role::Admin)?;
        let asked = request.into_inner();
        let about = Self::about(author, &asked.note, &asked.request_id, ["rollback"])?;
        let Advanced { entry, changed } = self.advance(Step::Rollback, about, asked.etag).await?;
        Ok(Response::new(RollbackResponse {
            generation: Some(self.generation(&entry)),
            changed,
        }))
    }

    async fn get_snapshot(&self, _: Request<GetSnapshotRequest>) -> Result<Response<GetSnapshotResponse>, Status> {
        Ok(Response::new(GetSnapshotResponse {
            status: Some(self.status()?),
        }))
    }

    async fn list_generations(
        &self,
        request: Request<ListGenerationsRequest>,
    ) -> Result<Response<ListGenerationsResponse>, Status> {
        let asked = request.get_ref();
        let size = page(asked.page_size, PAGE);
        let mut generations = Vec::new();
        let mut number = match asked.before {
            0 => self.keeper.store().next_generation(),
            before => before.min(self.keeper.store().next_generation()),
        };
        // Numbers that were collected or can't be read are passed over, a page's worth of them at most.
        let mut missed = 0;
        while number > 1 && generations.len() < size && missed < size {
            number -= 1;
            match self.keeper.store().entry(number).await {
                Ok(entry) => generations.push(wire::generation(&entry)),
                Err(StoreError::Missing { .. } | StoreError::Corrupt { .. }) => missed += 1,
                Err(error) => return Err(Declined::from(error).into()),
            }
        }
        Ok(Response::new(ListGenerationsResponse { generations }))
    }

    type WatchSnapshotStream = Pin<Box<dyn Stream<Item = Result<WatchSnapshotResponse, Status>> + Send>>;

    async fn watch_snapshot(
        &self,
        _: Request<WatchSnapshotRequest>,
    ) -> Result<Response<Self::WatchSnapshotStream>, Status> {
        let mut news = self.keeper.registry().status();
        news.mark_changed();
        let state = (self.clone(), news);
        Ok(Response::new(Box::pin(unfold(
            state,
            |(mut service, mut news)| async move {
                let closing = &mut service.closing;
                tokio::select! {
                    changed = news.changed() => changed.ok()?,
                    _ = closing.wait_for(|closing| *closing) => return None,
                }
                let answer = service
                    .status()
                    .map(|status| WatchSnapshotResponse { status: Some(status) });
                Some((answer, (service, news)))
            },
        ))))
    }
}
