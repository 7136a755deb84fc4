//! POST /api/v1/tickets/{number}/merge

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::acts::{ChangedTicket, MergeRequest};
use crate::service::Services;
use crate::service::acts::merge;

/// Moves a ticket's messages into another ticket, which is returned.
#[utoipa::path(
    post,
    path = "/tickets/{number}/merge",
    tag = "tickets",
    params(("number" = i64, Path, description = "The number of the ticket that goes up in the other")),
    request_body = MergeRequest,
    responses(
        (status = 200, body = ChangedTicket, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "They are of different customers, and nobody confirmed that"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn merge_ticket(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    Json(request): Json<MergeRequest>,
) -> Result<Json<ChangedTicket>> {
    let customers = request.customers();
    let changed = merge::merge(&services, &actor, number, request.into, customers).await?;
    Ok(Json(changed.into()))
}
