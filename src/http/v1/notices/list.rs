//! GET /api/v1/notices

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Query};
use crate::http::problem::{Problem, Result};
use crate::http::v1::notices::model::{NoticeQuery, Notices};
use crate::service::{Services, notices};

/// What one is told of tickets, newest first.
#[utoipa::path(
    get,
    path = "/notices",
    tag = "profile",
    params(NoticeQuery),
    responses(
        (status = 200, body = Notices, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_notices(
    State(services): State<Services>,
    actor: Actor,
    Query(query): Query<NoticeQuery>,
) -> Result<Json<Notices>> {
    let before = query.cursor.map(Into::into);
    Ok(Json(notices::list(&services, &actor, before).await?.into()))
}
