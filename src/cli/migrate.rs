//! `loket migrate`: bring the databases up to date.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{open, output};

/// Arguments of `loket migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Migrate {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        // Opening brings the schema up to date.
        open::run(home, async |_| Ok(()))?;
        if self.json {
            output::json(&json!({ "ok": true }))?;
        } else {
            output::line("The databases are up to date.")?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
