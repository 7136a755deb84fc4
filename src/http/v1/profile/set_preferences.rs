//! PUT /api/v1/profile/preferences

use axum::extract::State;

use crate::authz::Actor;
use crate::domain::preferences::Preferences;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, preferences};

/// Keeps how one likes the pages. It stands in the session.
#[utoipa::path(
    put,
    path = "/profile/preferences",
    tag = "profile",
    request_body = Preferences,
    responses(
        (status = 200, body = Preferences, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn set_preferences(
    State(services): State<Services>,
    actor: Actor,
    Json(wanted): Json<Preferences>,
) -> Result<Json<Preferences>> {
    preferences::set(&services, &actor, &wanted).await?;
    Ok(Json(wanted))
}
