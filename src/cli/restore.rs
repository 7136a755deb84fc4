//! `loket restore`: a server from its backups.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::{open, output};
use crate::app::restore::{self, Report, Request};
use crate::clock::SystemClock;
use crate::config;
use crate::ids::SystemIds;
use crate::telemetry;

/// Arguments of `loket restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// A backup of the data: one folder, such as backups/data-20260302T090000Z
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,

    /// A backup of the keyring: one folder, such as keyring-backups/keyring-20260302T090000Z
    #[arg(long, value_name = "DIR")]
    keyring: Option<PathBuf>,

    /// Move aside what is there
    #[arg(long)]
    replace: bool,

    /// Go on although the forget-list is incomplete, and record why
    #[arg(long, value_name = "REASON")]
    override_incomplete: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Restore {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let reason = self.override_incomplete.as_deref().map(str::trim);
        if reason.is_some_and(str::is_empty) {
            anyhow::bail!("--override-incomplete needs a reason: whoever reads the audit log asks");
        }
        let mut config = config::load(home)?.config;
        "warn".clone_into(&mut config.telemetry.level);
        telemetry::init_logs(&config.telemetry)?;
        let request = Request {
            from: self.from.clone(),
            keyring: self.keyring.clone(),
            replace: self.replace,
            override_incomplete: reason.map(str::to_owned),
        };
        let work = restore::run(&config, Arc::new(SystemClock), Arc::new(SystemIds), &request);
        let report = open::runtime()?.block_on(work)?;
        if self.json { self.print_json(&report) } else { self.print(&report) }?;
        Ok(ExitCode::SUCCESS)
    }

    fn print(&self, report: &Report) -> std::io::Result<()> {
        let (replay, stopped, blobs) = (report.done.replay, report.done.stopped, report.done.blobs);
        let swept = replay.swept;
        let counted = |count: u64, what: &str| output::line(&format!("{count:>9}  {what}"));
        output::line("The server is restored. What was forgotten since stays forgotten:")?;
        counted(report.last_forgotten, "entries in the forget-list")?;
        counted(replay.keyring_entries, "of them the keyring had lacked")?;
        counted(replay.data_entries, "of them the data had lacked")?;
        counted(replay.keys, "keys were destroyed again")?;
        counted(swept.channels, "mailboxes were removed again")?;
        counted(swept.tickets, "tickets were removed again")?;
        counted(swept.messages, "messages were removed again")?;
        counted(swept.contacts, "contacts were removed again")?;
        output::line("Nothing leaves by itself:")?;
        counted(stopped.answers, "answers are in doubt, and wait for somebody to decide")?;
        counted(stopped.sessions, "sessions were ended")?;
        output::line("Large mail and files:")?;
        counted(blobs.present, "were there")?;
        counted(blobs.restored, "were put back")?;
        counted(blobs.missing, "are missing")?;
        output::line("The forget-list was read from:")?;
        for source in &report.sources {
            output::line(&format!("  {source}"))?;
        }
        for problem in &report.overridden {
            output::line(&format!("Overridden: {problem}"))?;
        }
        if let Some(reason) = self.override_incomplete.as_deref()
            && !report.overridden.is_empty()
        {
            output::line(&format!("  reason, as it is recorded: {reason}"))?;
        }
        if !report.aside.is_empty() {
            output::line("What was there before was moved aside. Remove it soon, keys first:")?;
        }
        for aside in &report.aside {
            output::line(&format!("  {aside}"))?;
        }
        Ok(())
    }

    fn print_json(&self, report: &Report) -> std::io::Result<()> {
        let (replay, stopped, blobs) = (report.done.replay, report.done.stopped, report.done.blobs);
        let overridden: Vec<String> = report.overridden.iter().map(ToString::to_string).collect();
        let reason = self.override_incomplete.as_ref().filter(|_| !overridden.is_empty());
        output::json(&json!({
            "forget_list": {
                "last": report.last_forgotten,
                "keyring_lacked": replay.keyring_entries,
                "data_lacked": replay.data_entries,
                "sources": report.sources,
                "overridden": overridden,
                "reason": reason,
            },
            "keys_destroyed": replay.keys,
            "removed": {
                "mailboxes": replay.swept.channels,
                "tickets": replay.swept.tickets,
                "messages": replay.swept.messages,
                "contacts": replay.swept.contacts,
            },
            "answers_in_doubt": stopped.answers,
            "sessions_ended": stopped.sessions,
            "readers_released": stopped.readers,
            "blobs": {
                "present": blobs.present,
                "restored": blobs.restored,
                "missing": blobs.missing,
            },
            "aside": report.aside,
        }))
    }
}
