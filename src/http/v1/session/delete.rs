//! DELETE /api/v1/session

use axum::http::StatusCode;
use tower_sessions::Session as Browser;

use crate::http::problem::{Problem, Result};
use crate::http::session;

/// Signs out.
#[utoipa::path(
    delete,
    path = "/session",
    tag = "session",
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_session(browser: Browser) -> Result<StatusCode> {
    session::sign_out(&browser).await?;
    Ok(StatusCode::NO_CONTENT)
}
