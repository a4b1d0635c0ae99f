//! Every disguise that rustrict, obscenity and decancer document, with our answer. `docs/folding.md` has the same table.

use super::{check, folded};

#[test]
fn what_the_fold_undoes_by_itself() {
    check(&[
        // rustrict: confusable characters, accents, bidirectional controls.
        ("ᑭ𝕡🅿", "ppp"),
        ("pÓöp", "poop"),
        ("\u{202E}crap\u{202C}", "crap"),
        ("Ⅎuck", "fuck"),
        // obscenity: the transformers to lower case and of confusables, and the example of its documentation.
        ("FuCk", "fuck"),
        ("ʃ𝐟ʃὗƈk ỹоứ", "fffuck you"),
        // decancer: white space, diacritics, stacked marks, homoglyphs.
        ("a\u{3000}b\u{2003}c", "a b c"),
        ("z̵̡̭͝a̶̬l̶̜g̵̜o̶̞", "zalgo"),
        ("vＥⓡ𝔂 𝔽𝕌Ňℕｙ ţe𝕏𝓣", "very funny text"),
    ]);
}

#[test]
fn what_the_planes_of_the_matcher_undo_because_it_changes_more_than_a_character() {
    // The fold leaves these as they are, in small letters: leet, masks, repeats, separators, pictures.
    check(&[
        ("l133t5p3/-\\|<", "l133t5p3/-\\|<"),
        ("a$$es", "a$$es"),
        ("f*ck", "f*ck"),
        ("craaaap", "craaaap"),
        ("c r_a-p", "c r_a-p"),
        ("f .... !!! uuuuuuuuu ccc k", "f .... !!! uuuuuuuuu ccc k"),
        ("🍆 💩", "🍆 💩"),
        ("¢ € £", "¢ € £"),
    ]);
}

#[test]
fn what_we_leave_alone_on_purpose() {
    // Han, kana, hangul, Thai, Arabic and Hebrew letters stand for themselves, whatever they look like.
    assert_eq!(folded("乇乙匚ケの๒ןס이"), "乇乙匚ケの๒ןס이".replace('๒', "2"));
    // Alternative spellings belong in the dictionary.
    assert_eq!(folded("fck phuck"), "fck phuck");
    // Letters are read in the order in which they are stored; only the controls that reorder them go.
    assert_eq!(folded("\u{202E}kcuf"), "kcuf");
}
