//! GET /api/v1/tickets/counts

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::model::TicketCounts;
use crate::service::{Services, tickets};

/// How many tickets there are of each kind.
#[utoipa::path(
    get,
    path = "/tickets/counts",
    tag = "tickets",
    responses(
        (status = 200, body = TicketCounts, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn count_tickets(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<TicketCounts>> {
    Ok(Json(tickets::counts(&services, &actor).await?.into()))
}
