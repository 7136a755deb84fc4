//! What is in force, for `loket config check`, and the table for README.md. Secrets show as
//! `(set)`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::load::Loaded;
use super::table::all_keys;
use super::{Config, environment};

/// One setting as it is in force.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// `section.name`.
    pub key: String,
    /// Its value; null when it has none.
    pub value: Value,
    /// The file or variable that set it, or `default`.
    pub source: String,
}

/// Every setting, in the order of the table.
#[must_use]
pub fn settings(loaded: &Loaded) -> Vec<Setting> {
    let mut values = flatten(&loaded.config);
    all_keys()
        .map(|(key, _)| Setting {
            value: values.remove(&key).unwrap_or(Value::Null),
            source: loaded.sources.get(&key).cloned().unwrap_or_else(|| "default".to_owned()),
            key,
        })
        .collect()
}

/// The configuration table in Markdown.
#[must_use]
pub fn markdown() -> String {
    let defaults = flatten(&Config::default());
    let mut text = String::from("| key | variable | default | what it does |\n|---|---|---|---|\n");
    for (path, key) in all_keys() {
        let default = match defaults.get(&path) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => format!("`{text}`"),
            Some(other) => format!("`{other}`"),
        };
        let variable = environment::variable(&path);
        let _ = writeln!(text, "| `{path}` | `{variable}` | {default} | {} |", key.doc);
    }
    text
}

/// The values by path, secrets hidden.
pub(super) fn flatten(config: &Config) -> BTreeMap<String, Value> {
    fn walk(prefix: &str, value: Value, out: &mut BTreeMap<String, Value>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let path = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
                    walk(&path, value, out);
                }
            }
            other => {
                out.insert(prefix.to_owned(), other);
            }
        }
    }
    let mut out = BTreeMap::new();
    if let Ok(value) = serde_json::to_value(config) {
        walk("", value, &mut out);
    }
    out
}
