//! DELETE /api/v1/session

use axum::extract::State;
use axum::http::StatusCode;
use tower_sessions::Session as Browser;

use crate::http::extract::Reading;
use crate::http::problem::{Problem, Result};
use crate::http::session;
use crate::service::{Services, sign_in};

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
pub(super) async fn delete_session(
    State(services): State<Services>,
    reading: Result<Reading, Problem>,
    browser: Browser,
) -> Result<StatusCode> {
    // Nobody is signed in: then there is nothing to tell, and the cookie goes all the same.
    if let Ok(Reading(actor)) = reading {
        sign_in::sign_out(&services, &actor).await?;
    }
    session::sign_out(&browser).await?;
    Ok(StatusCode::NO_CONTENT)
}
