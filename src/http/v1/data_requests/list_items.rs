//! GET /api/v1/data-requests/{id}/items

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path, Query};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model_acts::{ItemsQuery, RequestItem};
use crate::service::Services;
use crate::service::data_requests::review;

/// What would be handed out to the person, for a handler to look through.
#[utoipa::path(
    get,
    path = "/data-requests/{id}/items",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id"), ItemsQuery),
    responses(
        (status = 200, body = Page<RequestItem>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_request_items(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(query): Query<ItemsQuery>,
) -> Result<Json<Page<RequestItem>>> {
    let page = review::list(&services, &actor, id.into(), query.cursor.as_deref()).await?;
    let items = page.items.into_iter().map(RequestItem::from).collect();
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}
