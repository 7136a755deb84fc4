//! PUT /api/v1/mailboxes/{id}/members

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::domain::ids::MembershipId;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::model::{Mailbox, MembersRequest};
use crate::service::{Services, mailboxes};

/// Says who may read and answer in it.
#[utoipa::path(
    put,
    path = "/mailboxes/{id}/members",
    tag = "mailboxes",
    params(("id" = Uuid, Path, description = "The mailbox's id"), ("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    request_body = MembersRequest,
    responses(
        (status = 200, body = Mailbox, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn set_mailbox_members(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(request): Json<MembersRequest>,
) -> Result<Json<Mailbox>> {
    let members: Vec<_> = request.membership_ids.into_iter().map(MembershipId).collect();
    Ok(Json(mailboxes::set_members(&services, &actor, id.into(), version, &members).await?.into()))
}
