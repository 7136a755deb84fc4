//! What is wrong with a configuration, told so that it can be mended in one go.

use std::fmt;

use serde::Serialize;

/// One thing to mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The key, `section.name`; empty when the file cannot be read at all.
    pub key: String,
    /// Where the value came from: the file, a variable's name, or `default`.
    pub source: String,
    /// What is wrong with the value.
    pub problem: String,
    /// What to do about it.
    pub fix: String,
}

/// Everything that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => writeln!(f, "the configuration has a problem:")?,
            count => writeln!(f, "the configuration has {count} problems:")?,
        }
        for Problem { key, source, problem, fix } in &self.0 {
            if key.is_empty() {
                write!(f, "\n  {source}: {problem}\n    fix: {fix}")?;
            } else {
                write!(f, "\n  {key} ({source}): {problem}\n    fix: {fix}")?;
            }
        }
        Ok(())
    }
}

/// Collects what the checks of the sections find.
#[derive(Debug, Default)]
pub struct Findings(Vec<(String, String, String)>);

impl Findings {
    /// Notes that the value of `key` has a `problem` that `fix` mends.
    pub fn add(&mut self, key: &str, problem: impl Into<String>, fix: impl Into<String>) {
        self.0.push((key.to_owned(), problem.into(), fix.into()));
    }

    /// What was found: key, problem, fix.
    #[must_use]
    pub fn into_inner(self) -> Vec<(String, String, String)> {
        self.0
    }
}
