//! GET /api/v1/tags

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Query};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::tags::model::{Tag, TagQuery};
use crate::service::{Services, tags};

/// The tags of the organization, by name.
#[utoipa::path(
    get,
    path = "/tags",
    tag = "tags",
    params(TagQuery),
    responses(
        (status = 200, body = Page<Tag>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_tags(
    State(services): State<Services>,
    actor: Actor,
    Query(query): Query<TagQuery>,
) -> Result<Json<Page<Tag>>> {
    let page = tags::list(&services, &actor, query.into()).await?;
    let items = page.items.into_iter().map(Tag::from).collect();
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}
