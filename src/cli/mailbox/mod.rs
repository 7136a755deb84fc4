//! `loket mailbox`: the mailboxes of an organization.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{open, output};
use crate::domain::words::{ImportMode, Provider};
use crate::service::mailboxes::{
    self, Deliver, Import, Link, MailServer, MailboxSettings, MailboxView, Tls,
};
use crate::service::{operator, users};

mod sync;

/// What can be done with mailboxes.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the mailboxes and how they are
    List(List),
    /// Link an IMAP mailbox (the password is read from standard input) or a local Maildir
    Add(Box<Add>),
    /// Read mailboxes up to now; beside a running server, by asking it to look
    Sync(sync::Sync),
}

/// Arguments of `loket mailbox list`.
#[derive(Debug, Args)]
pub struct List {
    /// The organization's name or id; needed when there is more than one
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `loket mailbox add`.
#[derive(Debug, Args)]
pub struct Add {
    /// The mailbox's address
    #[arg(long)]
    address: String,

    /// The name that customers see
    #[arg(long)]
    name: String,

    /// Where mail is read; port 143 means STARTTLS
    #[arg(
        long,
        value_name = "HOST[:PORT]",
        requires = "smtp",
        required_unless_present = "maildir"
    )]
    imap: Option<String>,

    /// Where answers are handed in; port 587 means STARTTLS
    #[arg(long, value_name = "HOST[:PORT]", requires = "imap")]
    smtp: Option<String>,

    /// The name to sign in with, if it is not the address
    #[arg(long, requires = "imap")]
    user_name: Option<String>,

    /// A Maildir on this machine, instead of IMAP
    #[arg(long, value_name = "DIR", conflicts_with = "imap")]
    maildir: Option<PathBuf>,

    /// With --maildir: the Maildir that answers are put into; without it they go to sendmail
    #[arg(long, value_name = "DIR", requires = "maildir")]
    deliver_to: Option<PathBuf>,

    /// Which mail to bring along: now, all, or a date such as 2026-01-31
    #[arg(long, default_value = "now", value_name = "FROM")]
    import: String,

    /// The language of answers: en, nl or de
    #[arg(long, default_value = "en")]
    language: String,

    /// Who belongs to it, by sign-in address; the owner if nobody is named
    #[arg(long, value_name = "ADDRESS")]
    member: Vec<String>,

    /// The organization's name or id; needed when there is more than one
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Command {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        match self {
            Self::List(arguments) => arguments.run(home),
            Self::Add(arguments) => arguments.run(home),
            Self::Sync(arguments) => arguments.run(home),
        }
    }
}

impl List {
    fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let wanted = self.organization.as_deref();
        let views = open::run(home, async |app| {
            let organization = operator::find_organization(&app.services, wanted).await?;
            let actor = operator::act_for(&app.services, organization.id).await?;
            Ok(mailboxes::list(&app.services, &actor).await?)
        })?;
        if self.json {
            let items: Vec<Value> = views.iter().map(describe).collect();
            output::json(&json!({ "items": items }))?;
            return Ok(ExitCode::SUCCESS);
        }
        if views.is_empty() {
            output::line("There is no mailbox yet.")?;
        }
        for MailboxView { mailbox, .. } in &views {
            let seen = mailbox.last_sync_at.map_or_else(
                || "never read".to_owned(),
                |at| format!("read {}", at.format("%Y-%m-%d %H:%M UTC")),
            );
            let why = mailbox.state_code.as_ref().map(|code| format!(" ({code})"));
            output::line(&format!(
                "{}  {}  {}{}, {seen}",
                mailbox.address,
                mailbox.provider,
                mailbox.state,
                why.unwrap_or_default()
            ))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Add {
    fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let link = self.link()?;
        let id = open::run(home, async |app| {
            let wanted = self.organization.as_deref();
            let organization = operator::find_organization(&app.services, wanted).await?;
            let users = users::list_of(&app.services, organization.id).await?;
            let mut members = Vec::new();
            for address in &self.member {
                let user = users
                    .iter()
                    .find(|user| user.email.eq_ignore_ascii_case(address))
                    .with_context(|| format!("nobody signs in as {address}"))?;
                members.push(user.membership_id);
            }
            if members.is_empty() {
                members
                    .push(operator::act_for(&app.services, organization.id).await?.membership_id);
            }
            Ok(mailboxes::create_for(&app.services, organization.id, &members, link).await?)
        })?;
        if self.json {
            output::json(&json!({ "mailbox_id": id.to_string() }))?;
        } else {
            output::line(&format!("Linked {} ({id}).", self.address))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn link(&self) -> anyhow::Result<Link> {
        let absolute = |path: &Path| -> anyhow::Result<String> {
            let path = std::path::absolute(path)?;
            path.into_os_string().into_string().map_err(|_| anyhow::anyhow!("a path is not UTF-8"))
        };
        let password = if self.imap.is_some() {
            let mut line = String::new();
            std::io::stdin()
                .read_line(&mut line)
                .context("the mailbox's password cannot be read from standard input")?;
            Some(line.trim_end_matches(['\r', '\n']).into())
        } else {
            None
        };
        let deliver = match (&self.maildir, &self.deliver_to) {
            (Some(_), Some(folder)) => Some(Deliver::Folder { path: absolute(folder)? }),
            (Some(_), None) => Some(Deliver::Sendmail { command: None }),
            (None, _) => None,
        };
        let settings = MailboxSettings {
            imap: self.imap.as_deref().map(|text| server(text, 993, 143)).transpose()?,
            smtp: self.smtp.as_deref().map(|text| server(text, 465, 587)).transpose()?,
            user_name: self.user_name.clone(),
            path: self.maildir.as_deref().map(absolute).transpose()?,
            deliver,
            ..MailboxSettings::default()
        };
        Ok(Link {
            provider: if self.maildir.is_some() { Provider::Maildir } else { Provider::Imap },
            address: self.address.clone(),
            display_name: self.name.clone(),
            language: Some(self.language.clone()),
            settings,
            password,
            import: import(&self.import)?,
        })
    }
}

/// `HOST[:PORT]`; TLS from the first byte, unless the port is the one for STARTTLS.
fn server(text: &str, port: u16, starttls: u16) -> anyhow::Result<MailServer> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, number)) => {
            let number =
                number.parse().with_context(|| format!("{text}: the port is no number"))?;
            (host, number)
        }
        None => (text, port),
    };
    let tls = if port == starttls { Tls::Starttls } else { Tls::Implicit };
    Ok(MailServer { host: host.to_owned(), port, tls })
}

fn import(text: &str) -> anyhow::Result<Import> {
    let (mode, since) = match text {
        "now" => (ImportMode::Now, None),
        "all" => (ImportMode::All, None),
        date => match date.parse::<NaiveDate>() {
            Ok(date) => (
                ImportMode::Since,
                Some(DateTime::<Utc>::from_naive_utc_and_offset(date.into(), Utc)),
            ),
            Err(_) => bail!("--import {date}: write now, all, or a date such as 2026-01-31"),
        },
    };
    Ok(Import { mode, since })
}

fn describe(view: &MailboxView) -> Value {
    let MailboxView { mailbox, counts, members, .. } = view;
    let counts: serde_json::Map<String, Value> =
        counts.iter().map(|(state, count)| (state.to_string(), json!(count))).collect();
    json!({
        "id": mailbox.channel_id.to_string(),
        "address": mailbox.address,
        "display_name": mailbox.display_name,
        "provider": mailbox.provider,
        "state": mailbox.state,
        "error": mailbox.state_code,
        "last_sync_at": mailbox.last_sync_at,
        "counts": counts,
        "members": members.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_and_dates_are_read() {
        let read = |text| server(text, 993, 143).unwrap();
        assert_eq!(
            (read("mail.example.com").port, read("mail.example.com").tls),
            (993, Tls::Implicit)
        );
        assert_eq!(
            (read("mail.example.com:143").port, read("mail.example.com:143").tls),
            (143, Tls::Starttls)
        );
        assert!(server("mail.example.com:x", 993, 143).is_err());
        assert_eq!(
            import("2026-01-31").unwrap().since.unwrap().to_rfc3339(),
            "2026-01-31T00:00:00+00:00"
        );
        assert!(import("yesterday").is_err());
    }
}
