//! GET /api/v1/organization/closing

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::closing::model::ClosingStatus;
use crate::service::{Services, closing};

/// Whether the organization is being closed. For everybody in it.
#[utoipa::path(
    get,
    path = "/organization/closing",
    tag = "closing",
    responses(
        (status = 200, body = ClosingStatus, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_closing(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<ClosingStatus>> {
    Ok(Json(closing::find(&services, &actor).await?.into()))
}
