//! The planes `mixed_pinyin` (脑can) and `pinyin` (naocan): hanzi spelt as they sound.
//!
//! A text is read as syllables: hanzi by their commonest reading, Latin tokens that split into syllables as these. A term has a
//! pattern for each of a few ways to read it. Found patterns are then compared piece by piece: hanzi must be the term's own.

use super::{
    feed::Pairs,
    fit::Fit,
    gaps::Gaps,
    planes::{Plane, Planes},
    skeleton::{Piece, Skeleton},
    tables::{self, Syllable},
};
use crate::text::{Class, Folded};

/// Longest term that is looked for by its sound, in hanzi.
const MOST_HANZI: usize = 16;

/// Most patterns of one term: beyond, only the commonest readings count.
const MOST_READINGS: usize = 4;

/// Fewest letters of a term spelt in one token.
const FEWEST_LETTERS: usize = 5;

/// Fewest of a token that a hanzi stands right beside: 普通的laji, which English words seldom do.
const FEWEST_BESIDE_HANZI: usize = 4;

/// Fewest tokens of a term spelt a syllable a token.
const FEWEST_TOKENS: usize = 3;

/// Longest Latin token that is split: longer ones are no pinyin.
const MOST_TOKEN_LETTERS: usize = 6 * MOST_HANZI;

/// The symbol that stands for a syllable in streams and patterns: in a plane of Unicode that the fold never yields.
fn symbol(syllable: Syllable) -> char {
    char::from_u32(0xF_0000 + u32::from(syllable.index())).unwrap_or(BREAK)
}

/// What stands for a token that is no pinyin: in no pattern.
const BREAK: char = '\u{FFFFD}';

/// The patterns of a term: one for each way to read it; none where it holds anything but hanzi with known readings.
pub(crate) fn patterns(term: &Folded) -> Vec<Vec<char>> {
    let hanzi = term.symbols();
    if !(2..=MOST_HANZI).contains(&hanzi.len()) || term.classes().iter().any(|&class| class != Class::Han) {
        return Vec::new();
    }
    let mut patterns = vec![Vec::new()];
    for &c in hanzi {
        let readings = tables::readings(c);
        let room = if patterns.len() * readings.len() <= MOST_READINGS {
            readings.len()
        } else {
            readings.len().min(1)
        };
        patterns = readings[..room]
            .iter()
            .flat_map(|&reading| {
                patterns
                    .iter()
                    .map(move |known| [known.as_slice(), &[symbol(reading)]].concat())
            })
            .collect();
    }
    patterns
}

/// Reads a text as syllables. `letters` is scratch.
pub(crate) fn read(folded: &Folded, out: &mut Skeleton) {
    out.clear();
    let mut split = Vec::new();
    let mut at = 0;
    while at < folded.symbols().len() {
        let class = folded.classes()[at];
        if class != Class::Latin {
            if class.is_word() {
                let sound = tables::readings(folded.symbols()[at])
                    .first()
                    .map_or(BREAK, |&reading| symbol(reading));
                out.push_apart(sound, at..at + 1, None);
            }
            at += 1;
            continue;
        }
        let token = token_at(folded, at);
        split.clear();
        if token.len() <= MOST_TOKEN_LETTERS && tables::split_syllables(token, &mut split) {
            for &(syllable, letters) in &split {
                out.push_apart(symbol(syllable), at..at + usize::from(letters), Some(Plane::Pinyin));
                at += usize::from(letters);
            }
        } else {
            out.push_apart(BREAK, at..at + token.len(), None);
            at += token.len();
        }
    }
}

/// The Latin letters from `at` on.
fn token_at(folded: &Folded, at: usize) -> &[char] {
    let length = folded.classes()[at..]
        .iter()
        .take_while(|&&class| class == Class::Latin)
        .count();
    &folded.symbols()[at..at + length]
}

/// True where some spelt syllable stands beside one that it stands beside in a term.
pub(crate) fn fed(skeleton: &Skeleton, neighbours: &Pairs) -> bool {
    skeleton.pieces().windows(2).any(|pair| {
        let spelt = pair[0].plane.is_some() || pair[1].plane.is_some();
        spelt && neighbours.perhaps(pair[0].symbol, pair[1].symbol)
    })
}

/// The pieces from `at` on, read as the hanzi of a term: each is the hanzi itself or spells one of its readings.
pub(crate) fn fit(term: &[char], folded: &Folded, skeleton: &Skeleton, at: usize) -> Option<Fit> {
    let pieces = skeleton.pieces().get(at..at + term.len())?;
    let spelt = pieces.iter().filter(|piece| piece.plane.is_some()).count();
    let same = |(piece, &hanzi): (&Piece, &char)| match piece.plane {
        None => folded.symbols()[piece.start as usize] == hanzi,
        Some(_) => tables::readings(hanzi)
            .iter()
            .any(|&reading| symbol(reading) == piece.symbol),
    };
    if spelt == 0 || !pieces.iter().zip(term).all(same) || !whole_tokens(pieces, folded) {
        return None;
    }
    let mut planes = Planes::default().with(if spelt < pieces.len() {
        Plane::MixedPinyin
    } else {
        Plane::Pinyin
    });
    if spelt == pieces.len() && !spells_openly(pieces, folded) {
        return None;
    }
    let mut gaps = Gaps::new(term.len());
    for pair in pieces.windows(2) {
        let gap = &folded.symbols()[pair[0].end as usize..(pair[1].start as usize).max(pair[0].end as usize)];
        // A space between spelt syllables is how they are written.
        if gap != [' '] || pair.iter().any(|piece| piece.plane.is_none()) {
            gaps.between(folded, pair[0], pair[1], None)?;
        }
    }
    if gaps.used() {
        planes = planes.with(Plane::Gaps);
    }
    Some(Fit {
        symbols: pieces[0].start..pieces[term.len() - 1].end,
        pieces: at..at + term.len(),
        planes,
    })
}

/// True where the first and the last piece, if spelt, are not parts of a longer token.
fn whole_tokens(pieces: &[Piece], folded: &Folded) -> bool {
    let latin = |at: Option<usize>| at.and_then(|at| folded.classes().get(at)) == Some(&Class::Latin);
    let (first, last) = (pieces[0], pieces[pieces.len() - 1]);
    (first.plane.is_none() || !latin((first.start as usize).checked_sub(1)))
        && (last.plane.is_none() || !latin(Some(last.end as usize)))
}

/// Whether pieces that are all spelt are pinyin rather than English: one token of enough letters, or enough tokens, and not nothing
/// but English words.
fn spells_openly(pieces: &[Piece], folded: &Folded) -> bool {
    let mut tokens = Vec::<&[char]>::new();
    let mut end = None;
    for piece in pieces {
        if end != Some(piece.start) {
            tokens.push(token_at(folded, piece.start as usize));
        }
        end = Some(piece.end);
    }
    let enough = match tokens[..] {
        [token] if beside_hanzi(pieces, folded) => token.len() >= FEWEST_BESIDE_HANZI,
        [token] => token.len() >= FEWEST_LETTERS,
        _ => tokens.len() >= FEWEST_TOKENS && tokens.len() == pieces.len(),
    };
    enough && !tokens.iter().all(|token| tables::reads_as_english(token))
}

/// True where a hanzi stands right before or behind the pieces.
fn beside_hanzi(pieces: &[Piece], folded: &Folded) -> bool {
    let hanzi = |at: Option<usize>| at.and_then(|at| folded.classes().get(at)) == Some(&Class::Han);
    let (first, last) = (pieces[0], pieces[pieces.len() - 1]);
    hanzi((first.start as usize).checked_sub(1)) || hanzi(Some(last.end as usize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    /// The slices of `text` that spell `term`, each with its planes.
    fn fits(term: &str, text: &str) -> Vec<(String, String)> {
        let (mut t, mut x) = (Folded::default(), Folded::default());
        fold(term, &mut t);
        fold(text, &mut x);
        let mut skeleton = Skeleton::default();
        read(&x, &mut skeleton);
        let patterns = patterns(&t);
        let found = (0..skeleton.symbols().len())
            .filter(|&at| patterns.iter().any(|p| skeleton.symbols()[at..].starts_with(p)));
        let fits = found.filter_map(|at| fit(t.symbols(), &x, &skeleton, at));
        fits.map(|fit| {
            let bytes = x.source_bytes(text, fit.symbols);
            let planes: Vec<_> = fit.planes.iter().map(Plane::as_str).collect();
            (
                text[bytes.start as usize..bytes.end as usize].to_owned(),
                planes.join("+"),
            )
        })
        .collect()
    }

    fn one(slice: &str, planes: &str) -> Vec<(String, String)> {
        vec![(slice.to_owned(), planes.to_owned())]
    }

    #[test]
    fn some_hanzi_may_be_spelt() {
        assert_eq!(fits("脑残", "你脑can吧"), one("脑can", "mixed_pinyin"));
        assert_eq!(fits("加微信", "jia微xin"), one("jia微xin", "mixed_pinyin"));
        assert_eq!(fits("脑残", "脑 can"), one("脑 can", "gaps+mixed_pinyin"));
    }

    #[test]
    fn all_hanzi_may_be_spelt_if_it_is_long_enough_and_no_english() {
        assert_eq!(fits("微信", "jia weixin ba"), one("weixin", "pinyin"));
        assert_eq!(fits("加微信", "jia wei xin"), one("jia wei xin", "pinyin"));
        assert_eq!(fits("微信", "wei xin"), [], "two tokens are too few");
        assert_eq!(fits("妈的", "made"), [], "English");
        assert_eq!(
            fits("垃圾", "真是laji！"),
            one("laji", "pinyin"),
            "four letters beside a hanzi"
        );
        assert_eq!(fits("垃圾", "is laji !"), [], "four letters by themselves");
        assert_eq!(fits("妈的", "他made"), [], "English");
    }

    #[test]
    fn other_hanzi_of_the_same_sound_are_another_plane() {
        assert_eq!(fits("脑残", "恼can"), []);
        assert_eq!(fits("脑残", "脑残"), [], "written openly");
    }

    #[test]
    fn a_part_of_a_token_spells_nothing() {
        assert_eq!(fits("脑残", "脑candy"), []);
        assert_eq!(fits("微信", "weixinhao"), []);
    }

    #[test]
    fn a_hanzi_with_several_readings_may_be_spelt_by_each() {
        assert_eq!(fits("银行卡", "yinhangka"), one("yinhangka", "pinyin"));
        assert_eq!(fits("银行卡", "银xing卡"), one("银xing卡", "mixed_pinyin"));
    }
}
