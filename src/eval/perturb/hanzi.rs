//! Perturbations of hanzi: other forms, emoji, parts, sounds.

use super::{Tables, Written, is_hanzi};
use crate::eval::Seeded;

pub(super) fn traditional(written: &mut Written, tables: &Tables) -> bool {
    let places = written.open(|c| tables.traditional.contains_key(&c));
    for &at in &places {
        let form = tables.traditional[&written.cells[at].plain];
        written.replace(at, form.to_string());
    }
    !places.is_empty()
}

pub(super) fn emoji(written: &mut Written, tables: &Tables, chance: &mut Seeded) -> bool {
    let places = written.open(|c| tables.emoji.contains_key(&c));
    if written.cells.len() < 2 || places.is_empty() {
        return false;
    }
    let most = places.len();
    for at in Written::some(places, most, chance) {
        let emoji = &tables.emoji[&written.cells[at].plain];
        if let Some(emoji) = chance.pick(emoji) {
            written.replace(at, (*emoji).to_owned());
        }
    }
    true
}

/// Writes hanzi as their parts: only ways that the engine's table holds too where `known`, else any that chaizi gives.
pub(super) fn decomposition(written: &mut Written, tables: &Tables, chance: &mut Seeded, known: bool) -> bool {
    let ways = |hanzi: char| -> Vec<&String> {
        let ways = tables.ways.get(&hanzi).into_iter().flatten();
        ways.filter(|way| !known || tables.knows_parts(hanzi, way)).collect()
    };
    let places = written.open(|c| !ways(c).is_empty());
    if written.cells.len() < 2 || places.is_empty() {
        return false;
    }
    let most = places.len();
    for at in Written::some(places, most, chance) {
        if let Some(way) = chance.pick(&ways(written.cells[at].plain)) {
            written.replace(at, (*way).clone());
        }
    }
    true
}

pub(super) fn mixed_pinyin(written: &mut Written, tables: &Tables, chance: &mut Seeded) -> bool {
    let spelt = |c: char| tables.pinyin.contains_key(&c);
    let places = written.open(spelt);
    let length = written.cells.len();
    if length < 2 || places.is_empty() || !written.all(is_hanzi) {
        return false;
    }
    for at in Written::some(places, length - 1, chance) {
        let sound = tables.pinyin[&written.cells[at].plain];
        written.replace(at, sound.to_owned());
    }
    true
}

/// Spells all of it: in one token of five letters at least, or a syllable a token where there are three.
pub(super) fn pinyin(written: &mut Written, tables: &Tables, chance: &mut Seeded) -> bool {
    let sound = |c: char| tables.pinyin.get(&c).copied();
    let length = written.cells.len();
    let letters: usize = written
        .cells
        .iter()
        .filter_map(|cell| sound(cell.plain))
        .map(str::len)
        .sum();
    let open = written.open(|c| sound(c).is_some()).len() == length;
    let bare = written.cells.iter().all(|cell| cell.gap.is_empty());
    if length < 2 || !open || !bare || letters < 5 {
        return false;
    }
    let spaced = length >= 3 && chance.below(3) == 0;
    for at in 0..length {
        let sound = sound(written.cells[at].plain).unwrap_or_default();
        written.replace(at, sound.to_owned());
        if spaced && at + 1 < length {
            written.cells[at].gap.push(' ');
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::perturb::Kind;

    fn all(kind: Kind, term: &str) -> Vec<String> {
        let tables = Tables::new("法\t氵 去\n操\t扌 喿\n马\t马\n");
        let mut all: Vec<_> = (0..40)
            .map(|seed| {
                let mut written = Written::new(term);
                assert!(
                    kind.apply(&mut written, &tables, &mut Seeded::new(seed, "hanzi")),
                    "{term}"
                );
                written.text()
            })
            .collect();
        all.sort();
        all.dedup();
        all
    }

    #[test]
    fn hanzi_are_written_by_the_tables() {
        assert_eq!(all(Kind::Traditional, "刷单"), ["刷單"]);
        assert_eq!(all(Kind::Decomposition, "非法"), ["非氵去"]);
        assert_eq!(all(Kind::MixedPinyin, "刷单"), ["shua单", "刷dan"]);
        assert_eq!(all(Kind::Pinyin, "刷单"), ["shuadan"]);
        assert_eq!(all(Kind::Pinyin, "加微信"), ["jia wei xin", "jiaweixin"]);
        assert!(all(Kind::Emoji, "烧鸡").contains(&"烧🐔".to_owned()));
    }
}
