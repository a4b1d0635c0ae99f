//! Generates the evasion tables from `build/data/evasion`: pinyin, English words, decompositions, emoji.
//!
//! One file a table in the build's output folder, each included by the module of the same name in `src/matching/tables`.
//! Everything is sorted by its key, so equal sources make equal files.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const FOLDER: &str = "build/data/evasion";
/// The hanzi whose readings are found by index; src/matching/tables/readings.rs has the same numbers.
const FIRST_HANZI: char = '\u{4E00}';
const LAST_HANZI: char = '\u{9FFF}';
/// Spellings without ü of syllables that have it, and the other way round.
const SPELLINGS: [(&str, &str); 6] = [
    ("lue", "lve"),
    ("nue", "nve"),
    ("jv", "ju"),
    ("qv", "qu"),
    ("xv", "xu"),
    ("yv", "yu"),
];
/// Longer decompositions are written out in one form only.
const MOST_PARTS_WITH_FORMS: usize = 3;

/// Writes every table.
#[expect(clippy::print_stdout, reason = "a build script talks to cargo so")]
pub(crate) fn generate() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let sources = Sources {
        folder: PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join(FOLDER),
    };
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let syllables = sources.lines("syllables.txt")?;
    write(&out, "syllable", &syllable_table(&syllables)?)?;
    write(&out, "readings", &readings_table(&sources, &syllables)?)?;
    write(&out, "english", &english_table(&sources)?)?;
    write(&out, "lexicon", &lexicon_table(&sources)?)?;
    write(&out, "parts", &parts_table(&sources)?)?;
    write(&out, "emoji", &emoji_table(&sources)?)?;
    Ok(())
}

fn write(out: &Path, table: &str, code: &str) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(out.join(format!("evasion_{table}.rs")), code)?)
}

/// A line of a .tsv file: a key of one character and the columns behind it.
type Row = (char, Vec<String>);

struct Sources {
    folder: PathBuf,
}

impl Sources {
    /// The lines of a file, without those that tell where it came from.
    fn lines(&self, name: &str) -> Result<Vec<String>, Box<dyn Error>> {
        let path = self.folder.join(name);
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(str::to_owned)
            .collect())
    }

    fn rows(&self, name: &str) -> Result<Vec<Row>, Box<dyn Error>> {
        let row = |line: &String| {
            let mut columns = line.split('\t');
            let mut key = columns.next().unwrap_or_default().chars();
            match (key.next(), key.next()) {
                (Some(key), None) => Ok((key, columns.map(str::to_owned).collect())),
                _ => Err(format!("{name}: {line:?} does not start with a single character").into()),
            }
        };
        self.lines(name)?.iter().map(row).collect()
    }
}

/// Letters as one number, five bits each; src/matching/tables/syllable.rs computes the same.
fn code(letters: &str) -> u32 {
    letters
        .bytes()
        .fold(0, |code, letter| code << 5 | u32::from(letter - b'a' + 1))
}

fn syllable_table(syllables: &[String]) -> Result<String, Box<dyn Error>> {
    if !syllables.is_sorted_by(|a, b| a < b) {
        return Err("syllables.txt: not sorted, or a syllable stands twice".into());
    }
    let mut codes = BTreeMap::new();
    for (index, syllable) in syllables.iter().enumerate() {
        codes.insert(code(syllable), index);
    }
    for (spelling, syllable) in SPELLINGS {
        codes.insert(code(spelling), position(syllables, syllable)?);
    }
    let (keys, indices): (Vec<_>, Vec<_>) = codes.into_iter().unzip();
    let mut out = String::new();
    writeln!(
        out,
        "#[cfg(test)]\npub(crate) const SYLLABLE_COUNT: u16 = {};",
        syllables.len()
    )?;
    writeln!(out, "static NAMES: [&str; {}] = {syllables:?};", syllables.len())?;
    numbers(&mut out, "CODES", "u32", &keys)?;
    numbers(&mut out, "INDICES", "u16", &indices)?;
    Ok(out)
}

fn numbers(out: &mut String, name: &str, of: &str, values: &[impl std::fmt::Debug]) -> std::fmt::Result {
    writeln!(out, "#[allow(clippy::unreadable_literal, reason = \"generated\")]")?;
    writeln!(out, "static {name}: [{of}; {}] = {values:?};", values.len())
}

fn position(syllables: &[String], syllable: &str) -> Result<usize, Box<dyn Error>> {
    let found = syllables.binary_search_by(|s| s.as_str().cmp(syllable));
    found.map_err(|_| format!("{syllable:?} is not in syllables.txt").into())
}

fn readings_table(sources: &Sources, syllables: &[String]) -> Result<String, Box<dyn Error>> {
    let size = LAST_HANZI as usize - FIRST_HANZI as usize + 1;
    let mut set_of = vec![0_usize; size];
    let mut sets = vec![String::from("&[]")];
    for line in sources.lines("readings.tsv")? {
        let (readings, hanzi) = line.split_once('\t').ok_or("readings.tsv: a line without hanzi")?;
        let readings = readings
            .split(' ')
            .map(|r| Ok(format!("Syllable({})", position(syllables, r)?)));
        let readings = readings.collect::<Result<Vec<_>, Box<dyn Error>>>()?;
        for c in hanzi.chars() {
            let at = (c as usize).checked_sub(FIRST_HANZI as usize);
            let slot = at
                .and_then(|at| set_of.get_mut(at))
                .ok_or_else(|| format!("readings.tsv: {c} is out of range"))?;
            if std::mem::replace(slot, sets.len()) != 0 {
                return Err(format!("readings.tsv: {c} stands twice").into());
            }
        }
        sets.push(format!("&[{}]", readings.join(", ")));
    }
    let mut out = String::new();
    writeln!(
        out,
        "static SETS: [&[Syllable]; {}] = [{}];",
        sets.len(),
        sets.join(", ")
    )?;
    numbers(&mut out, "SET_OF", "u16", &set_of)?;
    Ok(out)
}

fn english_table(sources: &Sources) -> Result<String, Box<dyn Error>> {
    let words: BTreeSet<String> = sources.lines("english.txt")?.into_iter().collect();
    let mut starts = vec![0];
    for word in &words {
        starts.push(starts.last().unwrap_or(&0) + word.len());
    }
    let mut out = String::new();
    writeln!(
        out,
        "static LETTERS: &[u8] = b{:?};",
        words.iter().map(String::as_str).collect::<String>()
    )?;
    numbers(&mut out, "STARTS", "u16", &starts)?;
    Ok(out)
}

/// English words by length, so that each length is a list of equal parts: words with what may be written behind them, and words of chat.
fn lexicon_table(sources: &Sources) -> Result<String, Box<dyn Error>> {
    let mut of_length: Vec<BTreeSet<String>> = Vec::new();
    for line in [sources.lines("lexicon.txt")?, sources.lines("chat.txt")?].concat() {
        let (word, endings) = line.split_once(' ').unwrap_or((line.as_str(), ""));
        for ending in std::iter::once("").chain(endings.split_terminator(' ')) {
            let word = format!("{word}{ending}");
            of_length.resize(of_length.len().max(word.len() + 1), BTreeSet::new());
            of_length[word.len()].insert(word);
        }
    }
    let mut out = String::new();
    writeln!(out, "static OF_LENGTH: [&[u8]; {}] = [", of_length.len())?;
    for words in of_length {
        writeln!(out, "    b{:?},", words.into_iter().collect::<String>())?;
    }
    writeln!(out, "];")?;
    Ok(out)
}

/// The ways to write each hanzi: those of the sources in order, then those with one part in another form. Without what people write
/// every day and mean as it stands.
fn parts_table(sources: &Sources) -> Result<String, Box<dyn Error>> {
    let everyday: BTreeSet<String> = sources.lines("everyday_parts.txt")?.into_iter().collect();
    let mut forms = BTreeMap::new();
    for (part, columns) in sources.rows("part_forms.tsv")? {
        forms.insert(part, columns.concat());
    }
    let mut table: BTreeMap<char, Vec<String>> = BTreeMap::new();
    for name in ["parts.tsv", "chaizi.tsv"] {
        for (whole, ways) in sources.rows(name)? {
            for way in ways {
                if !(2..=4).contains(&way.chars().count()) || way.contains(whole) {
                    return Err(format!("{name}: {way} is no way to write {whole}").into());
                }
                table.entry(whole).or_default().push(way);
            }
        }
    }
    for (whole, ways) in &mut table {
        for way in ways.clone() {
            ways.extend(other_forms(&way, &forms));
        }
        let mut seen = BTreeSet::new();
        ways.retain(|way| !way.contains(*whole) && !everyday.contains(way) && seen.insert(way.clone()));
    }
    table.retain(|_, ways| !ways.is_empty());

    let (mut ways_at, mut parts_at, mut parts) = (vec![0], vec![0], Vec::new());
    for ways in table.values() {
        for way in ways {
            parts.extend(way.chars());
            parts_at.push(parts.len());
        }
        ways_at.push(parts_at.len() - 1);
    }
    let mut out = String::new();
    writeln!(
        out,
        "static WHOLES: [char; {}] = {:?};",
        table.len(),
        table.keys().collect::<Vec<_>>()
    )?;
    numbers(&mut out, "WAYS_AT", "u32", &ways_at)?;
    numbers(&mut out, "PARTS_AT", "u32", &parts_at)?;
    writeln!(out, "static PARTS: [char; {}] = {parts:?};", parts.len())?;
    Ok(out)
}

fn other_forms(way: &str, forms: &BTreeMap<char, String>) -> Vec<String> {
    let parts: Vec<char> = way.chars().collect();
    let mut found = Vec::new();
    if parts.len() <= MOST_PARTS_WITH_FORMS {
        for (at, part) in parts.iter().enumerate() {
            for form in forms.get(part).map_or("", String::as_str).chars() {
                let mut parts = parts.clone();
                parts[at] = form;
                found.push(parts.into_iter().collect());
            }
        }
    }
    found
}

/// Our own readings, and the names of the Unicode Locale Data for the emoji that we say nothing about.
fn emoji_table(sources: &Sources) -> Result<String, Box<dyn Error>> {
    let mut table = BTreeMap::new();
    for name in ["emoji_names.tsv", "emoji.tsv"] {
        let rows = sources.rows(name)?;
        let count = rows.len();
        let rows: BTreeMap<_, _> = rows.into_iter().collect();
        if rows.len() != count {
            return Err(format!("{name}: an emoji stands twice").into());
        }
        table.extend(rows);
    }
    let mut out = String::new();
    writeln!(out, "static EMOJI: [(char, &[&str]); {}] = [", table.len())?;
    for (emoji, readings) in table {
        writeln!(out, "    ({emoji:?}, &{readings:?}),")?;
    }
    writeln!(out, "];")?;
    Ok(out)
}
