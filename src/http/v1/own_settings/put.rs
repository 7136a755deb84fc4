//! PUT /api/v1/profile/settings

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::own_settings::model::{OwnSettings, OwnSettingsRequest};
use crate::service::{Services, own_settings};

/// Sets one's signature, and of what one is told.
#[utoipa::path(
    put,
    path = "/profile/settings",
    tag = "profile",
    request_body = OwnSettingsRequest,
    responses(
        (status = 200, body = OwnSettings, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn put_own_settings(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<OwnSettingsRequest>,
) -> Result<Json<OwnSettings>> {
    Ok(Json(own_settings::put(&services, &actor, request.into()).await?.into()))
}
