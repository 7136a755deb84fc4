//! `loket org`: organizations.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use secrecy::ExposeSecret;
use serde_json::json;

use super::password::Password;
use super::{open, output};
use crate::domain::words::Role;
use crate::service::organization::{self, NewOrganization};
use crate::service::users::NewUser;

/// What can be done with organizations.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an organization and its owner
    Create(Create),
}

/// Arguments of `loket org create`.
#[derive(Debug, Args)]
pub struct Create {
    /// What the organization is called
    #[arg(long)]
    name: String,

    /// Its time zone, such as Europe/Amsterdam
    #[arg(long, default_value = "UTC", value_name = "ZONE")]
    time_zone: String,

    /// The owner's address, to sign in with
    #[arg(long, value_name = "ADDRESS")]
    owner_email: String,

    /// The owner's name
    #[arg(long, value_name = "NAME")]
    owner_name: String,

    #[command(flatten)]
    password: Password,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Command {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let Self::Create(arguments) = self;
        arguments.run(home)
    }
}

impl Create {
    fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let (password, show) = self.password.get()?;
        let new = NewOrganization {
            name: self.name.clone(),
            time_zone: self.time_zone.clone(),
            owner: NewUser {
                name: self.owner_name.clone(),
                email: self.owner_email.clone(),
                role: Role::Owner,
                password: password.clone(),
            },
        };
        let made =
            open::run(home, async |app| Ok(organization::create(&app.services, new).await?))?;
        let shown = show.then(|| password.expose_secret());
        if self.json {
            output::json(&json!({
                "organization_id": made.organization_id.to_string(),
                "owner_id": made.membership_id.to_string(),
                "password": shown,
            }))?;
        } else {
            output::line(&format!(
                "Made the organization {} ({}).",
                self.name, made.organization_id
            ))?;
            output::sign_in(&self.owner_email, shown)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
