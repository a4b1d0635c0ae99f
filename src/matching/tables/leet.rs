//! Symbols that stand for Latin letters.

/// The letters that a symbol may stand for inside a Latin word, the likeliest first, at most 2; empty for everything else.
///
/// The fold leaves every one of these symbols as it is, and turns their full-width, raised and lowered forms into them.
pub(crate) fn leet(c: char) -> &'static [char] {
    match c {
        '0' => &['o'],
        '1' | '!' | '|' => &['i', 'l'],
        '3' | '€' => &['e'],
        '4' | '@' => &['a'],
        '5' | '$' => &['s'],
        '6' => &['g', 'b'],
        '7' | '+' => &['t'],
        '8' => &['b'],
        '9' => &['g'],
        '(' | '¢' => &['c'],
        '£' => &['l'],
        '¥' => &['y'],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::super::coverage::folds_to_itself;
    use super::*;
    use crate::text::{Folded, fold};

    const SYMBOLS: &str = "0123456789!|€@$+(¢£¥";

    #[test]
    fn every_symbol_stands_for_one_or_two_letters() {
        for c in SYMBOLS.chars().filter(|&c| c != '2') {
            assert!((1..=2).contains(&leet(c).len()), "{c}");
            assert!(leet(c).iter().all(char::is_ascii_lowercase), "{c}");
        }
        assert!(
            ('\0'..=char::MAX)
                .filter(|&c| !leet(c).is_empty())
                .all(|c| SYMBOLS.contains(c))
        );
    }

    #[test]
    fn which_symbols_the_fold_changes() {
        let changed: String = SYMBOLS.chars().filter(|&c| !folds_to_itself(c)).collect();
        assert_eq!(changed, "");
        let mut folded = Folded::default();
        fold("！｜＠＄＋（￠￡￥⁺₁", &mut folded);
        assert_eq!(folded.symbols().iter().collect::<String>(), "!|@$+(¢£¥+1");
    }
}
