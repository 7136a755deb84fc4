//! What a setting may hold. One table of keys drives reading the environment, checking
//! values, the did-you-mean, `loket config check` and the table in the README.

use std::net::SocketAddr;

use chrono::NaiveDate;
use figment::value::Value;
use url::Url;

/// One setting, named relative to its section.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name within the section.
    pub name: &'static str,
    /// What its value must be.
    pub kind: Kind,
    /// One sentence for the configuration table.
    pub doc: &'static str,
}

impl Key {
    /// A key of a section's table.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, kind, doc }
    }
}

/// What the value of a setting must be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any text that is not empty.
    Text,
    /// Text that is never printed.
    Secret,
    /// `true` or `false`.
    Boolean,
    /// A whole number within these bounds, both included.
    Integer(i64, i64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An IP address and a port.
    Listen,
    /// An http or https address.
    HttpUrl,
    /// `sqlite:` or `postgres:`; holds a password, so it is never printed.
    DatabaseUrl,
    /// A day, as YYYY-MM-DD.
    Date,
    /// A list of texts; in the environment separated by commas.
    List,
}

impl Kind {
    /// Whether the value must never be printed.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::DatabaseUrl)
    }

    /// Reads the text of an environment variable; a text that does not fit stays a text and is
    /// refused by [`Kind::check`].
    #[must_use]
    pub fn read(self, text: &str) -> Value {
        match self {
            Self::Boolean => match text {
                "true" | "1" | "yes" | "on" => Value::from(true),
                "false" | "0" | "no" | "off" => Value::from(false),
                _ => Value::from(text),
            },
            Self::Integer(..) => {
                text.trim().parse::<i64>().map_or_else(|_| Value::from(text), Value::from)
            }
            Self::List => text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .into(),
            _ => Value::from(text),
        }
    }

    /// Says what is wrong with `value` and how to mend it.
    pub fn check(self, value: &Value) -> Result<(), (String, String)> {
        let shown = if self.is_secret() { "the value".to_owned() } else { show(value) };
        match self {
            Self::Boolean => match value.to_bool() {
                Some(_) => Ok(()),
                None => wrong(format!("{shown} is neither true nor false"), "write true or false"),
            },
            Self::Integer(min, max) => match whole(value) {
                Some(number) if number >= min.into() && number <= max.into() => Ok(()),
                Some(_) => wrong(
                    format!("{shown} is out of range"),
                    format!("choose a whole number from {min} to {max}"),
                ),
                None => wrong(
                    format!("{shown} is not a whole number"),
                    format!("write a whole number from {min} to {max}, without quotes or units"),
                ),
            },
            Self::List => match value {
                Value::Array(_, parts) if parts.iter().all(|part| part.as_str().is_some()) => {
                    Ok(())
                }
                _ => wrong(format!("{shown} is not a list of texts"), "write [\"one\", \"two\"]"),
            },
            Self::Date => match value.as_str().map(str::parse::<NaiveDate>) {
                Some(Ok(_)) => Ok(()),
                _ => wrong(format!("{shown} is not a day"), "write it as \"2027-03-31\""),
            },
            Self::Text | Self::Secret | Self::Choice(_) => text(self, value, &shown),
            Self::Listen | Self::HttpUrl | Self::DatabaseUrl => address(self, value, &shown),
        }
    }
}

fn whole(value: &Value) -> Option<i128> {
    value.to_i128().or_else(|| value.to_u128().and_then(|number| number.try_into().ok()))
}

fn text(kind: Kind, value: &Value, shown: &str) -> Result<(), (String, String)> {
    match (kind, value.as_str()) {
        (_, None) => wrong(format!("{shown} is not a text"), "put it between quotes"),
        (Kind::Choice(words), Some(word)) if !words.contains(&word) => wrong(
            format!("{shown} is not one of the choices"),
            format!("choose {}", words.join(" or ")),
        ),
        (_, Some(word)) if word.trim().is_empty() => {
            wrong("the value is empty".to_owned(), "give it a value or leave the key out")
        }
        _ => Ok(()),
    }
}

fn address(kind: Kind, value: &Value, shown: &str) -> Result<(), (String, String)> {
    let text = value.as_str().unwrap_or_default();
    match kind {
        Kind::Listen if text.parse::<SocketAddr>().is_err() => wrong(
            format!("{shown} is not an IP address and a port"),
            "write 127.0.0.1:8080 for this machine only, or 0.0.0.0:8080 for every network",
        ),
        Kind::HttpUrl if !is_http(text) => {
            wrong(format!("{shown} is not an http or https address"), "write https://HOST/…")
        }
        Kind::DatabaseUrl if !is_database(text) => wrong(
            "the address is neither SQLite nor PostgreSQL".to_owned(),
            "write postgres://USER:PASSWORD@HOST/DATABASE or sqlite:PATH",
        ),
        _ => Ok(()),
    }
}

fn is_http(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn is_database(text: &str) -> bool {
    super::database::names_a_file(text)
        || Url::parse(text)
            .is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql") && url.has_host())
}

fn wrong<T>(problem: String, fix: impl Into<String>) -> Result<T, (String, String)> {
    Err((problem, fix.into()))
}

/// A value as its owner wrote it, shortened.
fn show(value: &Value) -> String {
    let text = match value {
        Value::String(_, text) => format!("\"{text}\""),
        other => serde_json::to_string(other).unwrap_or_else(|_| "the value".to_owned()),
    };
    if text.chars().count() > 80 {
        let head: String = text.chars().take(77).collect();
        format!("{head}…")
    } else {
        text
    }
}
