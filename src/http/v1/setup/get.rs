//! GET /api/v1/setup

use axum::extract::State;

use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::setup::model::SetupStatus;
use crate::service::{Services, setup};

/// Whether the server waits for its first organization.
#[utoipa::path(
    get,
    path = "/setup",
    tag = "setup",
    responses(
        (status = 200, body = SetupStatus, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_setup(State(services): State<Services>) -> Result<Json<SetupStatus>> {
    Ok(Json(SetupStatus { needed: setup::is_needed(&services).await? }))
}
