//! PUT /api/v1/tickets/{number}/draft

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::model::{Draft, DraftQuery, DraftRequest};
use crate::service::{Services, drafts};

/// Saves one's own draft.
#[utoipa::path(
    put,
    path = "/tickets/{number}/draft",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number"), DraftQuery),
    request_body = DraftRequest,
    responses(
        (status = 200, body = Draft, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "Another device has saved it since: read it first"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn put_draft(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    Query(query): Query<DraftQuery>,
    Json(request): Json<DraftRequest>,
) -> Result<Json<Draft>> {
    let known = drafts::Known::of(request.builds_on);
    let saved = (request.into(), known);
    Ok(Json(drafts::put(&services, &actor, number, query.kind(), saved).await?.into()))
}
