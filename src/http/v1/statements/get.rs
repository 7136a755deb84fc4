//! GET /api/v1/statements/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::statements::model::DeletionStatement;
use crate::service::Services;
use crate::service::purge::statement;

/// A signed statement of deletion: the file that others can check.
#[utoipa::path(
    get,
    path = "/statements/{id}",
    tag = "statements",
    params(("id" = Uuid, Path, description = "The statement's id")),
    responses(
        (status = 200, body = DeletionStatement, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_statement(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<DeletionStatement>> {
    Ok(Json(statement::get(&services, &actor, id).await?.into()))
}
