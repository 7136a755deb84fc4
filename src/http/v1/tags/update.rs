//! PATCH /api/v1/tags/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tags::model::{Tag, TagChange};
use crate::service::{Services, tags};

/// Changes a tag.
#[utoipa::path(
    patch,
    path = "/tags/{id}",
    tag = "tags",
    params(("id" = Uuid, Path, description = "The tag's id"), ("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    request_body = TagChange,
    responses(
        (status = 200, body = Tag, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_tag(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(request): Json<TagChange>,
) -> Result<Json<Tag>> {
    Ok(Json(tags::update(&services, &actor, id.into(), version, request.into()).await?.into()))
}
