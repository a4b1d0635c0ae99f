//! A newer program brings newer dictionaries; what operations chose stands.

use std::{path::Path, sync::Arc};

use tamis::{
    dictionary,
    folder::Folder,
    identity::{ContentId, Name},
    registry::{Ask, Keeper, Push, Registry, Step, shipped_revisions},
    shipped,
    store::{About, Kind, Revision, Settings, Sort, Store, Time, files_of},
    telemetry::Metrics,
};

use crate::operations::{about, add, name, opened};

type Shipped = Vec<(Sort, Name, ContentId)>;

/// A dictionary folder as an older program shipped it: with a term that has gone since.
fn older(mut folder: Folder) -> (Folder, ContentId) {
    let terms = folder.files.get_mut("terms.csv").unwrap();
    terms.extend_from_slice("早先就有的词,,,,,,,\n".as_bytes());
    let revision = dictionary::parse("older", &folder).unwrap().0.revision;
    (folder, revision)
}

/// Starts the store as a program did that shipped an older `fraud` and an older `gambling`.
async fn started_by_an_older_program(folder: &Path) -> Shipped {
    let store = Store::open_local(folder, Settings::default()).await.unwrap();
    let mut shipped = shipped_revisions().unwrap();
    let folders: Vec<_> = shipped::dictionaries().into_iter().chain(shipped::policies()).collect();
    for (place, (_, mut pushed)) in shipped.iter_mut().zip(folders) {
        if ["fraud", "gambling"].contains(&place.1.short()) {
            (pushed, place.2) = older(pushed);
        }
        let revision = Revision {
            sort: place.0,
            name: place.1.clone(),
            revision: place.2,
            parent: None,
            about: About::default(),
            time: Time::now(),
            renewed: None,
            files: files_of(&pushed),
        };
        store.push(revision, &pushed).await.unwrap();
    }
    let registry = Arc::new(Registry::new(name("default"), Arc::new(Metrics::default())).unwrap());
    let keeper = Keeper::new(registry, store, 1 << 40, shipped.clone());
    let step = Step::Upgrade {
        revisions: shipped.clone(),
    };
    keeper.advance(&step, &about(""), "").await.unwrap();
    shipped
}

fn of(shipped: &Shipped, called: &str) -> ContentId {
    shipped.iter().find(|known| known.1 == name(called)).unwrap().2
}

#[tokio::test]
async fn a_newer_program_brings_its_dictionaries_where_the_older_shipped_ones_decide() {
    let folder = tempfile::tempdir().unwrap();
    let old = started_by_an_older_program(folder.path()).await;
    let new = shipped_revisions().unwrap();

    let keeper = opened(folder.path(), 1 << 40).await;
    keeper.restore().await.unwrap().unwrap();
    keeper.bring_shipped().await.unwrap();
    let entry = keeper.serving_entry().unwrap();
    assert_eq!(
        (entry.generation, entry.kind, entry.previous),
        (2, Kind::Upgrade, Some(1))
    );
    for called in ["fraud", "gambling"] {
        assert_eq!(
            entry.active.dictionaries[&name(called)].base,
            of(&new, called),
            "{called}"
        );
    }
    // It goes on once only, and a rollback to the older ones stands.
    keeper.bring_shipped().await.unwrap();
    assert_eq!(keeper.serving_entry().unwrap().generation, 2);
    keeper.advance(&Step::Rollback, &about(""), "").await.unwrap();
    let keeper = opened(folder.path(), 1 << 40).await;
    keeper.restore().await.unwrap().unwrap();
    keeper.bring_shipped().await.unwrap();
    let entry = keeper.serving_entry().unwrap();
    assert_eq!(
        (entry.generation, entry.kind),
        (3, Kind::Rollback),
        "what operations took back stays back"
    );
    assert_eq!(entry.active.dictionaries[&name("fraud")].base, of(&old, "fraud"));
}

#[tokio::test]
async fn a_newer_program_overrides_nothing_that_operations_chose() {
    let folder = tempfile::tempdir().unwrap();
    let old = started_by_an_older_program(folder.path()).await;
    let keeper = opened(folder.path(), 1 << 40).await;
    keeper.restore().await.unwrap().unwrap();
    let edit = Step::Edit {
        dictionary: name("fraud"),
        asks: vec![add("无抵押秒放款")],
        expires: None,
    };
    keeper.advance(&edit, &about(""), "").await.unwrap();
    keeper.bring_shipped().await.unwrap();
    let entry = keeper.serving_entry().unwrap();
    let fraud = &entry.active.dictionaries[&name("fraud")];
    assert_eq!(
        (fraud.base, fraud.edits.len()),
        (of(&old, "fraud"), 1),
        "an edit that the newer one lacks stays live"
    );
    // Once the edit is out, the next start brings the newer ones.
    let edit = Step::Edit {
        dictionary: name("fraud"),
        asks: vec![Ask::RemoveTerm("无抵押秒放款".into())],
        expires: None,
    };
    keeper.advance(&edit, &about(""), "").await.unwrap();
    let keeper = opened(folder.path(), 1 << 40).await;
    keeper.restore().await.unwrap().unwrap();
    keeper.bring_shipped().await.unwrap();
    let entry = keeper.serving_entry().unwrap();
    assert_eq!(
        entry.active.dictionaries[&name("fraud")].base,
        of(&shipped_revisions().unwrap(), "fraud")
    );
}

#[tokio::test]
async fn what_operations_put_in_the_place_of_a_shipped_dictionary_stays() {
    let folder = tempfile::tempdir().unwrap();
    started_by_an_older_program(folder.path()).await;
    let keeper = opened(folder.path(), 1 << 40).await;
    keeper.restore().await.unwrap().unwrap();
    let mut mine = Vec::new();
    let policy = "name = \"default\"\ndictionaries = [\"gambling\", \"fraud\"]\n";
    for (sort, called, folder) in [
        (
            Sort::Dictionary,
            "gambling",
            Folder::from_iter([("terms.txt", "某某赌局\n")]),
        ),
        (Sort::Policy, "default", Folder::from_iter([("policy.toml", policy)])),
    ] {
        let push = Push {
            sort,
            name: name(called),
            folder,
            parent: None,
            validate_only: false,
            // Either alone would fail the shipped policy's cases.
            gate_later: true,
        };
        let pushed = keeper.push(push, &about("")).await.unwrap().revision;
        mine.push((sort, pushed.name, pushed.revision));
    }
    let step = Step::Activate {
        revisions: mine.clone(),
        drop_edits: false,
    };
    keeper.advance(&step, &about(""), "").await.unwrap();
    keeper.bring_shipped().await.unwrap();
    let entry = keeper.serving_entry().unwrap();
    assert_eq!((entry.generation, entry.kind), (3, Kind::Upgrade));
    for (sort, name, revision) in &mine {
        assert_eq!(entry.active.of(*sort)[name].base, *revision);
    }
    assert_eq!(
        entry.active.dictionaries[&name("fraud")].base,
        of(&shipped_revisions().unwrap(), "fraud")
    );
}
