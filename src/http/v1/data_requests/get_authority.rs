//! GET /api/v1/authority

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::Authority;
use crate::service::Services;
use crate::service::data_requests::authority;

/// The supervisory authority that answers name.
#[utoipa::path(
    get,
    path = "/authority",
    tag = "data-requests",
    responses(
        (status = 200, body = Authority, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_authority(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Authority>> {
    let found = authority::get(&services, &actor).await?;
    Ok(Json(found.into()))
}
