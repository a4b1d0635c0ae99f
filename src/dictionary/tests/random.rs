//! Whatever the bytes, the parser answers.

use proptest::prelude::*;

use super::{folder, parsed};
use crate::{
    dictionary::{FILES, parse},
    folder::Folder,
};

/// Pieces that real files are made of, mixed into nonsense.
fn mess() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("term,id,severity\n".to_owned()),
        Just("刷单".to_owned()),
        Just("\"".to_owned()),
        Just(",".to_owned()),
        Just("\r\n".to_owned()),
        Just("name = ".to_owned()),
        Just("{\"text\":\"x\",\"expect\":\"hit\"}\n".to_owned()),
        Just("\u{200b}".to_owned()),
        "\\PC{0,8}",
        "[a-z=\\[\\]{}'\"#.,:\n ]{0,12}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(content in prop::collection::vec(any::<u8>(), 0..200), file in 0..FILES.len()) {
        let folder: Folder = [(FILES[file], content)].into_iter().collect();
        let _ = parse("d", &folder);
    }

    #[test]
    fn nonsense_made_of_real_pieces_never_panics(files in prop::collection::vec(mess(), FILES.len())) {
        let folder: Folder = FILES.into_iter().zip(files).collect();
        if let Err(problems) = parse("d", &folder) {
            prop_assert!(problems.has_errors());
        }
    }

    #[test]
    fn the_order_of_lines_changes_nothing(
        (terms, shuffled) in prop::collection::hash_set("[加微信刷单跑分a-z]{2,6}", 1..20)
            .prop_map(Vec::from_iter)
            .prop_flat_map(|terms| (Just(terms.clone()), Just(terms).prop_shuffle())),
    ) {
        let there = folder(&[("terms.txt", &terms.join("\n"))]);
        let back = folder(&[("terms.txt", &shuffled.join("\r\n"))]);
        let (there, back) = (parse("d", &there).unwrap().0, parse("d", &back).unwrap().0);
        prop_assert_eq!(there.revision, back.revision);
        prop_assert_eq!(there.terms.len(), terms.len());
    }

    #[test]
    fn what_is_written_as_csv_reads_back(notes in prop::collection::vec("[^\r\n\0]{0,12}", 1..8)) {
        let rows: Vec<_> = notes
            .iter()
            .enumerate()
            .map(|(n, note)| format!("\"{}\",\"term{n:03}\"", note.replace('"', "\"\"")))
            .collect();
        let (dictionary, _) = parsed(&[("terms.csv", &format!("note,term\n{}\n", rows.join("\n")))]);
        for (term, note) in dictionary.terms.iter().zip(&notes) {
            prop_assert_eq!(term.note, note.trim());
        }
    }
}
