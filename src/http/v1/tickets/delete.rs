//! POST /api/v1/tickets/{number}/deletion

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::acts::ChangedTicket;
use crate::service::Services;
use crate::service::acts::deletion;

/// Orders that a ticket is deleted for good, in ten minutes. Until then that can be undone.
#[utoipa::path(
    post,
    path = "/tickets/{number}/deletion",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number"),("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    responses(
        (status = 200, body = ChangedTicket, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "A legal hold keeps it"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_ticket_deletion(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    IfMatch(version): IfMatch,
) -> Result<Json<ChangedTicket>> {
    Ok(Json(deletion::order(&services, &actor, number, version).await?.into()))
}
