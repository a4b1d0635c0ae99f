//! Sentences that carry a perturbed term, and neutral words to count false positives with.

use super::Script;

/// Everyday words of films, trips and talk, by frequency in the odd lines of `KdConv`, without names.
pub const NEUTRAL: &str = include_str!("data/neutral.txt");

const CHINESE: [&str; 12] = [
    "{}",
    "你看，{}，我记下了。",
    "昨天他又提到{}这几个字",
    "群里刚发了{}",
    "{}是什么意思？",
    "刚才看到{}，不太懂",
    "标题写的是：{}。",
    "我想问问{}怎么读",
    "第二页有{}，第三页没有",
    "他回了一句{}就走了",
    "“{}”出现了三次",
    "今天下雨。{}！明天再说",
];

const ENGLISH: [&str; 8] = [
    "{}",
    "he wrote {} on the board",
    "what does {} mean?",
    "the title says: {}.",
    "\"{}\" appears twice",
    "ok, {}, noted",
    "nobody knows why {} was there",
    "see page two: {}!",
];

/// The sentences for terms of a script.
pub(super) fn of(script: Script) -> &'static [&'static str] {
    match script {
        Script::Latin => &ENGLISH,
        Script::Hanzi | Script::Mixed => &CHINESE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_has_one_place_and_words_stand_once() {
        for sentence in CHINESE.iter().chain(&ENGLISH) {
            assert_eq!(sentence.matches("{}").count(), 1, "{sentence}");
        }
        let words: Vec<_> = NEUTRAL.lines().collect();
        assert!(words.len() > 400 && words.is_sorted_by(|a, b| a < b));
    }
}
