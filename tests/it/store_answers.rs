//! A store that goes wrong while people work: callers hear it in the right code, and what served before serves on.

use std::sync::Arc;

use futures_util::stream;
use object_store::ObjectStore;
use tamis::{
    registry::{Keeper, Registry},
    service::proto::client::{
        ActivateRequest, EditTermsRequest, FileChunk, GetSnapshotRequest, ListRevisionsRequest, NewTerm, PushHeader,
        PushRevisionRequest, RollbackRequest, Sort, Target, TermEdit, check_result::Outcome,
        dictionary_service_client::DictionaryServiceClient, filter_service_client::FilterServiceClient,
        push_revision_request::Part, snapshot_service_client::SnapshotServiceClient, term_edit::Edit,
    },
    store::Store,
    telemetry::Metrics,
};
use tonic::{
    Code, Status,
    transport::{Channel, Endpoint},
};
use tonic_types::StatusExt;

use crate::{
    changes::started,
    operations::{Desk, name},
    store_faults::{Fault, Faulty, LIVED_THROUGH, impatient},
    support::batch,
};

/// Somebody who works, and somebody who chats.
struct Caller {
    dictionaries: DictionaryServiceClient<Channel>,
    snapshots: SnapshotServiceClient<Channel>,
    filter: FilterServiceClient<Channel>,
    /// Two pushed revisions.
    known: [String; 2],
}

/// What somebody asks of the store.
#[derive(Clone, Copy, Debug)]
enum Call {
    Push,
    Activate,
    Edit,
    Rollback,
    Look,
}

const CALLS: [Call; 5] = [Call::Push, Call::Activate, Call::Edit, Call::Rollback, Call::Look];

impl Caller {
    /// Makes a call; `number` makes its content another one each time.
    async fn make(&mut self, call: Call, number: usize) -> Result<(), Status> {
        match call {
            Call::Push => {
                let header = PushHeader {
                    name: "gambling".into(),
                    gate_later: true,
                    ..PushHeader::default()
                };
                let chunk = FileChunk {
                    file: "terms.txt".into(),
                    data: format!("某某赌局{number}号\n").into(),
                };
                let parts = [Part::Header(header), Part::Chunk(chunk)];
                let parts = parts.map(|part| PushRevisionRequest { part: Some(part) });
                self.dictionaries.push_revision(stream::iter(parts)).await.map(drop)
            }
            Call::Activate => {
                let target = Target {
                    sort: Sort::Dictionary.into(),
                    name: "night".into(),
                    // One and the other in turn.
                    revision: self.known[number % 2].clone(),
                };
                let request = ActivateRequest {
                    targets: vec![target],
                    drop_edits: true,
                    ..ActivateRequest::default()
                };
                self.snapshots.activate(request).await.map(drop)
            }
            Call::Edit => {
                let term = NewTerm {
                    text: format!("刷单返利{number}号"),
                    ..NewTerm::default()
                };
                let request = EditTermsRequest {
                    name: "night".into(),
                    edits: vec![TermEdit {
                        edit: Some(Edit::AddTerm(term)),
                    }],
                    ..EditTermsRequest::default()
                };
                self.dictionaries.edit_terms(request).await.map(drop)
            }
            Call::Rollback => self.snapshots.rollback(RollbackRequest::default()).await.map(drop),
            Call::Look => {
                let revisions = ListRevisionsRequest {
                    name: "night".into(),
                    ..ListRevisionsRequest::default()
                };
                self.dictionaries.list_revisions(revisions).await.map(drop)
            }
        }
    }

    async fn generation(&mut self) -> u64 {
        let answer = self
            .snapshots
            .get_snapshot(GetSnapshotRequest {})
            .await
            .unwrap()
            .into_inner();
        answer.status.unwrap().generation.unwrap().generation
    }

    /// A chat message gets its verdict from the generation that serves.
    async fn chats(&mut self) -> u64 {
        let reply = self
            .filter
            .check_messages(batch(&["加微信"]))
            .await
            .unwrap()
            .into_inner();
        match &reply.verdicts[0].outcome {
            Some(Outcome::Verdict(verdict)) => verdict.generation,
            other => panic!("{other:?}"),
        }
    }
}

/// A desk whose store goes wrong when it is told to, and who calls there.
async fn desk(folder: &std::path::Path, fault: Fault) -> (Arc<Faulty>, Caller) {
    let place = Arc::new(Faulty::new(folder, fault, usize::MAX));
    let store = Store::open(place.clone() as Arc<dyn ObjectStore>, impatient(fault))
        .await
        .unwrap();
    let registry = Arc::new(Registry::new(name("default"), Arc::new(Metrics::default())).unwrap());
    let desk = Desk::of(Arc::new(Keeper::new(registry, store, 1 << 40, Vec::new())));
    let mut known = Vec::new();
    for terms in ["term\n加微信\n", "term\n加微信\n黑户可贷\n"] {
        let served = desk.serve(terms).await;
        known.push(served.entry.active.dictionaries[&name("night")].base.to_string());
    }
    let (address, leave, _) = started(&desk.keeper);
    // The server ends with the test.
    std::mem::forget(leave);
    let channel = Endpoint::from_shared(format!("http://{address}"))
        .unwrap()
        .connect()
        .await
        .unwrap();
    let caller = Caller {
        dictionaries: DictionaryServiceClient::new(channel.clone()),
        snapshots: SnapshotServiceClient::new(channel.clone()),
        filter: FilterServiceClient::new(channel),
        known: known.try_into().unwrap(),
    };
    (place, caller)
}

/// Whether the answer is one that the fault may have.
fn fits(fault: Fault, answer: &Result<(), Status>) -> bool {
    let Err(status) = answer else { return true };
    let details = status.get_error_details();
    let reason = details.error_info().map_or("", |info| info.reason.as_str());
    match (status.code(), reason) {
        (Code::Unavailable, "STORE_UNAVAILABLE") => !status.message().contains("as tested"),
        // What comes back torn counts as damaged, or as not there.
        (Code::FailedPrecondition, "STORE_DAMAGED") | (Code::NotFound, "UNKNOWN_REVISION") => fault == Fault::Tears,
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_hear_that_the_store_failed_and_chats_go_on() {
    for fault in LIVED_THROUGH {
        let folder = tempfile::tempdir().unwrap();
        let (place, mut caller) = desk(folder.path(), fault).await;
        let (mut struck, mut failed) = (0, 0);
        for call in CALLS {
            for at in 0..8 {
                let before = caller.generation().await;
                place.strike_after(at);
                let answer = caller.make(call, at).await;
                struck += usize::from(place.has_struck());
                place.strike_after(usize::MAX / 2);
                assert!(fits(fault, &answer), "{call:?} at {at}, {fault:?}: {answer:?}");
                failed += usize::from(answer.is_err());
                let after = caller.generation().await;
                assert!(
                    after == before || answer.is_ok() && after == before + 1,
                    "{call:?} at {at}, {fault:?}"
                );
                assert_eq!(caller.chats().await, after, "what is said to serve judges");
                // Whoever was told so tries again; a number that a torn write took is passed over at the second try.
                let mut again = caller.make(call, at + 100).await;
                if again.as_ref().is_err_and(|status| status.code() == Code::Aborted) {
                    again = caller.make(call, at + 100).await;
                }
                assert!(again.is_ok(), "{call:?} at {at}, {fault:?}: {again:?}");
            }
        }
        assert!(
            struck >= 10 && failed >= 3,
            "{fault:?}: {struck} struck, {failed} failed"
        );
    }
}
