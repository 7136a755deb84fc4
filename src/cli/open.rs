//! What subcommands share that work on a home folder: configuration, log, runtime, the app.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{self, Config};
use crate::ids::SystemIds;
use crate::telemetry;

/// Opens the home folder and does `work` in it. Only warnings are logged, so that the output is
/// the command's own.
pub(super) fn run<T>(
    home: &Path,
    work: impl AsyncFnOnce(&App) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let mut config = config::load(home)?.config;
    "warn".clone_into(&mut config.telemetry.level);
    telemetry::init_logs(&config.telemetry)?;
    runtime()?.block_on(async {
        let app = open(&config).await?;
        let done = work(&app).await;
        app.services.settle().await;
        done
    })
}

/// Opens everything that the configuration names.
pub(super) async fn open(config: &Config) -> anyhow::Result<App> {
    Ok(App::open(config, Arc::new(SystemClock), Arc::new(SystemIds)).await?)
}

/// The runtime of the process.
pub(super) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")
}
