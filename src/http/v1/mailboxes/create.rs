//! POST /api/v1/mailboxes

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::model::{Mailbox, MailboxRequest};
use crate::service::{Services, mailboxes};

/// Links a mailbox with a password, or a folder on the server.
#[utoipa::path(
    post,
    path = "/mailboxes",
    tag = "mailboxes",
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    request_body = MailboxRequest,
    responses(
        (status = 201, body = Mailbox, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It is linked already"),
        (status = 424, body = Problem, content_type = "application/problem+json", description = "The connection test failed"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_mailbox(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<MailboxRequest>,
) -> Result<(StatusCode, Json<Mailbox>)> {
    let mailbox = mailboxes::create(&services, &actor, request.into()).await?;
    Ok((StatusCode::CREATED, Json(mailbox.into())))
}
