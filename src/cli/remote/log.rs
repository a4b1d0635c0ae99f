//! `tamis log`: the activation log.

use serde_json::{Value, json};

use super::{
    flags::Ask,
    print,
    print::{differs, generation_json, generation_line},
    runtime,
};
use crate::{
    cli::Outcome,
    service::proto::client::{Generation, ListGenerationsRequest},
};

const EXAMPLES: &str = "\
Examples:
  tamis log                the newest twenty generations: who, when, what, why
  tamis log -n 100 --before 250";

/// The flags of `tamis log`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// At most so many, up to 256.
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 20)]
    count: u32,
    /// Only generations before this one.
    #[arg(long, value_name = "GENERATION", default_value_t = 0)]
    before: u64,
    #[command(flatten)]
    ask: Ask,
}

/// Prints generations, newest first.
pub fn run(args: &Args) -> Outcome {
    runtime()?.block_on(async {
        let connection = args.ask.server.connect().await?;
        let request = ListGenerationsRequest {
            // One more, to say what the last one changed.
            page_size: args.count.saturating_add(1),
            before: args.before,
        };
        let answer = connection
            .snapshots()
            .list_generations(connection.request(request))
            .await?
            .into_inner();
        let shown = &answer.generations[..answer.generations.len().min(args.count as usize)];
        let json: Vec<Value> = shown.iter().map(generation_json).collect();
        print(args.ask.format, &json!({ "generations": json }), || {
            let before = |at: usize| answer.generations.get(at + 1);
            let line = |(at, one): (usize, &Generation)| {
                generation_line(one, &before(at).map(|before| differs(one, before)).unwrap_or_default()) + "\n"
            };
            shown.iter().enumerate().map(line).collect()
        })
    })
}
