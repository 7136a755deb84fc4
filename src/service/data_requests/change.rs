//! Who handles a request, how long it may take, and how it ends.

use super::mail::{self, NewReply};
use super::{View, begin, parcel, view, words};
use crate::audit::Action;
use crate::authz::{Actor, Permission, allows};
use crate::domain::ids::{DataRequestId, MembershipId};
use crate::domain::requests::{LONGEST_EXTENSION, due, needs_identity};
use crate::domain::words::{RequestEventKind, RequestMailKind, RequestState};
use crate::service::{Result, ServiceError, Services};
use crate::store::memberships;

/// Gives the request to somebody who may handle it.
pub async fn assign(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    handler: MembershipId,
) -> Result<View> {
    let mut open = begin(services, actor, id).await?;
    let store = services.store();
    let found = memberships::find(store, actor.organization_id, handler).await?;
    let can = found.is_some_and(|member| {
        member.disabled_at.is_none() && allows(member.role, Permission::ManageRequests)
    });
    if !can {
        return Err(ServiceError::invalid("handler_id", "choose an owner or an admin"));
    }
    super::record(services, actor, id, Action::ChangeRequest).await?;
    open.request.handler_id = Some(handler);
    let tx = store.begin().await?;
    open.save(&tx, RequestEventKind::Assigned, Some(actor.membership_id), None).await?;
    tx.commit().await?;
    view(services, actor, id).await
}

/// Takes more time, and says why. The person must be told within the first month.
pub async fn extend(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    months: i32,
    reason: &str,
) -> Result<View> {
    let mut open = begin(services, actor, id).await?;
    let reason = words("reason", reason)?;
    let all = open.request.extended_months + months;
    if months < 1 || all > LONGEST_EXTENSION {
        return Err(ServiceError::invalid(
            "months",
            "the month may be made longer by two months at most, all together",
        ));
    }
    super::record(services, actor, id, Action::ChangeRequest).await?;
    open.request.extended_months = all;
    open.request.due_at = due(open.request.received_at, all);
    let tx = services.store().begin().await?;
    let by = Some(actor.membership_id);
    open.save(&tx, RequestEventKind::Extended, by, Some(&reason)).await?;
    tx.commit().await?;
    view(services, actor, id).await
}

/// Refuses, and writes why to the person.
pub async fn refuse(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    reason: &str,
    reply: Option<NewReply>,
) -> Result<View> {
    let mut open = begin(services, actor, id).await?;
    let reason = words("reason", reason)?;
    let reply = reply.map(|reply| reply.check()).transpose()?;
    super::record(services, actor, id, Action::RefuseRequest).await?;
    open.request.state = RequestState::Refused;
    open.request.closed_at = Some(services.store().now());
    let tx = services.store().begin().await?;
    let by = Some(actor.membership_id);
    if let Some(reply) = &reply {
        mail::order(&tx, &open, RequestMailKind::Reply, Some(reply), by).await?;
    }
    open.save(&tx, RequestEventKind::Refused, by, Some(&reason)).await?;
    tx.commit().await?;
    parcel::remove(services, &open.request).await?;
    view(services, actor, id).await
}

/// Closes a request whose act is done; or one about a person of whom nothing is held, which is an
/// answer as well.
pub async fn complete(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    reply: Option<NewReply>,
) -> Result<View> {
    let mut open = begin(services, actor, id).await?;
    let request = &open.request;
    if request.is_known && request.acted_at.is_none() {
        let message = if needs_identity(request.kind) && request.identified_at.is_none() {
            "The person has not shown who they are, and nothing has been done yet."
        } else {
            "What the person asked for has not been done yet. Do it first, or refuse it."
        };
        return Err(ServiceError::conflict("nothing_done", message));
    }
    let reply = reply.map(|reply| reply.check()).transpose()?;
    super::record(services, actor, id, Action::CloseRequest).await?;
    open.request.state = RequestState::Done;
    open.request.closed_at = Some(services.store().now());
    let tx = services.store().begin().await?;
    let by = Some(actor.membership_id);
    if let Some(reply) = &reply {
        mail::order(&tx, &open, RequestMailKind::Reply, Some(reply), by).await?;
    }
    open.save(&tx, RequestEventKind::Completed, by, None).await?;
    tx.commit().await?;
    view(services, actor, id).await
}

/// The person wants it no more.
pub async fn withdraw(services: &Services, actor: &Actor, id: DataRequestId) -> Result<View> {
    let mut open = begin(services, actor, id).await?;
    super::record(services, actor, id, Action::CloseRequest).await?;
    open.request.state = RequestState::Withdrawn;
    open.request.closed_at = Some(services.store().now());
    let tx = services.store().begin().await?;
    open.save(&tx, RequestEventKind::Withdrawn, Some(actor.membership_id), None).await?;
    tx.commit().await?;
    parcel::remove(services, &open.request).await?;
    view(services, actor, id).await
}
