//! POST /api/v1/tickets/{number}/attach

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::acts::ChangedTicket;
use crate::service::Services;
use crate::service::acts::merge;

/// Moves a ticket's messages into the ticket that it is related to, which is returned.
#[utoipa::path(
    post,
    path = "/tickets/{number}/attach",
    tag = "tickets",
    params(("number" = i64, Path, description = "The number of the ticket that goes up in the other")),
    responses(
        (status = 200, body = ChangedTicket, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn attach_ticket(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
) -> Result<Json<ChangedTicket>> {
    Ok(Json(merge::attach(&services, &actor, number).await?.into()))
}
