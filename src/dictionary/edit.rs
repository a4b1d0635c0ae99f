//! Edits: single terms and exceptions put in or taken out of a dictionary that was pushed.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
};

use serde::{Deserialize, Serialize};

use super::{
    Dictionary, List, MatchMode, Patched, Severity, Term, TermRef, Terms, Texts, Tolerance, compact::partition_point,
    parse, patched::slot_of,
};
use crate::{
    folder::Folder,
    problem::{Problem, Problems},
};

/// What stands for the file in problems: the field of the request.
const EDITS: &str = "edits";

/// One change. Applying it to a dictionary where it holds already changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The term is there, exactly so; another one of the same text gives way.
    SetTerm(Term),
    /// No term is written so.
    RemoveTerm(String),
    /// The exception is there.
    AddException(String),
    /// No exception is written so.
    RemoveException(String),
}

impl Change {
    /// What it is about; of changes with the same key the last decides. True for exceptions.
    pub fn key(&self) -> (bool, &str) {
        match self {
            Self::SetTerm(term) => (false, &term.text),
            Self::RemoveTerm(text) => (false, text),
            Self::AddException(text) | Self::RemoveException(text) => (true, text),
        }
    }

    /// True where it takes something away that cases may count on: a term, or, by a new exception, some of its hits.
    pub fn takes_hits_away(&self) -> bool {
        matches!(self, Self::RemoveTerm(_) | Self::AddException(_))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SetTerm(term) => write!(f, "term {:?} added", term.text),
            Self::RemoveTerm(text) => write!(f, "term {text:?} removed"),
            Self::AddException(text) => write!(f, "exception {text:?} added"),
            Self::RemoveException(text) => write!(f, "exception {text:?} removed"),
        }
    }
}

/// A term as someone asks for it; what it leaves out comes from the dictionary, or from the term that it is an alias of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTerm {
    /// As written.
    pub text: String,
    /// The id; empty for the text.
    pub id: String,
    /// How bad.
    pub severity: Option<Severity>,
    /// Of what kind; empty for the dictionary's.
    pub category: String,
    /// Which planes may fire.
    pub tolerance: Option<Tolerance>,
    /// Where it may begin and end.
    pub mode: Option<MatchMode>,
    /// The id of the term that it stands for; empty for none.
    pub alias_of: String,
    /// Why it is there.
    pub note: String,
}

impl Dictionary {
    /// True where applying the change would give another revision.
    pub fn lacks(&self, change: &Change) -> bool {
        match change {
            Change::SetTerm(term) => self
                .term(&term.text)
                .is_none_or(|(_, known)| !known.same_content(&term.view())),
            Change::RemoveTerm(text) => self.term(text).is_some(),
            Change::AddException(text) => self.exception(text).is_none(),
            Change::RemoveException(text) => self.exception(text).is_some(),
        }
    }

    /// The live term that is written so, with its slot. O(log terms + edits).
    pub fn term(&self, text: &str) -> Option<(u32, TermRef<'_>)> {
        live(&self.terms, text).map(|slot| (slot, self.terms.get(slot as usize)))
    }

    fn exception(&self, text: &str) -> Option<u32> {
        live(&self.exceptions, text)
    }

    /// What was pushed, with these changes in their order and no others: made from this dictionary by adding to and removing from its
    /// lists, so that what was compiled for them still fits. O(changes, past and new, x log terms + 32 bytes a term for the id);
    /// the first edit of what was pushed hashes every term, and the 32 bytes are kept from then on.
    #[must_use]
    pub fn edited<'c>(&self, changes: impl IntoIterator<Item = &'c Change>) -> Self {
        let wanted: BTreeMap<_, &Change> = changes.into_iter().map(|change| (change.key(), change)).collect();
        let mut edited = self.clone();
        let added = added(&self.terms);
        for text in self.touched_terms(wanted.keys()) {
            let known = live_pushed(&self.terms, text).or_else(|| added.get(text).copied());
            let term = match wanted.get(&(false, text)) {
                Some(Change::SetTerm(term)) => Some(term.view()),
                Some(_) => None,
                None => pushed(self.terms.base(), text).map(|at| self.terms.get(at)),
            };
            edited.put(known, term);
        }
        let added = self::added(&self.exceptions);
        for text in self.touched_exceptions(wanted.keys()) {
            let known = live_pushed(&self.exceptions, text).or_else(|| added.get(text).copied());
            let there = match wanted.get(&(true, text)) {
                Some(change) => matches!(change, Change::AddException(_)),
                None => pushed(self.exceptions.base(), text).is_some(),
            };
            edited.put_exception(text, known, there);
        }
        edited.revision = edited.content_id();
        edited
    }

    /// The texts that edits have touched or are to touch.
    fn touched_terms<'a>(&'a self, keys: impl Iterator<Item = &'a (bool, &'a str)>) -> BTreeSet<&'a str> {
        let removed = self.terms.removed().iter();
        let removed = removed.map(|slot| self.terms.get(*slot as usize).text);
        let added = self.terms.added().iter().map(|term| term.text);
        removed
            .chain(added)
            .chain(keys.filter(|key| !key.0).map(|key| key.1))
            .collect()
    }

    fn touched_exceptions<'a>(&'a self, keys: impl Iterator<Item = &'a (bool, &'a str)>) -> BTreeSet<&'a str> {
        let removed = self.exceptions.removed().iter();
        let removed = removed.map(|slot| self.exceptions.get(*slot as usize));
        let added = self.exceptions.added().iter();
        removed
            .chain(added)
            .chain(keys.filter(|key| key.0).map(|key| key.1))
            .collect()
    }

    fn put(&mut self, known: Option<u32>, wanted: Option<TermRef<'_>>) {
        if let Some(slot) = known {
            if wanted.is_some_and(|term| term.same_content(&self.terms.get(slot as usize))) {
                return;
            }
            self.terms.remove(slot);
        }
        if let Some(term) = wanted {
            self.terms.push(term);
        }
    }

    fn put_exception(&mut self, text: &str, known: Option<u32>, wanted: bool) {
        match known {
            Some(slot) if !wanted => _ = self.exceptions.remove(slot),
            None if wanted => _ = self.exceptions.push(text),
            _ => {}
        }
    }

    /// The changes that add a term, or give the one of this text other properties. Aliases follow the severity and category of the
    /// term that they stand for. Fails with what the linter says.
    pub fn adding(&self, new: &NewTerm) -> Result<Vec<Change>, Problems> {
        let mut term = linted(new)?;
        if new.alias_of.is_empty() {
            term.severity = new.severity.unwrap_or(self.defaults.severity);
            if new.category.is_empty() {
                term.category.clone_from(&self.defaults.category);
            }
        } else {
            let target = self.terms.family(&new.alias_of).find(|(_, known)| !known.alias);
            let (_, target) = target.ok_or_else(|| {
                problem(
                    "alias_of",
                    &new.alias_of,
                    "no term has this id",
                    "name the id of a term",
                )
            })?;
            term.alias = true;
            (term.id, term.severity, term.category) =
                (target.id.to_owned(), target.severity, target.category.to_owned());
        }
        term.tolerance = new.tolerance.unwrap_or(self.defaults.tolerance);
        let family = || {
            self.terms
                .family(&term.id)
                .map(|(_, known)| known)
                .filter(|known| known.text != term.text)
        };
        if !term.alias && family().any(|known| !known.alias) {
            return Err(problem(
                "id",
                &term.id,
                "another term has this id",
                "choose another, or make it an alias_of that one",
            ));
        }
        let strays =
            family().filter(|known| (known.severity, known.category) != (term.severity, term.category.as_str()));
        let followers = strays.map(|known| Term {
            severity: term.severity,
            category: term.category.clone(),
            ..known.to_term()
        });
        Ok(followers.chain([term.clone()]).map(Change::SetTerm).collect())
    }

    /// The changes that take a term away: the one that is written so, else all that report this id.
    pub fn removing(&self, text_or_id: &str) -> Result<Vec<Change>, Problems> {
        if self.term(text_or_id).is_some() {
            return Ok(vec![Change::RemoveTerm(text_or_id.to_owned())]);
        }
        let of_id = self.terms.family(text_or_id);
        let changes: Vec<_> = of_id
            .map(|(_, term)| Change::RemoveTerm(term.text.to_owned()))
            .collect();
        if changes.is_empty() {
            return Err(problem(
                "term",
                text_or_id,
                "no term is written so or has this id",
                "list the terms and copy one",
            ));
        }
        Ok(changes)
    }

    /// The change that adds an exception. Fails with what the linter says.
    pub fn adding_exception(&self, text: &str) -> Result<Vec<Change>, Problems> {
        if text.trim().is_empty() {
            return Err(empty("exception"));
        }
        let folder = Folder::from_iter([("allow.txt", text.trim().to_owned() + "\n")]);
        let (parsed, _) = parse("edit", &folder).map_err(of_an_edit)?;
        Ok(parsed
            .exceptions
            .iter()
            .map(str::to_owned)
            .map(Change::AddException)
            .collect())
    }

    /// The change that takes an exception away.
    pub fn removing_exception(&self, text: &str) -> Result<Vec<Change>, Problems> {
        match self.exception(text) {
            Some(_) => Ok(vec![Change::RemoveException(text.to_owned())]),
            None => Err(problem(
                "exception",
                text,
                "no exception is written so",
                "copy it from the folder's allow.txt",
            )),
        }
    }
}

/// A list of things that are known by their texts, and sorted by them as far as they were pushed.
trait Written: List {
    /// How the item at an index is written.
    fn text(&self, index: usize) -> &str;
}

impl Written for Terms {
    fn text(&self, index: usize) -> &str {
        self.get(index).text
    }
}

impl Written for Texts {
    fn text(&self, index: usize) -> &str {
        self.get(index)
    }
}

/// The slot of the live item that is written so.
fn live<L: Written>(list: &Patched<L>, text: &str) -> Option<u32> {
    live_pushed(list, text).or_else(|| {
        live_added(list)
            .find(|(written, _)| *written == text)
            .map(|(_, slot)| slot)
    })
}

/// The same among what was pushed.
fn live_pushed<L: Written>(list: &Patched<L>, text: &str) -> Option<u32> {
    let base = list.base();
    let from = partition_point(base.len(), |at| base.text(at) < text);
    (from..base.len())
        .take_while(|at| base.text(*at) == text)
        .map(slot_of)
        .find(|slot| !list.is_removed(*slot))
}

/// The slots of the live items that edits have added, by their texts.
fn added<L: Written>(list: &Patched<L>) -> HashMap<&str, u32> {
    live_added(list).collect()
}

fn live_added<L: Written>(list: &Patched<L>) -> impl Iterator<Item = (&str, u32)> {
    let (added, first) = (list.added(), list.base().len());
    let slots = (0..added.len()).map(move |at| (at, slot_of(first + at)));
    slots
        .filter(|(_, slot)| !list.is_removed(*slot))
        .map(|(at, slot)| (added.text(at), slot))
}

/// The index of the item that was pushed under this text.
fn pushed<L: Written>(list: &L, text: &str) -> Option<usize> {
    let at = partition_point(list.len(), |at| list.text(at) < text);
    (at < list.len() && list.text(at) == text).then_some(at)
}

/// The term as a folder with it alone would be parsed and linted.
fn linted(new: &NewTerm) -> Result<Term, Problems> {
    if new.text.trim().is_empty() {
        return Err(empty("term"));
    }
    let mut row = csv::Writer::from_writer(Vec::new());
    let header = ["term", "id", "severity", "category", "tolerance", "match", "note"];
    let fields = [
        new.text.trim(),
        &new.id,
        new.severity.map_or("", Severity::as_str),
        &new.category,
        new.tolerance.map_or("", Tolerance::as_str),
        new.mode.map_or("", MatchMode::as_str),
        &new.note,
    ];
    let written = row.write_record(header).and_then(|()| row.write_record(fields));
    let bytes = written.and_then(|()| row.into_inner().map_err(|e| e.into_error().into()));
    let bytes = bytes.map_err(|e| problem("term", &new.text, &e.to_string(), "write it on one line"))?;
    let (parsed, _) = parse("edit", &Folder::from_iter([("terms.csv", bytes)])).map_err(of_an_edit)?;
    let term = parsed.terms.iter().next().map(TermRef::to_term);
    let mut term = term.ok_or_else(|| problem("term", &new.text, "there is no term", "write one"))?;
    term.line = 0;
    Ok(term)
}

/// Nobody wrote the file in which it was parsed.
fn of_an_edit(mut problems: Problems) -> Problems {
    for problem in &mut problems.0 {
        EDITS.clone_into(&mut problem.file);
        problem.line = 0;
    }
    problems
}

fn empty(field: &str) -> Problems {
    problem(field, "", "it is empty", "write the words that are meant")
}

fn problem(field: &str, value: &str, message: &str, mend: &str) -> Problems {
    Problems(vec![Problem::error(EDITS, message).at(0, field, value).mend(mend)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary() -> Dictionary {
        let terms = "term,id,severity,alias_of\n刷单,,high,\n刷単,,,刷单\n跑分,,medium,\n";
        let folder = Folder::from_iter([("terms.csv", terms), ("allow.txt", "反刷单\n")]);
        parse("fraud", &folder).unwrap().0
    }

    fn new(text: &str) -> NewTerm {
        NewTerm {
            text: text.into(),
            ..NewTerm::default()
        }
    }

    fn again(text: &str) -> Dictionary {
        parse(
            "fraud",
            &Folder::from_iter([("terms.csv", text), ("allow.txt", "反刷单\n")]),
        )
        .unwrap()
        .0
    }

    #[test]
    fn an_edited_dictionary_has_the_revision_that_the_edited_folder_has() {
        let edited = dictionary().edited(&dictionary().adding(&new("黑户")).unwrap());
        let folder = again("term,id,severity,alias_of\n刷单,,high,\n刷単,,,刷单\n跑分,,medium,\n黑户,,,\n");
        assert_eq!(edited.revision, folder.revision);
        assert_eq!(
            edited.terms.iter().last().unwrap().category,
            "fraud",
            "the dictionary's defaults"
        );
        let removed = edited.edited(&edited.removing("跑分").unwrap());
        let folder = again("term,id,severity,alias_of\n刷单,,high,\n刷単,,,刷单\n");
        assert_eq!(removed.revision, folder.revision, "changes replace those made before");
    }

    #[test]
    fn taking_all_changes_back_gives_the_pushed_revision_again() {
        let pushed = dictionary();
        let mut changes = pushed
            .adding(&NewTerm {
                severity: Some(Severity::Low),
                ..new("刷单")
            })
            .unwrap();
        changes.extend(pushed.removing("跑分").unwrap());
        changes.extend(pushed.removing_exception("反刷单").unwrap());
        let edited = pushed.edited(&changes);
        assert_ne!(edited.revision, pushed.revision);
        assert_eq!((edited.terms.len(), edited.exceptions.len()), (2, 0));
        assert_eq!(edited.edited([]).revision, pushed.revision);
        assert!(edited.edited([]).terms.extends(&edited.terms));
    }

    #[test]
    fn aliases_follow_the_severity_of_their_term() {
        let pushed = dictionary();
        let changes = pushed
            .adding(&NewTerm {
                severity: Some(Severity::Critical),
                ..new("刷单")
            })
            .unwrap();
        assert_eq!(changes.len(), 2);
        let edited = pushed.edited(&changes);
        assert_eq!(edited.term("刷単").unwrap().1.severity, Severity::Critical);
        let alias = NewTerm {
            alias_of: "刷单".into(),
            ..new("shuadan")
        };
        let edited = pushed.edited(&pushed.adding(&alias).unwrap());
        let term = edited.term("shuadan").unwrap().1;
        assert_eq!((term.id, term.alias, term.severity), ("刷单", true, Severity::High));
    }

    #[test]
    fn a_dictionary_lacks_what_would_change_it() {
        let pushed = dictionary();
        let [add, remove] = [pushed.adding(&new("黑户")).unwrap(), pushed.removing("跑分").unwrap()];
        assert!(pushed.lacks(&add[0]) && pushed.lacks(&remove[0]));
        let edited = pushed.edited(add.iter().chain(&remove));
        assert!(!edited.lacks(&add[0]) && !edited.lacks(&remove[0]));
        assert!(pushed.lacks(&Change::AddException("x".into())) && !pushed.lacks(&Change::RemoveException("x".into())));
    }

    #[test]
    fn what_the_linter_refuses_is_refused() {
        let pushed = dictionary();
        for bad in ["", "a", "\u{200b}"] {
            assert!(pushed.adding(&new(bad)).is_err(), "{bad:?}");
        }
        let twin = NewTerm {
            id: "跑分".into(),
            ..new("跑分平台")
        };
        assert!(
            pushed
                .adding(&twin)
                .unwrap_err()
                .to_string()
                .contains("another term has this id")
        );
        assert!(pushed.removing("没有").is_err() && pushed.removing_exception("没有").is_err());
        assert!(
            pushed
                .adding(&NewTerm {
                    alias_of: "没有".into(),
                    ..new("好几个")
                })
                .is_err()
        );
        assert_eq!(pushed.removing("刷单").unwrap().len(), 1, "the text before the id");
    }
}
