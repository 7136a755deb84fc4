//! POST /api/v1/users/{id}/invitation

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::users::model::Invitation;
use crate::service::{Services, users};

/// Invites somebody again who has not chosen a password yet, by a link that lasts anew.
#[utoipa::path(
    post,
    path = "/users/{id}/invitation",
    tag = "users",
    params(
        ("id" = Uuid, Path, description = "The membership's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once"),
    ),
    responses(
        (status = 201, body = Invitation, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "They were let in already, or are disabled"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_user_invitation(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<Invitation>)> {
    let invited = users::invite_again(&services, &actor, id.into()).await?;
    Ok((StatusCode::CREATED, Json(invited.into())))
}
