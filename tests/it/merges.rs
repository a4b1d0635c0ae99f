//! Edits that go into the folder: once it is pushed and activated, what it holds decides, and the edits are past.

use std::time::Duration;

use tamis::{
    registry::{Advanced, Step},
    store::{Active, Sort, Time},
};

use crate::operations::{Desk, activate, add, name};

const BEFORE: &str = "term\n加微信\n";
const MERGED: &str = "term\n加微信\n刷单返利\n";

/// A desk that serves [`BEFORE`] with the edit that is to be merged, and when that ends.
async fn edited(lasts: Option<Duration>) -> (Desk, Time) {
    let desk = Desk::fresh().await;
    desk.serve(BEFORE).await;
    let end = lasts.map(|lasts| Time::now().after(lasts));
    desk.edit(vec![add("刷单返利")], end).await.unwrap();
    (desk, end.unwrap_or_default())
}

async fn push_and_activate(desk: &Desk, terms: &str) -> Advanced {
    let pushed = desk.push(terms, "").await.unwrap();
    desk.step(activate(&[(Sort::Dictionary, &pushed)])).await.unwrap()
}

fn night(desk: &Desk) -> Active {
    desk.keeper.serving_entry().unwrap().active.dictionaries[&name("night")].clone()
}

/// What is pushed decides alone: nothing ends any more, nothing holds the next push up.
async fn is_merged(desk: &Desk) {
    let active = night(desk);
    assert_eq!(active, Active::pushed(active.base));
    assert!(!desk.step(Step::Expire).await.unwrap().changed);
    assert!(desk.blocks("刷单返利"));
    push_and_activate(desk, "term\n加微信\n黑户可贷\n").await;
    assert!(!desk.blocks("刷单返利") && desk.blocks("黑户可贷"));
}

async fn until_over(end: Time) {
    tokio::time::sleep(Duration::from_millis(end.0.saturating_sub(Time::now().0) + 1)).await;
}

#[tokio::test]
async fn an_edit_that_is_merged_does_not_end_any_more() {
    let (desk, end) = edited(Some(Duration::from_secs(4))).await;
    assert!(push_and_activate(&desk, MERGED).await.changed);
    until_over(end).await;
    is_merged(&desk).await;
}

#[tokio::test]
async fn an_edit_that_has_ended_is_merged_like_any_line() {
    let (desk, end) = edited(Some(Duration::from_millis(1))).await;
    until_over(end).await;
    desk.step(Step::Expire).await.unwrap();
    assert!(!desk.blocks("刷单返利"));
    push_and_activate(&desk, MERGED).await;
    is_merged(&desk).await;
}

#[tokio::test]
async fn an_edit_that_is_merged_by_any_step_holds_nothing_up() {
    for kind in ["activate", "replace", "upgrade"] {
        let (desk, _) = edited(None).await;
        let pushed = desk.push(MERGED, "").await.unwrap();
        let Step::Activate { mut revisions, .. } = activate(&[(Sort::Dictionary, &pushed)]) else {
            unreachable!()
        };
        let step = match kind {
            "activate" => activate(&[(Sort::Dictionary, &pushed)]),
            "upgrade" => Step::Upgrade { revisions },
            _ => {
                let active = desk.keeper.serving_entry().unwrap().active.clone();
                let others = active.iter().filter(|(_, called, _)| **called != name("night"));
                revisions.extend(others.map(|(sort, name, active)| (sort, name.clone(), active.revision)));
                Step::Replace { revisions }
            }
        };
        assert!(desk.step(step).await.unwrap().changed, "{kind}");
        is_merged(&desk).await;
    }
}

#[tokio::test]
async fn an_edit_that_was_rolled_back_does_not_come_back_with_its_line() {
    let (desk, _) = edited(None).await;
    desk.rollback().await.unwrap();
    push_and_activate(&desk, MERGED).await;
    is_merged(&desk).await;
}

#[tokio::test]
async fn what_only_edits_made_comes_back_without_those_that_have_ended() {
    let (desk, end) = edited(Some(Duration::from_millis(1))).await;
    let made = night(&desk).revision;
    until_over(end).await;
    desk.step(Step::Expire).await.unwrap();
    let revisions = vec![(Sort::Dictionary, name("night"), made)];
    let step = Step::Activate {
        revisions,
        drop_edits: false,
    };
    assert!(!desk.step(step).await.unwrap().changed, "nothing of it is left");
    assert!(!desk.blocks("刷单返利"));
}
