//! PUT /api/v1/views/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::views::model::{View, ViewRequest};
use crate::service::{Services, saved_views};

/// Changes a view: its maker does, and a manager where it is shared.
#[utoipa::path(
    put,
    path = "/views/{id}",
    tag = "views",
    params(("id" = Uuid, Path, description = "The view's id"), ("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    request_body = ViewRequest,
    responses(
        (status = 200, body = View, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_view(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(request): Json<ViewRequest>,
) -> Result<Json<View>> {
    let view =
        saved_views::update(&services, &actor, id.into(), version, request.checked()?).await?;
    Ok(Json(View::of(&actor, view)))
}
