//! DELETE /api/v1/profile/sessions

use axum::extract::State;
use axum::http::StatusCode;
use tower_sessions::Session as Browser;

use crate::authz::Actor;
use crate::http::problem::{Problem, Result};
use crate::http::session;
use crate::service::{Services, sessions};

/// Signs all of one's browsers out but this one.
#[utoipa::path(
    delete,
    path = "/profile/sessions",
    tag = "profile",
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_other_sessions(
    State(services): State<Services>,
    actor: Actor,
    browser: Browser,
) -> Result<StatusCode> {
    let session_id = session::id_of(&browser);
    sessions::end_others(&services, &actor, session_id.as_ref().map(<[u8; 16]>::as_slice)).await?;
    Ok(StatusCode::NO_CONTENT)
}
