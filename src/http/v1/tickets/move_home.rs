//! POST /api/v1/tickets/{number}/move

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::acts::{ChangedTicket, MoveRequest};
use crate::service::Services;
use crate::service::acts::moving;

/// Moves a ticket to another mailbox and those who work there. Its messages stay of the mailbox that they came by.
#[utoipa::path(
    post,
    path = "/tickets/{number}/move",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number"),("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    request_body = MoveRequest,
    responses(
        (status = 200, body = ChangedTicket, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn move_ticket(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    IfMatch(version): IfMatch,
    Json(request): Json<MoveRequest>,
) -> Result<Json<ChangedTicket>> {
    let mailbox = request.mailbox_id.into();
    let moved = moving::move_to(&services, &actor, number, version, mailbox).await?;
    Ok(Json(moved.into()))
}
