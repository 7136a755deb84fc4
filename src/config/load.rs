//! Reads and checks a configuration: defaults, then `loket.toml` in the home folder, then
//! the environment. Everything that is wrong is reported at once.

use std::collections::BTreeMap;
use std::path::Path;

use figment::value::{Dict, Map, Value};
use figment::{Error, Figment, Metadata, Profile, Provider};

use super::backup::Backup;
use super::blobs::Blobs;
use super::database::Database;
use super::home::Home;
use super::paths::Paths;
use super::problem::{Findings, Problem, Problems};
use super::{Config, environment, table};

/// The name of the file in the home folder.
pub const FILE: &str = "loket.toml";

/// The source of a value that nobody set.
const UNSET: &str = "not set";

/// A configuration and where each value that was set came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The checked configuration.
    pub config: Config,
    /// By path, the file or variable that set it.
    pub sources: BTreeMap<String, String>,
}

/// The sections that say where data and keys are.
const PLACES: [&str; 4] = ["database", "paths", "blobs", "backup"];

/// Reads the configuration of the home folder `root`, with the process's environment.
pub fn load(root: &Path) -> Result<Loaded, Problems> {
    load_from(root, &variables())
}

/// Reads the configuration of a home folder that holds everything itself: the environment's
/// databases and object stores belong to others.
pub fn load_alone(root: &Path) -> Result<Loaded, Problems> {
    let mut variables = variables();
    let prefixes = PLACES.map(|section| format!("{}__", environment::variable(section)));
    variables.retain(|(name, _)| {
        name != environment::DATABASE_URL
            && !prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()))
    });
    let mut loaded = load_from(root, &variables)?;
    let config = &mut loaded.config;
    (config.database, config.paths, config.blobs) =
        (Database::default(), Paths::default(), Blobs::default());
    config.backup = Backup::default();
    config.home = Home::new(root, &config.paths);
    Ok(loaded)
}

fn variables() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Reads the configuration of the home folder `root`, with these variables as environment.
pub fn load_from(root: &Path, variables: &[(String, String)]) -> Result<Loaded, Problems> {
    let mut problems = Vec::new();
    let mut figment = Figment::new();
    figment = figment.merge(Layer(FILE, file(root, &mut problems)));
    if let Some((_, url)) = variables.iter().find(|(name, _)| name == environment::DATABASE_URL) {
        let mut dict = Dict::new();
        environment::insert(&mut dict, "database.url", Value::from(url.as_str()));
        figment = figment.merge(Layer(environment::DATABASE_URL, dict));
    }
    figment = figment.merge(Layer("environment", environment::read(variables, &mut problems)));

    let mut merged = figment.extract::<Dict>().unwrap_or_default();
    let mut sources = BTreeMap::new();
    check_values(&figment, &mut merged, &mut sources, &mut problems);
    let mut config = match Figment::from(Layer("checked", merged)).extract::<Config>() {
        Ok(config) => config,
        Err(error) => {
            // check_values lets nothing through that does not fit; a gap in it ends here.
            problems.push(unfit(&error));
            return Err(Problems(problems));
        }
    };
    config.home = Home::new(root, &config.paths).with_files_of(&config.database);
    config.backup = config.backup.rooted(root);
    config.tls.extra_ca_file = config.tls.extra_ca_file.map(|path| root.join(path));
    let mut findings = Findings::default();
    config.check(&mut findings);
    for (key, problem, fix) in findings.into_inner() {
        if problems.iter().all(|known| known.key != key) {
            let source = sources.get(&key).cloned().unwrap_or_else(|| UNSET.to_owned());
            problems.push(Problem { key, source, problem, fix });
        }
    }
    if problems.is_empty() { Ok(Loaded { config, sources }) } else { Err(Problems(problems)) }
}

/// One source of values.
struct Layer(&'static str, Dict);

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.0)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Ok(Map::from([(Profile::Default, self.1.clone())]))
    }
}

/// The values of `loket.toml`; none when there is no such file.
fn file(root: &Path, problems: &mut Vec<Problem>) -> Dict {
    let path = root.join(FILE);
    let mut wrong = |problem: String, fix: &str| {
        problems.push(Problem {
            key: String::new(),
            source: FILE.to_owned(),
            problem,
            fix: fix.to_owned(),
        });
        Dict::new()
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Dict::new(),
        Err(error) => {
            return wrong(
                format!("\"{}\" cannot be read ({})", path.display(), error.kind()),
                "make it a UTF-8 text file that Loket's user may read",
            );
        }
    };
    match toml::from_str::<toml::Table>(&text) {
        Ok(parsed) => match Value::serialize(parsed) {
            Ok(Value::Dict(_, dict)) => dict,
            _ => wrong("it holds a value that cannot be used".to_owned(), "remove it"),
        },
        Err(error) => {
            // Only the message and the line: the offending text may be a secret.
            let line = error.span().map_or(1, |span| {
                text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
            });
            wrong(
                format!("line {line} is not TOML: {}", error.message()),
                "mend the line; texts stand between quotes, sections in [brackets]",
            )
        }
    }
}

/// Notes where each value came from, and takes out what is unknown or does not fit.
fn check_values(
    figment: &Figment,
    merged: &mut Dict,
    sources: &mut BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
) {
    let mut leaves = Vec::new();
    flatten("", merged, &mut leaves);
    for (path, value) in leaves {
        let layer =
            figment.find_metadata(&path).map_or_else(String::new, |data| data.name.to_string());
        let source = match layer.as_str() {
            "environment" => environment::variable(&path),
            _ => layer,
        };
        let outcome = match table::find(&path) {
            Some(key) => key.kind.check(&value),
            None => Err(unknown(&path)),
        };
        match outcome {
            Ok(()) => {
                sources.insert(path, source);
            }
            Err((problem, fix)) => {
                remove(merged, &path);
                problems.push(Problem { key: path, source, problem, fix });
            }
        }
    }
}

fn unknown(path: &str) -> (String, String) {
    let fix = table::suggest(path).map_or_else(
        || "remove it, or see the configuration table in README.md".to_owned(),
        |close| format!("did you mean {close}?"),
    );
    ("there is no such setting".to_owned(), fix)
}

/// What stands where sections end: the values that have a key, or that no section holds.
fn flatten(prefix: &str, dict: &Dict, leaves: &mut Vec<(String, Value)>) {
    for (name, value) in dict {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            Value::Dict(_, inner) if table::is_section(&path) => flatten(&path, inner, leaves),
            _ => leaves.push((path, value.clone())),
        }
    }
}

fn remove(dict: &mut Dict, path: &str) {
    match path.split_once('.') {
        None => {
            dict.remove(path);
        }
        Some((head, rest)) => {
            if let Some(Value::Dict(_, inner)) = dict.get_mut(head) {
                remove(inner, rest);
            }
        }
    }
}

/// The path only: the message could quote a secret.
fn unfit(error: &Error) -> Problem {
    Problem {
        key: error.path.join("."),
        source: error.metadata.as_ref().map_or_else(String::new, |data| data.name.to_string()),
        problem: "the value does not fit".to_owned(),
        fix: "see the configuration table in README.md".to_owned(),
    }
}
