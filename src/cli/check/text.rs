//! Verdicts for people: one line on what fired, one with the message and its spans highlighted.

use std::{
    fmt::Write as _,
    io::{self, Write},
    ops::Range,
};

use crate::{
    policy::Action,
    snapshot::{Span, Trigger, Verdict},
    text::OffsetUnit,
};

/// Most characters of a message that are shown.
const SHOWN: usize = 160;

/// How many of them stand before the first span.
const BEFORE: usize = 40;

/// Most matches that are shown of one trigger.
const MATCHES: usize = 3;

const RESET: &str = "\x1b[0m";
const HIGHLIGHT: &str = "\x1b[1;4m";
const FAINT: &str = "\x1b[2m";

/// Prints a verdict that is not `allow`: `block 0.8000 line 3 fraud/加v 3..10 "加-v"`, and below it the message.
pub(super) fn verdict(
    out: &mut impl Write,
    place: &str,
    text: &str,
    unit: OffsetUnit,
    verdict: &Verdict,
) -> io::Result<()> {
    let action = verdict.action.as_str();
    let mut line = format!("{}{action}{RESET} {:.4} {place}", colour(verdict.action), verdict.score);
    let counted = || verdict.triggers.iter().filter(|t| t.action > Action::Allow);
    for (i, trigger) in counted().enumerate() {
        line.push_str(if i == 0 { " " } else { ", " });
        push_trigger(&mut line, trigger);
    }
    if verdict.truncated {
        line.push_str(" and more");
    }
    let spans = counted().flat_map(|t| &t.matches).flat_map(|m| &m.spans);
    let excerpt = Excerpt::new(text, byte_ranges(text, unit, spans));
    writeln!(out, "{line}\n    {}", excerpt.highlighted())
}

/// Prints why a message got no verdict.
pub(super) fn error(out: &mut impl Write, place: &str, reason: &str, message: &str) -> io::Result<()> {
    writeln!(out, "\x1b[1;35merror{RESET} {place} {reason}: {}", printable(message))
}

fn colour(action: Action) -> &'static str {
    match action {
        Action::Allow => "\x1b[32m",
        Action::Warn => "\x1b[1;36m",
        Action::Review => "\x1b[1;33m",
        Action::Block => "\x1b[1;31m",
    }
}

fn push_trigger(line: &mut String, trigger: &Trigger) {
    line.push_str(&printable(&trigger.rule));
    for found in trigger.matches.iter().take(MATCHES) {
        for span in &found.spans {
            let text: String = span.text.chars().take(SHOWN).collect();
            // Writing to a String cannot fail.
            let _ = write!(line, " {}..{} \"{}\"", span.start, span.end, printable(&text));
        }
        if !found.explanation.is_empty() {
            let _ = write!(line, " ({})", printable(&found.explanation.join("; ")));
        }
    }
    if trigger.matches.len() > MATCHES {
        let _ = write!(line, " and {} more", trigger.matches.len() - MATCHES);
    }
}

/// The bytes that spans in `unit` cover, sorted, with what touches joined.
fn byte_ranges<'a>(text: &str, unit: OffsetUnit, spans: impl Iterator<Item = &'a Span>) -> Vec<Range<usize>> {
    let mut ranges: Vec<_> = spans.map(|s| s.start as usize..s.end as usize).collect();
    ranges.sort_by_key(|r| (r.start, r.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    let width = |c: char| match unit {
        OffsetUnit::Bytes => c.len_utf8(),
        OffsetUnit::Codepoints => 1,
        OffsetUnit::Utf16 => c.len_utf16(),
    };
    let mut at = 0;
    let mut positions = text.char_indices().map(|(byte, c)| {
        let start = at;
        at += width(c);
        (start, byte)
    });
    // The ends are in rising order, so that one walk over the text finds them all.
    let mut byte_at = |wanted: usize| positions.find(|&(start, _)| start >= wanted).map(|(_, byte)| byte);
    joined
        .into_iter()
        .map(|range| {
            let start = byte_at(range.start).unwrap_or(text.len());
            start..byte_at(range.end).unwrap_or(text.len())
        })
        .collect()
}

/// The part of a message that is shown.
struct Excerpt<'a> {
    text: &'a str,
    shown: Range<usize>,
    highlights: Vec<Range<usize>>,
}

impl<'a> Excerpt<'a> {
    fn new(text: &'a str, highlights: Vec<Range<usize>>) -> Self {
        let first = highlights.first().map_or(0, |r| r.start);
        let nth = |from: usize, n: usize| {
            text[from..]
                .char_indices()
                .nth(n)
                .map_or(text.len(), |(byte, _)| from + byte)
        };
        let start = if nth(0, SHOWN) == text.len() {
            0
        } else {
            text[..first]
                .char_indices()
                .rev()
                .nth(BEFORE - 1)
                .map_or(0, |(byte, _)| byte)
        };
        Self {
            text,
            shown: start..nth(start, SHOWN),
            highlights,
        }
    }

    fn highlighted(&self) -> String {
        let Self { text, shown, .. } = self;
        let mut line = String::new();
        if shown.start > 0 {
            line.push('…');
        }
        let mut at = shown.start;
        for highlight in &self.highlights {
            let (start, end) = (highlight.start.max(at), highlight.end.min(shown.end));
            if start < end {
                line.push_str(&printable(&text[at..start]));
                line.push_str(HIGHLIGHT);
                line.push_str(&printable(&text[start..end]));
                line.push_str(RESET);
                at = end;
            }
        }
        line.push_str(&printable(&text[at..shown.end]));
        if shown.end < text.len() {
            let _ = write!(line, "…{FAINT} ({} bytes){RESET}", text.len());
        }
        line
    }
}

/// The text with everything that moves a terminal's cursor, turns its direction or cannot be seen written as `\u{…}`.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let steers = c.is_control()
            || matches!(
                c,
                '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            )
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
        if steers {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: u32, end: u32) -> Span {
        Span {
            start,
            end,
            text: String::new(),
        }
    }

    #[test]
    fn spans_of_every_unit_lead_to_the_same_bytes() {
        let text = "a😀微信é!";
        let bytes = vec![1..5, 5..11, 11..13];
        for (unit, spans) in [
            (OffsetUnit::Bytes, [span(1, 5), span(5, 11), span(11, 13)]),
            (OffsetUnit::Codepoints, [span(1, 2), span(2, 4), span(4, 5)]),
            (OffsetUnit::Utf16, [span(1, 3), span(3, 5), span(5, 6)]),
        ] {
            for (one, wanted) in spans.iter().zip(&bytes) {
                assert_eq!(
                    byte_ranges(text, unit, [one].into_iter()),
                    std::slice::from_ref(wanted),
                    "{unit:?}"
                );
            }
            assert_eq!(
                byte_ranges(text, unit, spans.iter().rev()),
                std::slice::from_ref(&(1..13)),
                "{unit:?}"
            );
        }
    }

    #[test]
    fn spans_apart_stay_apart_and_reach_the_end() {
        let ranges = byte_ranges("微x信", OffsetUnit::Codepoints, [span(2, 3), span(0, 1)].iter());
        assert_eq!(ranges, [0..3, 4..7]);
    }

    #[test]
    fn a_long_message_is_shown_around_its_first_span() {
        let text = format!("{}微信{}", "前".repeat(1000), "后".repeat(1000));
        let line = Excerpt::new(&text, std::iter::once(3000..3006).collect()).highlighted();
        let wanted = format!(
            "…{}{HIGHLIGHT}微信{RESET}{}…{FAINT} (6006 bytes){RESET}",
            "前".repeat(BEFORE),
            "后".repeat(SHOWN - BEFORE - 2)
        );
        assert_eq!(line, wanted);
    }

    #[test]
    fn what_would_steer_a_terminal_is_shown_escaped() {
        assert_eq!(
            printable("a\x1b[2Jb\u{202e}c\u{200b}d"),
            "a\\u{1b}[2Jb\\u{202e}c\\u{200b}d"
        );
        assert_eq!(printable("👨‍👩‍👧 é ن"), "👨‍👩‍👧 é ن");
    }
}
