//! The HTTP API and the pages.
//!
//! [`router`] puts everything together. A request passes, from the outside in: its id, the log,
//! a catcher of panics, compression, the metrics, a time limit, the security headers, the body limit; then,
//! under `/api/v1` and `/oauth`, the check of its origin, its session, and its idempotency key;
//! then a handler, which takes out what it needs ([`extract`]), calls one use case and answers.
//! What goes wrong becomes a [`problem`].
//!
//! To add an endpoint, see [`v1`].

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::http::HeaderName;
use axum::middleware;
use axum::routing::{MethodRouter, get};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::request_id::{
    MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};
use tower_http::trace::TraceLayer;

use crate::service::Services;
use crate::telemetry::Metrics;

mod callback;
pub mod device;
pub mod extract;
pub mod guard;
mod health;
pub mod openapi;
pub mod page;
pub mod problem;
pub mod session;
mod spa;
pub mod v1;
mod well_known;

/// The largest body, uploads aside: the longest draft fits ([`MAX_TEXT`](crate::service::drafts::MAX_TEXT)
/// as text, and as HTML again), so that what is saved can be sent.
pub const BODY_LIMIT: usize = 3 * 1024 * 1024;

/// How the server is set up.
#[derive(Debug, Clone, Default)]
pub struct HttpOptions {
    /// The largest upload, in bytes.
    pub max_upload_bytes: usize,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<extract::Network>,
    /// What `/metrics` shows; `None` turns it off.
    pub metrics: Option<Metrics>,
    /// What opens `/metrics` to others than this machine.
    pub metrics_token: Option<SecretString>,
    /// Ends the answers that go on as long as a browser listens.
    pub stop: CancellationToken,
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

/// A route that the `OpenAPI` document does not tell of.
type Plain = (&'static str, fn() -> MethodRouter<AppState>);

/// Those that know the browser's session.
const WITH_SESSION: &[Plain] = &[("/oauth/callback", || get(callback::finish_connect))];

/// Those that know nobody.
const WITHOUT_SESSION: &[Plain] = &[
    ("/api/v1/openapi.json", || get(openapi::serve)),
    ("/.well-known/loket-statement-keys.json", || get(well_known::statement_keys)),
    ("/healthz", || get(health::healthz)),
    ("/readyz", || get(health::readyz)),
    ("/metrics", || get(health::metrics)),
];

/// The paths that the `OpenAPI` document does not tell of: all answer to GET only. The
/// authorization matrix names them as well.
pub fn plain_paths() -> impl Iterator<Item = &'static str> {
    WITH_SESSION.iter().chain(WITHOUT_SESSION).map(|(path, _)| *path)
}

/// The only place where a route is added beside the document.
fn with(router: Router<AppState>, plain: &[Plain]) -> Router<AppState> {
    plain.iter().fold(router, |router, (path, handler)| router.route(path, handler()))
}

/// Everything that answers to HTTP. Serve it with `into_make_service_with_connect_info`, so that
/// callers can be told apart.
pub fn router(services: Services, options: HttpOptions) -> Router {
    let sessions = session::layer(&services);
    let (api, _) = openapi::api(options.max_upload_bytes).split_for_parts();
    let state = AppState { services, options: Arc::new(options) };
    let signed_in = with(api, WITH_SESSION)
        .layer(middleware::from_fn_with_state(state.clone(), guard::idempotency::once))
        .layer(sessions)
        .layer(middleware::from_fn_with_state(state.clone(), guard::origin::check));
    with(signed_in, WITHOUT_SESSION)
        .fallback(spa::serve)
        .method_not_allowed_fallback(guard::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(guard::headers::add))
        .layer(middleware::from_fn(guard::timeout::limit))
        .layer(middleware::from_fn(guard::measure::count))
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
        .and(NotForContentType::new("message/"))
        // Packed already, and its length is told before.
        .and(NotForContentType::new("application/zip"));
    // An answer is made once and sent once: to make it a tenth smaller takes longer than to send that tenth.
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(predicate)
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
