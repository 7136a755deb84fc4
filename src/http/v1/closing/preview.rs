//! GET /api/v1/organization/closing/preview

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::closing::model::ClosingPreview;
use crate::service::{Services, closing};

/// What closing the organization would do. For owners.
#[utoipa::path(
    get,
    path = "/organization/closing/preview",
    tag = "closing",
    responses(
        (status = 200, body = ClosingPreview, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn preview_closing(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<ClosingPreview>> {
    Ok(Json(closing::preview(&services, &actor).await?.into()))
}
