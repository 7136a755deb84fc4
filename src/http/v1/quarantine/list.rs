//! GET /api/v1/quarantine

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Query};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::quarantine::model::{QuarantineQuery, QuarantinedMail};
use crate::service::Services;
use crate::service::quarantine::{self, QuarantineFilter};

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
    let filter = QuarantineFilter {
        channel_id: query.mailbox.map(Into::into),
        reason: query.reason,
        from: query.from,
        to: query.to,
    };
    let page = quarantine::list(&services, &actor, &filter, query.cursor.as_deref()).await?;
    Ok(Json(Page {
        items: page.items.into_iter().map(QuarantinedMail::from).collect(),
        next_cursor: page.next_cursor,
    }))
}
