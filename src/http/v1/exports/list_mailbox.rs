//! GET /api/v1/mailboxes/{id}/exports

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::exports::model::Export;
use crate::service::{Services, parcels};

/// The exports of a mailbox that are there, the newest first.
#[utoipa::path(
    get,
    path = "/mailboxes/{id}/exports",
    tag = "exports",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    responses(
        (status = 200, body = Page<Export>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_mailbox_exports(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Page<Export>>> {
    let found = parcels::mailbox::list(&services, &actor, id.into()).await?;
    Ok(Json(Page::whole(found.into_iter().map(Export::from).collect())))
}
