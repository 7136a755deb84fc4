//! `loket serve`: run the server.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{open, output};
use crate::config::{self, Config};
use crate::http::HttpOptions;
use crate::service::setup;
use crate::telemetry::{self, Metrics};

/// Arguments of `loket serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen, instead of server.listen
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let mut config = config::load(home)?.config;
        if let Some(listen) = self.listen {
            config.server.listen = listen;
        }
        telemetry::init_logs(&config.telemetry)?;
        open::runtime()?.block_on(serve(&config))?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn serve(config: &Config) -> anyhow::Result<()> {
    let app = open::open(config).await?;
    let listener = listen(config).await?;
    output::line(&format!("Loket is at {}", config.server.public_url()))?;
    if let Some(token) = setup::begin(&app.services).await? {
        output::line(&format!(
            "It is empty. Set it up at {}/setup with this token, which works once:\n\n    {}\n",
            config.server.public_url(),
            token.expose_secret()
        ))?;
    }
    let stop = CancellationToken::new();
    let options = http_options(config, Some(Metrics::install()?));
    let (served, told) =
        tokio::join!(app.serve(listener, options, stop.clone()), until_told(stop.clone()));
    told?;
    Ok(served?)
}

/// Takes the port.
pub(super) async fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    let address = config.server.listen;
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: choose another address with --listen")
    })
}

/// How the HTTP server is set up.
pub(super) fn http_options(config: &Config, metrics: Option<Metrics>) -> HttpOptions {
    HttpOptions {
        max_upload_bytes: config.limits.upload_bytes(),
        // The configuration was checked: every entry is a network.
        trusted_proxies: config
            .server
            .trusted_proxies
            .iter()
            .filter_map(|network| network.parse().ok())
            .collect(),
        metrics,
    }
}

/// Cancels `stop` at Ctrl-C or SIGTERM; ends when the server does.
pub(super) async fn until_told(stop: CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be received")?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
        () = stop.cancelled() => {}
    }
    stop.cancel();
    Ok(())
}
