//! GET /api/v1/tickets/{number}

use axum::extract::State;
use axum::http::{HeaderName, header};

use crate::authz::Actor;
use crate::http::extract::{Json, Path, etag};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::model::Ticket;
use crate::service::{Services, conversation};

/// A ticket with its conversation.
#[utoipa::path(
    get,
    path = "/tickets/{number}",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number")),
    responses(
        (status = 200, body = Ticket, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_ticket(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
) -> Result<([(HeaderName, String); 1], Json<Ticket>)> {
    let ticket: Ticket = conversation::get(&services, &actor, number).await?.into();
    Ok(([(header::ETAG, etag(ticket.summary.version))], Json(ticket)))
}
