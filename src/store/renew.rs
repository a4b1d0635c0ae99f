//! Known content that is pushed again: its life begins anew, and it is the newest of its name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Revision, Sort, Store, StoreError, Time, archive, durable::encoded, objects::Listed};
use crate::identity::{ContentId, Name};

const FOLDER: &str = "renewals";

/// Beside the revision and not in it: what was acknowledged once is never written over.
#[derive(Serialize, Deserialize)]
struct Renewal {
    time: Time,
}

impl Store {
    /// Renews the revision of this content as a push of now does; `None` where there is no whole one.
    pub async fn renew(&self, sort: Sort, name: &Name, revision: ContentId) -> Result<Option<Revision>, StoreError> {
        let _kept = self.collecting.read().await;
        match self.load(sort, name, revision).await {
            Ok((known, _)) => self.renewed(known).await.map(Some),
            Err(StoreError::Missing { .. } | StoreError::Corrupt { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The caller sees to it that nothing is collected meanwhile.
    pub(super) async fn renewed(&self, mut known: Revision) -> Result<Revision, StoreError> {
        let path = renewal_path(&archive::path(known.sort, &known.name, known.revision));
        let time = Time::now();
        self.objects
            .replace(&path, encoded("renewal", &path, &Renewal { time })?)
            .await?;
        known.renewed = Some(time);
        Ok(known)
    }

    /// The renewals by the path of their revision. When they were written says everything, so that none is read.
    pub(super) async fn renewals(&self, prefix: &str) -> Result<BTreeMap<String, Listed>, StoreError> {
        let of_revision = |renewal: Listed| {
            let revision = renewal.path.strip_prefix(FOLDER)?.strip_prefix('/')?;
            Some((format!("revisions/{revision}"), renewal))
        };
        let listed = self.objects.list(&renewal_path(prefix)).await?;
        Ok(listed.into_iter().filter_map(of_revision).collect())
    }
}

/// Where the renewal of `revisions/dictionary/default/fraud/1f00ba…` lies, or those of all below a prefix.
fn renewal_path(revision: &str) -> String {
    format!("{FOLDER}{}", revision.trim_start_matches("revisions"))
}
