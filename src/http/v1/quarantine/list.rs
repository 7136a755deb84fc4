//! GET /api/v1/quarantine

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Query};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::quarantine::model::{QuarantineQuery, QuarantinedMail};
use crate::service::{Services, quarantine};

/// Mail that could not be processed.
#[utoipa::path(
    get,
    path = "/quarantine",
    tag = "quarantine",
    params(QuarantineQuery),
    responses(
        (status = 200, body = Page<QuarantinedMail>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_quarantine(
    State(services): State<Services>,
    actor: Actor,
    Query(query): Query<QuarantineQuery>,
) -> Result<Json<Page<QuarantinedMail>>> {
    let page = quarantine::list(&services, &actor, query.cursor.as_deref()).await?;
    Ok(Json(Page {
        items: page.items.into_iter().map(QuarantinedMail::from).collect(),
        next_cursor: page.next_cursor,
    }))
}
