//! POST /api/v1/tags

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::tags::model::{Tag, TagRequest};
use crate::service::{Services, tags};

/// Makes a tag.
#[utoipa::path(
    post,
    path = "/tags",
    tag = "tags",
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    request_body = TagRequest,
    responses(
        (status = 201, body = Tag, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Another one has this name"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_tag(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<TagRequest>,
) -> Result<(StatusCode, Json<Tag>)> {
    let made = tags::create(&services, &actor, &request.name, request.color).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
