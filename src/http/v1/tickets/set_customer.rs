//! PUT /api/v1/tickets/{number}/customer

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::model::{CustomerRequest, TicketSummary};
use crate::service::tickets::CustomerChange;
use crate::service::{Services, tickets};

/// Says who the customer is.
#[utoipa::path(
    put,
    path = "/tickets/{number}/customer",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number")),
    request_body = CustomerRequest,
    responses(
        (status = 200, body = TicketSummary, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn set_ticket_customer(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    Json(request): Json<CustomerRequest>,
) -> Result<Json<TicketSummary>> {
    let change = match (request.address, request.forwarded_message_id) {
        (Some(address), None) => CustomerChange::Address { address, name: request.name },
        (None, Some(id)) => CustomerChange::Forwarded(id.into()),
        _ => return Err(Problem::invalid("address", "give an address or a forwarded message")),
    };
    Ok(Json(tickets::set_customer(&services, &actor, number, change).await?.into()))
}
