//! PATCH /api/v1/users/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::users::model::{User, UserChange};
use crate::service::{Services, users};

/// Changes a user's role, disables or enables them.
#[utoipa::path(
    patch,
    path = "/users/{id}",
    tag = "users",
    params(("id" = Uuid, Path, description = "The membership's id")),
    request_body = UserChange,
    responses(
        (status = 200, body = User, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "The rules for owners and for oneself forbid it"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_user(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<UserChange>,
) -> Result<Json<User>> {
    let change = users::UserChange {
        role: request.role,
        disabled: request.disabled,
        unassign: request.unassign_tickets,
    };
    Ok(Json(users::update(&services, &actor, id.into(), change).await?.into()))
}
