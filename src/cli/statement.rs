//! `loket statement`: check what a server has signed, without a server.

use std::fs;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use chrono::DateTime;
use clap::{Args, Subcommand};

use super::output;
use crate::service::purge::statement::{self, Statement};

/// The largest file that is looked at; a statement has a few kilobytes.
const LARGEST: u64 = 1024 * 1024;

/// What can be done with statements.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a statement of deletion against a key that is known from elsewhere
    Verify(Verify),
}

/// Arguments of `loket statement verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The statement as it was downloaded; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The fingerprint of the key that the organization has published; without it nothing is
    /// proven, for anybody can make a key
    #[arg(long, value_name = "FINGERPRINT")]
    key: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Command {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let Self::Verify(arguments) = self;
        arguments.run()
    }
}

impl Verify {
    fn run(&self) -> anyhow::Result<ExitCode> {
        let text = self.read().with_context(|| {
            format!("\"{}\" cannot be read as a statement", self.file.display())
        })?;
        let stated = statement::verify(&text, self.key.as_deref())?;
        if self.json {
            output::json(&stated)?;
        } else {
            output::line(&summary(&stated))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn read(&self) -> io::Result<String> {
        let mut text = String::new();
        let read = if self.file.as_os_str() == "-" {
            io::stdin().lock().take(LARGEST).read_to_string(&mut text)
        } else {
            fs::File::open(&self.file)?.take(LARGEST).read_to_string(&mut text)
        };
        read.map(|_| text)
    }
}

/// What it states, in a few lines.
fn summary(stated: &Statement) -> String {
    let Statement { organization, subject, request, times, deleted, keys, remnants, .. } = stated;
    let by = |id: Option<uuid::Uuid>| id.map_or(String::new(), |id| format!(" by {id}"));
    let day = |millis: Option<i64>| {
        let at = millis.and_then(DateTime::from_timestamp_millis);
        at.map_or_else(|| "-".to_owned(), |at| at.format("%Y-%m-%d").to_string())
    };
    let at = |time: &Option<String>| time.clone().unwrap_or_else(|| "-".to_owned());
    let mut lines = vec!["Genuine: signed with the key that you gave, and not altered.".to_owned()];
    let mut line = |label: &str, value: String| lines.push(format!("  {label:<16}{value}"));
    line("statement", stated.id.to_string());
    line("organization", format!("{} ({})", harmless(&organization.name), organization.id));
    line("deleted", format!("{} {} ({})", subject.kind, subject.id, harmless(&subject.provider)));
    line("cause", format!("{}{}", harmless(&request.cause), by(request.by)));
    if request.early_by.is_some() {
        let agreed =
            request.early_confirmed_by.map_or(String::new(), |id| format!(", agreed by {id}"));
        line("done at once", format!("asked{}{agreed}", by(request.early_by)));
    }
    line("requested", times.requested_at.clone());
    line("window ended", times.window_ended_at.clone());
    line("keys destroyed", at(&times.keys_destroyed_at));
    line("nothing left", at(&times.finished_at));
    line(
        "counts",
        format!(
            "{} tickets, {} messages, {} attachments, {} contacts, {} originals, {} answers, {} drafts",
            deleted.tickets,
            deleted.messages,
            deleted.attachments,
            deleted.contacts,
            deleted.originals,
            deleted.answers,
            deleted.drafts
        ),
    );
    line("mail of", format!("{} to {}", day(deleted.oldest), day(deleted.newest)));
    for key in &keys.destroyed {
        line("key destroyed", key.to_string());
    }
    line("readable until", format!("{} (backups of keys)", remnants.readable_until));
    line("remnants until", format!("{} (sealed, in backups of data)", remnants.backups_until));
    if remnants.keys_in_same_cluster {
        line("note", "keys and data were in one PostgreSQL cluster".to_owned());
    }
    lines.join("\n")
}

/// Without the control characters by which a name could speak to the terminal.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
