//! POST /api/v1/tickets

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::guard::idempotency::HEADER;
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::model::{NewTicket, NewTicketRequest};
use crate::service::{Services, conversation, replies, tickets};

/// Writes to a customer who has not written: a ticket begins with the mail, which leaves after the
/// undo window.
#[utoipa::path(
    post,
    path = "/tickets",
    tag = "tickets",
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    request_body = NewTicketRequest,
    responses(
        (status = 201, body = NewTicket, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_ticket(
    State(services): State<Services>,
    actor: Actor,
    headers: HeaderMap,
    Json(request): Json<NewTicketRequest>,
) -> Result<(StatusCode, Json<NewTicket>)> {
    let key = headers.get(HEADER).and_then(|key| Some(key.to_str().ok()?.to_owned()));
    let id = replies::open(&services, &actor, request.into_letter(key)).await?;
    let message = conversation::message(&services, &actor, id).await?;
    let number = tickets::number_of(&services, &actor, message.message.ticket_id).await?;
    Ok((StatusCode::CREATED, Json(NewTicket { number, message: message.into() })))
}
