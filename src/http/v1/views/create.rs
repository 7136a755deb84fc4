//! POST /api/v1/views

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::views::model::{View, ViewRequest};
use crate::service::{Services, saved_views};

/// Keeps a list of tickets under a name.
#[utoipa::path(
    post,
    path = "/views",
    tag = "views",
    request_body = ViewRequest,
    responses(
        (status = 201, body = View, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_view(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<ViewRequest>,
) -> Result<(StatusCode, Json<View>)> {
    let view = saved_views::add(&services, &actor, request.checked()?).await?;
    Ok((StatusCode::CREATED, Json(View::of(&actor, view))))
}
