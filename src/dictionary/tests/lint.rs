//! What the linter says about terms and exceptions.

use super::{parsed, refused};

#[test]
fn terms_that_nearly_every_text_holds_are_refused() {
    let problems = refused(&[("terms.txt", "\u{200b}\u{200d}\na\n7\n。\nあ\n打\n👍\n")]);
    let said: Vec<_> = problems.iter().map(|p| p.split(';').next().unwrap()).collect();
    assert_eq!(
        said,
        [
            r#"d/terms.txt:1: term: "\u{200b}\u{200d}": this folds to nothing"#,
            r#"d/terms.txt:2: term: "a": this folds to a single letter, which nearly every text holds"#,
            r#"d/terms.txt:3: term: "7": this folds to a single digit, which nearly every text holds"#,
            r#"d/terms.txt:4: term: "。": this folds to a single separator, which nearly every text holds"#,
            r#"d/terms.txt:5: term: "あ": this folds to a single letter, which nearly every text holds"#,
            r#"d/terms.txt:6: term: "打": a single hanzi is part of many innocent words"#,
            r#"d/terms.txt:7: term: "👍": this folds to a single separator, which nearly every text holds"#,
        ]
    );
}

#[test]
fn plain_duplicates_are_merged_and_contradicting_ones_refused() {
    let (dictionary, warnings) = parsed(&[("terms.csv", "term,note\n刷单,\n跑分,\n刷单,why\n")]);
    assert_eq!(dictionary.terms.len(), 2);
    assert_eq!(dictionary.terms.get(0).note, "why", "a note is not lost");
    assert_eq!(
        warnings,
        [r#"d/terms.csv:4: term: "刷单": the term stands on line 2 too; remove one of them"#]
    );

    let problems = refused(&[(
        "terms.csv",
        "term,severity,alias_of\n刷单,low,\n刷单,high,\n跑分,,\n跑分,,刷单\n",
    )]);
    assert_eq!(
        problems,
        [
            r#"d/terms.csv:3: severity: "刷单": the term stands on line 2 too, with "low" instead of "high"; remove one of them"#,
            r#"d/terms.csv:5: alias_of: "跑分": the term stands on line 4 too, with "" instead of "刷单"; remove one of them"#,
        ]
    );
}

#[test]
fn terms_that_fold_onto_each_other_are_kept_while_they_agree() {
    let (dictionary, warnings) = parsed(&[("terms.csv", "term,alias_of\n刷单,\n刷單,\n刷 單,刷单\n")]);
    assert_eq!(dictionary.terms.len(), 3);
    assert_eq!(
        warnings,
        [
            r#"d/terms.csv:3: term: "刷單": this folds onto "刷单" on line 2: both fire on the same text and count twice in its score; remove one of them, or make it an alias of "刷单""#,
        ]
    );
    let (_, warnings) = parsed(&[("terms.csv", "term,alias_of\n刷单,\n刷單,刷单\n")]);
    assert_eq!(
        warnings,
        [
            r#"d/terms.csv:3: term: "刷單": this folds onto "刷单" on line 2, which finds it already; remove one of them"#
        ]
    );
}

#[test]
fn terms_that_fold_onto_each_other_and_contradict_are_refused_unless_one_is_exact() {
    let problems = refused(&[("terms.csv", "term,severity\nKYS,low\nkys,high\n")]);
    assert_eq!(
        problems,
        [
            r#"d/terms.csv:3: severity: "kys": this folds onto "KYS" on line 2, which has another severity; remove one of them, make it an alias, or give both the tolerance `exact`"#
        ]
    );
    let (_, warnings) = parsed(&[("terms.csv", "term,severity,tolerance\nKYS,low,exact\nkys,high,\n")]);
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn exceptions_that_can_never_win_are_worth_a_look() {
    let (dictionary, warnings) = parsed(&[
        ("terms.txt", "刷单\n刷卡\nass\n"),
        ("allow.txt", "反刷單\n刷牙\nassess\n刷单\n反刷單\n"),
    ]);
    assert_eq!(
        dictionary.exceptions,
        ["assess", "刷单", "刷牙", "反刷單"].into_iter().collect()
    );
    assert_eq!(
        warnings,
        [
            r#"d/allow.txt:2: "刷牙": no term of this dictionary stands inside this exception; remove it, or write the whole innocent phrase with the term inside"#,
            r#"d/allow.txt:4: "刷单": this exception is the term "刷单" on line 1 of d/terms.txt, which can never fire; remove one of them"#,
            r#"d/allow.txt:5: "反刷單": the exception stands on line 1 too; remove one of them"#,
        ]
    );
}

#[test]
fn a_term_that_joins_its_neighbour_is_worth_a_look() {
    let joining = |term: &str| {
        let (_, warnings) = parsed(&[("terms.txt", &format!("{term}\n刷单"))]);
        warnings.iter().any(|warning| warning.contains("joins its neighbour"))
    };
    assert!(joining("\u{e34}กก"), "a Thai vowel sign needs a letter before it");
    for settled in ["刷单", "ass", "Ёлка", "바보", "กกก", "かな", "100%"] {
        assert!(!joining(settled), "{settled}");
    }
}

#[test]
fn marks_alone_match_wherever_marks_stand() {
    let (_, warnings) = parsed(&[("terms.txt", "👍👎\n")]);
    assert!(warnings[0].contains("no letter, digit or hanzi"), "{warnings:#?}");
}

#[test]
fn a_term_inside_a_graver_or_equal_one_is_no_problem() {
    let (_, warnings) = parsed(&[("terms.csv", "term,severity\n刷单,low\n刷单返佣,high\n")]);
    assert_eq!(warnings, [""; 0]);
}
