//! `loket serve`: run the server.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
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

    /// Print the address, and the token of an empty server, as one JSON object
    #[arg(long)]
    json: bool,
}

impl Serve {
    pub(super) fn run(&self, home: &Path) -> anyhow::Result<ExitCode> {
        let mut config = config::load(home)?.config;
        if let Some(listen) = self.listen {
            config.server.listen = listen;
        }
        telemetry::init_logs(&config.telemetry)?;
        open::runtime()?.block_on(serve(config, self.json))?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn serve(mut config: Config, json: bool) -> anyhow::Result<()> {
    let listener = listen(&mut config).await?;
    let app = open::open(&config).await?;
    let signals = Signals::listen()?;
    let token = setup::begin(&app.services).await?;
    announce(&config.server.public_url(), token.as_ref(), json)?;
    let stop = CancellationToken::new();
    let options = http_options(&config, Some(Metrics::install()?));
    let (served, ()) =
        tokio::join!(app.serve(listener, options, stop.clone()), signals.stop(stop.clone()));
    Ok(served?)
}

/// Says where the server is and, when it is empty, how to set it up.
fn announce(address: &str, token: Option<&SecretString>, json: bool) -> std::io::Result<()> {
    let token = token.map(ExposeSecret::expose_secret);
    if json {
        return output::json(&json!({ "address": address, "setup_token": token }));
    }
    output::line(&format!("Loket is at {address}"))?;
    let Some(token) = token else { return Ok(()) };
    output::line(&format!(
        "It is empty. Set it up at {address}/setup with this token, which works once:\n\n    \
         {token}\n"
    ))
}

/// Takes the port; with port 0 the configuration learns which one it became.
pub(super) async fn listen(config: &mut Config) -> anyhow::Result<TcpListener> {
    let address = config.server.listen;
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: choose another address with --listen")
    })?;
    config.server.listen = listener.local_addr()?;
    Ok(listener)
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
        metrics_token: config.telemetry.metrics_token.clone(),
        ..HttpOptions::default()
    }
}

/// Ctrl-C and SIGTERM, heard from the moment that this is made.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Begins to listen: before anybody is told that the server is there.
    pub(super) fn listen() -> anyhow::Result<Self> {
        let of = |kind| signal(kind).context("signals cannot be received");
        Ok(Self {
            interrupt: of(SignalKind::interrupt())?,
            terminate: of(SignalKind::terminate())?,
        })
    }

    /// Cancels `stop` at a signal; ends when the server does.
    pub(super) async fn stop(mut self, stop: CancellationToken) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            () = stop.cancelled() => {}
        }
        stop.cancel();
    }
}
