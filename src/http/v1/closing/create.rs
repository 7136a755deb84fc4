//! POST /api/v1/organization/closing

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::closing::model::{ClosingRequest, ClosingStatus};
use crate::service::{Services, closing};

/// Asks to close the organization: a full export is made, and owners confirm it by their mail.
#[utoipa::path(
    post,
    path = "/organization/closing",
    tag = "closing",
    request_body = ClosingRequest,
    responses(
        (status = 200, body = ClosingStatus, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_closing(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<ClosingRequest>,
) -> Result<Json<ClosingStatus>> {
    let ClosingRequest { name, password } = request;
    let asked = closing::ask(&services, &actor, &name, password).await?;
    Ok(Json(Some(asked).into()))
}
