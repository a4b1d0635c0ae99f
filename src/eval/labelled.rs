//! Labelled text: what should be found, and what of it was.

use std::{collections::BTreeMap, io::Read};

use serde::{Deserialize, Serialize};

use super::interval::Share;

/// The columns of a table that may hold the text, the label and the group, by preference.
const TEXT: [&str; 3] = ["test_case", "text", "message"];
const LABEL: [&str; 4] = ["label_gold", "label", "expect", "class"];
const GROUP: [&str; 3] = ["functionality", "category", "group"];

/// One labelled message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labelled {
    /// The message.
    pub text: String,
    /// True where it should be found.
    pub harmful: bool,
    /// What it is an example of; empty where nothing says.
    pub group: String,
    /// Its number within the set; empty where there is none.
    pub id: String,
    /// The number of the message that it is a variant of; empty where there is none.
    pub variant_of: String,
}

/// A line of labelled JSON.
#[derive(Deserialize)]
struct Line {
    text: String,
    expect: String,
    #[serde(default)]
    group: String,
}

/// Hands on the messages of a CSV table with a header, one by one: a text column (`test_case`, `text`), a label column (`label_gold`,
/// `label`, `expect`) and, where there is one, a column that says what each is an example of (`functionality`). The error says what is
/// wrong with the table.
pub fn from_csv(table: impl Read, mut each: impl FnMut(Labelled)) -> Result<(), String> {
    let mut rows = csv::Reader::from_reader(table);
    let header = rows.headers().map_err(|e| e.to_string())?.clone();
    let column = |names: &[&str]| names.iter().find_map(|name| header.iter().position(|h| h == *name));
    let needed = |names: &[&str]| {
        column(names).ok_or_else(|| format!("no column is called {}; name one so", names.join(" or ")))
    };
    let (text, label) = (needed(&TEXT)?, needed(&LABEL)?);
    let group = column(&GROUP);
    let id = column(&["mhc_case_id", "case_id"]);
    let variant_of = column(&["ref_case_id"]);
    for row in rows.records() {
        let row = row.map_err(|e| e.to_string())?;
        let field = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default().to_owned();
        let line = row.position().map_or(0, csv::Position::line);
        let label = row.get(label).unwrap_or_default();
        each(Labelled {
            text: field(Some(text)),
            harmful: harmful(label).ok_or_else(|| unknown(label, line))?,
            group: field(group),
            id: case_number(&field(id)),
            variant_of: case_number(&field(variant_of)),
        });
    }
    Ok(())
}

/// Reads a line of labelled JSON: `{"text":"…","expect":"hit"}`, and a `group` where it has one.
pub fn from_jsonl(line: &str, number: u64) -> Result<Labelled, String> {
    let Line { text, expect, group } = serde_json::from_str(line).map_err(|e| format!("line {number}: {e}"))?;
    Ok(Labelled {
        text,
        harmful: harmful(&expect).ok_or_else(|| unknown(&expect, number))?,
        group,
        ..Labelled::default()
    })
}

/// What a label says.
fn harmful(label: &str) -> Option<bool> {
    match label.trim().to_lowercase().as_str() {
        "hateful" | "harmful" | "hit" | "1" | "true" | "spam" | "toxic" | "warn" | "review" | "block" => Some(true),
        "non-hateful" | "clean" | "miss" | "0" | "false" | "ham" | "allow" => Some(false),
        _ => None,
    }
}

fn unknown(label: &str, line: u64) -> String {
    format!("line {line}: label {label:?} is unknown; write hit or miss, hateful or non-hateful, 1 or 0")
}

/// `mandarin-12` and `12.0` are 12.
fn case_number(written: &str) -> String {
    let digits = written.rsplit('-').next().unwrap_or_default();
    digits.strip_suffix(".0").unwrap_or(digits).to_owned()
}

/// Counts what is found of labelled text, for each group.
#[derive(Clone, Debug, Default)]
pub struct Recall(BTreeMap<(String, bool), (u64, u64)>);

/// What was found of a group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecallRow {
    /// The set.
    pub set: String,
    /// What its messages are examples of.
    pub group: String,
    /// Whether they should be found: then the share is the recall, else it is the share of wrong answers.
    pub harmful: bool,
    /// How many were warned about, held or blocked.
    pub found: Share,
}

impl Recall {
    /// Takes one message in.
    pub fn add(&mut self, labelled: &Labelled, found: bool) {
        let (yes, of) = self.0.entry((labelled.group.clone(), labelled.harmful)).or_default();
        *yes += u64::from(found);
        *of += 1;
    }

    /// The figures under a set's name, all harmful and all harmless ones last where there are several groups.
    pub fn rows(&self, set: &str) -> Vec<RecallRow> {
        let row = |group: &str, harmful, yes, of| RecallRow {
            set: set.to_owned(),
            group: group.to_owned(),
            harmful,
            found: Share::new(yes, of),
        };
        let mut rows: Vec<_> = self
            .0
            .iter()
            .map(|((group, harmful), (yes, of))| row(group, *harmful, *yes, *of))
            .collect();
        for harmful in [true, false] {
            let of_kind = self.0.iter().filter(|((_, h), _)| *h == harmful);
            if of_kind.clone().count() > 1 {
                let (yes, of) = of_kind.fold((0, 0), |(y, o), (_, (yes, of))| (y + yes, o + of));
                rows.push(row("all", harmful, yes, of));
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_by_its_header() {
        let table = "case_id,functionality,test_case,label_gold,ref_case_id\n\
                     mandarin-7,spell,\"刷, 单\",hateful,3.0\n\
                     mandarin-8,plain,你好,non-hateful,\n";
        let mut rows = Vec::new();
        from_csv(table.as_bytes(), |row| rows.push(row)).unwrap();
        assert_eq!(rows[0].text, "刷, 单");
        assert_eq!((rows[0].id.as_str(), rows[0].variant_of.as_str()), ("7", "3"));
        assert_eq!(rows.iter().map(|r| r.harmful).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn what_is_wrong_with_a_table_is_said() {
        let said = from_csv("a,b\n1,2\n".as_bytes(), |_| ()).unwrap_err();
        assert_eq!(said, "no column is called test_case or text or message; name one so");
        let said = from_csv("text,label\nx,perhaps\n".as_bytes(), |_| ()).unwrap_err();
        assert!(said.starts_with("line 2: label \"perhaps\" is unknown"), "{said}");
    }

    #[test]
    fn json_lines_say_hit_or_miss() {
        let read = from_jsonl(r#"{"text":"x","expect":"hit"}"#, 1).unwrap();
        assert!(read.harmful && read.text == "x");
        assert!(
            from_jsonl(r#"{"text":"x"}"#, 4)
                .unwrap_err()
                .starts_with("line 4: missing field")
        );
    }

    #[test]
    fn recall_is_counted_by_group_and_in_all() {
        let mut recall = Recall::default();
        for (group, harmful, found) in [
            ("a", true, true),
            ("a", true, false),
            ("b", true, true),
            ("b", false, false),
        ] {
            let labelled = Labelled {
                group: group.to_owned(),
                harmful,
                ..Labelled::default()
            };
            recall.add(&labelled, found);
        }
        let rows: Vec<_> = recall
            .rows("s")
            .into_iter()
            .map(|r| (r.group, r.harmful, r.found.count, r.found.of))
            .collect();
        let row = |group: &str, harmful, count, of| (group.to_owned(), harmful, count, of);
        assert_eq!(
            rows,
            [
                row("a", true, 1, 2),
                row("b", false, 0, 1),
                row("b", true, 1, 1),
                row("all", true, 2, 3)
            ]
        );
    }
}
