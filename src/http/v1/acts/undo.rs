//! POST /api/v1/acts/{id}/undo

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::acts::UndoneAct;
use crate::service::Services;
use crate::service::acts::undo;

/// Takes back what was done, within 30 days. What somebody changed since stays as they left it.
#[utoipa::path(
    post,
    path = "/acts/{id}/undo",
    tag = "tickets",
    params(("id" = Uuid, Path, description = "The act's id, as the request that did it answered")),
    responses(
        (status = 200, body = UndoneAct, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It was undone, is too long ago, or the same was changed since"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn undo_act(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<UndoneAct>> {
    Ok(Json(undo::undo(&services, &actor, id.into()).await?.into()))
}
