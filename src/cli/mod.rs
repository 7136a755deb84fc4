//! One file per subcommand; no logic of its own.
//!
//! In order: [`main`] parses the command line ([`Cli`]), calls the subcommand's `run`, and
//! prints an error with its causes. A subcommand that prints takes `--json`: then its standard
//! output is JSON and nothing else. Exit codes: 0 done, 1 it failed, 2 it was called wrongly.
//!
//! To add a subcommand: a file with its `Args` and `run`, and an arm in [`Command`].

pub mod backup;
pub mod bench;
pub mod config;
pub mod corpus;
pub mod demo;
pub mod doctor;
pub mod import;
pub mod incident;
pub mod keyring;
pub mod mail;
pub mod mailbox;
pub mod migrate;
mod open;
pub mod org;
mod output;
pub mod password;
pub mod restore;
pub mod search;
pub mod serve;
pub mod statement;
pub mod user;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "loket",
    version,
    about = "A helpdesk ticketing server that keeps customers' mail encrypted and forgets it on time",
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Cli {
    /// The home folder, with loket.toml, data/ and keys/; the current one unless given
    #[arg(long, global = true, env = "LOKET_HOME", value_name = "DIR", hide_env_values = true)]
    pub home: Option<PathBuf>,

    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What Loket can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server
    Serve(serve::Serve),

    /// Try Loket: a shop with a week of mail, in a folder that is gone afterwards unless --home
    /// names one
    Demo(demo::Demo),

    /// Make organizations
    #[command(subcommand, arg_required_else_help = true)]
    Org(org::Command),

    /// Make users
    #[command(subcommand, arg_required_else_help = true)]
    User(user::Command),

    /// Link mailboxes and see how they are
    #[command(subcommand, arg_required_else_help = true)]
    Mailbox(mailbox::Command),

    /// Bring mail along from an mbox, a Maildir or a folder of .eml files
    Import(import::Import),

    /// Back up the data, and look after backups
    #[command(subcommand, arg_required_else_help = true)]
    Backup(backup::Command),

    /// Back up the keys, apart from the data
    #[command(subcommand, arg_required_else_help = true)]
    Keyring(keyring::Command),

    /// Put a server back from its backups; what was forgotten stays forgotten
    Restore(restore::Restore),

    /// Whose mail was reached in a window, by whom and how, from the audit log
    Incident(incident::Incident),

    /// Look after the search indexes of this instance
    #[command(subcommand, arg_required_else_help = true)]
    Search(search::Command),

    /// Look whether everything is well, and say what to do if it is not
    Doctor(doctor::Doctor),

    /// Bring the databases up to date (every start does so too)
    Migrate(migrate::Migrate),

    /// Look at the configuration
    #[command(subcommand, arg_required_else_help = true)]
    Config(config::Command),

    /// Look at mail, without a server
    #[command(subcommand, arg_required_else_help = true)]
    Mail(mail::Command),

    /// Check signed statements of deletion, without a server
    #[command(subcommand, arg_required_else_help = true)]
    Statement(statement::Command),

    /// Measure Loket
    #[command(subcommand, arg_required_else_help = true, hide = true)]
    Bench(bench::Command),
}

/// Runs the process's command line.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed standard error cannot be told about.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match execute(&cli) {
        Ok(code) => code,
        Err(error) => {
            output::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn execute(cli: &Cli) -> anyhow::Result<ExitCode> {
    let home = cli.home.as_deref().unwrap_or(Path::new("."));
    match &cli.command {
        Command::Config(command) => command.run(home),
        Command::Serve(serve) => serve.run(home),
        Command::Demo(demo) => demo.run(cli.home.as_deref()),
        Command::Mail(command) => command.run(),
        Command::Statement(command) => command.run(home),
        Command::Org(command) => command.run(home),
        Command::User(command) => command.run(home),
        Command::Mailbox(command) => command.run(home),
        Command::Import(import) => import.run(home),
        Command::Backup(command) => command.run(home),
        Command::Keyring(command) => command.run(home),
        Command::Restore(restore) => restore.run(home),
        Command::Incident(incident) => incident.run(home),
        Command::Search(command) => command.run(home),
        Command::Doctor(doctor) => doctor.run(home),
        Command::Bench(command) => command.run(home),
        Command::Migrate(migrate) => migrate.run(home),
    }
}
