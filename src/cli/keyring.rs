//! `loket keyring`: the keys' own backup, and new secrets for them.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{backup, open, output};
use crate::app::{App, rotate};
use crate::clock::{Clock as _, SystemClock};
use crate::config;
use crate::ids::SystemIds;
use crate::service::backup as backups;
use crate::service::rotation::{self, KeyKind, Progress, Rotation, Status, Which};
use crate::telemetry;

/// What can be done with the keyring.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Back up the keyring, without the root key; the server may run meanwhile
    Backup(Json),

    /// Give a key a new secret; what hangs on it is wrapped anew at once
    #[command(subcommand)]
    Rotate(Rotate),

    /// Versions and ages of the keys, and how far sealing anew is
    Status(Json),
}

/// Whether to print JSON.
#[derive(Debug, Args)]
pub struct Json {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Which key.
#[derive(Debug, Subcommand)]
pub enum Rotate {
    /// The root key; the server must be stopped
    Root(Json),

    /// The server's key; the server may run meanwhile
    Server(Json),

    /// An organization's key; the server may run meanwhile
    Organization(Named),

    /// A mailbox's key; the server may run meanwhile
    Mailbox(Named),
}

/// Which one.
#[derive(Debug, Args)]
pub struct Named {
    /// The organization's id or name, or the mailbox's address
    #[arg(value_name = "NAME")]
    name: String,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Command {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        match self {
            Self::Backup(Json { json }) => {
                let work = async |app: &App| Ok(backups::create_keyring(&app.services).await?);
                backup::created(&open::run(home, work)?, *json)?;
            }
            Self::Status(Json { json }) => {
                let work = async |app: &App| Ok(rotation::status(&app.services).await?);
                let status = open::run(home, work)?;
                if *json { output::json(&document(&status))? } else { print(&status)? }
            }
            Self::Rotate(Rotate::Root(Json { json })) => root(home, *json)?,
            Self::Rotate(Rotate::Server(Json { json })) => rotate(home, &Which::Server, *json)?,
            Self::Rotate(Rotate::Organization(Named { name, json })) => {
                rotate(home, &Which::Organization(name.clone()), *json)?;
            }
            Self::Rotate(Rotate::Mailbox(Named { name, json })) => {
                rotate(home, &Which::Mailbox(name.clone()), *json)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn root(home: &Path, json: bool) -> anyhow::Result<()> {
    let mut config = config::load(home)?.config;
    "warn".clone_into(&mut config.telemetry.level);
    telemetry::init_logs(&config.telemetry)?;
    let work = rotate::root(&config, Arc::new(SystemClock), Arc::new(SystemIds));
    let report = open::runtime()?.block_on(work)?;
    let rotate::Report { rotated, path, previous } = report;
    if json {
        return Ok(output::json(&json!({
            "version": rotated.version,
            "wrapped": rotated.children,
            "root_key": path,
            "previous": previous,
        }))?);
    }
    output::line(&format!("The root key has version {} now.", rotated.version))?;
    output::line(&format!(
        "  {}  the new root key: copy it to where the old one is kept",
        path.display()
    ))?;
    output::line(&format!(
        "  {}  the old one: only backups of the keyring from before need it. Keep it apart from this \
         machine until the last of them is gone, then destroy it",
        previous.display()
    ))?;
    Ok(())
}

fn rotate(home: &Path, which: &Which, json: bool) -> anyhow::Result<()> {
    let done = open::run(home, async |app| {
        let of = rotation::resolve(&app.services, which).await?;
        let begun = rotation::begin(&app.services, of).await?;
        // The server's worker would do it as well; nobody has to wait for one.
        while rotation::run(&app.services, begun.id).await? == Progress::Goes {}
        let status = rotation::status(&app.services).await?;
        Ok(status.rotations.into_iter().find(|one| one.id == begun.id).unwrap_or(begun))
    })?;
    if json {
        return Ok(output::json(&rotation_document(&done))?);
    }
    output::line(&format!("The key has version {} now.", done.version))?;
    output::line(&format!("{:>9}  keys that hang on it were wrapped anew", done.children))?;
    output::line(&format!("{:>9}  rows that it seals were sealed anew", done.done))?;
    if let Some(at) = done.forget_at.filter(|_| done.finished_at.is_none()) {
        output::line(&format!(
            "The old secret is destroyed on {}: until then backups of the data may need it.",
            at.format("%Y-%m-%d")
        ))?;
    }
    Ok(())
}

fn print(status: &Status) -> std::io::Result<()> {
    output::line(&format!("root key          version {}", status.root_version))?;
    for (key, name) in &status.keys {
        let since = time(key.rotated_at.unwrap_or(key.created_at));
        let days = since.map_or(0, |since| (SystemClock.now() - since).num_days());
        let retired = if key.retired.is_empty() { "" } else { ", an older secret opens yet" };
        output::line(&format!(
            "{:<17} version {}, {days} days old{retired}  {name}",
            kind(key.kind),
            key.version
        ))?;
    }
    for one in status.rotations.iter().filter(|one| one.finished_at.is_none()) {
        output::line(&format!(
            "{}: to version {}, {} of {} rows sealed anew ({})",
            one.key_id, one.version, one.done, one.total, one.state
        ))?;
    }
    Ok(())
}

fn document(status: &Status) -> Value {
    let keys: Vec<Value> = status
        .keys
        .iter()
        .map(|(key, name)| {
            json!({
                "id": key.id,
                "kind": kind(key.kind),
                "name": name,
                "version": key.version,
                "created_at": time(key.created_at),
                "rotated_at": key.rotated_at.and_then(time),
                "retired": key.retired,
            })
        })
        .collect();
    let rotations: Vec<Value> = status.rotations.iter().map(rotation_document).collect();
    json!({ "root_version": status.root_version, "keys": keys, "rotations": rotations })
}

fn rotation_document(one: &Rotation) -> Value {
    json!({
        "key_id": one.key_id,
        "version": one.version,
        "state": one.state.as_str(),
        "wrapped": one.children,
        "done": one.done,
        "total": one.total,
        "started_at": one.started_at,
        "resealed_at": one.resealed_at,
        "forget_at": one.forget_at,
        "finished_at": one.finished_at,
    })
}

fn kind(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Server => "server",
        KeyKind::Organization => "organization",
        KeyKind::Channel => "mailbox",
        KeyKind::Content | KeyKind::Profile | KeyKind::Parcel | KeyKind::Signing => "other",
    }
}

fn time(millis: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis)
}
