//! What dictionaries and policies answer alike.

use tonic::Status;

use super::{Operations, name, wire};
use crate::{
    identity::{ContentId, Name},
    service::proto,
    store::Sort,
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

    /// The newest pushed revision, empty where there is none.
    pub(super) async fn newest(&self, sort: Sort, name: &Name) -> Result<String, Status> {
        let pushed = self
            .keeper
            .store()
            .revisions(sort, Some(name))
            .await
            .map_err(crate::registry::Declined::from)?;
        Ok(pushed
            .first()
            .map(|newest| newest.revision.to_string())
            .unwrap_or_default())
    }
}
