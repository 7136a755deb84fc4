//! `loket mailbox sync`: read mailboxes up to now.

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use crate::app::{App, Looked, OnceError};
use crate::authz::Actor;
use crate::cli::{open, output};
use crate::domain::words::LedgerState;
use crate::service::mailboxes::{self, MailboxView};
use crate::service::{operator, sync};

/// Arguments of `loket mailbox sync`.
#[derive(Debug, Args)]
pub struct Sync {
    /// The mailbox to read; all of them if none is named
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,

    /// The organization's name or id; needed when there is more than one
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What became of one mailbox.
struct Outcome {
    address: String,
    result: Result<Looked, Failed>,
    /// How many more there are of each than before.
    counts: HashMap<LedgerState, i64>,
    seconds: f64,
}

/// Why it was not read.
struct Failed {
    code: String,
    words: Option<String>,
}

impl Sync {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let outcomes = open::run(home, async |app| self.read(app).await)?;
        let failed = outcomes.iter().any(|outcome| outcome.result.is_err());
        if self.json {
            let items: Vec<Value> = outcomes.iter().map(Outcome::describe).collect();
            output::json(&json!({ "items": items }))?;
        } else if outcomes.is_empty() {
            output::line("There is no mailbox yet.")?;
        } else {
            for outcome in &outcomes {
                output::line(&outcome.line())?;
            }
        }
        Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    async fn read(&self, app: &App) -> anyhow::Result<Vec<Outcome>> {
        let services = &app.services;
        let organization =
            operator::find_organization(services, self.organization.as_deref()).await?;
        let actor = operator::act_for(services, organization.id).await?;
        let mut views = mailboxes::list(services, &actor).await?;
        if let Some(address) = &self.address {
            views.retain(|view| view.mailbox.address.eq_ignore_ascii_case(address));
            anyhow::ensure!(!views.is_empty(), "no mailbox has the address {address}");
        }
        let mut outcomes = Vec::with_capacity(views.len());
        for view in views {
            outcomes.push(one(app, &actor, view).await?);
        }
        Ok(outcomes)
    }
}

async fn one(app: &App, actor: &Actor, before: MailboxView) -> anyhow::Result<Outcome> {
    let services = &app.services;
    let began = services.store().now();
    let mailbox = &before.mailbox;
    let result = match sync::find(services, mailbox.organization_id, mailbox.channel_id).await? {
        None => Err(Failed { code: mailbox.state.to_string(), words: None }),
        Some(found) => match app.sync(&found).await {
            Ok(looked) => Ok(looked),
            Err(OnceError::Unreadable { code, words }) => {
                Err(Failed { code: code.to_owned(), words })
            }
            Err(error @ OnceError::Busy) => {
                Err(Failed { code: "busy".to_owned(), words: Some(error.to_string()) })
            }
            Err(OnceError::Service(error)) => return Err(error.into()),
        },
    };
    let after = mailboxes::get(services, actor, mailbox.channel_id).await?;
    let counts = after
        .counts
        .iter()
        .map(|(state, count)| (*state, count - before.counts.get(state).unwrap_or(&0)))
        .collect();
    let seconds = (services.store().now() - began).as_seconds_f64();
    Ok(Outcome { address: mailbox.address.clone(), result, counts, seconds })
}

impl Outcome {
    fn count(&self, state: LedgerState) -> i64 {
        self.counts.get(&state).copied().unwrap_or(0)
    }

    fn skipped(&self) -> i64 {
        self.count(LedgerState::Skipped) + self.count(LedgerState::Missing)
    }

    fn describe(&self) -> Value {
        let (read_by, error) = match &self.result {
            Ok(Looked::Here) => (Some("here"), Value::Null),
            Ok(Looked::Server) => (Some("server"), Value::Null),
            Err(failed) => (None, json!({ "code": failed.code, "words": failed.words })),
        };
        json!({
            "address": self.address,
            "read_by": read_by,
            "error": error,
            "imported": self.count(LedgerState::Imported),
            "duplicate": self.count(LedgerState::Duplicate),
            "skipped": self.skipped(),
            "quarantined": self.count(LedgerState::Quarantined),
            "seconds": (self.seconds * 1000.0).round() / 1000.0,
        })
    }

    fn line(&self) -> String {
        match &self.result {
            Ok(looked) => format!(
                "{}  {} imported, {} duplicate, {} skipped, {} quarantined{}",
                self.address,
                self.count(LedgerState::Imported),
                self.count(LedgerState::Duplicate),
                self.skipped(),
                self.count(LedgerState::Quarantined),
                if *looked == Looked::Server { " (read by the running server)" } else { "" },
            ),
            Err(Failed { code, words }) => {
                let words = words.as_ref().map(|words| format!(": {words}")).unwrap_or_default();
                format!("{}  not read ({code}){words}", self.address)
            }
        }
    }
}
