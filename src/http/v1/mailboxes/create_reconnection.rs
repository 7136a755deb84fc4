//! POST /api/v1/mailboxes/{id}/reconnection

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::departure::ReconnectionRequest;
use crate::http::v1::mailboxes::model::Mailbox;
use crate::service::{Services, mailboxes, purge};

/// Undoes the disconnection of a mailbox with a password or a folder. Google and Microsoft: connect again.
#[utoipa::path(
    post,
    path = "/mailboxes/{id}/reconnection",
    tag = "mailboxes",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    request_body = ReconnectionRequest,
    responses(
        (status = 200, body = Mailbox, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_reconnection(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<ReconnectionRequest>,
) -> Result<Json<Mailbox>> {
    purge::undo(&services, &actor, id.into(), request.password).await?;
    Ok(Json(mailboxes::get(&services, &actor, id.into()).await?.into()))
}
