//! GET /api/v1/organization/exports

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::exports::model::Export;
use crate::service::{Services, closing};

/// The exports of the organization that are there, the newest first. For owners.
#[utoipa::path(
    get,
    path = "/organization/exports",
    tag = "closing",
    responses(
        (status = 200, body = Page<Export>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_organization_exports(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Page<Export>>> {
    let found = closing::list_exports(&services, &actor).await?;
    Ok(Json(Page::whole(found.into_iter().map(Export::from).collect())))
}
