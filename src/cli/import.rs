//! `loket import`: bring mail along from files.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{open, output};
use crate::service::import::{self, Counts, Progress, Tell};
use crate::service::operator;

/// How often the bar moves by itself, so that one sees that it lives.
const TICK: Duration = Duration::from_millis(200);

/// Arguments of `loket import`.
#[derive(Debug, Args)]
pub struct Import {
    /// An mbox, a Maildir, or a folder of .eml files
    #[arg(value_name = "PATH")]
    path: PathBuf,

    /// The mailbox that the mail belongs to
    #[arg(long, value_name = "ADDRESS")]
    mailbox: String,

    /// The organization's name or id; needed when there is more than one
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,

    /// Print the counts as JSON
    #[arg(long)]
    json: bool,
}

impl Import {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let bar = bar();
        let (counts, seconds) = open::run(home, async |app| {
            let services = &app.services;
            let began = services.store().now();
            let organization =
                operator::find_organization(services, self.organization.as_deref()).await?;
            let tell = tell(&bar);
            let counts =
                import::run(services, organization.id, &self.mailbox, &self.path, tell).await;
            bar.finish_and_clear();
            let took = services.store().now() - began;
            Ok((counts?, took.as_seconds_f64()))
        })?;
        let seconds = (seconds * 1000.0).round() / 1000.0;
        let Counts { read, imported, duplicate, skipped, quarantined, tickets } = counts;
        if self.json {
            output::json(&json!({
                "read": read,
                "imported": imported,
                "duplicate": duplicate,
                "skipped": skipped,
                "quarantined": quarantined,
                "tickets": tickets,
                "seconds": seconds,
            }))?;
            return Ok(ExitCode::SUCCESS);
        }
        for (name, count, meaning) in [
            ("read", read, "mails in the files"),
            ("imported", imported, "became messages"),
            ("duplicate", duplicate, "were in the mailbox already"),
            ("skipped", skipped, "belong to no conversation"),
            (
                "quarantined",
                quarantined,
                "could not be read, or are too large; see Settings, Quarantine",
            ),
            ("tickets", tickets, "were made"),
        ] {
            output::line(&format!("{name:<12}{count:>9}  {meaning}"))?;
        }
        output::line(&format!("{:<12}{seconds:>9.1}", "seconds"))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A progress bar on standard error, if that is a terminal.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_message("looking for mail");
    bar.enable_steady_tick(TICK);
    bar
}

fn tell(bar: &ProgressBar) -> Tell {
    let bar = bar.clone();
    Arc::new(move |progress| match progress {
        Progress::Found(count) => bar.set_message(format!("found {count} mails")),
        Progress::Total(total) => {
            bar.set_length(total);
            bar.set_message("");
            let style = "{bar:40} {human_pos} of {human_len} mails, {per_sec}, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style);
            }
        }
        Progress::Read(count) => bar.set_position(count),
    })
}
