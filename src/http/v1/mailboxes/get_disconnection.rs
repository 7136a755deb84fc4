//! GET /api/v1/mailboxes/{id}/disconnection

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::departure::DisconnectionPreview;
use crate::service::{Services, purge};

/// What disconnecting the mailbox would do: what is deleted, and when.
#[utoipa::path(
    get,
    path = "/mailboxes/{id}/disconnection",
    tag = "mailboxes",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    responses(
        (status = 200, body = DisconnectionPreview, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_disconnection(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<DisconnectionPreview>> {
    Ok(Json(purge::preview(&services, &actor, id.into()).await?.into()))
}
