//! POST /api/v1/notices/read

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::domain::ids::NoticeId;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::notices::model::ReadRequest;
use crate::service::{Services, notices};

/// Notes that one has read what one was told.
#[utoipa::path(
    post,
    path = "/notices/read",
    tag = "profile",
    request_body = ReadRequest,
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn read_notices(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<ReadRequest>,
) -> Result<StatusCode> {
    let ids: Option<Vec<NoticeId>> =
        request.ids.map(|ids| ids.into_iter().map(Into::into).collect());
    notices::read(&services, &actor, ids.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
