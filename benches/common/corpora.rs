//! Messages from a folder of text files.

use std::fs;

/// The lines of the files of `dir` whose names begin with `prefix`: at most `limit` bytes, and a part of each file, so that no
/// single one stands for the language.
pub(crate) fn read(dir: &str, prefix: &str, limit: usize) -> Vec<String> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .expect("the folder of --corpora")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let wanted = files.iter().filter(|path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(prefix))
    });
    let texts: Vec<String> = wanted.map(|path| fs::read_to_string(path).expect("UTF-8")).collect();
    let share = limit / texts.len().max(1);
    let part = |text: &String| {
        let mut left = share;
        text.lines()
            .filter(|line| !line.is_empty())
            .take_while(|line| {
                left = left.saturating_sub(line.len());
                left > 0
            })
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    texts.iter().flat_map(part).collect()
}

/// Messages of two languages by turns, and some that hold both.
pub(crate) fn turns(a: &[String], b: &[String], count: usize) -> Vec<String> {
    a.iter()
        .zip(b.iter().cycle())
        .take(count)
        .flat_map(|(a, b)| [a.clone(), b.clone(), format!("{b} {a}")])
        .collect()
}
