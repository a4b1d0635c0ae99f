//! `tamis fold`: what a text becomes before it is matched, symbol by symbol, with the reason for each change.

use std::io::{self, BufRead, Write};

use super::{Failure, Outcome};
use crate::text::{Folded, explain};

const EXAMPLES: &str = "\
Examples:
  tamis fold 'Ｖ❤信'                     each character: offset, code, what it became, class, reasons
  tamis fold --format jsonl < chat.txt   one JSON object a line of text

A text that begins with a hyphen goes behind `--`. Lines of standard input that are no UTF-8 end the command.";

/// The flags of `tamis fold`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The texts; without one, the lines of standard input.
    #[arg(value_name = "TEXT")]
    texts: Vec<String>,
    /// For people, or one JSON object for each text.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// How a folded text is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Jsonl,
}

/// Prints what each text becomes.
pub fn run(args: &Args) -> Outcome {
    let mut out = anstream::stdout().lock();
    for text in &args.texts {
        print(text, args.format, &mut out)?;
    }
    if args.texts.is_empty() {
        for (number, line) in (1..).zip(io::stdin().lock().lines()) {
            let line = line.map_err(|e| Failure::work(format!("standard input, line {number}: {e}; send UTF-8")))?;
            print(&line, args.format, &mut out)?;
        }
    }
    Ok(out.flush()?)
}

fn print(text: &str, format: Format, out: &mut impl Write) -> io::Result<()> {
    let mut folded = Folded::default();
    let steps = explain(text, &mut folded);
    let symbols: String = folded.symbols().iter().collect();
    match format {
        Format::Text => {
            for step in &steps {
                let line = step.to_text(&folded);
                let changed = !step.reasons.is_empty();
                writeln!(out, "{}{line}\x1b[0m", if changed { "\x1b[1;33m" } else { "" })?;
            }
            writeln!(out, "{symbols:?}")
        }
        Format::Jsonl => {
            let steps: Vec<_> = steps.iter().map(|step| step.to_json(&folded)).collect();
            let object = serde_json::json!({"text": text, "folded": symbols, "steps": steps});
            writeln!(out, "{object}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str, format: Format) -> String {
        let mut out = Vec::new();
        print(text, format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_character_has_its_line_and_the_folded_text_comes_last() {
        let text = printed("Ｖ信", Format::Text);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(
            lines[0].contains("U+FF36") && lines[0].contains("case, width"),
            "{}",
            lines[0]
        );
        assert_eq!(lines[2], "\"v信\"");
    }

    #[test]
    fn json_holds_the_text_what_it_folds_to_and_a_step_for_each_character() {
        let object: serde_json::Value = serde_json::from_str(&printed("說\u{200b}", Format::Jsonl)).unwrap();
        assert_eq!(object["folded"], "说");
        assert_eq!(object["steps"][1]["folded"], "");
        assert_eq!(object["steps"][1]["source"], 3);
    }
}
