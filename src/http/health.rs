//! For whoever watches the server: alive, ready, and how busy.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::AppState;
use crate::service::setup;

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

/// `GET /metrics`: for Prometheus. Numbers only.
pub(super) async fn metrics(State(state): State<AppState>) -> Response {
    match &state.options.metrics {
        Some(metrics) => {
            let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
            (kind, metrics.render()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
