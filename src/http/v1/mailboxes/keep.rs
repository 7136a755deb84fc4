//! POST /api/v1/mailboxes/{id}/keep

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::model::Mailbox;
use crate::service::{Services, mailboxes, purge};

/// Keeps the data of a mailbox that needs a sign-in; without this it is disconnected after 14 days.
#[utoipa::path(
    post,
    path = "/mailboxes/{id}/keep",
    tag = "mailboxes",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    responses(
        (status = 200, body = Mailbox, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn keep_mailbox(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Mailbox>> {
    purge::watch::keep(&services, &actor, id.into()).await?;
    Ok(Json(mailboxes::get(&services, &actor, id.into()).await?.into()))
}
