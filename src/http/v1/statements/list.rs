//! GET /api/v1/statements

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::statements::model::DeletionStatement;
use crate::service::Services;
use crate::service::purge::statement;

/// The signed statements of deletion, the newest first.
#[utoipa::path(
    get,
    path = "/statements",
    tag = "statements",
    responses(
        (status = 200, body = Page<DeletionStatement>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_statements(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Page<DeletionStatement>>> {
    let statements = statement::list(&services, &actor).await?;
    Ok(Json(Page::whole(statements.into_iter().map(DeletionStatement::from).collect())))
}
