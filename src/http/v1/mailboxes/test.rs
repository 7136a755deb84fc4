//! POST /api/v1/mailboxes/test

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::model::{MailboxCheck, MailboxRequest};
use crate::service::{Services, mailboxes};

/// Tries a connection without saving anything.
#[utoipa::path(
    post,
    path = "/mailboxes/test",
    tag = "mailboxes",
    request_body = MailboxRequest,
    responses(
        (status = 200, body = MailboxCheck, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn test_mailbox(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<MailboxRequest>,
) -> Result<Json<MailboxCheck>> {
    Ok(Json(mailboxes::test(&services, &actor, request.into()).await?.into()))
}
