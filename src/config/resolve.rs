//! From what was written to what holds: flags over environment over file over default.

use serde::{Deserialize, de::DeserializeOwned};
use toml::{
    Spanned, Table, Value,
    de::{DeTable, DeValue},
};

use super::settings::Settings;
use crate::{
    folder::{Document, Findings, Lines, closest, did_you_mean},
    identity::Name,
    problem::{Problem, Problems},
    telemetry,
};

/// The documented default: `docs/tamis.toml`, which a test keeps equal to [`Settings::default`].
pub const DOCUMENTED: &str = include_str!("../../docs/tamis.toml");

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

/// Reads the text of a configuration file called `file`. What is wrong with it is left out, and added to `problems`.
pub fn from_text(file: &str, text: &str, problems: &mut Problems) -> Settings {
    let (document, lines) = (Document::new(file, text), Lines::of(text));
    let (mut findings, mut settings) = (Findings::default(), Settings::default());
    let mut tree = document.parse(&mut findings);
    while let Some(table) = &mut tree {
        match Settings::deserialize(toml::Deserializer::from(Spanned::new(0..text.len(), table.clone()))) {
            Ok(read) => {
                settings = read;
                break;
            }
            // serde ends at the first mistake: it is taken out, and the rest is read again.
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                findings.add(mended(file, error.message()).at(lines.line(at), "", ""));
                if !take_out(table, at) {
                    break;
                }
            }
        }
    }
    if let Err(Problems(found)) = findings.settle(file, Some(())) {
        problems.0.extend(found);
    }
    settings
}

/// Takes out the innermost key that stands at `at`, or whose value does; false where there is none.
fn take_out(table: &mut DeTable<'_>, at: usize) -> bool {
    let inside = table.iter_mut().any(|(_, value)| match value.get_mut() {
        DeValue::Table(inner) => take_out(inner, at),
        _ => false,
    });
    let mut keys = table.iter();
    let found = keys.find(|(key, value)| key.span().contains(&at) || value.span().contains(&at));
    let found = found.map(|(key, _)| key.get_ref().clone()).filter(|_| !inside);
    inside || found.is_some_and(|key| table.remove(key.as_ref()).is_some())
}

/// Resolves a file (its name and text), then the environment as `variable` answers, then flags. What is wrong is left out, and added to
/// `problems`: [`settled`] tells all of it.
pub fn resolve(
    file: Option<(&str, &str)>,
    variable: impl Fn(&str) -> Option<String>,
    flags: &[Override],
    problems: &mut Problems,
) -> Settings {
    let mut settings = file.map_or_else(Settings::default, |(name, text)| from_text(name, text, problems));
    let variables = keys().into_iter().filter_map(|key| {
        let origin = environment_name(&key);
        variable(&origin).map(|value| Override { origin, key, value })
    });
    for wanted in variables.chain(flags.iter().cloned()) {
        match overridden(&settings, &wanted) {
            Ok(changed) => settings = changed,
            Err(Problems(found)) => problems.0.extend(found),
        }
    }
    settings
}

/// Reports variables that look like ours and set nothing. `others` are those that something else reads; names of tests and benches
/// (`TAMIS_TEST_…`, `TAMIS_BENCH_…`) are theirs.
pub fn report_unknown_variables(names: impl Iterator<Item = String>, others: &[&str], problems: &mut Problems) {
    let known: Vec<_> = keys().iter().map(|key| environment_name(key)).collect();
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let ours = |name: &String| {
        name.starts_with("TAMIS_") && !name.starts_with("TAMIS_TEST_") && !name.starts_with("TAMIS_BENCH_")
    };
    let is_known = |name: &String| known.contains(&name.as_str()) || others.contains(&name.as_str());
    for name in names.filter(ours).filter(|name| !is_known(name)) {
        let mend = match closest(&name, &known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`tamis config --default` lists all keys".to_owned(),
        };
        problems.push(Problem::error("environment", format!("{name} sets no key")).mend(mend));
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

fn overridden(settings: &Settings, wanted: &Override) -> Result<Settings, Problems> {
    let mut table = table_of(settings);
    let section = match wanted.key.split_once('.') {
        Some((section, key)) => table
            .get_mut(section)
            .and_then(Value::as_table_mut)
            .map(|table| (table, key)),
        None => Some((&mut table, wanted.key.as_str())),
    };
    let before = section.and_then(|(table, key)| table.get_mut(key));
    let wrong = |problem: Problem| Problems(vec![problem.at(0, "", &wanted.value)]);
    let Some(before) = before else {
        return Err(wrong(Problem::error(
            &wanted.origin,
            format!("no such key: {}", wanted.key),
        )));
    };
    *before = match before {
        Value::Integer(_) => wanted.value.replace('_', "").parse().map(Value::Integer).map_err(|_| {
            wrong(Problem::error(&wanted.origin, "not a whole number").mend("write it with digits, such as 4096"))
        })?,
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
    parsed(table).map_err(|error| wrong(mended(&wanted.origin, &error)))
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

/// The settings, unless `problems` were found on the way to them, or they could not serve: then everything that is wrong.
pub fn settled(settings: Settings, mut problems: Problems) -> Result<Settings, Problems> {
    let mut refuse = |key: &str, why: &str| problems.push(Problem::error(key, why));
    if let Err(bad) = settings.policy.parse::<Name>() {
        refuse("policy", &bad.to_string());
    }
    if let Err(bad) = telemetry::check_levels(&settings.log.levels) {
        refuse("log.levels", &bad);
    }
    let folders = !settings.dictionaries.is_empty() || !settings.policies.is_empty();
    if folders && !settings.watch.as_os_str().is_empty() {
        refuse(
            "watch",
            "the watched folder holds dictionaries and policies; leave `dictionaries` and `policies` out",
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
            refuse(key, "0 would serve nobody; set at least 1");
        }
    }
    if settings.grpc.max_connection_age.0.is_zero() {
        refuse(
            "grpc.max_connection_age",
            "0 would close every connection at once; set at least 1s",
        );
    }
    if problems.is_empty() {
        Ok(settings)
    } else {
        Err(problems)
    }
}

/// serde's message about what stands in `origin`, with a suggestion where it names an unknown key: ``unknown field `adress`, expected one
/// of `address`, …``.
fn mended(origin: &str, message: &str) -> Problem {
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match words.split_first() {
        Some((unknown, known)) if message.starts_with("unknown field") => {
            Problem::error(origin, format!("unknown key `{unknown}`")).mend(did_you_mean(unknown, known))
        }
        Some((unknown, known)) if message.starts_with("unknown variant") => {
            Problem::error(origin, format!("`{unknown}` is not one of the values")).mend(did_you_mean(unknown, known))
        }
        _ => Problem::error(origin, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, Problems> {
        let mut problems = Problems::default();
        let settings = from_text("tamis.toml", text, &mut problems);
        settled(settings, problems)
    }

    fn refused(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    /// What comes of these variables alone.
    fn under(variables: &[(&str, &str)]) -> Result<Settings, Problems> {
        let mut problems = Problems::default();
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let settings = resolve(None, variable, &[], &mut problems);
        settled(settings, problems)
    }

    #[test]
    fn the_documented_default_is_the_embedded_one() {
        assert_eq!(read(DOCUMENTED), Ok(Settings::default()));
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
        assert_eq!(read(&printed), Ok(settings));
    }

    #[test]
    fn misspelt_variables_are_refused_by_name() {
        let problems = |names: &[&str]| {
            let mut problems = Problems::default();
            report_unknown_variables(
                names.iter().map(|&name| name.to_owned()),
                &["TAMIS_CONFIG"],
                &mut problems,
            );
            problems.to_string()
        };
        assert_eq!(problems(&["PATH", "TAMIS_GRPC_ADDRESS", "TAMIS_CONFIG"]), "");
        assert_eq!(
            problems(&["TAMIS_GRPC_ADRESS", "TAMIS_WEATHER"]),
            "environment: TAMIS_GRPC_ADRESS sets no key; did you mean `TAMIS_GRPC_ADDRESS`?\n\
             environment: TAMIS_WEATHER sets no key; `tamis config --default` lists all keys"
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
        let mut problems = Problems::default();
        let settings = resolve(file, variable, &flags, &mut problems);
        assert!(problems.is_empty(), "{problems}");
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
    fn all_mistakes_of_a_file_are_told_with_their_lines() {
        let file = "polcy = \"house\"\nengine = \"seive\"\n[grpc]\nmax_connections = \"9\"\nmax_connection_age = \"soon\"\n\
            [http]\nmax_connections = 0\n[strore]\nmax_bytes = 1\n";
        let problems = refused(file);
        let told: Vec<&str> = problems.lines().collect();
        assert_eq!(told.len(), 6, "{problems}");
        assert_eq!(told[0], "tamis.toml:1: unknown key `polcy`; did you mean `policy`?");
        assert_eq!(
            told[1],
            "tamis.toml:2: `seive` is not one of the values; did you mean `sieve`?"
        );
        assert!(
            told[2].starts_with("tamis.toml:4: invalid type: string \"9\""),
            "{problems}"
        );
        assert!(
            told[3].starts_with("tamis.toml:5: \"soon\" is no length of time"),
            "{problems}"
        );
        assert_eq!(told[4], "tamis.toml:8: unknown key `strore`; did you mean `store`?");
        assert_eq!(told[5], "http.max_connections: 0 would serve nobody; set at least 1");
        assert_eq!(
            refused("data = \nengine = 'sieve\n").lines().count(),
            2,
            "what is no TOML too"
        );
    }

    #[test]
    fn all_bad_variables_are_named() {
        let problems = under(&[
            ("TAMIS_DRAIN_GRACE", "soon"),
            ("TAMIS_GRPC_MAX_CONNECTIONS", "many"),
            ("TAMIS_ENGINE", "seive"),
            ("TAMIS_LOG_LEVELS", "tamis=loud"),
        ]);
        let problems = problems.unwrap_err().to_string();
        for told in [
            "TAMIS_DRAIN_GRACE: \"soon\": \"soon\" is no length of time; write a whole number and its unit, such as 250ms, 5s",
            "TAMIS_GRPC_MAX_CONNECTIONS: \"many\": not a whole number; write",
            "TAMIS_ENGINE: \"seive\": `seive` is not one of the values; did you mean `sieve`?",
            "log.levels: \"tamis=loud\"",
        ] {
            assert_eq!(problems.matches(told).count(), 1, "{told}: {problems}");
        }
        assert!(under(&[("TAMIS_GRPC_MAX_CONNECTIONS", "0")]).is_err());
        assert!(under(&[("TAMIS_GRPC_MAX_CONNECTIONS", "1")]).is_ok());
    }
}
