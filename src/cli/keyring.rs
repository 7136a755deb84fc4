//! `loket keyring`: the keys' own backup.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{backup, open};
use crate::service::backup as backups;

/// What can be done with the keyring.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Back up the keyring, without the root key; the server may run meanwhile
    Backup(Backup),
}

/// Arguments of `loket keyring backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Command {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let Self::Backup(Backup { json }) = self;
        let made = open::run(home, async |app| Ok(backups::create_keyring(&app.services).await?))?;
        backup::created(&made, *json)?;
        Ok(ExitCode::SUCCESS)
    }
}
