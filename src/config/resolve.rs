//! From what was written to what holds: flags over environment over file over default.

use std::fmt;

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::settings::Settings;
use crate::{folder::did_you_mean, identity::Name, telemetry};

/// The documented default: `docs/tamis.toml`, which a test keeps equal to [`Settings::default`].
pub const DOCUMENTED: &str = include_str!("../../docs/tamis.toml");

/// Why a configuration cannot be used: where it stands, what is wrong, how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadConfig(pub String);

impl fmt::Display for BadConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadConfig {}

/// One key set from outside a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Where it stands, for errors: `--grpc`, `TAMIS_GRPC_ADDRESS`.
    pub origin: String,
    /// The dotted key.
    pub key: String,
    /// The value as written; a list is separated by commas.
    pub value: String,
}

/// The environment variable that sets a dotted key: `grpc.address` is `TAMIS_GRPC_ADDRESS`.
pub fn environment_name(key: &str) -> String {
    format!("TAMIS_{}", key.replace('.', "_").to_uppercase())
}

/// Reads the text of a configuration file called `file`.
pub fn from_text(file: &str, text: &str) -> Result<Settings, BadConfig> {
    toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        BadConfig(format!("{file}:{line}: {}", mended(error.message())))
    })
}

/// Resolves a file (its name and text), then the environment as `variable` answers, then flags.
pub fn resolve(
    file: Option<(&str, &str)>,
    variable: impl Fn(&str) -> Option<String>,
    flags: &[Override],
) -> Result<Settings, BadConfig> {
    let mut settings = match file {
        Some((name, text)) => from_text(name, text)?,
        None => Settings::default(),
    };
    for key in keys() {
        let origin = environment_name(&key);
        if let Some(value) = variable(&origin) {
            settings = overridden(&settings, &Override { origin, key, value })?;
        }
    }
    for flag in flags {
        settings = overridden(&settings, flag)?;
    }
    validated(settings)
}

/// Refuses variables that look like ours and set nothing. `others` are those that something else reads; names of tests and benches
/// (`TAMIS_TEST_…`, `TAMIS_BENCH_…`) are theirs.
pub fn refuse_unknown_variables(names: impl Iterator<Item = String>, others: &[&str]) -> Result<(), BadConfig> {
    let known: Vec<_> = keys().iter().map(|key| environment_name(key)).collect();
    let ours = |name: &String| {
        name.starts_with("TAMIS_") && !name.starts_with("TAMIS_TEST_") && !name.starts_with("TAMIS_BENCH_")
    };
    let is_known = |name: &String| known.contains(name) || others.contains(&name.as_str());
    match names.filter(ours).find(|name| !is_known(name)) {
        Some(name) => Err(BadConfig(format!(
            "environment: {name} sets no key; `tamis config --default` lists all, such as {}",
            known.join(", ")
        ))),
        None => Ok(()),
    }
}

/// Every dotted key, in the order of the defaults.
fn keys() -> Vec<String> {
    let mut keys = Vec::new();
    for (key, value) in table_of(&Settings::default()) {
        match value {
            Value::Table(section) => keys.extend(section.keys().map(|inner| format!("{key}.{inner}"))),
            _ => keys.push(key),
        }
    }
    keys
}

fn overridden(settings: &Settings, wanted: &Override) -> Result<Settings, BadConfig> {
    let mut table = table_of(settings);
    let section = match wanted.key.split_once('.') {
        Some((section, key)) => table
            .get_mut(section)
            .and_then(Value::as_table_mut)
            .map(|table| (table, key)),
        None => Some((&mut table, wanted.key.as_str())),
    };
    let before = section.and_then(|(table, key)| table.get_mut(key));
    let Some(before) = before else {
        return Err(BadConfig(format!("{}: no such key: {}", wanted.origin, wanted.key)));
    };
    *before = match before {
        Value::Integer(_) => wanted
            .value
            .replace('_', "")
            .parse()
            .map(Value::Integer)
            .map_err(|_| BadConfig(format!("{}: {:?} is not a whole number", wanted.origin, wanted.value)))?,
        Value::Array(_) => Value::Array(
            wanted
                .value
                .split(',')
                .filter(|part| !part.is_empty())
                .map(|part| Value::String(part.to_owned()))
                .collect(),
        ),
        _ => Value::String(wanted.value.clone()),
    };
    parsed(table).map_err(|error| BadConfig(format!("{}: {:?}: {}", wanted.origin, wanted.value, mended(&error))))
}

fn table_of(settings: &Settings) -> Table {
    // Settings hold nothing that TOML cannot; an empty table would fail every test.
    Table::try_from(settings).unwrap_or_default()
}

fn parsed<T: DeserializeOwned>(table: Table) -> Result<T, String> {
    table
        .try_into()
        .map_err(|error: toml::de::Error| error.message().to_owned())
}

/// Refuses settings that could not serve.
pub fn validated(settings: Settings) -> Result<Settings, BadConfig> {
    let refuse = |key: &str, why: String| Err(BadConfig(format!("{key}: {why}")));
    if let Err(bad) = settings.policy.parse::<Name>() {
        return refuse("policy", bad.to_string());
    }
    if let Err(bad) = telemetry::check_levels(&settings.log.levels) {
        return refuse("log.levels", bad);
    }
    let folders = !settings.dictionaries.is_empty() || !settings.policies.is_empty();
    if folders && !settings.watch.as_os_str().is_empty() {
        return refuse(
            "watch",
            "the watched folder holds dictionaries and policies; leave `dictionaries` and `policies` out".to_owned(),
        );
    }
    for (key, least) in [
        ("grpc.max_connections", settings.grpc.max_connections),
        (
            "grpc.max_concurrent_streams",
            settings.grpc.max_concurrent_streams as usize,
        ),
        ("grpc.max_in_flight_bytes", settings.grpc.max_in_flight_bytes),
        ("http.max_connections", settings.http.max_connections),
    ] {
        if least == 0 {
            return refuse(key, "0 would serve nobody; set at least 1".to_owned());
        }
    }
    if settings.grpc.max_connection_age.0.is_zero() {
        return refuse(
            "grpc.max_connection_age",
            "0 would close every connection at once; set at least 1s".to_owned(),
        );
    }
    Ok(settings)
}

/// serde's message with a suggestion where it names an unknown key: ``unknown field `adress`, expected one of `address`, …``.
fn mended(message: &str) -> String {
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match words.split_first() {
        Some((unknown, known)) if message.starts_with("unknown field") => {
            format!("unknown key `{unknown}`; {}", did_you_mean(unknown, known))
        }
        Some((unknown, known)) if message.starts_with("unknown variant") => {
            format!("`{unknown}` is not one of the values; {}", did_you_mean(unknown, known))
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        from_text("tamis.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn the_documented_default_is_the_embedded_one() {
        assert_eq!(from_text("docs/tamis.toml", DOCUMENTED), Ok(Settings::default()));
        for key in keys() {
            let name = key.rsplit('.').next().unwrap();
            assert!(
                DOCUMENTED.contains(&format!("\n{name} = ")),
                "docs/tamis.toml leaves out {key}"
            );
        }
    }

    #[test]
    fn what_is_printed_reads_back() {
        let settings = Settings {
            watch: "lists".into(),
            ..Settings::default()
        };
        let printed = toml::to_string(&settings).unwrap();
        assert_eq!(from_text("printed", &printed), Ok(settings));
    }

    #[test]
    fn a_misspelt_variable_is_refused_by_name() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
                .into_iter()
        };
        assert!(
            refuse_unknown_variables(
                names(&["PATH", "TAMIS_GRPC_ADDRESS", "TAMIS_CONFIG"]),
                &["TAMIS_CONFIG"]
            )
            .is_ok()
        );
        let refused = refuse_unknown_variables(names(&["TAMIS_GRPC_ADRESS"]), &[])
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("TAMIS_GRPC_ADRESS") && refused.contains("TAMIS_GRPC_ADDRESS"),
            "{refused}"
        );
    }

    #[test]
    fn flags_win_over_the_environment_over_the_file_over_the_default() {
        let file = Some((
            "tamis.toml",
            "data = \"file\"\npolicy = \"file\"\n[grpc]\naddress = \"127.0.0.1:1\"\n",
        ));
        let variable = |name: &str| match name {
            "TAMIS_POLICY" => Some("variable".to_owned()),
            "TAMIS_GRPC_ADDRESS" => Some("127.0.0.1:2".to_owned()),
            _ => None,
        };
        let flags = [Override {
            origin: "--grpc".to_owned(),
            key: "grpc.address".to_owned(),
            value: "127.0.0.1:3".to_owned(),
        }];
        let settings = resolve(file, variable, &flags).unwrap();
        assert_eq!(settings.data.as_os_str(), "file");
        assert_eq!(settings.policy, "variable");
        assert_eq!(settings.grpc.address.port(), 3);
        assert_eq!(settings.http, Settings::default().http);
    }

    #[test]
    fn an_unknown_key_is_an_error_with_its_line_and_the_nearest_key() {
        assert_eq!(
            refused("data = \"d\"\n[grpc]\nadress = \"127.0.0.1:1\"\n"),
            "tamis.toml:3: unknown key `adress`; did you mean `address`?"
        );
        assert!(refused("[log]\nformat = \"jsn\"\n").contains("did you mean `json`?"));
    }

    #[test]
    fn a_bad_variable_is_named() {
        let variable = |name: &str| (name == "TAMIS_DRAIN_GRACE").then(|| "soon".to_owned());
        let error = resolve(None, variable, &[]).unwrap_err().to_string();
        assert!(error.contains("TAMIS_DRAIN_GRACE") && error.contains("5s"), "{error}");
        let zero = |name: &str| (name == "TAMIS_GRPC_MAX_CONNECTIONS").then(|| "0".to_owned());
        assert!(resolve(None, zero, &[]).is_err());
        let levels = |name: &str| (name == "TAMIS_LOG_LEVELS").then(|| "tamis=loud".to_owned());
        let error = resolve(None, levels, &[]).unwrap_err().to_string();
        assert!(error.starts_with("log.levels: \"tamis=loud\""), "{error}");
    }
}
