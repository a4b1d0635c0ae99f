//! The commands of operations against the real server, as they are typed.

use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{Binary, Lists};

/// A server, and whoever types.
struct Desk {
    server: Binary,
    token: Option<String>,
}

impl Desk {
    /// The server with what ships.
    fn open() -> Self {
        let server = Binary::serve(&[], &[("TAMIS_DRAIN_DELAY", "0ms")]);
        server.wait_for("generation=1");
        Self { server, token: None }
    }

    fn tamis(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tamis"));
        command.args(args).args(["--server", &self.server.grpc().to_string()]);
        if let Some(file) = &self.token {
            command.args(["--token-file", file]);
        }
        command.output().unwrap()
    }

    fn done(&self, args: &[&str]) -> String {
        let output = self.tamis(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{args:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[args, &["--format", "json"]].concat())).unwrap()
    }

    /// The exit code and what was said.
    fn refused(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = self.tamis(args);
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap(),
        )
    }
}

/// A list of one's own: what replaces a shipped one must hold what the shipped policy's cases count on.
fn night_list() -> Lists {
    let lists = Lists::of(&["加微信"]);
    std::fs::rename(lists.path().join("fraud"), lists.path().join("night")).unwrap();
    lists.write("night/dictionary.toml", "tolerance = \"folded\"\n");
    lists
}

#[test]
fn a_night_at_the_desk() {
    let desk = Desk::open();
    let lists = night_list();
    lists.write(
        "policy/policy.toml",
        "name = \"default\"\ndictionaries = [\"night\"]\n[scope.default]\nblock = \"high\"\n",
    );
    let path = lists.path().to_str().unwrap();

    let pushed = desk.json(&["push", path, "--activate", "--note", "first"]);
    assert_eq!(pushed["generation"], 2);
    assert_eq!(pushed["pushed"][0]["name"], "default/night");
    let edited = desk.json(&["term", "add", "night", "刷单返利", "--expires", "24h"]);
    assert_eq!(
        (&edited["generation"], &edited["changed"]),
        (&Value::from(3), &Value::from(true))
    );
    let listed = desk.done(&["term", "list", "night"]);
    assert!(
        listed.contains("term \"刷单返利\" added") && listed.contains("until "),
        "{listed}"
    );
    assert!(desk.done(&["term", "list", "night", "--all"]).contains("加微信\t"));

    lists.write("night/terms.txt", "加微信\n黑户可贷\n");
    desk.done(&["push", path]);
    let diff = desk.json(&["diff", "night"]);
    assert_eq!(diff["lists"][0]["added"], serde_json::json!(["黑户可贷"]));
    let (code, said) = desk.refused(&["activate", "night"]);
    assert!(
        code == Some(1) && said.contains("EDITS_NOT_MERGED") && said.contains("刷单返利"),
        "{said}"
    );
    let (code, said) = desk.refused(&["activate", "night", "--drop-edits", "--etag", "g1"]);
    assert!(code == Some(1) && said.contains("ETAG_MISMATCH"), "{said}");
    desk.done(&["activate", "night", "--drop-edits", "--etag", "g3"]);

    lists.write("night/cases.jsonl", "{\"text\":\"你好\",\"expect\":\"hit\"}\n");
    let (code, said) = desk.refused(&["push", path]);
    assert!(code == Some(1) && said.contains("cases.jsonl:1"), "{said}");
    lists.write("night/terms.txt", "x\n");
    let (code, said) = desk.refused(&["push", path]);
    assert!(code == Some(1) && said.contains("terms.txt:1"), "{said}");

    assert!(
        desk.done(&["rollback", "--note", "too much"])
            .contains("generation 5 serves")
    );
    let status = desk.json(&["status"]);
    assert_eq!(status["generation"]["restored"], 3);
    let log = desk.done(&["log"]);
    assert_eq!(log.lines().count(), 5, "{log}");
    assert!(log.lines().next().unwrap().contains("too much"), "{log}");
    let revisions = desk.done(&["list", "night"]);
    assert!(
        revisions.contains("edit") && revisions.lines().count() >= 3,
        "{revisions}"
    );
    assert!(desk.done(&["list"]).contains("policy      default/default"));
}

#[test]
fn the_status_names_the_engine() {
    for engine in ["sieve", "daachorse"] {
        let server = Binary::serve(&[], &[("TAMIS_DRAIN_DELAY", "0ms"), ("TAMIS_ENGINE", engine)]);
        server.wait_for("generation=1");
        let desk = Desk { server, token: None };
        assert_eq!(desk.json(&["status"])["engine"], engine);
        let said = desk.done(&["status"]);
        assert!(said.contains(&format!("engine {engine}\n")), "{said}");
    }
}

#[test]
fn an_edit_that_is_sent_again_happens_once_though_its_end_is_counted_anew() {
    let desk = Desk::open();
    for changed in [true, false] {
        let edit = ["term", "add", "fraud", "今夜新词", "--expires", "24h"];
        let edited = desk.json(&[edit.as_slice(), &["--request-id", "tonight"]].concat());
        assert_eq!(
            (&edited["generation"], &edited["changed"]),
            (&Value::from(2), &Value::from(changed))
        );
    }
}

/// A server with what ships, and the folder of a list of one's own that no policy names.
fn with_a_list() -> (Desk, Lists) {
    let desk = Desk::open();
    let lists = night_list();
    std::fs::remove_dir_all(lists.path().join("policy")).unwrap();
    (desk, lists)
}

#[test]
fn a_list_that_no_policy_names_is_said_to_judge_nothing() {
    let (desk, lists) = with_a_list();
    let path = lists.path().to_str().unwrap();

    // It decides nothing, and looks as if it did.
    let judges_nothing = |said: &str| said.contains("names them: default/night;");
    assert!(judges_nothing(&desk.done(&["push", path, "--activate"])));
    assert!(
        desk.done(&["term", "add", "night", "刷单返利"])
            .contains("judge nothing")
    );
    assert!(desk.done(&["status"]).contains("judges nothing"));
    lists.write(
        "policy/policy.toml",
        "name = \"night\"\ndictionaries = [\"night\"]\n[scope.default]\nblock = \"high\"\n",
    );
    let policy = lists.path().join("policy");
    let said = desk.done(&["push", policy.to_str().unwrap(), "--activate"]);
    assert!(said.contains("serves") && !judges_nothing(&said), "{said}");

    let log = desk.done(&["log"]);
    let changed = ["policy:default/night", "default/night", "default/night"];
    for (line, changed) in log.lines().zip(changed) {
        assert!(line.contains(changed), "{log}");
    }
}

#[test]
fn what_goes_wrong_is_said_once_and_with_its_mend() {
    let (desk, lists) = with_a_list();
    let path = lists.path().to_str().unwrap();
    desk.done(&["push", path, "--activate"]);
    assert!(desk.done(&["diff", "night"]).contains("nothing differs"));

    let table: [(&[&str], _, _); 7] = [
        (&["list", "nobody"], 1, "dictionary default/nobody"),
        (&["term", "add", "night", ""], 2, "edits: term: it is empty; write"),
        (
            &["term", "add", "night", "x"],
            2,
            "BAD_FIELD: the edits cannot be made, 1 problem: edits: term: x: this folds to a single letter",
        ),
        (
            &["term", "remove", "night", "某词"],
            2,
            "BAD_FIELD: the edits cannot be made, 1 problem: edits: term: 某词: no term is written so",
        ),
        (
            &["term", "add", "night", "某词", "--severity", "hihg"],
            2,
            "add_term.severity: \"hihg\" is not one of the possible values; did you mean `high`?",
        ),
        (&["activate", "night@b3:00"], 1, "write 8 digits at least"),
        (
            &["activate", "--off", "policy:default"],
            1,
            "1 problem: policy default/default, which answers requests that name none, is not there",
        ),
    ];
    for (typed, code, words) in table {
        let (exit, said) = desk.refused(typed);
        assert_eq!(
            (exit, said.matches(words).count()),
            (Some(code), 1),
            "{typed:?}: {said}"
        );
    }

    // What could be edited and breaks a case is the gate's business.
    lists.write("night/cases.jsonl", "{\"text\":\"某词\",\"expect\":\"miss\"}\n");
    desk.done(&["push", path, "--activate"]);
    let (code, said) = desk.refused(&["term", "add", "night", "某词"]);
    assert!(code == Some(1) && said.contains("GATE_FAILED"), "{said}");

    lists.write("night/terms.txt", &"加微信\n".repeat(100));
    let said = desk.done(&["push", path, "--dry-run"]);
    assert!(said.contains("79 more warnings") && said.lines().count() < 30, "{said}");
}

#[test]
fn a_name_that_is_not_there_is_answered_with_the_nearest() {
    let desk = Desk::open();
    let table: [(&[&str], _); 5] = [
        (
            &["list", "fruad"],
            "dictionary default/fruad; did you mean `default/fraud`?",
        ),
        (
            &["activate", "policy:defualt"],
            "policy default/defualt; did you mean `default/default`?",
        ),
        (
            &["activate", "--off", "policy:defualt"],
            "NOT_ACTIVE: no policy default/defualt is active; did you mean `default/default`?",
        ),
        (
            &["term", "add", "fruad", "某词"],
            "NOT_ACTIVE: no dictionary default/fruad is active; did you mean `default/fraud`?",
        ),
        (
            &["term", "list", "fruad", "--all"],
            "NOT_ACTIVE: no dictionary default/fruad is active; did you mean `default/fraud`?",
        ),
    ];
    for (typed, words) in table {
        let (code, said) = desk.refused(typed);
        assert!(code == Some(1) && said.contains(words), "{typed:?}: {said}");
    }
    let (_, said) = desk.refused(&["list", "nobody"]);
    assert!(!said.contains("did you mean"), "{said}");
}

#[test]
fn what_failed_the_gate_once_fails_it_again() {
    let (desk, lists) = with_a_list();
    let path = lists.path().to_str().unwrap();
    lists.write("night/cases.jsonl", "{\"text\":\"今天天气好\",\"expect\":\"hit\"}\n");
    // The first keeps it, for the gate to judge the whole; that it is known is no yes.
    for flags in [&["--activate"][..], &["--dry-run"], &[], &["--dry-run"]] {
        let (code, said) = desk.refused(&[&["push", path], flags].concat());
        assert!(code == Some(1) && said.contains("cases.jsonl:1"), "{flags:?}: {said}");
    }
    lists.write("night/cases.jsonl", "");
    desk.done(&["push", path, "--activate"]);
    assert!(desk.done(&["push", path, "--dry-run"]).contains("was known"));
    assert!(desk.done(&["push", path]).contains("was known"));
}

#[test]
fn why_a_term_was_added_is_no_part_of_the_term() {
    let (desk, lists) = with_a_list();
    let path = lists.path().to_str().unwrap();
    desk.done(&["push", path, "--activate"]);
    desk.done(&["term", "add", "night", "刷单返利", "--note", "wave of tonight"]);
    assert!(desk.done(&["log"]).contains("wave of tonight"));
    // The next morning it is in git, and nobody writes such notes there.
    lists.write("night/terms.txt", "加微信\n刷单返利\n");
    desk.done(&["push", path]);
    assert!(desk.done(&["diff", "night"]).contains("nothing differs"));
    desk.done(&["activate", "night"]);
}

#[test]
fn with_tokens_the_role_decides() {
    let folder = tempfile::tempdir().unwrap();
    let token = |name: &str, role: &str| {
        let made = Command::new(env!("CARGO_BIN_EXE_tamis"))
            .args(["token", name, role])
            .output()
            .unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, made.stdout).unwrap();
        (
            file.to_str().unwrap().to_owned(),
            String::from_utf8(made.stderr).unwrap(),
        )
    };
    let ((admin, first), (editor, second)) = (token("night", "admin"), token("lists", "edit"));
    let tokens = folder.path().join("tokens");
    std::fs::write(&tokens, first + &second).unwrap();
    let variables = [
        ("TAMIS_AUTH_TOKENS", tokens.to_str().unwrap()),
        ("TAMIS_DRAIN_DELAY", "0ms"),
    ];
    let mut desk = Desk {
        server: Binary::serve(&[], &variables),
        token: None,
    };
    desk.server.wait_for("generation=1");
    let edit = ["term", "add", "fraud", "无抵押秒到账贷"];
    assert_eq!(desk.refused(&edit).0, Some(2), "no token");
    desk.done(&["status"]);
    desk.token = Some(editor);
    desk.done(&edit);
    let (code, said) = desk.refused(&["rollback"]);
    assert!(code == Some(2) && said.contains("PERMISSION_DENIED"), "{said}");
    desk.token = Some(admin);
    assert_eq!(
        desk.done(&["rollback"]),
        "generation 3 serves what generation 1 served\n"
    );
    assert!(desk.done(&["log"]).contains("lists"), "the log names who did it");
}
