//! POST /api/v1/holds

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::holds::model::{Hold, HoldRequest};
use crate::service::{Services, holds};

/// Places a legal hold: what it names is not deleted until it ends.
#[utoipa::path(
    post,
    path = "/holds",
    tag = "holds",
    request_body = HoldRequest,
    responses(
        (status = 201, body = Hold, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_hold(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<HoldRequest>,
) -> Result<(StatusCode, Json<Hold>)> {
    let hold = holds::place(&services, &actor, request.into()).await?;
    Ok((StatusCode::CREATED, Json(hold.into())))
}
