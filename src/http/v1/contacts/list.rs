//! GET /api/v1/contacts

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Query};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::contacts::model::{ContactProfile, ContactQuery};
use crate::service::Services;
use crate::service::contacts::{self, ListQuery};

/// Customers, those who wrote for the first time last first.
#[utoipa::path(
    get,
    path = "/contacts",
    tag = "contacts",
    params(ContactQuery),
    responses(
        (status = 200, body = Page<ContactProfile>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_contacts(
    State(services): State<Services>,
    actor: Actor,
    Query(query): Query<ContactQuery>,
) -> Result<Json<Page<ContactProfile>>> {
    let query = ListQuery {
        address: query.address.filter(|address| !address.trim().is_empty()),
        blocked: query.blocked.unwrap_or(false),
        cursor: query.cursor.map(Into::into),
        limit: query.limit,
    };
    let page = contacts::list(&services, &actor, query).await?;
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(Json(Page { items, next_cursor: page.next.map(|id| id.to_string()) }))
}
