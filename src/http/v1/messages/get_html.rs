//! GET /api/v1/messages/{id}/html

use super::file::html;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Path, Query};
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::model::HtmlQuery;
use crate::service::{Services, messages};

/// The HTML of a message, sanitized, for a sandboxed frame.
#[utoipa::path(
    get,
    path = "/messages/{id}/html",
    tag = "messages",
    params(("id" = Uuid, Path, description = "The message's id"), HtmlQuery),
    responses(
        (status = 200, body = String, content_type = "text/html", description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_message_html(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(query): Query<HtmlQuery>,
) -> Result<Response> {
    Ok(html(messages::html(&services, &actor, id.into(), query.remote_images).await?))
}
