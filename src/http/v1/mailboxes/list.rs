//! GET /api/v1/mailboxes

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::model::Mailbox;
use crate::service::{Services, mailboxes};

/// The mailboxes of the organization.
#[utoipa::path(
    get,
    path = "/mailboxes",
    tag = "mailboxes",
    responses(
        (status = 200, body = Page<Mailbox>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_mailboxes(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Page<Mailbox>>> {
    let mailboxes = mailboxes::list(&services, &actor).await?;
    Ok(Json(Page::whole(mailboxes.into_iter().map(Mailbox::from).collect())))
}
