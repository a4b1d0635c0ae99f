//! What dictionaries and policies answer alike.

use std::sync::Arc;

use tonic::Status;

use super::{Operations, name, wire};
use crate::{
    identity::{ContentId, Name},
    registry::{Declined, Serving},
    service::proto,
    store::{Active, Sort},
};

/// Revisions that a page has at most, and where nobody says.
const PAGE: (usize, usize) = (1_000, 100);

/// How many items to answer with.
pub(super) fn page(asked: u32, (most, default): (usize, usize)) -> usize {
    match asked {
        0 => default,
        asked => (asked as usize).min(most),
    }
}

/// What is known of one dictionary or policy.
pub(super) struct Known {
    pub(super) serving: Option<Arc<Serving>>,
    pub(super) active: Option<Active>,
    /// Empty where none is active.
    pub(super) active_revision: String,
    /// The newest pushed one; empty where none was pushed.
    pub(super) newest_revision: String,
    pub(super) suspended_cases: Vec<u64>,
}

impl Operations {
    pub(super) fn active_revision(&self, sort: Sort, name: &Name) -> Option<ContentId> {
        Some(self.keeper.serving_entry().ok()?.active.of(sort).get(name)?.revision)
    }

    pub(super) async fn revisions_of(
        &self,
        sort: Sort,
        written: &str,
        size: u32,
    ) -> Result<Vec<proto::Revision>, Status> {
        let name = name("name", written)?;
        let active = self.active_revision(sort, &name);
        let seen = self.keeper.revisions(sort, &name).await?;
        if seen.is_empty() {
            return Err(self.keeper.unknown(sort, &name).await.into());
        }
        Ok(seen
            .iter()
            .take(page(size, PAGE))
            .map(|seen| wire::seen(seen, active))
            .collect())
    }

    pub(super) async fn revision_of(
        &self,
        sort: Sort,
        written: &str,
        revision: &str,
    ) -> Result<proto::Revision, Status> {
        let name = name("name", written)?;
        let seen = self.keeper.resolve(sort, &name, revision, false).await?;
        Ok(wire::seen(&seen, self.active_revision(sort, &name)))
    }

    pub(super) async fn diff_of(
        &self,
        sort: Sort,
        written: &str,
        from: &str,
        to: &str,
    ) -> Result<(String, String, Vec<proto::ListDiff>), Status> {
        let name = name("name", written)?;
        let from = self.keeper.resolve(sort, &name, from, false).await?;
        let to = self.keeper.resolve(sort, &name, to, true).await?;
        let lists = self.keeper.diff(sort, &name, &from, &to).await?;
        Ok((
            from.revision.revision.to_string(),
            to.revision.revision.to_string(),
            wire::differences(lists),
        ))
    }

    /// What is known of one name; an error where nothing was pushed under it and nothing is active.
    pub(super) async fn known(&self, sort: Sort, name: &Name) -> Result<Known, Status> {
        let pushed = self.keeper.store().revisions(sort, Some(name)).await;
        let pushed = pushed.map_err(Declined::from)?;
        let serving = self.keeper.registry().serving();
        let entry = serving.as_ref().and_then(|s| s.entry.as_ref());
        let active = entry.and_then(|entry| entry.active.of(sort).get(name)).cloned();
        if active.is_none() && pushed.is_empty() {
            return Err(self.keeper.unknown(sort, name).await.into());
        }
        let written = |revision: Option<ContentId>| revision.map(|r| r.to_string()).unwrap_or_default();
        Ok(Known {
            active_revision: written(active.as_ref().map(|a| a.revision)),
            newest_revision: written(pushed.first().map(|newest| newest.revision)),
            suspended_cases: active.as_ref().map(|a| a.suspended.clone()).unwrap_or_default(),
            active,
            serving,
        })
    }
}
