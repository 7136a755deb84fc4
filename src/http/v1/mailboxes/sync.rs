//! POST /api/v1/mailboxes/{id}/sync

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, mailboxes};

/// Looks for mail now.
#[utoipa::path(
    post,
    path = "/mailboxes/{id}/sync",
    tag = "mailboxes",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    responses(
        (status = 202, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn sync_mailbox(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    mailboxes::sync(&services, &actor, id.into()).await?;
    Ok(StatusCode::ACCEPTED)
}
