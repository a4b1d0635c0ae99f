//! Policy folders as people write them, and what comes of them.

use super::{Action, Audience, Milder, Policy, Scope, UnknownScopes, parse};
use crate::{dictionary::Severity, folder::Folder, problem::Problems};

fn lines(problems: &Problems) -> Vec<String> {
    problems.0.iter().map(ToString::to_string).collect()
}

/// What a folder called `p` becomes, and its warnings.
fn parsed(files: &[(&str, &str)]) -> (Policy, Vec<String>) {
    let folder: Folder = files.iter().copied().collect();
    match parse("p", &folder) {
        Ok((policy, warnings)) => (policy, lines(&warnings)),
        Err(problems) => panic!("refused:\n{problems}"),
    }
}

/// The policy that a text makes.
fn policy(text: &str) -> Policy {
    parsed(&[("policy.toml", text)]).0
}

/// Why a folder called `p` is refused.
fn refused(files: &[(&str, &str)]) -> Vec<String> {
    let folder: Folder = files.iter().copied().collect();
    match parse("p", &folder) {
        Ok((policy, _)) => panic!("taken: {policy:#?}"),
        Err(problems) => lines(&problems),
    }
}

/// What a scope answers to hits of a category, from low to critical.
fn answers(scope: &Scope, category: &str) -> [Action; 4] {
    [Severity::Low, Severity::Medium, Severity::High, Severity::Critical]
        .map(|severity| scope.answer(category, severity, 0))
}

use Action::{Allow, Block, Review, Warn};

#[test]
fn without_scopes_low_warns_medium_reviews_high_and_critical_block() {
    let written = policy("dictionaries = ['fraud']");
    assert_eq!(written.name.as_str(), "default/p");
    assert_eq!(answers(&written.scopes["default"], "x"), [Warn, Review, Block, Block]);
    assert!(!written.scopes["default"].mask);
    let plain = Policy::plain([written.dictionaries[0].clone()]);
    assert_eq!(plain.name.as_str(), "default/default");
    assert_eq!(
        (plain.scopes, plain.dictionaries),
        (written.scopes, written.dictionaries)
    );
}

#[test]
fn keys_that_a_scope_leaves_unset_come_from_the_shorter_one() {
    let policy = policy(
        "dictionaries = ['a']\n\
         [scope.default]\nwarn = 'low'\nreview = 'high'\nblock = 'critical'\nmilder = [{ penalty = 5, steps = 2 }, { penalty = 3, steps = 1 }]\n\
         [scope.group]\nmask = true\nblock = 'high'\n\
         [scope.\"group.large\"]\nreview = 'medium'\n\
         [scope.\"group.large.public\"]\nmask = false\nonly = ['b', 'a', 'a']\n",
    );
    assert_eq!(answers(&policy.scopes["default"], "a"), [Warn, Warn, Review, Block]);
    assert_eq!(answers(&policy.scopes["group"], "a"), [Warn, Warn, Block, Block]);
    let large = policy.scope("group.large").unwrap();
    assert_eq!(answers(large, "a"), [Warn, Review, Block, Block]);
    assert!(large.mask && !policy.scopes["group.large.public"].mask);
    assert_eq!(large.milder.len(), 2);
    assert_eq!(
        large.milder[0],
        Milder { penalty: 3, steps: 1 },
        "in the order of penalties"
    );
    assert_eq!(
        policy.scopes["group.large.public"].only.as_deref(),
        Some(&["a".to_owned(), "b".to_owned()][..])
    );
    assert_eq!(answers(&policy.scopes["group.large.public"], "c"), [Allow; 4]);
    assert!(std::ptr::eq(policy.scope("group.large.private").unwrap(), large));
}

#[test]
fn a_category_overrides_its_scope_and_is_itself_inherited_by_longer_scopes() {
    let policy = policy(
        "dictionaries = ['a']\n\
         [scope.default]\nwarn = 'low'\nreview = 'medium'\nblock = 'critical'\n\
         [scope.default.category.fraud]\nblock = 'high'\nadvice = 'care'\naudience = 'target'\n\
         [scope.default.category.self_harm]\nwarn = 'never'\nreview = 'never'\nblock = 'never'\n\
         [scope.public]\nblock = 'high'\n\
         [scope.public.category.fraud]\nreview = 'low'\n\
         [advice.care]\nzh = '小心'\nen = 'Take care'\n",
    );
    let public = &policy.scopes["public"];
    assert_eq!(
        answers(&policy.scopes["default"], "fraud"),
        [Warn, Review, Block, Block]
    );
    assert_eq!(answers(public, "fraud"), [Review, Review, Block, Block]);
    assert_eq!(
        answers(public, "self_harm"),
        [Allow; 4],
        "the scope's own threshold does not undo the category's"
    );
    assert_eq!(answers(public, "other"), [Warn, Review, Block, Block]);
    let fraud = public.rule("fraud");
    assert_eq!(
        (fraud.advice.as_deref(), fraud.audience),
        (Some("care"), Audience::Target)
    );
    assert_eq!(policy.advice["care"].en, "Take care");
}

#[test]
fn all_problems_of_all_files_come_out_in_one_go() {
    let text = "name = 'a/b/c'\ndictionaries = ['fraud', 'x y', 'fraud']\nunknown_scopes = 'refuse'\nexceptions = ['\u{200b}', 1]\n\
                [scope.default]\nblok = 'high'\nreview = 'highest'\nmilder = [{ penalty = 300, steps = 1 }, { steps = 1 }]\n\
                [scope.default.category.fraud]\nadvice = 'fruad'\naudience = 'victim'\n\
                [scope.group.large]\nmask = true\n\
                [scope.\"a..b\"]\nonly = 'fraud'\n\
                [advice.fraud]\nzh = '小心'\n";
    let cases = "{\"text\":\"x\",\"expect\":\"blocks\"}\n{\"text\":\"x\",\"expect\":\"block\",\"rule\":\"fraude/x\",\"span\":\"y\"}";
    assert_eq!(
        refused(&[("policy.toml", text), ("cases.jsonl", cases), ("terms.csv", "")]),
        [
            r#"p/cases.jsonl:1: "{\"text\":\"x\",\"expect\":\"blocks\"}": unknown variant `blocks`, expected one of `allow`, `warn`, `review`, `block` (column 29); write one JSON object a line: {"text":"…","expect":"…"}"#,
            r#"p/cases.jsonl:2: span: "y": the text does not contain this span; copy it from the text"#,
            r#"p/policy.toml:1: name: "a/b/c": not a name; write `name` or `tenant/name`, each part 1 to 64 of a-z A-Z 0-9 _ - ."#,
            r#"p/policy.toml:2: dictionaries: "x y": not a name; write `name` or `tenant/name`, each part 1 to 64 of a-z A-Z 0-9 _ - ."#,
            r#"p/policy.toml:2: dictionaries: "fraud": this dictionary stands twice; remove one of them"#,
            r#"p/policy.toml:3: unknown_scopes: "refuse": not one of the possible values; one of: default, reject"#,
            "p/policy.toml:4: exceptions: a text expected, integer found; write it in double quotes",
            r#"p/policy.toml:4: exceptions: "\u{200b}": this folds to nothing; remove it"#,
            "p/policy.toml:6: scope.default.blok: there is no such key; did you mean `block`?",
            r#"p/policy.toml:7: scope.default.review: "highest": not one of the possible values; one of: low, medium, high, critical, never"#,
            "p/policy.toml:8: scope.default.milder.penalty: a whole number from 0 to 255 expected, integer found; write it without quotes",
            "p/policy.toml:8: scope.default.milder.penalty: this key is missing; write { penalty = 3, steps = 1 }",
            r#"p/policy.toml:10: scope.default.category.fraud.advice: "fruad": there is no [advice.…] table of this name; did you mean `fraud`?"#,
            r#"p/policy.toml:11: scope.default.category.fraud.audience: "victim": not one of the possible values; one of: sender, target"#,
            r#"p/policy.toml:12: scope.group.large: there is no such table; a scope of its own is written [scope."group.large"]"#,
            r#"p/policy.toml:14: scope: "a..b": not the name of a scope; write words with single dots between them, such as "group.large""#,
            r#"p/policy.toml:15: scope."a..b".only: "fraud": a list of texts expected, string found; write ["…", "…"]"#,
            "p/policy.toml:16: advice.fraud.en: an advice needs its text in both languages; write both zh and en",
            "p/terms.csv: this file is not read; the files that are read: policy.toml, cases.jsonl",
        ]
    );
}

#[test]
fn a_policy_that_would_allow_everything_is_refused() {
    let nothing = refused(&[("policy.toml", "name = 'p'")]);
    assert!(
        nothing[0].contains("names no dictionary, so it would allow everything"),
        "{nothing:#?}"
    );
    let no_file = refused(&[("cases.jsonl", "")]);
    assert_eq!(
        no_file,
        ["p: the folder holds no policy.toml; write one; `dictionaries` is all it needs"]
    );
    let twice = refused(&[("policy.toml", "dictionaries = ['a']\n[scope.x]\n[scope.x]\n")]);
    assert!(twice[0].starts_with("p/policy.toml:3: this is not TOML"), "{twice:#?}");
}

#[test]
fn an_action_that_never_comes_is_worth_a_look() {
    let (_, warnings) = parsed(&[(
        "policy.toml",
        "dictionaries = ['a']\n[scope.default]\nwarn = 'low'\nreview = 'critical'\nblock = 'high'\n[scope.x]\nblock = 'low'\n",
    )]);
    assert_eq!(
        warnings,
        [
            r#"p/policy.toml:2: scope.default.review: "critical": never answered: `block` begins at high already; write warn <= review <= block, or "never""#
        ]
    );
}

#[test]
fn cases_are_held_to_the_scopes_and_dictionaries_of_the_policy() {
    let text = "dictionaries = ['acme/fraud']\nunknown_scopes = 'reject'\n[scope.group]\n";
    let cases = "{\"text\":\"x\",\"scope\":\"group.small\",\"expect\":\"block\",\"rule\":\"fraud/x\",\"span\":\"\"}\n\
                 {\"text\":\"x\",\"scope\":\"grup\",\"expect\":\"block\"}\n{\"text\":\"x\",\"expect\":\"allow\",\"rule\":\"scam/x\"}\n";
    assert_eq!(
        refused(&[("policy.toml", text), ("cases.jsonl", cases)]),
        [
            r#"p/cases.jsonl:2: scope: "grup": the policy rejects this scope, which it does not define; did you mean `group`?"#,
            r#"p/cases.jsonl:3: rule: "scam/x": the rule is of no dictionary of this policy; write NAME/id, NAME being one of: fraud"#,
        ]
    );
    let (policy, _) = parsed(&[("policy.toml", text), ("cases.jsonl", cases.lines().next().unwrap())]);
    assert_eq!(policy.unknown_scopes, UnknownScopes::Reject);
    assert_eq!((policy.cases[0].line, policy.cases[0].span.as_deref()), (1, None));
}

const TEXT: &str = "name = 'p'\ndictionaries = ['a', 'b']\nexceptions = ['反刷单', '防刷单']\n\
                    [scope.default]\nwarn = 'low'\nmilder = [{ penalty = 3, steps = 1 }]\n\
                    [scope.default.category.x]\nblock = 'never'\nadvice = 'k'\n[scope.g]\nonly = ['x', 'y']\n\
                    [advice.k]\nzh = '好'\nen = 'ok'\n";

/// Every id that was ever given out changes with this one: raise the form's number when it must.
#[test]
fn the_encoding_is_pinned() {
    let cases = "{\"text\":\"x\",\"scope\":\"g\",\"expect\":\"allow\",\"note\":\"n\"}";
    let (policy, _) = parsed(&[("policy.toml", TEXT), ("cases.jsonl", cases)]);
    assert_eq!(
        policy.revision.to_string(),
        "b3:307b40b56dc4c2c9cfb0a2aac9eef4b1ddd123f4a2cd2cdb63c9087783ca17ea"
    );
}

#[test]
fn the_id_is_that_of_what_the_policy_answers() {
    let id = policy(TEXT).revision;
    let reordered = "exceptions = ['防刷单', '反刷单']\ndictionaries = ['default/b', 'a']\n\
                     [advice.k]\nen = 'ok'\nzh = '好'\n[scope.g]\nonly = ['y', 'x']\nwarn = 'low'\n\
                     [scope.default.category.x]\nadvice = 'k'\nblock = 'never'\naudience = 'sender'\n\
                     [scope.default]\nreview = 'medium'\nblock = 'high'\nmilder = [{ steps = 1, penalty = 3 }]\nmask = false\n";
    assert_eq!(policy(reordered).revision, id);
    let changes = [
        ("'p'", "'q'"),
        ("'a', ", ""),
        ("'反刷单', ", ""),
        ("warn = 'low'", "warn = 'medium'"),
        ("penalty = 3", "penalty = 2"),
        ("steps = 1", "steps = 2"),
        ("'never'", "'critical'"),
        ("advice = 'k'\n", ""),
        ("advice = 'k'\n", "advice = 'k'\naudience = 'target'\n"),
        ("['x', 'y']", "[]"),
        ("only = ['x', 'y']", "mask = true"),
        ("[scope.g]\n", "[scope.h]\n"),
        ("'好'", "'行'"),
        ("'ok'", "'OK'"),
        ("[scope.default]\n", "unknown_scopes = 'reject'\n[scope.default]\n"),
    ];
    let mut ids: Vec<_> = changes
        .map(|(from, to)| policy(&TEXT.replacen(from, to, 1)).revision)
        .into();
    ids.push(id);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), changes.len() + 1, "two contents share an id");
}

proptest::proptest! {
    #[test]
    fn nonsense_never_panics(lines in proptest::collection::vec(proptest::sample::select(TEXT.lines().collect::<Vec<_>>()), 0..20), cut in 0..40_usize) {
        let text: String = lines.join("\n").chars().skip(cut).collect();
        let folder: Folder = [("policy.toml", text.clone()), ("cases.jsonl", text)].into_iter().collect();
        if let Ok((policy, _)) = parse("p", &folder) {
            proptest::prop_assert!(policy.scopes.contains_key("default"));
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(content in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        let folder: Folder = [("policy.toml", content)].into_iter().collect();
        let _ = parse("p", &folder);
    }
}
