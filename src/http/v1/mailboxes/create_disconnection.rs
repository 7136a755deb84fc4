//! POST /api/v1/mailboxes/{id}/disconnection

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::departure::Disconnection;
use crate::service::{Services, purge};

/// Disconnects the mailbox: nothing comes in or goes out any more, and the countdown begins.
#[utoipa::path(
    post,
    path = "/mailboxes/{id}/disconnection",
    tag = "mailboxes",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    responses(
        (status = 200, body = Disconnection, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_disconnection(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Disconnection>> {
    Ok(Json(purge::disconnect(&services, &actor, id.into()).await?.into()))
}
