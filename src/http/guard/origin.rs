//! Cross-site request forgery: a browser says in `Origin` which site sends an unsafe request
//! (Fetch standard, section 3.2), and only our own may.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::AppState;
use crate::http::problem::Problem;

/// Refuses unsafe requests from elsewhere.
pub async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let ours = state.services.options().public_url.as_str();
    let origin = request.headers().get(header::ORIGIN).and_then(|value| value.to_str().ok());
    if origin == Some(ours) {
        return next.run(request).await;
    }
    Problem::new(
        StatusCode::FORBIDDEN,
        "wrong_origin",
        "Wrong origin",
        format!("Open Loket at {ours}: requests from any other address are refused."),
    )
    .into_response()
}
