//! POST /api/v1/users

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::users::model::{Invitation, UserRequest};
use crate::service::{Services, users};

/// Invites somebody: they choose a password by a link.
#[utoipa::path(
    post,
    path = "/users",
    tag = "users",
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    request_body = UserRequest,
    responses(
        (status = 201, body = Invitation, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "The address signs in already"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_user(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<UserRequest>,
) -> Result<(StatusCode, Json<Invitation>)> {
    let invited = users::invite(&services, &actor, request.into()).await?;
    Ok((StatusCode::CREATED, Json(invited.into())))
}
