//! `loket backup`: backups of the data, and what there is of both kinds.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{open, output};
use crate::service::backup::{self, Created, Pruned};

/// What can be done with backups.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Back up data and mail, without any key; the server may run meanwhile
    Create(Json),

    /// List the backups of data and keyring
    List(Json),

    /// Read backups whole and compare them with what was signed
    Verify(Verify),

    /// Remove what is older than the configuration allows (the server does so every hour)
    Prune(Json),
}

/// Arguments of subcommands that only print.
#[derive(Debug, Args)]
pub struct Json {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `loket backup verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder of one backup; all of them unless given
    #[arg(value_name = "DIR")]
    backup: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Command {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        match self {
            Self::Create(Json { json }) => {
                let made = open::run(home, async |app| Ok(backup::create(&app.services).await?))?;
                created(&made, *json)?;
            }
            Self::List(Json { json }) => list(home, *json)?,
            Self::Verify(verify) => return verify.run(home),
            Self::Prune(Json { json }) => {
                let gone = open::run(home, async |app| Ok(backup::prune(&app.services).await?))?;
                if *json {
                    output::json(&gone)?;
                } else if gone == Pruned::default() {
                    output::line("Nothing is older than it may be.")?;
                } else {
                    pruned(&gone)?;
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Says what was made.
pub(super) fn created(made: &Created, json: bool) -> std::io::Result<()> {
    if json {
        return output::json(made);
    }
    output::line(&format!("Backed up to {}", made.path.display()))?;
    output::line(&format!(
        "  {} bytes, {} large mails and files ({} of them copied now)",
        made.bytes, made.blobs, made.blobs_copied
    ))?;
    pruned(&made.pruned)
}

fn pruned(gone: &Pruned) -> std::io::Result<()> {
    for name in gone.data.iter().chain(&gone.keyring).chain(&gone.aside) {
        output::line(&format!("  removed {name}, whose time was over"))?;
    }
    if gone.blobs > 0 {
        output::line(&format!("  removed {} files that no backup needs any more", gone.blobs))?;
    }
    Ok(())
}

fn list(home: &Path, json: bool) -> anyhow::Result<()> {
    let all = open::run(home, async |app| Ok(backup::list(&app.services)?))?;
    if json {
        return Ok(output::json(&json!({ "items": all }))?);
    }
    if all.is_empty() {
        output::line("There is no backup yet: loket backup create makes one.")?;
    }
    for one in all {
        let size = one.bytes.map_or("cannot be read".to_owned(), |bytes| format!("{bytes} bytes"));
        let at = one.at.format("%Y-%m-%d %H:%M UTC");
        output::line(&format!("{at}  {:<8}{size:>16}  {}", one.kind.as_str(), one.path.display()))?;
    }
    Ok(())
}

impl Verify {
    fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let only = self.backup.as_deref();
        let all = open::run(home, async |app| Ok(backup::verify(&app.services, only).await?))?;
        let well = all.iter().all(|one| one.problem.is_none());
        if self.json {
            output::json(&json!({ "ok": well, "items": all }))?;
        } else {
            for one in &all {
                match &one.problem {
                    None => output::line(&format!("ok    {}", one.name))?,
                    Some(problem) => output::line(&format!("FAIL  {}  {problem}", one.name))?,
                }
            }
            if all.is_empty() {
                output::line("There is no backup yet: loket backup create makes one.")?;
            }
        }
        Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
