//! PUT /api/v1/authority

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::Authority;
use crate::service::Services;
use crate::service::data_requests::authority;

/// Names another supervisory authority.
#[utoipa::path(
    put,
    path = "/authority",
    tag = "data-requests",
    request_body = Authority,
    responses(
        (status = 200, body = Authority, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn set_authority(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<Authority>,
) -> Result<Json<Authority>> {
    let found = authority::set(&services, &actor, request.into()).await?;
    Ok(Json(found.into()))
}
