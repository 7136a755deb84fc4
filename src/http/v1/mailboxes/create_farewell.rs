//! POST /api/v1/mailboxes/{id}/farewell

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::departure::{Farewell, FarewellRequest};
use crate::service::{Services, purge};

/// Writes the same last message to the customer of each open ticket.
#[utoipa::path(
    post,
    path = "/mailboxes/{id}/farewell",
    tag = "mailboxes",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    request_body = FarewellRequest,
    responses(
        (status = 200, body = Farewell, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_farewell(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<FarewellRequest>,
) -> Result<Json<Farewell>> {
    let answered = purge::farewell(&services, &actor, id.into(), &request.text).await?;
    Ok(Json(Farewell { answered }))
}
