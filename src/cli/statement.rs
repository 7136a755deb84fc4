//! `loket statement`: check what a server has signed, without a server; and what this one has.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use chrono::DateTime;
use clap::{Args, Subcommand};

use super::{open, output};
use crate::service::closing;
use crate::service::purge::statement::{self, Signed, Statement};

/// The largest file that is looked at; a statement has a few kilobytes.
const LARGEST: u64 = 1024 * 1024;

/// What can be done with statements.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a statement of deletion against a key that is known from elsewhere
    Verify(Verify),
    /// List the statements that this server has signed, those of closed organizations too
    List(List),
    /// Print a statement as the file that others can check
    Export(Export),
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

/// Arguments of `loket statement list`.
#[derive(Debug, Args)]
pub struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `loket statement export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The statement's id
    #[arg(value_name = "ID")]
    id: uuid::Uuid,
}

impl Command {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        match self {
            Self::Verify(arguments) => arguments.run(),
            Self::List(arguments) => arguments.run(home),
            Self::Export(arguments) => arguments.run(home),
        }
    }
}

fn all(home: &Path) -> anyhow::Result<Vec<Signed>> {
    open::run(home, async |app| Ok(closing::statement::all(&app.services).await?))
}

impl List {
    fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let found = all(home)?;
        if self.json {
            let told: Vec<_> = found.iter().map(|file| &file.statement).collect();
            output::json(&told)?;
            return Ok(ExitCode::SUCCESS);
        }
        if found.is_empty() {
            output::line("This server has signed no statement.")?;
        }
        for file in found {
            let word = |path: &str| {
                let found = file.statement.pointer(path).and_then(|word| word.as_str());
                harmless(found.unwrap_or("-"))
            };
            output::line(&format!(
                "{}  {}  {:12}  {}",
                word("/id"),
                word("/times/finished_at"),
                word("/subject/kind"),
                word("/organization/name")
            ))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Export {
    fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let id = self.id.to_string();
        let is_it = |file: &Signed| file.statement.get("id").is_some_and(|held| *held == *id);
        let found = all(home)?.into_iter().find(is_it);
        let found = found.with_context(|| {
            format!("this server has no statement {id}; `loket statement list` names those it has")
        })?;
        output::json(&found)?;
        Ok(ExitCode::SUCCESS)
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
    let provider = match subject.provider.as_str() {
        "" => String::new(),
        provider => format!(" ({})", harmless(provider)),
    };
    line("deleted", format!("{} {}{provider}", harmless(&subject.kind), subject.id));
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
    if let Some(closed) = &stored_closing(stated) {
        line("closed", closed.clone());
    }
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

/// What else an organization had that was closed.
fn stored_closing(stated: &Statement) -> Option<String> {
    let closed = stated.closed.as_ref()?;
    let export = match (&closed.exported_at, &closed.export_downloaded_at) {
        (None, _) => "no export".to_owned(),
        (Some(_), None) => "an export that nobody downloaded".to_owned(),
        (Some(_), Some(at)) => format!("an export, downloaded {}", harmless(at)),
    };
    Some(format!("{} mailboxes, {} users; {export}", closed.mailboxes, closed.users))
}

/// Without the control characters by which a name could speak to the terminal.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
