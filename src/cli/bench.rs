//! `loket bench`: for those who measure Loket; not in the help.

use std::path::Path;
use std::process::ExitCode;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use serde_json::json;

use super::{open, output};
use crate::ids::{Ids, SystemIds};
use crate::service::load;

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Load tickets into an organization of their own, straight into the database
    Load(Load),
}

/// Arguments of `loket bench load`.
#[derive(Debug, Args)]
pub struct Load {
    /// How many tickets
    #[arg(long, default_value_t = 100_000, value_name = "N")]
    tickets: u64,

    /// How many messages each of them has [default: drawn, 4 to 10]
    #[arg(long, value_name = "N")]
    messages: Option<usize>,

    /// How many messages one more ticket has; 0: there is none
    #[arg(long, default_value_t = 0, value_name = "N")]
    long: usize,

    /// The same seed draws the same tickets
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Command {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let Self::Load(arguments) = self;
        arguments.run(home)
    }
}

impl Load {
    fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let mut random = [0; 15];
        SystemIds.fill(&mut random);
        let password = BASE64_URL_SAFE_NO_PAD.encode(random);
        let bar = ProgressBar::new(self.tickets);
        let loaded = open::run(home, async |app| {
            let password = password.as_str().into();
            let tell = |made| bar.set_position(made);
            let plan = load::Plan {
                tickets: self.tickets,
                messages: self.messages,
                long: self.long,
                seed: self.seed,
            };
            Ok(load::run(&app.services, plan, password, tell).await?)
        })?;
        bar.finish_and_clear();
        if self.json {
            output::json(&json!({
                "organization_id": loaded.organization_id.to_string(),
                "tickets": self.tickets,
                "long_ticket": (self.long > 0).then_some(self.tickets + 1),
                "messages": loaded.messages,
                "plain_bytes": loaded.plain_bytes,
                "email": loaded.email,
                "password": password,
            }))?;
        } else {
            output::line(&format!(
                "Loaded {} tickets with {} messages.",
                self.tickets, loaded.messages
            ))?;
            output::sign_in(&loaded.email, Some(&password))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
