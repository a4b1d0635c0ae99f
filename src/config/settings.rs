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
use crate::telemetry::LogFormat;

/// Everything that can be configured. An empty path or list means that there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where state is kept.
    pub data: PathBuf,
    /// The policy that answers requests which name none.
    pub policy: String,
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
            watch: PathBuf::new(),
            dictionaries: Vec::new(),
            policies: Vec::new(),
            grpc: Grpc::default(),
            http: Http::default(),
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
