//! GET /api/v1/views

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::views::model::View;
use crate::service::{Services, saved_views};

/// One's own views, and those that are shared, oldest first.
#[utoipa::path(
    get,
    path = "/views",
    tag = "views",
    responses(
        (status = 200, body = Page<View>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_views(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Page<View>>> {
    let views = saved_views::list(&services, &actor).await?;
    let items = views.into_iter().map(|view| View::of(&actor, view)).collect();
    Ok(Json(Page { items, next_cursor: None }))
}
