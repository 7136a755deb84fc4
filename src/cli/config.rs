//! `loket config`: look at the configuration.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::output;
use crate::config::{load, show};

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check loket.toml and the environment, and print what is in force and why
    Check(Check),
}

/// Arguments of `loket config check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Command {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let Self::Check(Check { json }) = self;
        let loaded = match load(home) {
            Ok(loaded) => loaded,
            Err(problems) if *json => {
                output::json(&json!({ "ok": false, "problems": problems.0 }))?;
                return Ok(ExitCode::FAILURE);
            }
            Err(problems) => return Err(problems.into()),
        };
        let settings = show::settings(&loaded);
        if *json {
            output::json(&json!({ "ok": true, "settings": settings }))?;
            return Ok(ExitCode::SUCCESS);
        }
        for setting in settings.iter().filter(|setting| !setting.value.is_null()) {
            let value = match &setting.value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            output::line(&format!("{} = {value}  ({})", setting.key, setting.source))?;
        }
        output::line(&format!("\nThe configuration of {} is valid.", home.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}
