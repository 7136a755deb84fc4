//! GET /api/v1/users

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::users::model::User;
use crate::service::{Services, users};

/// The users of the organization.
#[utoipa::path(
    get,
    path = "/users",
    tag = "users",
    responses(
        (status = 200, body = Page<User>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_users(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Page<User>>> {
    let users = users::list(&services, &actor).await?;
    Ok(Json(Page::whole(users.into_iter().map(User::from).collect())))
}
