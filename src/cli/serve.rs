//! `tamis serve`: its flags, and the settings that they resolve to.

use std::{fs, net::SocketAddr, path::PathBuf};

use super::{Failure, Outcome};
use crate::{
    config::{self, Override, Settings},
    problem::{Problem, Problems},
    simd,
    telemetry::LogFormat,
};

const EXAMPLES: &str = "\
Examples:
  tamis serve                                   what ships, on 127.0.0.1:50051 and 127.0.0.1:9464
  tamis serve --watch ./lists                   a folder, live whenever it changes
  tamis serve --dictionaries ./mine --policy ./mine/policy
  tamis serve --grpc 0.0.0.0:50051 --log-format json
  TAMIS_DRAIN_DELAY=5s tamis serve --config /etc/tamis.toml

Every key of the configuration has a variable; `tamis config --default` lists and explains them.
SIGTERM or SIGINT drains: health says NOT_SERVING, then nothing new is accepted, then accepted work finishes. A second
signal ends the process at once.";

/// Variables of other flags and commands, which set no key of the configuration.
const OTHER_VARIABLES: [&str; 5] = [
    "TAMIS_CONFIG",
    "TAMIS_HEALTH_ADDR",
    "TAMIS_SERVER",
    "TAMIS_TOKEN_FILE",
    simd::VARIABLE,
];

/// The flags of `tamis serve`, which `tamis config` takes too.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = EXAMPLES)]
#[group(skip)]
pub struct Args {
    /// Read this configuration file.
    #[arg(long, value_name = "FILE", env = "TAMIS_CONFIG")]
    pub config: Option<PathBuf>,
    /// Listen for gRPC here [default: 127.0.0.1:50051].
    #[arg(long, value_name = "ADDRESS")]
    pub grpc: Option<SocketAddr>,
    /// Listen for HTTP here: checks as JSON, probes, metrics [default: 127.0.0.1:9464].
    #[arg(long, value_name = "ADDRESS")]
    pub http: Option<SocketAddr>,
    /// Serve this folder of dictionaries and policies, and let it go live whenever it changes.
    #[arg(long, value_name = "DIR")]
    pub watch: Option<PathBuf>,
    /// Serve this dictionary, or folder of dictionaries, instead of the shipped ones; repeatable.
    #[arg(long, value_name = "DIR")]
    pub dictionaries: Vec<PathBuf>,
    /// Serve this policy, or folder of policies; repeatable.
    #[arg(long, value_name = "DIR")]
    pub policy: Vec<PathBuf>,
    /// Keep state here [default: ./tamis-data].
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// How log lines look [default: text].
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub log_format: Option<LogFormat>,
}

impl Args {
    /// Flags over environment over file over default. Relative paths of a file count from where the process runs. Everything that is
    /// wrong is told in one go.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let mut problems = Problems::default();
        let file = self.config.as_ref().and_then(|path| {
            let name = path.display().to_string();
            match fs::read_to_string(path) {
                Ok(text) => Some((name, text)),
                Err(error) => {
                    problems.push(Problem::error(name, error.to_string()));
                    None
                }
            }
        });
        let file = file.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
        let variable = |name: &str| std::env::var(name).ok();
        let mut settings = config::resolve(file, variable, &self.overrides(), &mut problems);
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        config::report_unknown_variables(names, &OTHER_VARIABLES, &mut problems);
        // Paths need not be text; lists replace those of the file.
        for (flags, list) in [
            (&self.dictionaries, &mut settings.dictionaries),
            (&self.policy, &mut settings.policies),
        ] {
            if !flags.is_empty() {
                list.clone_from(flags);
            }
        }
        for (flag, path) in [(&self.watch, &mut settings.watch), (&self.data, &mut settings.data)] {
            if let Some(flag) = flag {
                path.clone_from(flag);
            }
        }
        config::settled(settings, problems).map_err(Failure::usage)
    }

    fn overrides(&self) -> Vec<Override> {
        let flag = |origin: &str, key: &str, value: Option<String>| {
            value.map(|value| Override {
                origin: origin.to_owned(),
                key: key.to_owned(),
                value,
            })
        };
        let format = self.log_format.map(|format| match format {
            LogFormat::Text => "text".to_owned(),
            LogFormat::Json => "json".to_owned(),
        });
        [
            flag("--grpc", "grpc.address", self.grpc.map(|address| address.to_string())),
            flag("--http", "http.address", self.http.map(|address| address.to_string())),
            flag("--log-format", "log.format", format),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// A folder that the configuration names and nobody made is a mistake in writing, not one to wait for.
pub fn folders_must_exist(settings: &Settings) -> Outcome {
    let watched = Some(&settings.watch).filter(|path| !path.as_os_str().is_empty());
    let named: Vec<_> = settings
        .dictionaries
        .iter()
        .chain(&settings.policies)
        .chain(watched)
        .collect();
    super::lint::must_exist(&named)
}
