//! GET /api/v1/quarantine

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::quarantine::model::QuarantinedMail;
use crate::service::{Services, quarantine};

/// Mail that could not be processed.
#[utoipa::path(
    get,
    path = "/quarantine",
    tag = "quarantine",
    responses(
        (status = 200, body = Page<QuarantinedMail>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_quarantine(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Page<QuarantinedMail>>> {
    let mails = quarantine::list(&services, &actor).await?;
    Ok(Json(Page::whole(mails.into_iter().map(QuarantinedMail::from).collect())))
}
