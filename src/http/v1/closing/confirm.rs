//! POST /api/v1/organization/closing/confirmation

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::closing::model::{ClosingConfirmation, ClosingStatus};
use crate::service::{Services, closing};

/// Confirms it, by the link in one's own mail. The last confirmation begins the window.
#[utoipa::path(
    post,
    path = "/organization/closing/confirmation",
    tag = "closing",
    request_body = ClosingConfirmation,
    responses(
        (status = 200, body = ClosingStatus, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn confirm_closing(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<ClosingConfirmation>,
) -> Result<Json<ClosingStatus>> {
    let confirmed = closing::confirm(&services, &actor, &request.token).await?;
    Ok(Json(Some(confirmed).into()))
}
