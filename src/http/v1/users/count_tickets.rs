//! GET /api/v1/users/{id}/tickets/count

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::users::model::UserTickets;
use crate::service::{Services, users};

/// How many unfinished tickets are assigned to a user.
#[utoipa::path(
    get,
    path = "/users/{id}/tickets/count",
    tag = "users",
    params(("id" = Uuid, Path, description = "The membership's id")),
    responses(
        (status = 200, body = UserTickets, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn count_user_tickets(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<UserTickets>> {
    let unfinished = users::count_tickets(&services, &actor, id.into()).await?;
    Ok(Json(UserTickets { unfinished }))
}
