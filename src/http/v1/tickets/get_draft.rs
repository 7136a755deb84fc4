//! GET /api/v1/tickets/{number}/draft

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::model::{Draft, DraftQuery};
use crate::service::{Services, drafts};

/// One's own draft.
#[utoipa::path(
    get,
    path = "/tickets/{number}/draft",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number"), DraftQuery),
    responses(
        (status = 200, body = Draft, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_draft(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    Query(query): Query<DraftQuery>,
) -> Result<Json<Draft>> {
    let draft = drafts::find(&services, &actor, number, query.kind()).await?;
    Ok(Json(draft.ok_or_else(Problem::not_found)?.into()))
}
