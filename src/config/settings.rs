//! The configuration as it is used: every key, its default and its meaning. `docs/tamis.toml` says the same to people.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::limits;
use crate::{matching::EngineKind, telemetry::LogFormat};

/// Everything that can be configured. An empty path or list means that there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where state is kept.
    pub data: PathBuf,
    /// The policy that answers requests which name none.
    pub policy: String,
    /// What looks for the terms.
    pub engine: EngineKind,
    /// A folder of dictionaries and policies that goes live whenever it changes.
    pub watch: PathBuf,
    /// Folders of dictionaries to serve instead of the shipped ones.
    pub dictionaries: Vec<PathBuf>,
    /// Folders of policies to serve instead of the shipped one.
    pub policies: Vec<PathBuf>,
    /// The gRPC listener.
    pub grpc: Grpc,
    /// The HTTP listener.
    pub http: Http,
    /// Revisions and the activation log.
    pub store: Store,
    /// Who may change what serves.
    pub auth: Auth,
    /// How the process leaves.
    pub drain: Drain,
    /// The log.
    pub log: Log,
}

/// The gRPC listener.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grpc {
    /// Where it listens; port 0 takes a free one, which the log names.
    pub address: SocketAddr,
    /// See [`limits::MAX_GRPC_CONNECTIONS`].
    pub max_connections: usize,
    /// See [`limits::MAX_CONCURRENT_STREAMS`].
    pub max_concurrent_streams: u32,
    /// See [`limits::MAX_CONNECTION_AGE`].
    pub max_connection_age: Time,
    /// See [`limits::MAX_IN_FLIGHT_BYTES`]; HTTP checks count too.
    pub max_in_flight_bytes: usize,
}

/// The HTTP listener.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    /// Where it listens; port 0 takes a free one, which the log names.
    pub address: SocketAddr,
    /// See [`limits::MAX_HTTP_CONNECTIONS`].
    pub max_connections: usize,
}

/// Revisions and the activation log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// Bytes that they may take on the disk.
    pub max_bytes: u64,
    /// The newest generations that are kept, with everything that they need.
    pub keep_generations: u64,
    /// How long older generations, and pushes that no generation needs, are kept.
    pub keep_for: Time,
    /// How long one read or write may take.
    pub patience: Time,
    /// Bytes of memory that building a snapshot may take; 0: half of what there is.
    pub memory_budget_bytes: u64,
}

/// Who may change what serves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Auth {
    /// The file of tokens; empty for none.
    pub tokens: PathBuf,
}

/// How the process leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Drain {
    /// See [`limits::DRAIN_DELAY`].
    pub delay: Time,
    /// See [`limits::DRAIN_GRACE`].
    pub grace: Time,
}

/// The log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// How lines look.
    pub format: LogFormat,
    /// From which level on, such as `info` or `tamis=debug,h2=warn`.
    pub levels: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("./tamis-data"),
            policy: "default/default".to_owned(),
            engine: EngineKind::default(),
            watch: PathBuf::new(),
            dictionaries: Vec::new(),
            policies: Vec::new(),
            grpc: Grpc::default(),
            http: Http::default(),
            store: Store::default(),
            auth: Auth::default(),
            drain: Drain::default(),
            log: Log::default(),
        }
    }
}

impl Default for Grpc {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 50_051)),
            max_connections: limits::MAX_GRPC_CONNECTIONS,
            max_concurrent_streams: limits::MAX_CONCURRENT_STREAMS,
            max_connection_age: Time(limits::MAX_CONNECTION_AGE),
            max_in_flight_bytes: limits::MAX_IN_FLIGHT_BYTES,
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 9_464)),
            max_connections: limits::MAX_HTTP_CONNECTIONS,
        }
    }
}

impl Default for Store {
    fn default() -> Self {
        let defaults = crate::store::Settings::default();
        Self {
            max_bytes: defaults.max_bytes,
            keep_generations: defaults.keep_generations,
            keep_for: Time(defaults.keep_for),
            patience: Time(defaults.patience),
            memory_budget_bytes: 0,
        }
    }
}

impl Store {
    /// As the store takes them.
    pub fn settings(&self) -> crate::store::Settings {
        crate::store::Settings {
            patience: self.patience.0,
            max_bytes: self.max_bytes,
            keep_generations: self.keep_generations,
            keep_for: self.keep_for.0,
        }
    }

    /// Bytes of memory that building may take.
    pub fn memory_budget(&self) -> u64 {
        match self.memory_budget_bytes {
            0 => memory() / 2,
            bytes => bytes,
        }
    }
}

/// Bytes of memory that the machine, or the process's control group, has; 4 GiB where nothing says.
fn memory() -> u64 {
    let group = std::fs::read_to_string("/sys/fs/cgroup/memory.max")
        .ok()
        .and_then(|text| text.trim().parse::<u64>().ok());
    let machine = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
        line.split_whitespace()
            .nth(1)?
            .parse::<u64>()
            .ok()
            .map(|kib| kib * 1024)
    });
    let smaller = group.into_iter().chain(machine).min();
    smaller.unwrap_or(4 * 1024 * 1024 * 1024)
}

impl Default for Drain {
    fn default() -> Self {
        Self {
            delay: Time(limits::DRAIN_DELAY),
            grace: Time(limits::DRAIN_GRACE),
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            levels: "info".to_owned(),
        }
    }
}

/// A length of time, written with its unit: `250ms`, `5s`, `30m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Duration);

const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        let whole = UNITS
            .iter()
            .rev()
            .find(|(_, scale)| millis > 0 && millis.is_multiple_of(*scale));
        match whole {
            Some((unit, scale)) => write!(f, "{}{unit}", millis / scale),
            None => write!(f, "{millis}ms"),
        }
    }
}

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let scale = UNITS
            .iter()
            .find(|(name, _)| *name == unit.trim())
            .map(|(_, scale)| *scale);
        let millis = number
            .parse::<u64>()
            .ok()
            .zip(scale)
            .and_then(|(n, scale)| n.checked_mul(scale));
        millis.map(|millis| Self(Duration::from_millis(millis))).ok_or_else(|| {
            format!("{text:?} is no length of time; write a whole number and its unit, such as 250ms, 5s, 30m or 1h")
        })
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_their_unit() {
        for (text, millis) in [
            ("0ms", 0),
            ("250ms", 250),
            ("5s", 5_000),
            ("30m", 1_800_000),
            ("1h", 3_600_000),
        ] {
            let time: Time = text.parse().unwrap();
            assert_eq!(time.0, Duration::from_millis(millis));
            assert_eq!(time.to_string(), text);
        }
        for bad in ["", "5", "s", "-1s", "1.5s", "5 days", "99999999999999999999h"] {
            assert!(bad.parse::<Time>().is_err(), "{bad:?}");
        }
    }
}
