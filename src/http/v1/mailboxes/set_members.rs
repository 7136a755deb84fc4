//! PUT /api/v1/mailboxes/{id}/members

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::domain::ids::MembershipId;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::model::{Mailbox, MembersRequest};
use crate::service::{Services, mailboxes};

/// Says who may read and answer in it.
#[utoipa::path(
    put,
    path = "/mailboxes/{id}/members",
    tag = "mailboxes",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    request_body = MembersRequest,
    responses(
        (status = 200, body = Mailbox, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn set_mailbox_members(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<MembersRequest>,
) -> Result<Json<Mailbox>> {
    let members: Vec<_> = request.membership_ids.into_iter().map(MembershipId).collect();
    Ok(Json(mailboxes::set_members(&services, &actor, id.into(), &members).await?.into()))
}
