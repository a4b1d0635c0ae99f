//! The planes `mixed_pinyin` (脑can) and `pinyin` (naocan): hanzi spelt as they sound.
//!
//! A text is read as syllables: hanzi by their commonest reading, Latin tokens that split into syllables as these. A term has a
//! pattern for each of a few ways to read it. Found patterns are then compared piece by piece: hanzi must be the term's own.

use std::ops::Range;

use super::{
    boundary::latin_end,
    feed::Pairs,
    fit::Fit,
    gaps::Gaps,
    marks::{Marks, places},
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

/// Calls `each` with every pattern of a term: one for each way to read it; none where it holds anything but hanzi with known readings.
pub(crate) fn each_pattern(term: &Folded, mut each: impl FnMut(&[char])) {
    let hanzi = term.symbols();
    if !(2..=MOST_HANZI).contains(&hanzi.len()) || term.classes().iter().any(|&class| class != Class::Han) {
        return;
    }
    let mut choices = [&[][..]; MOST_HANZI];
    let choices = &mut choices[..hanzi.len()];
    let mut ways = 1;
    for (choice, &c) in choices.iter_mut().zip(hanzi) {
        let readings = tables::readings(c);
        let room = if ways * readings.len() <= MOST_READINGS {
            readings.len()
        } else {
            readings.len().min(1)
        };
        *choice = &readings[..room];
        ways *= room;
    }
    let mut others = Vec::new();
    for way in 0..ways {
        let mut rest = way;
        let (mut syllables, mut pattern) = ([choices[0][0]; MOST_HANZI], [BREAK; MOST_HANZI]);
        for (at, choice) in choices.iter().enumerate() {
            syllables[at] = choice[rest % choice.len()];
            pattern[at] = symbol(syllables[at]);
            rest /= choice.len();
        }
        each(&pattern[..hanzi.len()]);
        // Joined, it may split otherwise: jia qi e into jia qie.
        let other = split_anew(&syllables[..hanzi.len()]);
        let known = other.len() == hanzi.len() && choices.iter().zip(&other).all(|(choice, s)| choice.contains(s));
        if other.len() > 1 && !known && !others.contains(&other) {
            each(&other.iter().map(|&syllable| symbol(syllable)).collect::<Vec<_>>());
            others.push(other);
        }
    }
}

/// The syllables into which these split when they are joined; none where surely no others.
fn split_anew(syllables: &[Syllable]) -> Vec<Syllable> {
    // A letter that only begins syllables stays at the beginning of one.
    let begins = |syllable: &Syllable| syllable.as_str().starts_with(BEGINNERS);
    if syllables[1..].iter().all(begins) {
        return Vec::new();
    }
    let letters: Vec<char> = syllables
        .iter()
        .flat_map(|syllable| syllable.as_str().chars())
        .collect();
    let mut split = Vec::with_capacity(letters.len());
    tables::split_syllables(&letters, &mut split);
    split.into_iter().map(|(syllable, _)| syllable).collect()
}

/// Letters that stand in syllables only as their first, or behind another of these.
const BEGINNERS: [char; 16] = [
    'b', 'p', 'f', 'd', 't', 'l', 'k', 'h', 'j', 'q', 'x', 'z', 'c', 's', 'y', 'w',
];

/// Reads a text as syllables. `rewritten` are the pieces of a skeleton of it: emoji and parts are read as the hanzi that they are there.
pub(crate) fn read(folded: &Folded, rewritten: &[Piece], out: &mut Skeleton) {
    out.clear();
    let mut split = Vec::new();
    let mut hanzi = rewritten.iter().filter(|piece| is_rewritten_hanzi(piece)).peekable();
    let mut at = 0;
    while at < folded.symbols().len() {
        let class = folded.classes()[at];
        let mut next = at + 1;
        if hanzi.peek().is_some_and(|piece| piece.start as usize == at) {
            while let Some(piece) = hanzi.next_if(|piece| piece.start as usize == at) {
                next = piece.end as usize;
                out.push_apart(sound(piece.symbol), at..next, piece.plane);
            }
        } else if class == Class::Latin {
            let token = token_at(folded, at);
            next = at + token.len();
            split.clear();
            if token.len() <= MOST_TOKEN_LETTERS && tables::split_syllables(token, &mut split) {
                for &(syllable, letters) in &split {
                    out.push_apart(symbol(syllable), at..at + usize::from(letters), Some(Plane::Pinyin));
                    at += usize::from(letters);
                }
            } else {
                out.push_apart(BREAK, at..next, None);
            }
        } else if class.is_word() {
            out.push_apart(sound(folded.symbols()[at]), at..next, None);
        }
        at = next;
    }
}

/// The commonest reading of a hanzi.
fn sound(hanzi: char) -> char {
    tables::readings(hanzi)
        .first()
        .map_or(BREAK, |&reading| symbol(reading))
}

/// True for a hanzi that is an emoji or parts in the text.
pub(crate) fn is_rewritten_hanzi(piece: &Piece) -> bool {
    matches!(piece.plane, Some(Plane::Emoji | Plane::Decomposition))
}

/// Tells whether a term may be spelt in a text, from its marks: syllables beside a hanzi or a sign that may be one, or enough of them
/// beside each other that are not all English.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// How many tokens in a row are syllables, where the first of them begins, and whether one of them is known to be no English word.
    tokens: usize,
    start: usize,
    foreign: bool,
    /// Where the last token ended, whatever it was.
    end: usize,
    /// Whether a hanzi or a sign that may be one stands behind it, or before all of the row.
    hanzi: bool,
}

impl Walk {
    /// Takes in 64 symbols from `block` on; false where surely no term is spelt up to there. O(symbols).
    pub(crate) fn block(&mut self, symbols: &[char], classes: &[Class], block: usize, marks: &Marks) -> bool {
        let carried = block > 0 && classes[block - 1] == Class::Latin;
        let starts = marks.latin & !(marks.latin << 1 | u64::from(carried));
        let mut from = self.end.max(block);
        for start in places(starts, block) {
            let behind = marks.latin >> (start - block);
            let end = match start + behind.trailing_ones() as usize {
                end if end == block + 64 => latin_end(classes, end),
                end => end,
            };
            if self.others(marks, from - block..start - block) || self.token(symbols, start..end) {
                return true;
            }
            (self.end, from) = (end, end);
        }
        from < block + 64 && self.others(marks, from - block..64)
    }

    /// Takes in what stands between two tokens.
    fn others(&mut self, marks: &Marks, bits: Range<usize>) -> bool {
        let below = |bit: usize| if bit < 64 { (1 << bit) - 1 } else { !0_u64 };
        let inside = below(bits.end) & !below(bits.start);
        let digits = marks.digit & inside;
        let hanzi = (marks.word & !marks.latin & !marks.digit | marks.sign) & inside;
        let before_digits = digits.wrapping_sub(1) & !digits;
        if self.tokens > 0 && hanzi & before_digits != 0 {
            return true;
        }
        if digits != 0 {
            self.break_off();
        }
        let behind_digits = u64::MAX.unbounded_shl(64 - digits.leading_zeros());
        self.hanzi |= hanzi & behind_digits != 0;
        false
    }

    fn token(&mut self, symbols: &[char], token: Range<usize>) -> bool {
        let letters = &symbols[token.clone()];
        if letters.len() > MOST_TOKEN_LETTERS || !tables::is_spelt(letters) {
            self.break_off();
            return false;
        }
        let tight = self.tokens > 0 && !symbols[self.end..token.start].iter().any(|c| c.is_whitespace());
        if self.tokens == 0 {
            self.start = token.start;
        }
        self.tokens += 1;
        // Whether they are English is asked of few.
        let is_foreign = |token: &[char]| !tables::reads_as_english(token);
        let long = letters.len() >= FEWEST_LETTERS && is_foreign(letters);
        self.foreign |= match self.tokens {
            ..FEWEST_TOKENS => long,
            FEWEST_TOKENS => {
                let mut row = symbols[self.start..token.end].split(|&c| Class::of(c) != Class::Latin);
                row.any(|token| !token.is_empty() && is_foreign(token))
            }
            _ => long || is_foreign(letters),
        };
        self.hanzi || tight || long || self.foreign && self.tokens >= FEWEST_TOKENS
    }

    fn break_off(&mut self) {
        *self = Self {
            end: self.end,
            ..Self::default()
        };
    }
}

/// The Latin letters from `at` on.
fn token_at(folded: &Folded, at: usize) -> &[char] {
    &folded.symbols()[at..latin_end(folded.classes(), at)]
}

/// True where some spelt syllable stands beside one that it stands beside in a term.
pub(crate) fn fed(skeleton: &Skeleton, neighbours: &Pairs) -> bool {
    skeleton.pieces().windows(2).any(|pair| {
        let spelt = pair.iter().any(is_spelt);
        spelt && neighbours.perhaps(pair[0].symbol, pair[1].symbol)
    })
}

fn is_spelt(piece: &Piece) -> bool {
    piece.plane == Some(Plane::Pinyin)
}

/// The pieces from `at` on, read as the hanzi of a term: each is the hanzi itself, however written, or spells one of its readings.
pub(crate) fn fit(term: &[char], folded: &Folded, skeleton: &Skeleton, at: usize) -> Option<Fit> {
    let fit = derive(term, folded, skeleton, at)?;
    let pieces = &skeleton.pieces()[fit.pieces.clone()];
    let hanzi = pieces
        .iter()
        .any(|p| matches!(p.plane, None | Some(Plane::Decomposition)));
    let openly = if pieces.iter().all(is_spelt) {
        is_long_enough(pieces, folded) && !is_english(pieces, folded)
    } else {
        hanzi || !is_english(pieces, folded)
    };
    (openly && !is_unit(pieces, folded)).then_some(fit)
}

/// True where the first syllable is what digits count: 5200mA的.
fn is_unit(pieces: &[Piece], folded: &Folded) -> bool {
    let first = pieces[0];
    let before = (first.start as usize)
        .checked_sub(1)
        .and_then(|at| folded.classes().get(at));
    is_spelt(&first) && !pieces.iter().all(is_spelt) && first.end - first.start <= 2 && before == Some(&Class::Digit)
}

/// The same, whatever stands around the pieces and however few letters they are.
pub(crate) fn derive(term: &[char], folded: &Folded, skeleton: &Skeleton, at: usize) -> Option<Fit> {
    let pieces = skeleton.pieces().get(at..at + term.len()).unwrap_or_default();
    let same = |(piece, &hanzi): (&Piece, &char)| {
        let written = &folded.symbols()[piece.start as usize..piece.end as usize];
        match piece.plane {
            Some(Plane::Pinyin) => spells(hanzi, written),
            Some(Plane::Emoji) => tables::emoji(written[0]).iter().any(|name| name.contains(hanzi)),
            Some(_) => tables::decompositions(hanzi).any(|parts| parts == written),
            None => written == [hanzi],
        }
    };
    if pieces.len() < term.len() || !pieces.iter().zip(term).all(same) {
        return joined(term, folded, skeleton, at);
    }
    let spelt = pieces.iter().filter(|piece| is_spelt(piece)).count();
    if spelt == 0 || !whole_tokens(pieces, folded) {
        return None;
    }
    let mut planes = Planes::default().with(if spelt < pieces.len() {
        Plane::MixedPinyin
    } else {
        Plane::Pinyin
    });
    planes = pieces
        .iter()
        .filter(|p| is_rewritten_hanzi(p))
        .filter_map(|p| p.plane)
        .fold(planes, Planes::with);
    let mut gaps = Gaps::new(term.len());
    for pair in pieces.windows(2) {
        // A space between spelt syllables is how they are written.
        if gap(pair, folded) != [' '] || !pair.iter().all(is_spelt) {
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

/// A token that spells the whole term, though it splits into other syllables: jiaqie.
fn joined(term: &[char], folded: &Folded, skeleton: &Skeleton, at: usize) -> Option<Fit> {
    let first = skeleton.pieces().get(at).filter(|piece| is_spelt(piece))?;
    let token = token_at(folded, first.start as usize);
    let end = first.start + u32::try_from(token.len()).ok()?;
    let spells_all = |mut letters: &[char]| {
        let whole = term.iter().all(|&hanzi| {
            // Where one reading begins another, the longer: readings of one hanzi seldom do.
            let lengths = (1..=letters.len().min(6)).rev();
            let read = lengths.into_iter().find(|&length| spells(hanzi, &letters[..length]));
            letters = &letters[read.unwrap_or_default()..];
            read.is_some()
        });
        whole && letters.is_empty()
    };
    let count = skeleton.pieces()[at..]
        .iter()
        .take_while(|piece| piece.end <= end)
        .count();
    let fit = Fit {
        symbols: first.start..end,
        pieces: at..at + count,
        planes: Planes::default().with(Plane::Pinyin),
    };
    (whole_tokens(&skeleton.pieces()[fit.pieces.clone()], folded) && spells_all(token)).then_some(fit)
}

/// True where these letters are one of the readings of a hanzi.
fn spells(hanzi: char, letters: &[char]) -> bool {
    let mut split = Vec::new();
    tables::split_syllables(letters, &mut split) && split.len() == 1 && tables::readings(hanzi).contains(&split[0].0)
}

/// What stands between two neighbouring pieces.
fn gap<'a>(pair: &[Piece], folded: &'a Folded) -> &'a [char] {
    let end = pair[0].end as usize;
    &folded.symbols()[end..(pair[1].start as usize).max(end)]
}

/// True where the first and the last piece, if spelt, are not parts of a longer token.
fn whole_tokens(pieces: &[Piece], folded: &Folded) -> bool {
    let latin = |at: Option<usize>| at.and_then(|at| folded.classes().get(at)) == Some(&Class::Latin);
    let (first, last) = (pieces[0], pieces[pieces.len() - 1]);
    !(is_spelt(&first) && latin((first.start as usize).checked_sub(1))
        || is_spelt(&last) && latin(Some(last.end as usize)))
}

/// Whether pieces that are all spelt have letters enough: in one token, or in several that only signs part (`wei-xin`), or in so many.
fn is_long_enough(pieces: &[Piece], folded: &Folded) -> bool {
    let letters: u32 = pieces.iter().map(|piece| piece.end - piece.start).sum();
    let tokens = tokens(pieces, folded).count();
    let blank = pieces
        .windows(2)
        .any(|pair| gap(pair, folded).iter().any(|c| c.is_whitespace()));
    if blank {
        return tokens >= FEWEST_TOKENS && tokens == pieces.len();
    }
    let fewest = if tokens == 1 && beside_hanzi(pieces, folded) {
        FEWEST_BESIDE_HANZI
    } else {
        FEWEST_LETTERS
    };
    letters as usize >= fewest
}

/// True where all that is spelt is English.
fn is_english(pieces: &[Piece], folded: &Folded) -> bool {
    tokens(pieces, folded).all(tables::reads_as_english)
}

/// The tokens of the pieces that are spelt.
fn tokens<'a>(pieces: &'a [Piece], folded: &'a Folded) -> impl Iterator<Item = &'a [char]> {
    let starts = (0..pieces.len()).filter(|&i| {
        let goes_on = i > 0 && is_spelt(&pieces[i - 1]) && pieces[i - 1].end == pieces[i].start;
        is_spelt(&pieces[i]) && !goes_on
    });
    starts.map(|i| token_at(folded, pieces[i].start as usize))
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
        read(&x, &[], &mut skeleton);
        let mut patterns = Vec::new();
        each_pattern(&t, |pattern| patterns.push(pattern.to_vec()));
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
        assert_eq!(fits("妈的", "电池5200mA的"), [], "a unit");
        assert_eq!(fits("妈的", "他ma的"), one("ma的", "mixed_pinyin"));
        assert_eq!(fits("脑残", "脑 can"), one("脑 can", "gaps+mixed_pinyin"));
    }

    #[test]
    fn all_hanzi_may_be_spelt_if_it_is_long_enough_and_no_english() {
        assert_eq!(fits("微信", "jia weixin ba"), one("weixin", "pinyin"));
        assert_eq!(fits("加微信", "jia wei xin"), one("jia wei xin", "pinyin"));
        assert_eq!(fits("微信", "wei xin"), [], "two tokens are too few");
        assert_eq!(fits("微信", "wei-xin"), one("wei-xin", "gaps+pinyin"));
        assert_eq!(fits("微信", "wei, xin"), []);
        assert_eq!(fits("拿你", "na-ni"), [], "too few letters");
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
    fn a_token_that_splits_in_two_ways_spells_both() {
        assert_eq!(fits("加企鹅", "jiaqie"), one("jiaqie", "pinyin"));
        assert_eq!(fits("加企鹅", "你jiaqie吧"), one("jiaqie", "pinyin"));
        assert_eq!(fits("加企鹅", "jiaqier"), []);
    }

    #[test]
    fn emoji_and_parts_are_hanzi_among_spelt_ones() {
        let read_as = |term: &str, text: &str, pieces: &[Piece]| {
            let (mut t, mut x) = (Folded::default(), Folded::default());
            fold(term, &mut t);
            fold(text, &mut x);
            let mut skeleton = Skeleton::default();
            read(&x, pieces, &mut skeleton);
            fit(t.symbols(), &x, &skeleton, 0)
                .map(|fit| fit.planes.iter().map(Plane::as_str).collect::<Vec<_>>().join("+"))
        };
        let piece = |symbol, start, end, plane| Piece {
            symbol,
            start,
            end,
            plane: Some(plane),
        };
        let horse = [piece('妈', 5, 6, Plane::Emoji)];
        assert_eq!(
            read_as("操你妈", "caoni🐎", &horse).as_deref(),
            Some("emoji+mixed_pinyin")
        );
        let parts = [piece('法', 3, 5, Plane::Decomposition)];
        assert_eq!(read_as("非法", "fei氵去", &[]), None);
        assert_eq!(
            read_as("非法", "fei氵去", &parts).as_deref(),
            Some("decomposition+mixed_pinyin")
        );
        let dog = [piece('狗', 4, 5, Plane::Emoji)];
        assert_eq!(read_as("有狗", "you 🐶", &dog), None, "English");
    }

    #[test]
    fn what_begins_syllables_only_begins_them() {
        for syllable in (0..).map_while(Syllable::at) {
            let inside = syllable.as_str().trim_start_matches(BEGINNERS);
            assert!(!inside.contains(BEGINNERS), "{syllable:?}");
        }
    }

    #[test]
    fn a_hanzi_with_several_readings_may_be_spelt_by_each() {
        assert_eq!(fits("银行卡", "yinhangka"), one("yinhangka", "pinyin"));
        assert_eq!(fits("银行卡", "银xing卡"), one("银xing卡", "mixed_pinyin"));
    }
}
