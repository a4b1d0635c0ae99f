//! Files in, values or problems out.

use super::{folder, parsed, refused};
use crate::{
    config::limits::MAX_TERM_BYTES,
    dictionary::{Dictionary, Expect, MatchMode, Severity, Tolerance, parse, parse_with},
};

#[test]
fn a_list_alone_is_a_dictionary_with_the_name_of_its_folder() {
    let (dictionary, warnings) = parsed(&[("terms.txt", "加微信\n\n  # no comment  \nfree money\n")]);
    assert_eq!(warnings, [""; 0]);
    assert_eq!(dictionary.name.as_str(), "default/d");
    let texts: Vec<_> = dictionary.terms.iter().map(|term| term.text).collect();
    assert_eq!(
        texts,
        ["# no comment", "free money", "加微信"],
        "every line is text, in canonical order"
    );
    let term = dictionary.terms.get(2);
    assert_eq!((term.id, term.line, term.alias, term.mode), ("加微信", 1, false, None));
    assert_eq!(
        (term.severity, term.category, term.tolerance),
        (Severity::High, "d", Tolerance::Standard)
    );
}

#[test]
fn the_head_names_the_dictionary_and_what_its_terms_inherit() {
    let head = "name = 'acme/fraud'\ntitle = 'Fraud'\nlanguages = ['zh-Hans', 'en']\nlicence = 'MIT'\n\
                category = 'scam'\nseverity = 'medium'\ntolerance = 'folded'\n";
    let (dictionary, _) = parsed(&[
        ("dictionary.toml", head),
        (
            "terms.csv",
            "term,severity,tolerance,match\n刷单,,,\n跑分,critical,exact,word\n",
        ),
    ]);
    assert_eq!((dictionary.name.tenant(), dictionary.name.short()), ("acme", "fraud"));
    assert_eq!(
        (dictionary.title.as_str(), dictionary.licence.as_str()),
        ("Fraud", "MIT")
    );
    assert_eq!(dictionary.languages, ["zh-Hans", "en"]);
    let [inheriting, own] = [0, 1].map(|slot| dictionary.terms.get(slot));
    assert_eq!(
        (inheriting.severity, inheriting.tolerance),
        (Severity::Medium, Tolerance::Folded)
    );
    assert_eq!(
        (own.severity, own.tolerance, own.mode),
        (Severity::Critical, Tolerance::Exact, Some(MatchMode::Word))
    );
    assert_eq!(own.category, "scam");
}

#[test]
fn a_tolerance_from_outside_is_for_terms_that_name_none() {
    let named = [("dictionary.toml", "tolerance = 'exact'"), ("terms.txt", "刷单")];
    let tolerance = |files: &[(&str, &str)]| {
        let (dictionary, _) = parse_with("d", &folder(files), Tolerance::Aggressive).unwrap();
        dictionary.terms.get(0).tolerance
    };
    assert_eq!(tolerance(&named), Tolerance::Exact);
    assert_eq!(tolerance(&named[1..]), Tolerance::Aggressive);
}

#[test]
fn an_alias_reports_the_id_of_its_term_with_its_severity_and_category() {
    let csv = "term,id,severity,category,tolerance,alias_of\n微信,wx,low,contact,exact,\n薇信,,,,,wx\nvx,wx,low,contact,folded,wx\n";
    let (dictionary, warnings) = parsed(&[("terms.csv", csv)]);
    assert_eq!(warnings, [""; 0]);
    for term in dictionary.terms.iter() {
        assert_eq!(
            (term.id, term.severity, term.category),
            ("wx", Severity::Low, "contact")
        );
        assert_eq!(term.alias, term.text != "微信");
    }
    let tolerance = |text| dictionary.terms.iter().find(|t| t.text == text).map(|t| t.tolerance);
    assert_eq!(
        tolerance("薇信"),
        Some(Tolerance::Standard),
        "penalties compare with the alias as written"
    );
    assert_eq!(tolerance("vx"), Some(Tolerance::Folded));
}

#[test]
fn aliases_that_lead_nowhere_or_say_something_else_are_refused() {
    let csv = "term,id,severity,category,alias_of\n微信,wx,,,\n薇信,,,,wx\nv信,,,,薇信\n威信,,,,微信\n徽信,,,,wxx\n\
               嶶信,,low,,wx\n溦信,w2,,ads,wx\n";
    assert_eq!(
        refused(&[("terms.csv", csv)]),
        [
            r#"d/terms.csv:4: alias_of: "薇信": an alias cannot stand for an alias; write "wx", the term of line 3"#,
            r#"d/terms.csv:5: alias_of: "微信": no term has this id; write "wx", the id of the term of line 2"#,
            r#"d/terms.csv:6: alias_of: "wxx": no term has this id; did you mean "wx"?"#,
            r#"d/terms.csv:7: severity: "low": an alias has the severity of its term, which is "high" (line 2); leave the cell empty, or make it a term of its own"#,
            r#"d/terms.csv:8: id: "w2": an alias has the id of its term, which is "wx" (line 2); leave the cell empty, or make it a term of its own"#,
            r#"d/terms.csv:8: category: "ads": an alias has the category of its term, which is "d" (line 2); leave the cell empty, or make it a term of its own"#,
        ]
    );
}

#[test]
fn an_id_belongs_to_one_term() {
    assert_eq!(
        refused(&[("terms.csv", "term,id\n刷单,a\n跑分,a\n日结,刷单\n")]),
        [
            r#"d/terms.csv:3: id: "a": this id belongs to "刷单" on line 2; give it another id, or make it an alias of that term"#
        ]
    );
}

#[test]
fn all_problems_of_all_files_come_out_in_one_go() {
    let problems = refused(&[
        (
            "dictionary.toml",
            "name = 'a b'\nlanguages = ['zh Hans']\ncategory = ''\nseverty = 'low'\n",
        ),
        (
            "terms.csv",
            "term,severity,match\n刷单,higth,\n,low,\n跑分,low,words\n日结,low,word,\"a,b\"\n",
        ),
        ("terms.txt", "a\n"),
        ("allow.txt", "\u{200b}\n"),
        (
            "cases.jsonl",
            "{\"text\":\"x\",\"expect\":\"hits\"}\n\n{\"text\":\"刷单\",\"expect\":\"hit\",\"span\":\"单刷\"}\n",
        ),
        ("rules.toml", "# later\n\n[[rule]]\nid = 'x'\n"),
        ("term.csv", ""),
        ("README.md", ""),
        (".gitignore", ""),
    ]);
    assert_eq!(
        problems,
        [
            r#"d/allow.txt:1: "\u{200b}": this folds to nothing; remove it"#,
            r#"d/cases.jsonl:1: "{\"text\":\"x\",\"expect\":\"hits\"}": unknown variant `hits`, expected `hit` or `miss` (column 27); write one JSON object a line: {"text":"…","expect":"…"}"#,
            r#"d/cases.jsonl:3: span: "单刷": the text does not contain this span; copy it from the text"#,
            r#"d/dictionary.toml:1: name: "a b": not a name; write `name` or `tenant/name`, each part 1 to 64 of a-z A-Z 0-9 _ - ."#,
            r#"d/dictionary.toml:2: languages: "zh Hans": not a BCP 47 language tag; write tags such as zh-Hans or en"#,
            "d/dictionary.toml:3: category: a category has 1 to 64 characters; shorten it, or leave the key out to use the dictionary's name",
            "d/dictionary.toml:4: severty: there is no such key; did you mean `severity`?",
            "d/rules.toml:3: combinations and regular expressions are not supported by this version; write plain terms, or remove this file",
            r#"d/term.csv: this file is not read; did you mean "terms.csv"? Otherwise remove it"#,
            r#"d/terms.csv:2: severity: "higth": not one of the possible values; did you mean `high`?"#,
            "d/terms.csv:3: term: the row has no term; write one, or remove the row",
            r#"d/terms.csv:4: match: "words": not one of the possible values; did you mean `word`?"#,
            r#"d/terms.csv:5: "a,b": this row has more cells than the header has columns; put a cell that holds a comma in double quotes"#,
            r#"d/terms.txt:1: term: "a": this folds to a single letter, which nearly every text holds; write the words that are meant"#,
        ]
    );
}

#[test]
fn lines_are_counted_right_with_blank_rows_quotes_and_carriage_returns() {
    let csv = "\u{feff}term,note\r\n\r\n刷单,\"a, \"\"b\"\"\"\r\n,\r\n\r\n跑分\r\n日结,x,y\r\n";
    let problems = refused(&[("terms.csv", csv)]);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].starts_with("d/terms.csv:7: "), "{problems:#?}");
    let (dictionary, _) = parsed(&[("terms.csv", &csv.replace(",x,y", ",x"))]);
    let lines: Vec<_> = dictionary.terms.iter().map(|t| (t.text, t.line, t.note)).collect();
    assert_eq!(lines, [("刷单", 3, "a, \"b\""), ("日结", 7, "x"), ("跑分", 6, "")]);
}

#[test]
fn a_quote_that_is_never_closed_does_not_swallow_the_file() {
    let problems = refused(&[("terms.csv", "term,note\n刷单,\"why\n跑分,\n日结,\n")]);
    assert!(problems[0].starts_with("d/terms.csv:2: "), "{problems:#?}");
    assert!(problems[0].contains("over several lines"), "{problems:#?}");
}

#[test]
fn a_header_is_required_and_its_columns_are_known() {
    let first = |csv| refused(&[("terms.csv", csv)]).swap_remove(0);
    assert_eq!(
        first("term,severty\n刷单,low\n"),
        r#"d/terms.csv:1: "severty": there is no such column; did you mean `severity`?"#
    );
    assert_eq!(
        first("term,note,term\n刷单,,\n"),
        "d/terms.csv:1: term: this column stands twice; remove one of them"
    );
    let semicolons = refused(&[("terms.csv", "term;note\n刷单;x\n")]);
    assert!(
        semicolons
            .iter()
            .any(|p| p.ends_with("separate the columns with commas")),
        "{semicolons:#?}"
    );
    let none = refused(&[("terms.csv", "刷单\n跑分\n")]);
    assert!(
        none.iter().any(|p| p.contains("begin the file with a header")),
        "{none:#?}"
    );
}

#[test]
fn a_dictionary_with_neither_terms_nor_exceptions_never_serves() {
    let mend = "write terms, one a line, in terms.txt, or with columns in terms.csv";
    let empty = format!("d: the dictionary holds no term and no exception; {mend}");
    assert_eq!(refused(&[]), [empty.as_str()]);
    assert_eq!(
        refused(&[("terms.csv", "term,note\n,\n"), ("terms.txt", "\n \n")]),
        [empty.as_str()]
    );
    assert_eq!(parsed(&[("allow.txt", "反刷单")]).0.exceptions.len(), 1);
}

#[test]
fn other_encodings_are_refused_file_by_file() {
    let utf16: Vec<u8> = "刷单".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = [
        ("terms.txt", [&b"\xff\xfe"[..], &utf16].concat()),
        ("allow.txt", b"ok\n\xb7\xb4\n".to_vec()),
    ];
    let problems = parse("d", &folder.into_iter().collect()).unwrap_err();
    assert_eq!(
        super::lines(&problems),
        [
            "d/allow.txt:2: the file is not UTF-8 from this line on; it may be GB 18030 or Big5; save it as UTF-8",
            "d/terms.txt:1: the file is UTF-16; save it as UTF-8",
        ]
    );
}

#[test]
fn terms_over_the_limits_are_refused() {
    let long = "长".repeat(257);
    let hidden = format!("刷{}单", "\u{200b}".repeat(MAX_TERM_BYTES));
    let problems = refused(&[("terms.txt", &format!("{long}\n{hidden}\n"))]);
    assert!(
        problems[0].contains("257 folded symbols are over the limit of 256"),
        "{problems:#?}"
    );
    assert!(
        problems[1].contains("bytes are over the limit of 4096"),
        "{problems:#?}"
    );
    let many = "ab\n".repeat(1_000_002);
    let problems = refused(&[("terms.txt", &many)]);
    assert!(
        problems[0].contains("1000002 lines are over the limit of 1000000 terms"),
        "{problems:#?}"
    );
}

#[test]
fn cases_keep_their_lines_and_empty_keys_count_for_nothing() {
    let cases = "{\"text\":\"刷单吗\",\"expect\":\"hit\",\"rule\":\"刷单\",\"note\":\"\"}\n\n{\"text\":\"好\",\"expect\":\"miss\"}\n";
    let (dictionary, warnings) = parsed(&[("terms.txt", "刷单"), ("cases.jsonl", cases)]);
    assert_eq!(warnings, [""; 0]);
    let [hit, miss] = dictionary.cases.as_slice() else {
        panic!("two cases")
    };
    assert_eq!(
        (hit.line, hit.expect, hit.rule.as_deref(), hit.note.as_deref()),
        (1, Expect::Hit, Some("刷单"), None)
    );
    assert_eq!((miss.line, miss.expect), (3, Expect::Miss));
}

#[test]
fn a_case_about_a_rule_that_is_not_there_is_worth_a_look() {
    let cases = "{\"text\":\"刷单吗\",\"expect\":\"miss\",\"rule\":\"d/刷单\"}\n{\"text\":\"刷单吗\",\"expect\":\"miss\",\"rule\":\"刷弹\"}\n\
                 {\"txt\":\"刷单吗\",\"expect\":\"miss\"}";
    let problems = refused(&[("terms.txt", "刷单"), ("cases.jsonl", cases)]);
    assert_eq!(
        problems,
        [
            r#"d/cases.jsonl:1: rule: "d/刷单": no term has this id; write "刷单": the dictionary's name is left out here"#,
            r#"d/cases.jsonl:2: rule: "刷弹": no term has this id; did you mean "刷单"?"#,
            "d/cases.jsonl:3: txt: a case has no such key; did you mean `text`?",
        ]
    );
}

#[test]
fn lists_from_files_become_one_dictionary() {
    let files = [("a.txt", "刷单\n"), ("b.txt", "跑分\n刷单\n")];
    let (dictionary, warnings) = Dictionary::from_terms("terms".parse().unwrap(), files, Tolerance::Folded).unwrap();
    assert_eq!(dictionary.name.as_str(), "default/terms");
    assert_eq!(dictionary.terms.len(), 2);
    assert!(
        dictionary
            .terms
            .iter()
            .all(|t| t.tolerance == Tolerance::Folded && t.severity == Severity::High)
    );
    assert_eq!(
        super::lines(&warnings),
        [r#"b.txt:2: term: "刷单": the term stands on line 1 of a.txt too; remove one of them"#]
    );
}
