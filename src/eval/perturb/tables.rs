//! What hanzi sound like, are made of and are shown as.

use std::collections::HashMap;

const PINYIN: &str = include_str!("data/pinyin.tsv");
const TRADITIONAL: &str = include_str!("data/traditional.tsv");
const EMOJI: &str = include_str!("../../../build/data/evasion/emoji.tsv");
const ENGINE_READINGS: &str = include_str!("../../../build/data/evasion/readings.tsv");
const ENGINE_PARTS: [&str; 2] = [
    include_str!("../../../build/data/evasion/chaizi.tsv"),
    include_str!("../../../build/data/evasion/parts.tsv"),
];
/// Ways in them that the engine leaves out.
const ENGINE_EVERYDAY: &str = include_str!("../../../build/data/evasion/everyday_parts.txt");

/// The tables of the perturbations.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    pub(super) pinyin: HashMap<char, &'static str>,
    pub(super) traditional: HashMap<char, char>,
    pub(super) emoji: HashMap<char, Vec<&'static str>>,
    /// The ways of chaizi, as published.
    pub(super) ways: HashMap<char, Vec<String>>,
    /// The ways that the engine knows.
    known_ways: HashMap<char, Vec<&'static str>>,
    /// The readings that the engine knows.
    known_readings: HashMap<char, Vec<&'static str>>,
}

impl Tables {
    /// The tables; `chaizi` is the text of its table of simplified characters: a hanzi a line, then its ways, the parts of a way set
    /// apart by spaces.
    pub fn new(chaizi: &str) -> Self {
        let mut tables = Self::default();
        for (reading, hanzi) in rows(PINYIN) {
            tables.pinyin.extend(hanzi.chars().map(|c| (c, reading)));
        }
        for (simplified, traditional) in rows(TRADITIONAL) {
            tables.traditional.extend(simplified.chars().zip(traditional.chars()));
        }
        for (emoji, readings) in rows(EMOJI) {
            for reading in readings.split('\t') {
                let mut hanzi = reading.chars();
                if let (Some(c), None) = (hanzi.next(), hanzi.next()) {
                    tables.emoji.entry(c).or_default().push(emoji);
                }
            }
        }
        for (hanzi, ways) in rows(chaizi) {
            let parts = ways.split('\t').map(|way| way.replace(' ', ""));
            let short = parts.filter(|way| (2..=4).contains(&way.chars().count()));
            tables.ways.entry(first(hanzi)).or_default().extend(short);
        }
        for (hanzi, ways) in ENGINE_PARTS.iter().flat_map(|table| rows(table)) {
            let known = ways
                .split('\t')
                .filter(|way| !ENGINE_EVERYDAY.lines().any(|line| line == *way));
            tables.known_ways.entry(first(hanzi)).or_default().extend(known);
        }
        for (readings, hanzi) in rows(ENGINE_READINGS) {
            for c in hanzi.chars() {
                tables.known_readings.entry(c).or_default().extend(readings.split(' '));
            }
        }
        tables
    }

    /// True where the engine's table knows this way to write the hanzi as parts.
    pub fn knows_parts(&self, hanzi: char, parts: &str) -> bool {
        self.known_ways.get(&hanzi).is_some_and(|ways| ways.contains(&parts))
    }

    /// True where the engine's table knows this reading of the hanzi.
    pub fn knows_reading(&self, hanzi: char, reading: &str) -> bool {
        let readings = self.known_readings.get(&hanzi);
        readings.is_some_and(|readings| readings.contains(&reading))
    }
}

fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t'))
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read() {
        let tables = Tables::new("明\t日 月\t囧 月\n一\t一\n");
        assert_eq!(tables.pinyin[&'信'], "xin");
        assert_eq!(tables.traditional[&'单'], '單');
        assert!(tables.emoji[&'鸡'].contains(&"🐔"));
        assert_eq!(tables.ways[&'明'], ["日月", "囧月"]);
        assert!(tables.knows_parts('明', "日月"));
        assert!(tables.knows_reading('行', "hang") && tables.knows_reading('行', "xing"));
    }
}
