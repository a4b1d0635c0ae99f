//! What operations do at any hour: push, activate, edit, take back; and what they are told when it does not go.

use std::{path::Path, sync::Arc, time::Duration};

use tamis::{
    dictionary::NewTerm,
    folder::Folder,
    identity::{ContentId, Name},
    registry::{Advanced, Ask, Declined, Keeper, Push, Pushed, Registry, Rejected, Step, shipped_revisions},
    snapshot::{Context, Message, Options, Scratch},
    store::{About, Entry, Kind, Settings, Sort, Store, StoreError, Time, plan::Unplanned, read_tree},
    telemetry::Metrics,
};
use tempfile::TempDir;

use crate::support::Lists;

/// A keeper of a store in a folder of its own, with the shipped dictionaries.
pub(crate) struct Desk {
    pub(crate) keeper: Arc<Keeper>,
    folder: TempDir,
}

impl Desk {
    pub(crate) async fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keeper = opened(folder.path(), 1 << 40).await;
        keeper.bring_shipped().await.unwrap();
        Self { keeper, folder }
    }

    /// One with nothing in its store.
    pub(crate) async fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keeper = opened(folder.path(), 1 << 40).await;
        Self { keeper, folder }
    }

    /// The desk of a keeper whose store lies elsewhere.
    pub(crate) fn of(keeper: Arc<Keeper>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { keeper, folder }
    }

    /// The process ends and starts again.
    async fn restarted(self) -> Self {
        let keeper = opened(self.folder.path(), 1 << 40).await;
        keeper.restore().await.unwrap().unwrap();
        Self { keeper, ..self }
    }

    /// Pushes a dictionary `night` with these terms and cases.
    pub(crate) async fn push(&self, terms: &str, cases: &str) -> Result<Pushed, Declined> {
        let folder = Folder::from_iter([
            ("dictionary.toml", "tolerance = \"folded\"\n"),
            ("terms.csv", terms),
            ("cases.jsonl", cases),
        ]);
        self.push_folder("night", folder).await
    }

    async fn push_folder(&self, called: &str, folder: Folder) -> Result<Pushed, Declined> {
        let push = Push {
            sort: Sort::Dictionary,
            name: name(called),
            folder,
            parent: None,
            validate_only: false,
            gate_later: false,
        };
        self.keeper.push(push, &about("")).await
    }

    pub(crate) async fn step(&self, step: Step) -> Result<Advanced, Declined> {
        self.keeper.advance(&step, &about(""), "").await
    }

    /// Pushes, and activates together with a policy that answers it.
    pub(crate) async fn serve(&self, terms: &str) -> Advanced {
        let pushed = self.push(terms, "").await.unwrap();
        let policy = "name = \"default\"\ndictionaries = [\"night\"]\n[scope.default]\nblock = \"high\"\n";
        let push = Push {
            sort: Sort::Policy,
            name: name("default"),
            folder: Folder::from_iter([("policy.toml", policy)]),
            parent: None,
            validate_only: false,
            gate_later: false,
        };
        let policy = self.keeper.push(push, &about("")).await.unwrap();
        let Step::Activate { revisions, .. } = activate(&[(Sort::Dictionary, &pushed), (Sort::Policy, &policy)]) else {
            unreachable!()
        };
        let drop_edits = true;
        self.step(Step::Activate { revisions, drop_edits }).await.unwrap()
    }

    pub(crate) async fn edit(&self, asks: Vec<Ask>, expires: Option<Time>) -> Result<Advanced, Declined> {
        self.step(Step::Edit {
            dictionary: name("night"),
            asks,
            expires,
        })
        .await
    }

    pub(crate) async fn rollback(&self) -> Result<Advanced, Declined> {
        self.step(Step::Rollback).await
    }

    pub(crate) fn blocks(&self, text: &str) -> bool {
        let serving = self.keeper.registry().serving().unwrap();
        let judge = serving.snapshot.judge(&name("default")).unwrap();
        let message = Message {
            text: text.as_bytes(),
            ..Message::default()
        };
        let verdict = judge.check(
            &message,
            &Context::default(),
            &Options::default(),
            &mut Scratch::default(),
        );
        verdict.unwrap().action.as_str() == "block"
    }

    fn generation(&self) -> u64 {
        self.keeper.registry().serving().unwrap().generation
    }
}

pub(crate) async fn opened(folder: &Path, memory: u64) -> Arc<Keeper> {
    let registry = Arc::new(Registry::new(name("default"), Arc::new(Metrics::default())).unwrap());
    let store = Store::open_local(folder, Settings::default()).await.unwrap();
    Arc::new(Keeper::new(registry, store, memory, shipped_revisions().unwrap()))
}

pub(crate) fn name(written: &str) -> Name {
    written.parse().unwrap()
}

pub(crate) fn about(request_id: &str) -> About {
    About {
        author: "night".into(),
        note: "as tested".into(),
        request_id: request_id.into(),
        request: (!request_id.is_empty()).then(|| ContentId::of([b"the request".as_slice()])),
    }
}

pub(crate) fn activate(pushed: &[(Sort, &Pushed)]) -> Step {
    let revisions = pushed
        .iter()
        .map(|(sort, pushed)| (*sort, pushed.revision.name.clone(), pushed.revision.revision));
    Step::Activate {
        revisions: revisions.collect(),
        drop_edits: false,
    }
}

pub(crate) fn add(text: &str) -> Ask {
    Ask::AddTerm(NewTerm {
        text: text.into(),
        ..NewTerm::default()
    })
}

#[tokio::test]
async fn a_fresh_store_serves_what_ships_and_a_restart_serves_what_served() {
    let desk = Desk::fresh().await;
    let first = desk.keeper.serving_entry().unwrap();
    assert_eq!((first.generation, first.kind, first.previous), (1, Kind::Upgrade, None));
    assert!(first.active.dictionaries.len() >= 6);
    desk.serve("term\n加微信\n").await;
    desk.edit(vec![add("刷单返利")], None).await.unwrap();
    let served = desk.keeper.serving_entry().unwrap();
    let desk = desk.restarted().await;
    assert_eq!(desk.keeper.serving_entry().unwrap(), served);
    assert!(desk.blocks("刷单返利") && desk.blocks("加微信"));
    desk.keeper.bring_shipped().await.unwrap();
    assert_eq!(desk.generation(), served.generation, "what ships overrides nothing");
}

#[tokio::test]
async fn a_rollback_goes_back_and_again_one_further() {
    let desk = Desk::fresh().await;
    desk.serve("term\n加微信\n").await;
    desk.edit(vec![add("刷单返利")], None).await.unwrap();
    assert!(desk.blocks("刷单返利"));
    let back = desk.rollback().await.unwrap();
    assert_eq!(
        (back.entry.generation, back.entry.restored, back.entry.previous),
        (4, Some(2), Some(1))
    );
    assert!(!desk.blocks("刷单返利") && desk.blocks("加微信"));
    let further = desk.rollback().await.unwrap();
    assert_eq!((further.entry.restored, further.entry.previous), (Some(1), None));
    assert!(
        !desk
            .keeper
            .serving_entry()
            .unwrap()
            .active
            .dictionaries
            .contains_key(&name("night"))
    );
    assert!(matches!(
        desk.rollback().await,
        Err(Declined::Unplanned(Unplanned::NothingBefore))
    ));
}

#[tokio::test]
async fn edits_expire_and_a_rollback_skips_that() {
    let desk = Desk::fresh().await;
    desk.serve("term\n加微信\n").await;
    desk.keeper.tend();
    let soon = Time::now().after(Duration::from_millis(300));
    desk.edit(vec![add("刷单返利")], Some(soon)).await.unwrap();
    assert!(desk.blocks("刷单返利"));
    let mut status = desk.keeper.registry().status();
    status
        .wait_for(|status| status.serving.is_some_and(|(generation, _)| generation == 4))
        .await
        .unwrap();
    assert!(!desk.blocks("刷单返利"));
    assert_eq!(desk.keeper.serving_entry().unwrap().kind, Kind::Expiry);
    let back = desk.rollback().await.unwrap();
    assert_eq!(back.entry.restored, Some(2), "what the edit replaced");
}

#[tokio::test]
async fn edits_are_folded_into_the_base_while_more_come() {
    let desk = Desk::fresh().await;
    desk.serve("term\n加微信\n").await;
    desk.keeper.tend();
    let mut status = desk.keeper.registry().status();
    for text in ["刷单返利", "无抵押秒放款"] {
        desk.edit(vec![add(text)], None).await.unwrap();
        assert!(desk.blocks(text), "at once");
        let has_delta = || desk.keeper.registry().serving().unwrap().snapshot.has_delta();
        while has_delta() {
            status.changed().await.unwrap();
        }
        assert!(desk.blocks(text), "as part of the base");
        assert_eq!(
            desk.keeper.serving_entry().unwrap().kind,
            Kind::Edit,
            "no generation is made"
        );
    }
    desk.rollback().await.unwrap();
    assert!(
        !desk.blocks("无抵押秒放款") && desk.blocks("刷单返利"),
        "taken back out of the base"
    );
}

#[tokio::test]
async fn why_content_was_refused_is_told_until_newer_content_serves() {
    let desk = Desk::fresh().await;
    desk.serve("term\n加微信\n").await;
    let status = desk.keeper.registry().status();
    desk.keeper.registry().keep(&"terms.txt:1: as tested");
    desk.edit(vec![add("刷单返利")], None).await.unwrap();
    desk.rollback().await.unwrap();
    assert_eq!(status.borrow().problems(), ["terms.txt:1: as tested"]);
    desk.serve("term\n黑户可贷\n").await;
    assert_eq!(status.borrow().problems(), [""; 0]);
}

#[tokio::test]
async fn a_revision_that_lacks_live_edits_waits_for_a_word() {
    let desk = Desk::fresh().await;
    desk.serve("term\n加微信\n跑分\n").await;
    desk.edit(vec![add("刷单返利"), Ask::RemoveTerm("跑分".into())], None)
        .await
        .unwrap();
    let lacking = desk.push("term\n加微信\n黑户可贷\n跑分\n", "").await.unwrap();
    let declined = desk.step(activate(&[(Sort::Dictionary, &lacking)])).await.unwrap_err();
    let Declined::Unplanned(Unplanned::EditsNotMerged { edits }) = declined else {
        panic!("{declined}")
    };
    assert_eq!(edits.len(), 2, "{edits:?}");
    let merged = desk.push("term\n加微信\n黑户可贷\n刷单返利\n", "").await.unwrap();
    let advanced = desk.step(activate(&[(Sort::Dictionary, &merged)])).await.unwrap();
    assert!(
        advanced.entry.active.dictionaries[&name("night")].edits.is_empty(),
        "merged"
    );
    desk.edit(vec![add("无抵押秒放款")], None).await.unwrap();
    let Step::Activate { revisions, .. } = activate(&[(Sort::Dictionary, &lacking)]) else {
        unreachable!()
    };
    desk.step(Step::Activate {
        revisions,
        drop_edits: true,
    })
    .await
    .unwrap();
    assert!(desk.blocks("跑分") && !desk.blocks("无抵押秒放款"));
}

#[tokio::test]
async fn cases_that_a_removal_breaks_are_suspended_until_the_next_push() {
    let desk = Desk::fresh().await;
    desk.serve("term\n加微信\n跑分\n").await;
    let cases = "{\"text\":\"跑分平台\",\"expect\":\"hit\"}\n{\"text\":\"加微信\",\"expect\":\"hit\"}\n";
    let pushed = desk.push("term\n加微信\n跑分\n", cases).await.unwrap();
    desk.step(activate(&[(Sort::Dictionary, &pushed)])).await.unwrap();
    let edited = desk.edit(vec![Ask::RemoveTerm("跑分".into())], None).await.unwrap();
    assert_eq!(edited.entry.active.dictionaries[&name("night")].suspended, [1]);
    desk.edit(vec![add("刷单返利")], None).await.unwrap();
    let again = desk.push("term\n加微信\n刷单返利\n", cases).await.unwrap_err();
    assert!(
        matches!(again, Declined::Rejected(Rejected::FailingCases(_))),
        "a push runs every case: {again}"
    );
}

#[tokio::test]
async fn the_same_request_happens_once_and_a_stale_look_changes_nothing() {
    let desk = Desk::fresh().await;
    desk.serve("term\n加微信\n").await;
    let step = Step::Edit {
        dictionary: name("night"),
        asks: vec![add("刷单返利")],
        expires: None,
    };
    let first = desk.keeper.advance(&step, &about("once"), "g2").await.unwrap();
    let again = desk.keeper.advance(&step, &about("once"), "g2").await.unwrap();
    assert!(first.changed && !again.changed);
    assert_eq!(first.entry.generation, again.entry.generation);
    let other = About {
        request: Some(ContentId::of([b"another".as_slice()])),
        ..about("once")
    };
    let reused = desk.keeper.advance(&step, &other, "").await.unwrap_err();
    assert!(
        matches!(reused, Declined::Unplanned(Unplanned::RequestIdReused { .. })),
        "{reused}"
    );
    let stale = desk
        .keeper
        .advance(&Step::Rollback, &about(""), "g2")
        .await
        .unwrap_err();
    assert!(
        matches!(stale, Declined::Unplanned(Unplanned::EtagMismatch { .. })),
        "{stale}"
    );
    assert!(
        !desk.edit(vec![add("刷单返利")], None).await.unwrap().changed,
        "it is there already"
    );
}

#[tokio::test]
async fn the_list_that_was_pushed_last_is_the_newest_known_or_not() {
    let desk = Desk::fresh().await;
    let newest = async || {
        let seen = desk.keeper.resolve(Sort::Dictionary, &name("night"), "", true).await;
        seen.unwrap().revision.revision
    };
    let good = desk.push("term\n加微信\n", "").await.unwrap();
    let bad = desk.push("term\n加微信\n你好\n", "").await.unwrap();
    assert_eq!(newest().await, bad.revision.revision);
    // Back to the list of before, as a person does it whose folder is in git.
    let again = desk.push("term\n加微信\n", "").await.unwrap();
    assert!(again.known);
    assert_eq!(newest().await, good.revision.revision);
}

#[tokio::test]
async fn bad_dictionaries_leave_the_old_one_serving_and_the_pusher_sees_why() {
    let desk = Desk::fresh().await;
    desk.serve("term\n加微信\n").await;
    let before = desk.keeper.serving_entry().unwrap();
    let folder = |file: &str, bytes: &[u8]| Folder::from_iter([(file.to_owned(), bytes.to_vec())]);
    let twins = "term,severity\n刷单,high\n刷单,low\n";
    let table = [
        ("empty", Folder::default(), "no term"),
        ("blank", folder("terms.txt", b"\n \n"), "no term"),
        ("one letter", folder("terms.txt", b"x\n"), "terms.txt:1"),
        (
            "wrong encoding",
            folder("terms.txt", b"ok\n\xcb\xa2\xb5\xa5\n"),
            "terms.txt:2",
        ),
        (
            "contradicting duplicates",
            folder("terms.csv", twins.as_bytes()),
            "terms.csv:3",
        ),
        (
            "no such column",
            folder("terms.csv", "trem\n刷单\n".as_bytes()),
            "terms.csv:1",
        ),
        ("corrupt", folder("dictionary.toml", b"name = \x00"), "dictionary.toml"),
    ];
    for (what, folder, said) in table {
        let declined = desk.push_folder("night", folder).await.unwrap_err();
        assert!(matches!(&declined, Declined::Rejected(_)), "{what}: {declined}");
        assert!(declined.to_string().contains(said), "{what}: {declined}");
    }
    let failing = desk
        .push("term\n加微信\n", "{\"text\":\"你好\",\"expect\":\"hit\"}\n")
        .await
        .unwrap_err();
    assert!(failing.to_string().contains("cases.jsonl:1"), "{failing}");
    let oversized = vec![b'a'; usize::try_from(tamis::config::limits::MAX_PUSH_BYTES).unwrap() + 1];
    let declined = desk
        .push_folder("night", folder("terms.txt", &oversized))
        .await
        .unwrap_err();
    assert!(declined.to_string().contains("over the limit"), "{declined}");
    assert_eq!(desk.keeper.serving_entry().unwrap(), before);
}

#[tokio::test]
async fn what_would_take_too_much_memory_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = opened(folder.path(), 1024).await;
    let lists = Folder::from_iter([("terms.txt", "刷单返利\n".repeat(100))]);
    let push = Push {
        sort: Sort::Dictionary,
        name: name("night"),
        folder: lists,
        parent: None,
        validate_only: false,
        gate_later: false,
    };
    let declined = keeper.push(push, &about("")).await.unwrap_err();
    assert!(matches!(declined, Declined::OutOfMemory { .. }), "{declined}");
}

#[tokio::test]
async fn a_damaged_newest_generation_gives_way_to_the_one_before() {
    let desk = Desk::fresh().await;
    desk.serve("term\n加微信\n").await;
    desk.edit(vec![add("刷单返利")], None).await.unwrap();
    let log = desk.folder.path().join("log");
    std::fs::write(log.join(format!("{:020}", 3)), "tamis/log 1 half").unwrap();
    let desk = desk.restarted().await;
    assert_eq!(desk.generation(), 2);
    let told = desk.keeper.registry().status().borrow().problems();
    assert_eq!(told, ["generation 3 is damaged, generation 2 serves"]);
    let next = desk.edit(vec![add("无抵押秒放款")], None).await.unwrap();
    assert_eq!(
        (next.entry.generation, next.entry.previous),
        (4, Some(2)),
        "a taken number stays taken"
    );
    let told = desk.keeper.registry().status().borrow().problems();
    assert_eq!(told, [""; 0], "what serves is newer than what was damaged");
    let missing = desk.keeper.store().entry(3).await.unwrap_err();
    assert!(matches!(missing, StoreError::Corrupt { .. }), "{missing}");
}

#[tokio::test]
async fn damage_is_told_beside_a_folder_that_does_not_change_until_a_newer_generation_serves() {
    let lists = Lists::of(&["加微信"]);
    let desk = Desk::bare().await;
    bring(&desk, &lists).await.unwrap();
    for term in ["刷单返利", "无抵押秒放款"] {
        edit_fraud(&desk, add(term)).await;
    }
    let log = desk.folder.path().join("log");
    std::fs::write(log.join(format!("{:020}", 3)), "tamis/log 1 half").unwrap();
    let desk = desk.restarted().await;
    let told = || desk.keeper.registry().status().borrow().problems();
    let damaged = "generation 3 is damaged, generation 2 serves";
    assert!(bring(&desk, &lists).await.is_none());
    assert_eq!(told(), [damaged]);
    desk.keeper.registry().keep(&"terms.txt:1: as tested");
    assert_eq!(told(), [damaged, "terms.txt:1: as tested"]);
    assert!(bring(&desk, &lists).await.is_none());
    assert_eq!(told(), [damaged], "what was refused is past, what is damaged is not");
    desk.rollback().await.unwrap();
    assert_eq!(told(), [""; 0]);
}

#[tokio::test]
async fn a_store_whose_log_cannot_be_read_is_no_fresh_one() {
    let desk = Desk::fresh().await;
    let log = desk.folder.path().join("log");
    std::fs::write(log.join(format!("{:020}", 1)), "tamis/log 1 half").unwrap();
    let keeper = opened(desk.folder.path(), 1 << 40).await;
    let declined = keeper.restore().await.unwrap_err();
    assert!(
        matches!(&declined, Declined::Store(StoreError::Corrupt { path, .. }) if path == "log"),
        "{declined}"
    );
}

/// Brings what these lists hold now, as a folder that is watched.
async fn bring(desk: &Desk, lists: &Lists) -> Option<Advanced> {
    let folders = read_tree(lists.path()).unwrap();
    desk.keeper.bring_folders(folders).await.unwrap()
}

/// Edits the dictionary of [`Lists::of`].
async fn edit_fraud(desk: &Desk, ask: Ask) -> Advanced {
    let step = Step::Edit {
        dictionary: name("fraud"),
        asks: vec![ask],
        expires: None,
    };
    desk.step(step).await.unwrap()
}

#[tokio::test]
async fn a_rollback_stands_over_a_folder_that_has_not_changed_for_more_generations_than_are_remembered() {
    let lists = Lists::of(&["加微信"]);
    let desk = Desk::bare().await;
    bring(&desk, &lists).await.unwrap();
    lists.write("fraud/terms.txt", "加微信\n刷单\n");
    bring(&desk, &lists).await.unwrap();
    desk.rollback().await.unwrap();
    for _ in 0..130 {
        for ask in [Ask::AddException("好".into()), Ask::RemoveException("好".into())] {
            edit_fraud(&desk, ask).await;
        }
    }
    let desk = desk.restarted().await;
    assert!(bring(&desk, &lists).await.is_none());
    assert!(!desk.blocks("刷单"), "what operations took back stays back");
    lists.write("fraud/terms.txt", "加微信\n返佣\n");
    bring(&desk, &lists).await.unwrap();
    assert!(desk.blocks("返佣"), "until the folder changes");
}

#[tokio::test]
async fn a_rollback_stands_over_a_folder_that_came_to_hold_what_served_already() {
    for restarts_before in [false, true] {
        let lists = Lists::of(&["加微信"]);
        let mut desk = Desk::bare().await;
        bring(&desk, &lists).await.unwrap();
        // Somebody pushes by hand what the folder then comes to hold as well.
        lists.write("fraud/terms.txt", "加微信\n刷单\n");
        let (_, fraud) = read_tree(lists.path()).unwrap().dictionaries.remove(0);
        let pushed = desk.push_folder("fraud", fraud).await.unwrap();
        desk.step(activate(&[(Sort::Dictionary, &pushed)])).await.unwrap();
        assert!(!bring(&desk, &lists).await.unwrap().changed);
        if restarts_before {
            desk = desk.restarted().await;
            assert!(!bring(&desk, &lists).await.unwrap().changed);
        }
        desk.rollback().await.unwrap();
        assert!(bring(&desk, &lists).await.is_none());
        desk = desk.restarted().await;
        assert!(bring(&desk, &lists).await.is_none());
        assert!(!desk.blocks("刷单"), "what operations took back stays back");

        for (terms, blocked) in [("加微信\n返佣\n", "返佣"), ("加微信\n刷单\n", "刷单")] {
            lists.write("fraud/terms.txt", terms);
            assert!(bring(&desk, &lists).await.unwrap().changed);
            assert!(desk.blocks(blocked), "until the folder changes");
        }
    }
}

#[tokio::test]
async fn a_folder_that_an_older_program_brought_is_known() {
    let lists = Lists::of(&["加微信"]);
    let desk = Desk::bare().await;
    let brought = Entry::clone(&bring(&desk, &lists).await.unwrap().entry);
    // Its entry, as it was written before entries said what the folder held.
    std::fs::remove_file(desk.folder.path().join(format!("log/{:020}", 1))).unwrap();
    let store = Store::open_local(desk.folder.path(), Settings::default())
        .await
        .unwrap();
    let older = Entry {
        folder: None,
        ..brought
    };
    store.claim(older).await.unwrap();
    let desk = desk.restarted().await;
    assert!(bring(&desk, &lists).await.is_none());
    let edited = edit_fraud(&desk, add("刷单返利")).await;
    assert!(edited.entry.folder.is_some(), "and from then on every entry says so");
}
