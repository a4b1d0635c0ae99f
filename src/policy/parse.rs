//! From a folder's bytes to a [`Policy`], with all the problems of all its files in one go.

use std::collections::BTreeMap;

use super::{
    Advice, Policy, PolicyCase, UnknownScopes,
    canonical::revision,
    scopes::{Drafts, resolve},
};
use crate::{
    dictionary::{report_case, unusable},
    folder::{Document, Findings, Folder, Table, cases, did_you_mean},
    identity::{BadName, ContentId, Name},
    problem::{Problem, Problems},
    text::{Folded, fold},
};

/// The files of a policy folder.
pub const FILES: [&str; 2] = ["policy.toml", "cases.jsonl"];

/// Parses a policy folder: the policy and its warnings, or all its errors and warnings.
///
/// `label` is how the folder is called in problems; its last part names a policy whose `policy.toml` does not.
///
/// ```
/// use tamis::{dictionary::Severity, folder::Folder, policy::{self, Action}};
/// let text = "dictionaries = ['fraud']\n[scope.default]\nblock = 'critical'\n[scope.public]\nblock = 'high'\n";
/// let (policy, _warnings) = policy::parse("strict", &Folder::from_iter([("policy.toml", text)]))?;
/// let action = |scope| policy.scope(scope).map(|s| s.answer("fraud", Severity::High, 0));
/// assert_eq!(action(""), Some(Action::Review));
/// assert_eq!(action("public.square"), Some(Action::Block));
/// # Ok::<(), tamis::problem::Problems>(())
/// ```
pub fn parse(label: &str, folder: &Folder) -> Result<(Policy, Problems), Problems> {
    folder.fits(label)?;
    let mut findings = Findings::default();
    folder.report_unread(label, &FILES, &mut findings);
    let head = folder.text(label, "policy.toml", &mut findings);
    if !folder.files.contains_key("policy.toml") {
        findings.add(
            Problem::error(label, "the folder holds no policy.toml").mend("write one; `dictionaries` is all it needs"),
        );
    }
    let mut policy = head.and_then(|(file, text)| read(label, &file, text, &mut findings));
    if let Some((file, text)) = folder.text(label, "cases.jsonl", &mut findings) {
        let cases = read_cases(&file, text, policy.as_ref(), &mut findings);
        if let Some(policy) = &mut policy {
            policy.cases = cases;
        }
    }
    findings.settle(label, policy.map(sealed))
}

impl Policy {
    /// The policy of a house that has written none: low warns, medium reviews, high and critical block, nothing is masked. It is
    /// called `default`, as requests ask for that name.
    pub fn plain(dictionaries: impl IntoIterator<Item = Name>) -> Self {
        sealed(Self {
            name: Name::default(),
            dictionaries: sorted(dictionaries),
            unknown_scopes: UnknownScopes::Default,
            exceptions: Vec::new(),
            scopes: resolve(&Drafts::default()),
            advice: BTreeMap::new(),
            cases: Vec::new(),
            revision: ContentId::of([]),
        })
    }

    /// The same policy over other dictionaries, with the revision that this makes.
    #[must_use]
    pub fn over(self, dictionaries: impl IntoIterator<Item = Name>) -> Self {
        sealed(Self {
            dictionaries: sorted(dictionaries),
            ..self
        })
    }
}

/// The policy with its revision id.
fn sealed(mut policy: Policy) -> Policy {
    policy.revision = revision(&policy);
    policy
}

fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    items.sort();
    items.dedup();
    items
}

fn read(label: &str, file: &str, text: &str, findings: &mut Findings) -> Option<Policy> {
    let document = Document::new(file, text);
    let tree = document.parse(findings)?;
    let mut top = document.top(&tree);
    let name = if top.has("name") {
        top.name("name", findings)
    } else {
        name_of(label, &top, findings)
    };
    let dictionaries = dictionaries(&mut top, findings);
    let unknown_scopes = top.choice("unknown_scopes", &["default", "reject"], findings);
    let exceptions = exceptions(&mut top, findings);
    let advice = advice(&mut top, findings);
    let drafts = Drafts::read(&mut top, &advice, findings);
    top.finish(findings);
    Some(Policy {
        name: name?,
        dictionaries,
        unknown_scopes: unknown_scopes.map(|u| u.value).unwrap_or_default(),
        exceptions,
        scopes: resolve(&drafts),
        advice,
        cases: Vec::new(),
        revision: ContentId::of([]),
    })
}

fn name_of(label: &str, top: &Table<'_>, findings: &mut Findings) -> Option<Name> {
    let last = label.rsplit(['/', '\\']).next().unwrap_or(label);
    let name = last.parse();
    if name.is_err() {
        findings.add(
            top.error(0, "name", last, "the folder's name is no name for a policy")
                .mend(format!("add the key `name`: {}", BadName::MEND)),
        );
    }
    name.ok()
}

fn dictionaries(top: &mut Table<'_>, findings: &mut Findings) -> Vec<Name> {
    const KEY: &str = "dictionaries";
    let before = findings.errors();
    let written = top.texts(KEY, findings).unwrap_or_default();
    if written.is_empty() && findings.errors() == before {
        findings.add(
            top.error(
                0,
                KEY,
                "",
                "the policy names no dictionary, so it would allow everything",
            )
            .mend(r#"write dictionaries = ["fraud", "…"]"#),
        );
    }
    let mut names: Vec<Name> = Vec::with_capacity(written.len());
    for word in written {
        match word.value.parse() {
            Ok(name) if names.contains(&name) => findings.add(
                top.warning(word.line, KEY, word.value, "this dictionary stands twice")
                    .mend("remove one of them"),
            ),
            Ok(name) => names.push(name),
            Err(_) => findings.add(top.error(word.line, KEY, word.value, "not a name").mend(BadName::MEND)),
        }
    }
    sorted(names)
}

fn exceptions(top: &mut Table<'_>, findings: &mut Findings) -> Vec<String> {
    let mut folded = Folded::default();
    let written = top.texts("exceptions", findings).unwrap_or_default();
    for exception in &written {
        fold(exception.value, &mut folded);
        if let Some((message, mend)) = unusable(&folded) {
            findings.add(
                top.error(exception.line, "exceptions", exception.value, message)
                    .mend(mend),
            );
        }
    }
    sorted(written.into_iter().map(|exception| exception.value.trim().to_owned()))
}

fn advice(top: &mut Table<'_>, findings: &mut Findings) -> BTreeMap<String, Advice> {
    let mut advice = BTreeMap::new();
    for (key, mut table) in top.named_tables("advice", findings) {
        let mut language = |tag| {
            let missing = !table.has(tag);
            let text = table.text(tag, findings);
            if missing || text.is_some_and(|text| text.value.trim().is_empty()) {
                findings.add(
                    table
                        .error(table.line(), tag, "", "an advice needs its text in both languages")
                        .mend("write both zh and en"),
                );
            }
            text.map(|text| text.value.to_owned()).unwrap_or_default()
        };
        let texts = Advice {
            zh: language("zh"),
            en: language("en"),
        };
        table.finish(findings);
        advice.insert(key.to_owned(), texts);
    }
    advice
}

fn read_cases(file: &str, text: &str, policy: Option<&Policy>, findings: &mut Findings) -> Vec<PolicyCase> {
    const KEYS: [&str; 6] = ["text", "scope", "expect", "rule", "span", "note"];
    let read = cases(file, text, &KEYS, findings);
    let mut kept = Vec::with_capacity(read.len());
    for (line, mut case) in read {
        let PolicyCase {
            text, rule, span, note, ..
        } = &mut case;
        for optional in [rule, &mut *span, note] {
            optional.take_if(|written| written.is_empty());
        }
        report_case(file, line, text, span.as_deref(), findings);
        if let Some(policy) = policy {
            report_strangers(file, line, &case, policy, findings);
        }
        kept.push(PolicyCase { line, ..case });
    }
    kept
}

/// A case about a scope that the policy rejects, or a rule of a dictionary that it does not answer for.
fn report_strangers(file: &str, line: u64, case: &PolicyCase, policy: &Policy, findings: &mut Findings) {
    if policy.scope(&case.scope).is_none() {
        let scopes: Vec<&str> = policy.scopes.keys().map(String::as_str).collect();
        findings.add(
            Problem::error(file, "the policy rejects this scope, which it does not define")
                .at(line, "scope", &case.scope)
                .mend(did_you_mean(&case.scope, &scopes)),
        );
    }
    let Some(rule) = &case.rule else { return };
    let names: Vec<&str> = policy.dictionaries.iter().map(Name::short).collect();
    let of = rule.split_once('/').map_or("", |(name, _)| name);
    if !names.contains(&of) {
        findings.add(
            Problem::error(file, "the rule is of no dictionary of this policy")
                .at(line, "rule", rule)
                .mend(format!("write NAME/id, NAME being one of: {}", names.join(", "))),
        );
    }
}
