//! `loket doctor`: is everything well, and what to do if it is not.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::{open, output};
use crate::app;
use crate::clock::SystemClock;
use crate::config::{self, Config, Problem};
use crate::ids::SystemIds;
use crate::service::doctor::{Check, Health};
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
        let checks = match config::load(home) {
            Ok(loaded) => examine(loaded.config)?,
            Err(problems) if self.json => problems.0.iter().map(configuration).collect(),
            Err(problems) => return Err(problems.into()),
        };
        let well = checks.iter().all(|check| check.status != Health::Fail);
        if self.json {
            output::json(&json!({ "ok": well, "checks": checks }))?;
        } else {
            for check in &checks {
                show(check)?;
            }
        }
        Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn examine(mut config: Config) -> anyhow::Result<Vec<Check>> {
    // What is wrong is in the answer.
    "off".clone_into(&mut config.telemetry.level);
    telemetry::init_logs(&config.telemetry)?;
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    Ok(open::runtime()?.block_on(app::doctor::examine(&config, clock, ids)))
}

/// A monitor reads JSON also of a configuration that cannot be used.
fn configuration(problem: &Problem) -> Check {
    let (key, source) = (&problem.key, &problem.source);
    let message = if key.is_empty() {
        format!("{source}: {}", problem.problem)
    } else {
        format!("{key} ({source}): {}", problem.problem)
    };
    Check::fail("configuration", message, problem.fix.clone())
}

fn show(check: &Check) -> std::io::Result<()> {
    let status = match check.status {
        Health::Ok => "ok  ",
        Health::Warn => "warn",
        Health::Fail => "FAIL",
    };
    output::line(&format!("{status}  {:<11} {}", check.name, check.message))?;
    match &check.fix {
        Some(fix) => output::line(&format!("{:<18}to do: {fix}", "")),
        None => Ok(()),
    }
}
