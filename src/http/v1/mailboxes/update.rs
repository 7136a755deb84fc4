//! PATCH /api/v1/mailboxes/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::model::{Mailbox, MailboxChange};
use crate::service::{Services, mailboxes};

/// Changes a mailbox.
#[utoipa::path(
    patch,
    path = "/mailboxes/{id}",
    tag = "mailboxes",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    request_body = MailboxChange,
    responses(
        (status = 200, body = Mailbox, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_mailbox(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<MailboxChange>,
) -> Result<Json<Mailbox>> {
    Ok(Json(mailboxes::update(&services, &actor, id.into(), request.into()).await?.into()))
}
