//! GET /api/v1/data-requests/{id}/templates

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::ReplyTemplate;
use crate::service::Services;
use crate::service::data_requests::mail;

/// Texts for the person, in English and Dutch. Each names the authority and the right to complain.
#[utoipa::path(
    get,
    path = "/data-requests/{id}/templates",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    responses(
        (status = 200, body = Page<ReplyTemplate>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_request_templates(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Page<ReplyTemplate>>> {
    let found = mail::list_templates(&services, &actor, id.into()).await?;
    Ok(Json(Page::whole(found.into_iter().map(ReplyTemplate::from).collect())))
}
