//! `loket user`: the people who work in an organization.

use std::path::Path;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;
use serde_json::json;

use super::password::Password;
use super::{open, output};
use crate::domain::words::Role;
use crate::service::operator;
use crate::service::users::{self, NewUser};

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a user
    Create(Create),
}

/// Arguments of `loket user create`.
#[derive(Debug, Args)]
pub struct Create {
    /// The address to sign in with
    #[arg(long, value_name = "ADDRESS")]
    email: String,

    /// The name that colleagues see
    #[arg(long)]
    name: String,

    /// What they may do
    #[arg(long, default_value = "agent", value_parser = PossibleValuesParser::new(ROLES))]
    role: String,

    /// The organization's name or id; needed when there is more than one
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,

    /// Mail them a link to choose a password by, instead of making one
    #[arg(long, conflicts_with = "password_stdin")]
    invite: bool,

    #[command(flatten)]
    password: Password,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

const ROLES: &[&str] = &["owner", "admin", "agent", "auditor"];

impl Command {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let Self::Create(arguments) = self;
        arguments.run(home)
    }
}

impl Create {
    fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        if self.invite {
            return self.invite(home);
        }
        let (password, show) = self.password.get()?;
        let new = NewUser {
            name: self.name.clone(),
            email: self.email.clone(),
            role: self.role.parse::<Role>()?,
            password: password.clone(),
        };
        let wanted = self.organization.as_deref();
        let (organization, id) = open::run(home, async |app| {
            let organization = operator::find_organization(&app.services, wanted).await?;
            let id = users::create(&app.services, organization.id, new).await?;
            Ok((organization, id))
        })?;
        let shown = show.then(|| password.expose_secret());
        if self.json {
            output::json(&json!({
                "user_id": id.to_string(),
                "organization_id": organization.id.to_string(),
                "password": shown,
            }))?;
        } else {
            output::line(&format!("Made the user {} in {} ({id}).", self.name, organization.name))?;
            output::sign_in(&self.email, shown)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn invite(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let role = self.role.parse::<Role>()?;
        let wanted = self.organization.as_deref();
        let (organization, id) = open::run(home, async |app| {
            let organization = operator::find_organization(&app.services, wanted).await?;
            let (name, email) = (&self.name, &self.email);
            let id = users::invite_for(&app.services, organization.id, name, email, role).await?;
            Ok((organization, id))
        })?;
        if self.json {
            output::json(&json!({
                "user_id": id.to_string(),
                "organization_id": organization.id.to_string(),
                "password": null,
            }))?;
        } else {
            output::line(&format!(
                "Made the user {} in {} ({id}). The running server mails them a link to choose a \
                 password by.",
                self.name, organization.name
            ))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
