//! PATCH /api/v1/users/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::users::model::{User, UserChange};
use crate::service::{Services, users};

/// Changes a user's role, disables or enables them.
#[utoipa::path(
    patch,
    path = "/users/{id}",
    tag = "users",
    params(("id" = Uuid, Path, description = "The membership's id"), ("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    request_body = UserChange,
    responses(
        (status = 200, body = User, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "The rules for owners and for oneself forbid it"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_user(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(request): Json<UserChange>,
) -> Result<Json<User>> {
    let change = users::UserChange {
        role: request.role,
        disabled: request.disabled,
        unassign: request.unassign_tickets,
    };
    Ok(Json(users::update(&services, &actor, id.into(), version, change).await?.into()))
}
