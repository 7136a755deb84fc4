//! GET /api/v1/profile/settings

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::own_settings::model::OwnSettings;
use crate::service::{Services, own_settings};

/// What one has set for oneself in this organization.
#[utoipa::path(
    get,
    path = "/profile/settings",
    tag = "profile",
    responses(
        (status = 200, body = OwnSettings, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_own_settings(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<OwnSettings>> {
    Ok(Json(own_settings::get(&services, &actor).await?.into()))
}
