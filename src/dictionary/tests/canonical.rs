//! The revision id: the same for the same content, another for any other.

use super::parsed;

const HEAD: &str = "name = 'fraud'\ntitle = 'Fraud'\nlanguages = ['zh-Hans']\nlicence = 'MIT'\n";
const CSV: &str = "term,id,severity,category,tolerance,match,alias_of,note\n\
                   微信,wx,low,contact,folded,substring,,why\n薇信,,,,,,wx,\n刷单,,,,,,,\n";
const ALLOW: &str = "反刷单\n防刷单\n";
const CASES: &str = "{\"text\":\"刷单吗\",\"expect\":\"hit\",\"rule\":\"刷单\",\"span\":\"刷单\",\"note\":\"x\"}\n{\"text\":\"好\",\"expect\":\"miss\"}\n";

fn revision(head: &str, csv: &str, allow: &str, cases: &str) -> String {
    let files = [
        ("dictionary.toml", head),
        ("terms.csv", csv),
        ("allow.txt", allow),
        ("cases.jsonl", cases),
    ];
    parsed(&files).0.revision.to_string()
}

/// Every id that was ever given out changes with this one: raise the form's number when it must.
#[test]
fn the_encoding_is_pinned() {
    assert_eq!(
        revision(HEAD, CSV, ALLOW, CASES),
        "b3:e45d137d117e941586ec748e035a1fd1ec38de478c40bba3235988ab33825bd9"
    );
}

#[test]
fn what_files_look_like_is_no_content() {
    let id = revision(HEAD, CSV, ALLOW, CASES);
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(
        id,
        revision(&windows(HEAD), &windows(CSV), &windows(ALLOW), &windows(CASES))
    );
    let reordered = "note,term,alias_of,id,severity,category,tolerance,match\n\n,刷单\nwhy,微信,,wx,low,contact,folded,substring\n,薇信,wx\n";
    assert_eq!(id, revision(HEAD, reordered, ALLOW, CASES));
    assert_eq!(id, revision(HEAD, CSV, "防刷单\n\n反刷单\n防刷单\n", CASES));
    assert_eq!(
        id,
        revision(
            "licence='MIT'\nlanguages=['zh-Hans']\ntitle='Fraud'\nname='default/fraud' # x\n",
            CSV,
            ALLOW,
            CASES
        )
    );
    let spelled_out = "severity = 'high'\ncategory = 'fraud'\ntolerance = 'standard'\n";
    assert_eq!(id, revision(&format!("{HEAD}{spelled_out}"), CSV, ALLOW, CASES));
    assert_eq!(
        id,
        revision(HEAD, CSV, ALLOW, &CASES.replace("\"miss\"", "\"miss\", \"note\": \"\""))
    );
}

#[test]
fn a_list_and_a_table_of_the_same_terms_are_the_same() {
    let list = parsed(&[("terms.txt", "刷单\n跑分\n")]).0;
    let table = parsed(&[("terms.csv", "term\n跑分\n刷单\n")]).0;
    let both = parsed(&[("terms.csv", "term\n跑分\n"), ("terms.txt", "刷单\n")]).0;
    assert_eq!(list.revision, table.revision);
    assert_eq!(list.revision, both.revision);
}

#[test]
fn whatever_matters_changes_the_id() {
    let id = revision(HEAD, CSV, ALLOW, CASES);
    let heads = [
        ("'fraud'", "'scam'"),
        ("'Fraud'", "'Scam'"),
        ("zh-Hans", "zh-Hant"),
        ("MIT", "Apache-2.0"),
        ("name", "severity = 'low'\nname"),
    ];
    let rows = [
        ("刷单,", "刷卡,"),
        ("low", "medium"),
        (",contact", ",ads"),
        ("folded", "exact"),
        ("substring", "word"),
        ("why", "because"),
        ("薇信,,", "薇信,"),
        ("刷单,,", "刷单,sd,"),
    ];
    let cases = [
        ("刷单吗", "刷单呢"),
        ("miss", "hit"),
        ("\"rule\":\"刷单\",", ""),
        (",\"span\":\"刷单\"", ""),
        ("\"x\"", "\"y\""),
    ];
    let mut seen = vec![id];
    seen.extend(heads.map(|(from, to)| revision(&HEAD.replacen(from, to, 1), CSV, ALLOW, CASES)));
    // A cell less, and the alias is a term of its own.
    let terms = rows.map(|(from, to)| CSV.replacen(from, to, 1).replace("薇信,,,,,wx,\n", "薇信,,,,,,\n"));
    seen.extend(terms.map(|csv| revision(HEAD, &csv, ALLOW, "")));
    seen.push(revision(HEAD, CSV, "反刷单\n", CASES));
    seen.extend(cases.map(|(from, to)| revision(HEAD, CSV, ALLOW, &CASES.replacen(from, to, 1))));
    let lines: Vec<_> = CASES.lines().rev().collect();
    seen.push(revision(HEAD, CSV, ALLOW, &lines.join("\n")));
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count, "two contents share an id");
}

#[test]
fn an_edited_dictionary_has_the_id_of_a_folder_that_says_the_same() {
    let (mut edited, _) = parsed(&[("terms.txt", "刷单\n跑分\n"), ("allow.txt", "反刷单\n")]);
    let (wanted, _) = parsed(&[("terms.txt", "刷单\n出售账号\n"), ("allow.txt", "防刷单\n反刷单\n")]);
    let added = wanted.terms.iter().find(|term| term.text == "出售账号").unwrap();
    edited.terms.push(added);
    let gone = edited.terms.iter().position(|term| term.text == "跑分").unwrap();
    edited.terms.remove(u32::try_from(gone).unwrap());
    edited.exceptions.push("防刷单");
    assert_eq!(edited.content_id(), wanted.revision);
}
