//! GET /api/v1/session

use axum::extract::State;
use tower_sessions::Session as Browser;

use crate::http::extract::{Json, Reading};
use crate::http::problem::{Problem, Result};
use crate::http::session;
use crate::http::v1::session::model::Session;
use crate::service::{Services, sign_in};

/// Who is signed in.
#[utoipa::path(
    get,
    path = "/session",
    tag = "session",
    responses(
        (status = 200, body = Session, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_session(
    State(services): State<Services>,
    Reading(actor): Reading,
    browser: Browser,
) -> Result<Json<Session>> {
    let mut view = sign_in::view(&services, &actor).await?;
    view.has_unread = session::read(&browser, session::UNREAD).await?.unwrap_or(false);
    Ok(Json(view.into()))
}
