//! Settings from environment variables: `LOKET_SECTION__NAME`.
//!
//! `LOKET_SMTP__PASSWORD_FILE=/run/secrets/smtp` reads a secret from a file. `DATABASE_URL` is
//! honoured as `database.url`. A variable that is close to a key but is none is a problem;
//! others that begin with `LOKET_` (an orchestrator's `LOKET_PORT`) are not ours.

use figment::value::{Dict, Value};

use super::key::Key;
use super::problem::Problem;
use super::table::{self, all_keys};

/// The prefix of every variable.
const PREFIX: &str = "LOKET_";
const FILE_SUFFIX: &str = "_FILE";

/// What a value's source is called that came from `DATABASE_URL`.
pub(super) const DATABASE_URL: &str = "DATABASE_URL";

/// The variable that sets the key at `path`.
#[must_use]
pub fn variable(path: &str) -> String {
    format!("{PREFIX}{}", path.replace('.', "__").to_uppercase())
}

/// Reads the variables; the values by path.
pub(super) fn read(variables: &[(String, String)], problems: &mut Vec<Problem>) -> Dict {
    let mut dict = Dict::new();
    for (name, text) in variables {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        if rest == "HOME" {
            continue;
        }
        match key_of(name) {
            Some((path, key, false)) => insert(&mut dict, &path, key.kind.read(text)),
            Some((path, _, true)) => match std::fs::read_to_string(text) {
                Ok(secret) => insert(&mut dict, &path, secret.trim_end().into()),
                Err(error) => problems.push(Problem {
                    key: path,
                    source: name.clone(),
                    problem: format!("the file \"{text}\" cannot be read ({})", error.kind()),
                    fix: "check the path and that Loket's user may read it".to_owned(),
                }),
            },
            None => problems.extend(unknown(name)),
        }
    }
    dict
}

/// The key that a variable sets, and whether it names a file to read it from.
fn key_of(name: &str) -> Option<(String, Key, bool)> {
    for (path, key) in all_keys() {
        let variable = variable(&path);
        if name == variable {
            return Some((path, key, false));
        }
        if key.kind.is_secret() && name.strip_suffix(FILE_SUFFIX) == Some(variable.as_str()) {
            return Some((path, key, true));
        }
    }
    None
}

/// A problem, if the variable was meant for Loket: `__` in its name, or a key's name with
/// single underscores.
fn unknown(name: &str) -> Option<Problem> {
    let flat = |text: &str| text.replace("__", "_");
    let known = || all_keys().map(|(path, _)| variable(&path));
    let exact = known().find(|variable| flat(variable) == flat(name));
    if exact.is_none() && !name.contains("__") {
        return None;
    }
    let fix = match exact.or_else(|| table::closest(name, known())) {
        Some(close) => format!("did you mean {close}?"),
        None => "remove it, or see the configuration table in README.md".to_owned(),
    };
    Some(Problem {
        key: String::new(),
        source: name.to_owned(),
        problem: "there is no such setting".to_owned(),
        fix,
    })
}

/// Puts `value` at the dotted `path`.
pub(super) fn insert(dict: &mut Dict, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            dict.insert(path.to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = dict.entry(head.to_owned()).or_insert_with(|| Value::from(Dict::new()));
            if !matches!(inner, Value::Dict(..)) {
                *inner = Value::from(Dict::new());
            }
            if let Value::Dict(_, inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}
