//! DELETE /api/v1/tickets/{number}/draft

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::{Path, Query};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::model::DraftQuery;
use crate::service::{Services, drafts};

/// Throws one's own draft away.
#[utoipa::path(
    delete,
    path = "/tickets/{number}/draft",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number"), DraftQuery),
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_draft(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    Query(query): Query<DraftQuery>,
) -> Result<StatusCode> {
    drafts::remove(&services, &actor, number, query.kind()).await?;
    Ok(StatusCode::NO_CONTENT)
}
