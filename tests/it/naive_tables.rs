//! The tables of the evasion planes as their sources say, read from the files themselves.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

macro_rules! source {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/build/data/evasion/", $name))
    };
}

/// What emoji are called.
pub(crate) static EMOJI: LazyLock<BTreeMap<char, Vec<&str>>> = LazyLock::new(|| {
    let mut names = rows(source!("emoji_names.tsv"));
    names.extend(rows(source!("emoji.tsv")));
    names
});

/// The ways to write a hanzi as its parts.
pub(crate) static WAYS: LazyLock<BTreeMap<char, BTreeSet<String>>> = LazyLock::new(|| {
    let forms = rows(source!("part_forms.tsv"));
    let everyday: BTreeSet<&str> = lines(source!("everyday_parts.txt")).collect();
    let mut all = BTreeMap::<char, BTreeSet<String>>::new();
    for (hanzi, ways) in [rows(source!("parts.tsv")), rows(source!("chaizi.tsv"))]
        .into_iter()
        .flatten()
    {
        for way in ways {
            let of = all.entry(hanzi).or_default();
            of.insert(way.to_owned());
            if way.chars().count() <= 3 {
                of.extend(other_forms(way, &forms));
            }
        }
    }
    for (hanzi, ways) in &mut all {
        ways.retain(|way| !way.contains(*hanzi) && !everyday.contains(way.as_str()));
    }
    all
});

/// The readings of a hanzi, the commonest first.
pub(crate) static SOUNDS: LazyLock<BTreeMap<char, Vec<&str>>> = LazyLock::new(|| {
    let of_line = |line: &'static str| {
        let (sounds, hanzi) = line.split_once('\t').unwrap();
        hanzi.chars().map(move |c| (c, sounds.split(' ').collect()))
    };
    lines(source!("readings.tsv")).flat_map(of_line).collect()
});

pub(crate) static SYLLABLES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| lines(source!("syllables.txt")).collect());

/// English words that split into syllables.
pub(crate) static ENGLISH: LazyLock<BTreeSet<&str>> = LazyLock::new(|| lines(source!("english.txt")).collect());

/// What stands for letters, and for which.
pub(crate) fn leet(symbol: char) -> &'static str {
    match symbol {
        '0' => "o",
        '1' | '!' | '|' => "il",
        '3' | '€' => "e",
        '4' | '@' => "a",
        '5' | '$' => "s",
        '6' => "gb",
        '7' | '+' => "t",
        '8' => "b",
        '9' => "g",
        '(' | '¢' => "c",
        '£' => "l",
        '¥' => "y",
        _ => "",
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

fn rows(text: &'static str) -> BTreeMap<char, Vec<&'static str>> {
    let row = |line: &'static str| {
        let mut columns = line.split('\t');
        (columns.next().unwrap().chars().next().unwrap(), columns.collect())
    };
    lines(text).map(row).collect()
}

/// The way with one part in another form.
fn other_forms(way: &str, forms: &BTreeMap<char, Vec<&str>>) -> Vec<String> {
    let mut found = Vec::new();
    for (at, part) in way.char_indices() {
        for form in forms.get(&part).into_iter().flatten().flat_map(|forms| forms.chars()) {
            found.push(format!("{}{form}{}", &way[..at], &way[at + part.len_utf8()..]));
        }
    }
    found
}
