//! The `tamis` binary. What `tamis serve` does from start to end stands here, in order.

use std::{io, mem, path::PathBuf, process::ExitCode, sync::Arc};

use clap::Parser;
use tamis::{
    cli::{self, Cli, Failure, Outcome},
    config::Settings,
    registry::{Keeper, Registry, Source, shipped_revisions},
    server::Server,
    service::Tokens,
    simd::Level,
    store::{Store, hold},
    telemetry::{self, Metrics},
};
use tokio::signal::unix::{Signal, SignalKind, signal};

fn main() -> ExitCode {
    cli::report(Cli::parse().command.run(serve))
}

/// 1. The configuration: flags over environment over file over default. What is wrong with it ends the process with code 2.
/// 2. Logs, to standard error; the first line names the version, the vectors and the engine in use. A panic is logged by its place, never by what it says.
/// 3. The store is held for this process alone; where another one holds it and does not leave, code 2.
/// 4. The runtime, one thread a core.
fn serve(args: &cli::serve::Args) -> Outcome {
    let settings = args.settings()?;
    cli::serve::folders_must_exist(&settings)?;
    telemetry::start_logs(settings.log.format, &settings.log.levels).map_err(Failure::usage)?;
    telemetry::install_hook();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), simd = %Level::current(), engine = %settings.engine, "starting");
    hold_store(&settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("tamis")
        .build()?;
    let outcome = runtime.block_on(run(&settings));
    // Whatever still runs was cut by the drain.
    runtime.shutdown_background();
    outcome
}

/// A second server on the same store would write over what this one acknowledges. One that leaves is given the time of a drain.
fn hold_store(settings: &Settings) -> Outcome {
    let folder = store_folder(settings);
    let patience = settings.drain.delay.0.saturating_add(settings.drain.grace.0);
    let held = hold(&folder, patience)
        .map_err(|error| Failure::work(format!("{} cannot be locked: {error}", folder.display())))?;
    let held = held.ok_or_else(|| {
        Failure::usage(format!(
            "another tamis serves from {}; end it first, or give this one another folder as `data` (TAMIS_DATA)",
            folder.display()
        ))
    })?;
    // The end of the process lets go of it, nothing before: what the drain has cut may still write.
    mem::forget(held);
    Ok(())
}

fn store_folder(settings: &Settings) -> PathBuf {
    settings.data.join("store")
}

/// 5. The store is opened, the tokens are read; the registry is empty: nothing serves yet, health says so.
/// 6. Both listeners, whose addresses are logged as bound.
/// 7. What served last, from the store; then what ships or what a folder holds, through the gate. Then health says `SERVING`.
/// 8. SIGTERM or SIGINT: health says `NOT_SERVING`, the drain delay passes, nothing new is accepted, accepted work finishes within the
///    grace. A second signal ends the process at once.
async fn run(settings: &Settings) -> Outcome {
    let mut signals = Signals::new()?;
    let metrics = Arc::new(Metrics::default());
    let policy = settings.policy.parse().map_err(Failure::usage)?;
    let registry = Arc::new(Registry::new(policy, Arc::clone(&metrics))?.with_engine(settings.engine));
    let tokens = Tokens::in_file(settings.auth.tokens.clone());
    tokens.verify().map_err(Failure::usage)?;
    let store = Store::open_local(&store_folder(settings), settings.store.settings())
        .await
        .map_err(Failure::work)?;
    let shipped = shipped_revisions().map_err(Failure::work)?;
    let keeper = Arc::new(Keeper::new(
        Arc::clone(&registry),
        store,
        settings.store.memory_budget(),
        shipped,
    ));
    let server = Server::bind(settings, &registry, &metrics).map_err(Failure::work)?;
    let source = Source::of(settings).start(Arc::clone(&keeper));
    let server = server.with_operations(keeper, tokens);

    let leave = async move {
        let name = signals.next().await;
        tracing::info!(signal = name, "asked to leave");
        tokio::spawn(async move {
            let name = signals.next().await;
            tracing::warn!(signal = name, "asked again, leaving at once");
            std::process::exit(1);
        });
    };
    tokio::select! {
        drained = server.serve(leave) => match drained.map_err(Failure::work)?.cut {
            0 => Ok(()),
            cut => Err(Failure::work(format!("{cut} connections were cut at the end of the grace"))),
        },
        // A source that serves closes its channel; only one that cannot says so.
        Ok(declined) = source => Err(Failure::work(declined)),
    }
}

/// What asks the process to leave.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
