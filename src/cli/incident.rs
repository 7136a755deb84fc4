//! `loket incident`: whose mail was reached in a window, and a message to who answers for it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Subcommand};
use serde_json::json;

use super::{open, output};
use crate::domain::incident::SCHEMA;
use crate::service::incident::{self, Window, tell, text};

/// Arguments of `loket incident`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Incident {
    #[command(subcommand)]
    command: Option<Command>,

    /// The window's begin: a date, or a time such as 2026-03-02T14:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time, required = true)]
    from: Option<DateTime<Utc>>,

    /// The window's end, which is no longer part of it
    #[arg(long, value_name = "TIME", value_parser = time, required = true)]
    to: Option<DateTime<Utc>>,

    /// Only what this user did, by the address that they sign in with
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,

    /// Only what was done to this mailbox
    #[arg(long, value_name = "ADDRESS")]
    mailbox: Option<String>,

    /// When the incident became known: the 72 hours count from then; now unless given
    #[arg(long, value_name = "TIME", value_parser = time)]
    aware_at: Option<DateTime<Utc>>,

    /// Only this organization, by its name or id; all of them unless given
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,

    /// JSON, as docs/incident.md describes it
    #[arg(long)]
    json: bool,

    /// Write it into a new file that only you can read, instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What else can be done about an incident.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write to the owners and admins of each organization of whose mail something was reached
    Notify(Notify),
}

/// Arguments of `loket incident notify`.
#[derive(Debug, Args)]
pub struct Notify {
    /// The window's begin
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: DateTime<Utc>,

    /// The window's end
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: DateTime<Utc>,

    /// A file with what you have to say to them
    #[arg(long, value_name = "FILE")]
    text: PathBuf,

    /// Only this organization, by its name or id, whatever the audit log says of it
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A date is its first moment, in UTC.
fn time(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(DateTime::from_naive_utc_and_offset(date.into(), Utc));
    }
    text.parse().map_err(|_| "write a date, or a time such as 2026-03-02T14:00:00Z".to_owned())
}

impl Incident {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        if let Some(Command::Notify(notify)) = &self.command {
            return notify.run(home);
        }
        let (Some(from), Some(to)) = (self.from, self.to) else {
            bail!("give --from and --to");
        };
        let window = Window { from, to, user: None, mailbox: None, aware_at: self.aware_at };
        let (user, mailbox) = (self.user.as_deref(), self.mailbox.as_deref());
        let packages = open::run(home, async |app| {
            let services = &app.services;
            let mut packages = Vec::new();
            let wanted = self.organization.as_deref();
            for organization in incident::organizations(services, wanted).await? {
                let window =
                    incident::window_in(services, &organization, window, user, mailbox).await?;
                if let Some(window) = window {
                    packages.push(incident::package_for(services, &organization, window).await?);
                }
            }
            Ok(packages)
        })?;
        if packages.is_empty() {
            bail!("no organization here has this user or this mailbox");
        }
        let whole = packages.iter().all(|package| package.complete && package.log.unbroken);
        let said = if self.json {
            serde_json::to_string(&json!({ "schema": SCHEMA, "packages": packages }))?
        } else {
            packages.iter().map(text::text).collect::<Vec<_>>().join("\n\n")
        };
        match &self.out {
            Some(path) => output::private(path, &said)
                .with_context(|| format!("{} cannot be written", path.display()))?,
            None => output::line(&said)?,
        }
        // A script must notice a broken log, or that this is not all.
        Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Notify {
    fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let text = std::fs::read_to_string(&self.text)
            .with_context(|| format!("{} cannot be read", self.text.display()))?;
        let wanted = self.organization.as_deref();
        let told = open::run(home, async |app| {
            Ok(tell::tell(&app.services, wanted, self.from, self.to, &text).await?)
        })?;
        if self.json {
            let told: Vec<_> = told
                .iter()
                .map(|one| {
                    let id = one.organization.id.to_string();
                    json!({ "organization_id": id, "mails": one.mails })
                })
                .collect();
            output::json(&json!({ "organizations": told }))?;
        } else if told.is_empty() {
            output::line("Nobody was written to: no mail was reached in this window.")?;
        } else {
            for one in &told {
                let (name, mails) = (&one.organization.name, one.mails);
                output::line(&format!("{name}: {mails} mails, which the running server sends."))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_read() {
        assert_eq!(time("2026-03-02").unwrap().to_rfc3339(), "2026-03-02T00:00:00+00:00");
        let exact = time("2026-03-02T14:00:00+01:00").unwrap();
        assert_eq!(exact.to_rfc3339(), "2026-03-02T13:00:00+00:00");
        assert!(time("yesterday").is_err());
    }
}
