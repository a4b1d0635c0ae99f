//! The gate: what a candidate must be before it may serve.

use std::collections::BTreeSet;

use super::live::Rejected;
use crate::{
    identity::Name,
    snapshot::{CaseFailure, Snapshot},
    store::{ActiveSet, Sort},
};

/// Which failing cases do not hold a candidate up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lenience {
    /// Those that are suspended already.
    Suspended,
    /// Those, and every other: something was removed, and the cases that it breaks are to be suspended.
    Removals,
}

/// Passes a candidate or says why not, and notes in `active` which cases are suspended from now on.
pub(super) fn pass(
    candidate: &Snapshot,
    default_policy: &Name,
    active: &mut ActiveSet,
    lenience: Lenience,
) -> Result<(), Rejected> {
    if candidate.dictionaries().len() == 0 {
        return Err(Rejected::Empty);
    }
    if candidate.judge(default_policy).is_none() {
        return Err(Rejected::NoDefaultPolicy(default_policy.clone()));
    }
    let (excused, failures): (Vec<_>, Vec<_>) = candidate
        .failing_cases()
        .into_iter()
        .partition(|failure| lenience == Lenience::Removals || is_suspended(active, failure));
    if !failures.is_empty() {
        return Err(Rejected::FailingCases(failures));
    }
    suspend(active, &excused);
    Ok(())
}

fn is_suspended(active: &ActiveSet, failure: &CaseFailure) -> bool {
    owner(failure).is_some_and(|(sort, name)| {
        active
            .of(sort)
            .get(&name)
            .is_some_and(|a| a.suspended.contains(&failure.line))
    })
}

/// Exactly these cases are suspended: one that holds again is not.
fn suspend(active: &mut ActiveSet, excused: &[CaseFailure]) {
    for sort in [Sort::Dictionary, Sort::Policy] {
        for (name, slot) in active.of_mut(sort) {
            let own = excused
                .iter()
                .filter(|failure| owner(failure).is_some_and(|(s, n)| (s, &n) == (sort, name)));
            slot.suspended = own
                .map(|failure| failure.line)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect();
        }
    }
}

/// Whose case it is: `dictionary default/fraud`.
fn owner(failure: &CaseFailure) -> Option<(Sort, Name)> {
    let (sort, name) = failure.owner.split_once(' ')?;
    let sort = [Sort::Dictionary, Sort::Policy]
        .into_iter()
        .find(|s| s.as_str() == sort)?;
    Some((sort, name.parse().ok()?))
}
