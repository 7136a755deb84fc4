//! GET /api/v1/closed/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::statements::model::DeletionStatement;
use crate::service::{Services, closing};

/// The statement of deletion of an organization that was closed, for whoever knows its id.
#[utoipa::path(
    get,
    path = "/closed/{id}",
    tag = "closing",
    params(("id" = Uuid, Path, description = "The statement's id")),
    responses(
        (status = 200, body = DeletionStatement, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_closed_statement(
    State(services): State<Services>,
    Path(id): Path<Uuid>,
) -> Result<Json<DeletionStatement>> {
    Ok(Json(closing::statement::find(&services, id).await?.into()))
}
