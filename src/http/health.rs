//! For whoever watches the server: alive, ready, and how busy.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::AppState;
use super::problem::{Problem, Result};
use crate::service::{setup, status};

/// `GET /healthz`: the process answers.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: databases and keyring answer too.
pub(super) async fn readyz(State(state): State<AppState>) -> Response {
    match setup::check_ready(&state.services).await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
    }
}

/// `GET /metrics`: for Prometheus. Numbers only, and not for everybody: how much mail comes in
/// is nobody else's business. With a token, for who brings it. Without one, for this machine, and
/// only on a server that nobody else reaches: behind a proxy everybody seems to come from here.
pub(super) async fn metrics(State(state): State<AppState>, request: Request) -> Result<Response> {
    let metrics = state.options.metrics.as_ref().ok_or_else(Problem::not_found)?;
    match &state.options.metrics_token {
        Some(token) if !brings(&request, token) => return Err(Problem::unauthenticated()),
        None if !is_local(&state, &request) => return Err(Problem::not_found()),
        _ => {}
    }
    status::measure(&state.services).await?;
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, metrics.render()).into_response())
}

fn brings(request: &Request, token: &SecretString) -> bool {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    given.trim().as_bytes().ct_eq(token.expose_secret().as_bytes()).into()
}

fn is_local(state: &AppState, request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let is_proxied =
        ["forwarded", "x-forwarded-for"].iter().any(|name| request.headers().contains_key(*name));
    // Plain http is for this machine only: the configuration sees to that.
    state.services.options().public_url.starts_with("http://")
        && peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback())
        && !is_proxied
}
