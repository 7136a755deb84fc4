//! GET /api/v1/holds

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::holds::model::Hold;
use crate::service::{Services, holds};

/// The legal holds, the newest first.
#[utoipa::path(
    get,
    path = "/holds",
    tag = "holds",
    responses(
        (status = 200, body = Page<Hold>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_holds(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Page<Hold>>> {
    let holds = holds::list(&services, &actor).await?;
    Ok(Json(Page::whole(holds.into_iter().map(Hold::from).collect())))
}
