//! The HTTP API and the pages.
//!
//! [`router`] puts everything together. A request passes, from the outside in: its id, the log,
//! a catcher of panics, compression, a time limit, the security headers, the body limit; then,
//! under `/api/v1` and `/oauth`, the check of its origin, its session, and its idempotency key;
//! then a handler, which takes out what it needs ([`extract`]), calls one use case and answers.
//! What goes wrong becomes a [`problem`].
//!
//! To add an endpoint, see [`v1`].

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::http::{HeaderName, StatusCode};
use axum::middleware;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::request_id::{
    MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::service::Services;
use crate::telemetry::Metrics;

mod callback;
pub mod extract;
pub mod guard;
mod health;
pub mod openapi;
pub mod page;
pub mod problem;
pub mod session;
mod spa;
pub mod v1;

/// The largest body, uploads aside: an answer with a long quote fits.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// A handler that has not begun to answer by then hangs. Connection tests, which talk to two
/// mail servers, take longest.
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// How the server is set up.
#[derive(Debug, Clone, Default)]
pub struct HttpOptions {
    /// The largest upload, in bytes.
    pub max_upload_bytes: usize,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<extract::Network>,
    /// What `/metrics` shows; `None` turns it off.
    pub metrics: Option<Metrics>,
}

/// What handlers work with.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The use cases.
    pub services: Services,
    /// How the server is set up.
    pub options: Arc<HttpOptions>,
}

impl FromRef<AppState> for Services {
    fn from_ref(state: &AppState) -> Self {
        state.services.clone()
    }
}

/// Everything that answers to HTTP. Serve it with `into_make_service_with_connect_info`, so that
/// callers can be told apart.
pub fn router(services: Services, options: HttpOptions) -> Router {
    let upload_limit = options.max_upload_bytes.saturating_add(64 * 1024).max(BODY_LIMIT);
    let sessions = session::layer(&services);
    let state = AppState { services, options: Arc::new(options) };
    let (api, _) = openapi::api().split_for_parts();
    let signed_in = api
        .route("/oauth/callback", get(callback::finish_connect))
        .layer(middleware::from_fn_with_state(state.clone(), guard::idempotency::once))
        .layer(sessions)
        .layer(middleware::from_fn_with_state(state.clone(), guard::origin::check))
        .layer(DefaultBodyLimit::max(upload_limit));
    signed_in
        .route("/api/v1/openapi.json", get(openapi::serve))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .fallback(spa::serve)
        .layer(middleware::from_fn(guard::headers::add))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIME_LIMIT))
        .layer(compression())
        .layer(CatchPanicLayer::custom(guard::panics::answer))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::new(REQUEST_ID, RequestIds(state.services.clone())))
        .with_state(state)
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Mail is compressed too: the answers that hold it hold no secret of ours beside it that an
/// attacker could guess by their length (BREACH), since sessions are cookies only.
fn compression() -> CompressionLayer<impl tower_http::compression::Predicate + Send + Sync + 'static>
{
    let predicate = DefaultPredicate::new()
        .and(NotForContentType::new("text/event-stream"))
        .and(NotForContentType::new("message/"));
    CompressionLayer::new().compress_when(predicate)
}

#[derive(Clone)]
struct RequestIds(Services);

impl MakeRequestId for RequestIds {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        let id = self.0.store().new_id().to_string();
        id.parse().ok().map(RequestId::new)
    }
}

/// The path without its query, which may hold an address; the matched route for what it names.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or("");
    tracing::info_span!("http", request.id = id, http.method = %request.method())
}
