//! POST /api/v1/tickets/bulk

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::acts::{BulkRequest, BulkResult};
use crate::service::Services;
use crate::service::acts::bulk;

/// Changes up to 500 tickets at once, each by itself; all of it can be undone as one.
#[utoipa::path(
    post,
    path = "/tickets/bulk",
    tag = "tickets",
    request_body = BulkRequest,
    responses(
        (status = 200, body = BulkResult, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn change_tickets(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<BulkRequest>,
) -> Result<Json<BulkResult>> {
    let (numbers, change) = request.parts()?;
    Ok(Json(bulk::bulk(&services, &actor, numbers, change).await?.into()))
}
