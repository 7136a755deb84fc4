//! GET /api/v1/tickets/{number}

use axum::extract::State;
use axum::http::{HeaderName, header};

use crate::authz::Actor;
use crate::http::extract::{Json, Path, Query, etag};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::model::{OpenQuery, Ticket};
use crate::service::{Services, conversation};

/// With more, the ticket itself would come late.
const MAX_WITH_HTML: u8 = 10;

/// A ticket with its conversation.
#[utoipa::path(
    get,
    path = "/tickets/{number}",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number"), OpenQuery),
    responses(
        (status = 200, body = Ticket, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_ticket(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    Query(query): Query<OpenQuery>,
) -> Result<([(HeaderName, String); 1], Json<Ticket>)> {
    let with_html = query.with_html.min(MAX_WITH_HTML).into();
    let ticket: Ticket = conversation::get(&services, &actor, number, with_html).await?.into();
    Ok(([(header::ETAG, etag(ticket.summary.version))], Json(ticket)))
}
