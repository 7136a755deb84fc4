//! POST /api/v1/organization/exports

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::exports::model::{Export, ExportRequest};
use crate::service::{Services, closing};

/// Orders an export of everything: mail, tickets, customers, users, settings. For owners.
#[utoipa::path(
    post,
    path = "/organization/exports",
    tag = "closing",
    request_body = ExportRequest,
    responses(
        (status = 201, body = Export, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_organization_export(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<ExportRequest>,
) -> Result<(StatusCode, Json<Export>)> {
    let made = closing::create_export(&services, &actor, request.password).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
