//! POST /api/v1/mailboxes/{id}/exports

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::exports::model::{Export, ExportRequest};
use crate::service::{Services, parcels};

/// Orders an export of the mailbox: all tickets, messages with their originals, notes, customers.
#[utoipa::path(
    post,
    path = "/mailboxes/{id}/exports",
    tag = "exports",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    request_body = ExportRequest,
    responses(
        (status = 201, body = Export, description = "Ordered"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_mailbox_export(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<ExportRequest>,
) -> Result<(StatusCode, Json<Export>)> {
    let made = parcels::mailbox::create(&services, &actor, id.into(), request.password).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
