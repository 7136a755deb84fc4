//! POST /api/v1/tickets/{number}/restore

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::acts::ChangedTicket;
use crate::service::Services;
use crate::service::acts::change::{self, Patch};

/// Takes a ticket out of spam or trash, to the status that it had before.
#[utoipa::path(
    post,
    path = "/tickets/{number}/restore",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number"),("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    responses(
        (status = 200, body = ChangedTicket, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn restore_ticket(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    IfMatch(version): IfMatch,
) -> Result<Json<ChangedTicket>> {
    let patch = Patch { restore: true, ..Patch::default() };
    Ok(Json(change::update(&services, &actor, number, version, patch).await?.into()))
}
