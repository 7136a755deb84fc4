//! PUT /api/v1/saved-replies/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::saved_replies::model::{SavedReply, SavedReplyRequest};
use crate::service::{Services, saved_replies};

/// Changes a saved reply that is still at the version that the request names.
#[utoipa::path(
    put,
    path = "/saved-replies/{id}",
    tag = "tickets",
    params(("id" = Uuid, Path, description = "Its id"), ("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    request_body = SavedReplyRequest,
    responses(
        (status = 200, body = SavedReply, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_saved_reply(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(request): Json<SavedReplyRequest>,
) -> Result<Json<SavedReply>> {
    let reply =
        saved_replies::update(&services, &actor, id.into(), version, request.split()).await?;
    Ok(Json(SavedReply::of(&actor, reply)))
}
