//! What differs between two revisions of a dictionary or policy, list by list.

use std::collections::BTreeMap;

use crate::{dictionary::Dictionary, policy::Policy};

/// What differs in one list; in order of the items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListDiff {
    /// What it lists.
    pub list: &'static str,
    /// What only the second has.
    pub added: Vec<String>,
    /// What only the first has.
    pub removed: Vec<String>,
    /// What both have with other properties.
    pub changed: Vec<String>,
}

impl ListDiff {
    /// Compares two lists of named things. O(n log n).
    fn of<'i, V: PartialEq>(
        list: &'static str,
        from: impl Iterator<Item = (&'i str, V)>,
        to: impl Iterator<Item = (&'i str, V)>,
    ) -> Self {
        let (from, to): (BTreeMap<_, V>, BTreeMap<_, V>) = (from.collect(), to.collect());
        let mut diff = Self {
            list,
            ..Self::default()
        };
        for (name, value) in &to {
            match from.get(name) {
                None => diff.added.push((*name).to_owned()),
                Some(old) if old != value => diff.changed.push((*name).to_owned()),
                Some(_) => {}
            }
        }
        diff.removed.extend(
            from.keys()
                .filter(|name| !to.contains_key(*name))
                .map(|name| (*name).to_owned()),
        );
        diff
    }

    /// True where nothing differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// What `to` has otherwise than `from`; lists without a difference are left out.
pub fn dictionaries(from: &Dictionary, to: &Dictionary) -> Vec<ListDiff> {
    fn terms(d: &Dictionary) -> impl Iterator<Item = (&str, impl PartialEq)> {
        d.terms.iter().map(|t| {
            (
                t.text,
                (t.id, t.severity, t.category, t.tolerance, t.mode, t.alias, t.note),
            )
        })
    }
    fn exceptions(d: &Dictionary) -> impl Iterator<Item = (&str, ())> {
        d.exceptions.iter().map(|text| (text, ()))
    }
    fn cases(d: &Dictionary) -> impl Iterator<Item = (&str, impl PartialEq)> {
        d.cases.iter().map(|c| (c.text.as_str(), (c.expect, &c.rule, &c.span)))
    }
    fn about(d: &Dictionary) -> impl Iterator<Item = (&str, Vec<&str>)> {
        let languages = d.languages.iter().map(String::as_str).collect();
        [
            ("title", vec![d.title.as_str()]),
            ("licence", vec![&d.licence]),
            ("languages", languages),
        ]
        .into_iter()
    }
    let lists = [
        ListDiff::of("term", terms(from), terms(to)),
        ListDiff::of("exception", exceptions(from), exceptions(to)),
        ListDiff::of("case", cases(from), cases(to)),
        ListDiff::of("property", about(from), about(to)),
    ];
    lists.into_iter().filter(|list| !list.is_empty()).collect()
}

/// What `to` has otherwise than `from`; lists without a difference are left out.
pub fn policies(from: &Policy, to: &Policy) -> Vec<ListDiff> {
    fn names(p: &Policy) -> impl Iterator<Item = (&str, ())> {
        p.dictionaries.iter().map(|name| (name.as_str(), ()))
    }
    fn exceptions(p: &Policy) -> impl Iterator<Item = (&str, ())> {
        p.exceptions.iter().map(|text| (text.as_str(), ()))
    }
    let lists = [
        ListDiff::of("dictionary", names(from), names(to)),
        ListDiff::of(
            "scope",
            from.scopes.iter().map(|(k, v)| (k.as_str(), v)),
            to.scopes.iter().map(|(k, v)| (k.as_str(), v)),
        ),
        ListDiff::of("exception", exceptions(from), exceptions(to)),
        ListDiff::of(
            "advice",
            from.advice.iter().map(|(k, v)| (k.as_str(), v)),
            to.advice.iter().map(|(k, v)| (k.as_str(), v)),
        ),
        ListDiff::of(
            "case",
            from.cases
                .iter()
                .map(|c| (c.text.as_str(), (&c.scope, c.expect, &c.rule, &c.span))),
            to.cases
                .iter()
                .map(|c| (c.text.as_str(), (&c.scope, c.expect, &c.rule, &c.span))),
        ),
    ];
    lists.into_iter().filter(|list| !list.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dictionary::parse, folder::Folder};

    #[test]
    fn terms_that_came_went_and_changed_are_told_apart() {
        let read = |terms: &str, allow: &str| {
            parse(
                "fraud",
                &Folder::from_iter([("terms.csv", terms), ("allow.txt", allow)]),
            )
            .unwrap()
            .0
        };
        let from = read("term,severity\n刷单,high\n跑分,high\n", "反刷单\n");
        let to = read("term,severity\n刷单,low\n黑户,high\n", "反刷单\n");
        let diff = dictionaries(&from, &to);
        assert_eq!(diff.len(), 1);
        assert_eq!(
            (diff[0].list, &diff[0].added[..], &diff[0].removed[..]),
            ("term", &["黑户".to_owned()][..], &["跑分".to_owned()][..])
        );
        assert_eq!(diff[0].changed, ["刷单"]);
        assert!(dictionaries(&to, &to).is_empty());
    }
}
