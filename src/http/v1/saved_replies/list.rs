//! GET /api/v1/saved-replies

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Query};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::saved_replies::model::{SavedReply, SavedReplyQuery};
use crate::service::{Services, saved_replies};

/// The saved replies that one uses: one's own, of one's teams and mailboxes, and of everybody.
#[utoipa::path(
    get,
    path = "/saved-replies",
    tag = "tickets",
    params(SavedReplyQuery),
    responses(
        (status = 200, body = Page<SavedReply>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_saved_replies(
    State(services): State<Services>,
    actor: Actor,
    Query(query): Query<SavedReplyQuery>,
) -> Result<Json<Page<SavedReply>>> {
    let page = saved_replies::list(&services, &actor, query.into()).await?;
    let items = page.items.into_iter().map(|reply| SavedReply::of(&actor, reply)).collect();
    Ok(Json(Page { items, next_cursor: page.next_cursor.map(|id| id.to_string()) }))
}
