//! PATCH /api/v1/mailboxes/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::model::{Mailbox, MailboxChange};
use crate::service::{Services, mailboxes};

/// Changes a mailbox.
#[utoipa::path(
    patch,
    path = "/mailboxes/{id}",
    tag = "mailboxes",
    params(("id" = Uuid, Path, description = "The mailbox's id"), ("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    request_body = MailboxChange,
    responses(
        (status = 200, body = Mailbox, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_mailbox(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(request): Json<MailboxChange>,
) -> Result<Json<Mailbox>> {
    Ok(Json(mailboxes::update(&services, &actor, id.into(), version, request.into()).await?.into()))
}
