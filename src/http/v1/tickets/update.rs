//! PATCH /api/v1/tickets/{number}

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::acts::ChangedTicket;
use crate::http::v1::tickets::model::TicketRequest;
use crate::service::Services;
use crate::service::acts::change;

/// Changes status, assignee, team, priority, tags or snooze.
#[utoipa::path(
    patch,
    path = "/tickets/{number}",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number"),("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    request_body = TicketRequest,
    responses(
        (status = 200, body = ChangedTicket, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_ticket(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    IfMatch(version): IfMatch,
    Json(request): Json<TicketRequest>,
) -> Result<Json<ChangedTicket>> {
    let changed = change::update(&services, &actor, number, version, request.into()).await?;
    Ok(Json(changed.into()))
}
