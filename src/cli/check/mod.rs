//! `tamis check`: messages from files or a pipe, judged without a service.

use std::{
    fs::File,
    io::{self, IsTerminal, Read, Write},
    path::{Path, PathBuf},
};

use super::{
    Failure, Outcome,
    progress::{Progress, thousands},
};
use crate::{
    config::limits::{MAX_REQUEST_BYTES, MAX_TEXT_BYTES},
    dictionary::Tolerance,
    policy::Action,
    service::{
        Unjudged,
        json::{Answer, ErrorBody, MessageIn},
    },
    snapshot::{Context, Judge, Message, MessageError, Options, Scratch, Verdict},
    text::OffsetUnit,
};
use lines::{Line, Lines};

pub(super) mod lines;
pub(super) mod setup;
mod text;

const EXAMPLES: &str = "\
Examples:
  tamis check chat.txt                        what the shipped dictionaries find in a file
  tail -f chat.log | tamis check              a pipe, line by line
  tamis check --terms mine.txt chat.txt       a list of one's own, one term a line
  tamis check --dictionaries ./lists --policy ./strict --format jsonl --offsets utf16 chat.txt

With --input jsonl a line is a message, of which all but the text is optional:
  {\"text\":\"…\",\"id\":\"…\",\"scope\":\"…\"}

The exit code says whether the work succeeded, not what the verdicts are: 0 all were judged or have
their error, 1 a file cannot be read or a line is no message, 2 flags, dictionaries or policies.";

/// The flags of `tamis check`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files of messages; `-` or none: standard input.
    files: Vec<PathBuf>,

    /// How messages are written: one a line as plain text, or as JSON.
    #[arg(long, value_enum, default_value_t)]
    input: Input,

    /// A dictionary, or a folder of dictionaries. Repeatable. Without any, and without --terms: the shipped ones.
    #[arg(long, value_name = "DIR")]
    dictionaries: Vec<PathBuf>,

    /// A plain list, one term a line, as a dictionary `terms` of severity high. Repeatable.
    #[arg(long, value_name = "FILE")]
    terms: Vec<PathBuf>,

    /// How far evasions are followed where neither a term nor its dictionary says: exact, folded, standard, aggressive.
    #[arg(long, value_name = "LEVEL", default_value = "standard", value_parser = super::levels::tolerance())]
    tolerance: Tolerance,

    /// A policy folder. Without one: the shipped policy for the shipped dictionaries; for others low warns, medium reviews,
    /// high and critical block.
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,

    /// The scope of messages that name none.
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    scope: String,

    /// The unit in which spans are counted.
    #[arg(long, value_enum, default_value_t)]
    offsets: Offsets,

    /// Say for each match how it was derived from the text.
    #[arg(long)]
    explain: bool,

    /// For people, or one JSON object for each message.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How messages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Input {
    #[default]
    Text,
    Jsonl,
}

/// How verdicts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Jsonl,
}

/// The unit of spans.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Offsets {
    #[default]
    Bytes,
    Codepoints,
    Utf16,
}

impl From<Offsets> for OffsetUnit {
    fn from(offsets: Offsets) -> Self {
        match offsets {
            Offsets::Bytes => Self::Bytes,
            Offsets::Codepoints => Self::Codepoints,
            Offsets::Utf16 => Self::Utf16,
        }
    }
}

/// Judges every message of every file, in order.
pub fn run(args: &Args) -> Outcome {
    let setup = setup::Setup::new(&setup::Sources {
        dictionaries: &args.dictionaries,
        terms: &args.terms,
        tolerance: args.tolerance,
        policy: args.policy.as_deref(),
    })?;
    match args.format {
        Format::Jsonl => Run::new(args, &setup, io::BufWriter::new(io::stdout().lock()))?.all(),
        Format::Text => Run::new(args, &setup, io::BufWriter::new(anstream::stdout().lock()))?.all(),
    }
}

/// What happened so far.
#[derive(Debug, Default)]
struct Tally {
    messages: u64,
    bytes: u64,
    actions: [u64; 4],
    errors: u64,
    /// Lines that are no message at all; they fail the work.
    malformed: u64,
}

struct Run<'a, W> {
    args: &'a Args,
    judge: Judge<'a>,
    options: Options,
    scratch: Scratch,
    out: W,
    tally: Tally,
    progress: Progress,
}

impl<'a, W: Write> Run<'a, W> {
    fn new(args: &'a Args, setup: &'a setup::Setup, out: W) -> Result<Self, Failure> {
        Ok(Self {
            args,
            judge: setup.judge()?,
            options: Options {
                offsets: args.offsets.into(),
                explain: args.explain,
                ..Options::default()
            },
            scratch: Scratch::default(),
            out,
            tally: Tally::default(),
            progress: Progress::beside_output(),
        })
    }

    fn all(mut self) -> Outcome {
        let stdin = [PathBuf::from("-")];
        let files = if self.args.files.is_empty() {
            &stdin
        } else {
            self.args.files.as_slice()
        };
        let mut outcome = Ok(());
        for file in files {
            let place = (files.len() > 1).then(|| file.display().to_string());
            outcome = self.file(file, place.as_deref());
            if outcome.is_err() {
                break;
            }
        }
        self.progress.clear();
        outcome.and(self.out.flush().map_err(Failure::from))?;
        self.summary();
        match self.tally.malformed {
            0 => Ok(()),
            n => Err(Failure::work(format_args!(
                "lines that are no message: {}; see their errors above",
                thousands(n)
            ))),
        }
    }

    /// Judges the messages of one file; `place` is its name where there are several.
    fn file(&mut self, path: &Path, place: Option<&str>) -> Outcome {
        let named = |e: io::Error| Failure::work(format_args!("{}: {e}", path.display()));
        let reader: Box<dyn Read> = if path.as_os_str() == "-" {
            Box::new(io::stdin().lock())
        } else {
            Box::new(File::open(path).map_err(named)?)
        };
        let limit = match self.args.input {
            Input::Text => MAX_TEXT_BYTES,
            Input::Jsonl => MAX_REQUEST_BYTES,
        };
        let mut lines = Lines::new(reader, limit);
        while let Some(line) = lines.next().map_err(named)? {
            self.tally.bytes += line.read;
            let id = match place {
                None => line.number.to_string(),
                Some(place) => format!("{place}:{}", line.number),
            };
            match self.args.input {
                Input::Text => self.plain(&id, line)?,
                Input::Jsonl => self.json(&id, line)?,
            }
            if lines.may_wait() {
                self.out.flush()?;
            }
            let Tally { messages, bytes, .. } = self.tally;
            self.progress.tick(|elapsed| {
                let messages = thousands(messages);
                format!(
                    "{messages} messages, {} MB, {}",
                    bytes / 1_000_000,
                    rate(bytes, elapsed)
                )
            });
        }
        Ok(())
    }

    /// Judges a line of plain text.
    fn plain(&mut self, place: &str, line: Line<'_>) -> io::Result<()> {
        let message = Message {
            id: place,
            text: line.bytes,
            scope: &self.args.scope,
        };
        let judged = if line.is_cut() {
            Err(Unjudged::Core(MessageError::TextTooLarge { bytes: line.length }))
        } else {
            self.judge(&message)
        };
        self.answer(place, &message, judged)
    }

    /// Judges a message written as JSON; passes over blank lines.
    fn json(&mut self, place: &str, line: Line<'_>) -> io::Result<()> {
        if line.bytes.trim_ascii().is_empty() && !line.is_cut() {
            return Ok(());
        }
        let read = if line.is_cut() {
            Err(format!(
                "it has {} bytes, over the limit of {MAX_REQUEST_BYTES}",
                line.length
            ))
        } else {
            serde_json::from_slice::<MessageIn>(line.bytes).map_err(|e| e.to_string())
        };
        let mut incoming = match read {
            Ok(incoming) => incoming,
            Err(cause) => return self.malformed(place, &cause),
        };
        for (field, default) in [(&mut incoming.id, place), (&mut incoming.scope, &self.args.scope)] {
            if field.is_empty() {
                default.clone_into(field);
            }
        }
        match incoming.message() {
            Ok(message) => {
                let judged = self.judge(&message);
                self.answer(place, &message, judged)
            }
            Err(e) => {
                self.tally.messages += 1;
                self.refused(place, &incoming.id, ErrorBody::from(&e))
            }
        }
    }

    fn judge(&mut self, message: &Message<'_>) -> Result<Verdict, Unjudged> {
        let Self {
            judge,
            options,
            scratch,
            ..
        } = self;
        judge
            .check(message, &Context::default(), options, scratch)
            .map_err(Unjudged::Core)
    }

    fn answer(&mut self, place: &str, message: &Message<'_>, judged: Result<Verdict, Unjudged>) -> io::Result<()> {
        self.tally.messages += 1;
        let verdict = match judged {
            Ok(verdict) => verdict,
            Err(e) => return self.refused(place, message.id, ErrorBody::from(&e)),
        };
        self.tally.actions[verdict.action as usize] += 1;
        match self.args.format {
            Format::Jsonl => self.line(&Answer::Verdict(verdict)),
            Format::Text if verdict.action == Action::Allow => Ok(()),
            Format::Text => {
                let text = String::from_utf8_lossy(message.text);
                text::verdict(&mut self.out, &located(place), &text, self.options.offsets, &verdict)
            }
        }
    }

    fn refused(&mut self, place: &str, id: &str, error: ErrorBody) -> io::Result<()> {
        self.tally.errors += 1;
        match self.args.format {
            Format::Text => text::error(&mut self.out, &located(place), error.reason, &error.message),
            Format::Jsonl => self.line(&Answer::Error {
                id: id.to_owned(),
                error,
            }),
        }
    }

    /// A line that is no message: it has its place in the output all the same, and fails the work at the end.
    fn malformed(&mut self, place: &str, cause: &str) -> io::Result<()> {
        self.tally.messages += 1;
        self.tally.malformed += 1;
        let error = ErrorBody {
            code: "INVALID_ARGUMENT",
            reason: "UNDECODABLE_REQUEST",
            message: format!("the line is no message: {cause}"),
            field: None,
        };
        self.refused(place, place, error)
    }

    fn line(&mut self, answer: &Answer) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, answer)?;
        self.out.write_all(b"\n")
    }

    /// Says on standard error how it went; with JSON lines, only to a person.
    fn summary(&self) {
        if self.args.format == Format::Jsonl && !io::stderr().is_terminal() {
            return;
        }
        let Tally {
            messages,
            bytes,
            actions: [allowed, warned, review, blocked],
            errors,
            ..
        } = self.tally;
        let [messages, allowed, warned, review, blocked, errors] =
            [messages, allowed, warned, review, blocked, errors].map(thousands);
        let elapsed = self.progress.elapsed();
        // Whoever closed standard error does not want to know.
        let _ = writeln!(
            io::stderr(),
            "{messages} messages in {:.2} s ({}): {allowed} allowed, {warned} warned, {review} for review, {blocked} blocked, {errors} errors",
            elapsed.as_secs_f64(),
            rate(bytes, elapsed),
        );
    }
}

/// Where a message stands: `line 3`, or `chat.txt:3` where there are several files.
fn located(place: &str) -> String {
    if place.bytes().all(|b| b.is_ascii_digit()) {
        format!("line {place}")
    } else {
        place.to_owned()
    }
}

/// Bytes a second, for people.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn rate(bytes: u64, elapsed: std::time::Duration) -> String {
    format!("{:.1} MB/s", bytes as f64 / 1e6 / elapsed.as_secs_f64().max(1e-6))
}
