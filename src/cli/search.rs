//! `loket search`: the search indexes of this instance.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use uuid::Uuid;

use super::{open, output};
use crate::domain::ids::ChannelId;
use crate::service::search::check::Depth;
use crate::service::search::operate;

/// What can be done with search indexes.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the indexes of this instance anew from the stored mail; the old ones answer meanwhile
    Rebuild(Rebuild),
    /// Compare the indexes of this instance with the stored mail
    Check(Check),
}

/// Arguments of `loket search rebuild`.
#[derive(Debug, Args)]
pub struct Rebuild {
    /// Only the index of this mailbox
    #[arg(long, value_name = "ID")]
    channel: Option<Uuid>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `loket search check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Only the index of this mailbox
    #[arg(long, value_name = "ID")]
    channel: Option<Uuid>,

    /// Open every message and compare its words as well: takes about as long as a rebuild
    #[arg(long)]
    words: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Command {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        match self {
            Self::Rebuild(arguments) => arguments.run(home),
            Self::Check(arguments) => arguments.run(home),
        }
    }
}

impl Rebuild {
    fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        open::run(home, async |app| {
            let bar = ProgressBar::new(0);
            bar.set_style(ProgressStyle::with_template("{bar:40} {pos} of {len} messages")?);
            let channel = self.channel.map(ChannelId);
            let count = operate::rebuild(&app.services, channel, |(done, total)| {
                bar.set_length(total);
                bar.set_position(done);
            })
            .await?;
            bar.finish_and_clear();
            if self.json {
                output::json(&json!({ "rebuilt": count }))?;
            } else {
                output::line(&format!("{count} built anew"))?;
            }
            Ok(ExitCode::SUCCESS)
        })
    }
}

impl Check {
    fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        open::run(home, async |app| {
            let depth = if self.words { Depth::Words } else { Depth::Shapes };
            let channel = self.channel.map(ChannelId);
            let found = operate::check(&app.services, channel, depth).await?;
            let well = found.iter().all(|one| one.differences.is_some_and(|found| found.is_none()));
            if self.json {
                let rows: Vec<_> = found
                    .iter()
                    .map(|one| {
                        let found = one.differences;
                        json!({
                            "channel": one.channel_id,
                            "indexed": found.is_some(),
                            "messages": found.map(|found| found.messages),
                            "missing": found.map(|found| found.missing),
                            "outdated": found.map(|found| found.outdated),
                            "surplus": found.map(|found| found.surplus),
                        })
                    })
                    .collect();
                output::json(&json!({ "ok": well, "indexes": rows }))?;
            } else {
                for one in &found {
                    let said = match one.differences {
                        None => "no index: `loket search rebuild` builds it".to_owned(),
                        Some(found) if found.is_none() => {
                            format!("{} messages, no difference", found.messages)
                        }
                        Some(found) => format!(
                            "{} messages: {} missing, {} outdated, {} too many; \
                             `loket search rebuild --channel {}` puts it right",
                            found.messages,
                            found.missing,
                            found.outdated,
                            found.surplus,
                            one.channel_id
                        ),
                    };
                    output::line(&format!("{}  {said}", one.channel_id))?;
                }
            }
            Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        })
    }
}
