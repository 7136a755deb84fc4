//! `loket doctor`: is everything well, and what to do if it is not.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::{open, output};
use crate::app;
use crate::clock::SystemClock;
use crate::config;
use crate::ids::SystemIds;
use crate::service::doctor::Health;
use crate::telemetry;

/// Arguments of `loket doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let mut config = config::load(home)?.config;
        // What is wrong is in the answer.
        "off".clone_into(&mut config.telemetry.level);
        telemetry::init_logs(&config.telemetry)?;
        let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
        let checks = open::runtime()?.block_on(app::doctor::examine(&config, clock, ids));
        let well = checks.iter().all(|check| check.status != Health::Fail);
        if self.json {
            output::json(&json!({ "ok": well, "checks": checks }))?;
        } else {
            for check in &checks {
                let status = match check.status {
                    Health::Ok => "ok  ",
                    Health::Warn => "warn",
                    Health::Fail => "FAIL",
                };
                output::line(&format!("{status}  {:<11} {}", check.name, check.message))?;
                if let Some(fix) = &check.fix {
                    output::line(&format!("{:<18}to do: {fix}", ""))?;
                }
            }
        }
        Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
