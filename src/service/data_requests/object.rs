//! Objection, and a consent that is taken back: optional processing passes the person over
//! ([`crate::service::consent`]), until they wish otherwise.

use super::{View, begin, mark_of, person, reach, require_kind, view, with_key};
use crate::audit::Action;
use crate::authz::Actor;
use crate::domain::ids::DataRequestId;
use crate::domain::words::{RequestEventKind, RequestKind};
use crate::service::{Result, ServiceError, Services};
use crate::store::person_marks;

const KINDS: &[RequestKind] = &[RequestKind::Objection, RequestKind::ConsentWithdrawal];

/// Marks the person.
pub async fn mark(services: &Services, actor: &Actor, id: DataRequestId) -> Result<View> {
    let mut open = begin(services, actor, id).await?;
    require_kind(&open.request, KINDS)?;
    let Some(kind) = mark_of(open.request.kind) else { return Err(ServiceError::NotFound) };
    let store = services.store();
    if person_marks::lasts(store, actor.organization_id, id).await? {
        return Err(already());
    }
    let found = person::find(services, actor.organization_id, open.addresses()).await?;
    super::record(services, actor, id, Action::MarkPerson).await?;
    open.request.acted_at = Some(store.now());
    let tx = store.begin().await?;
    person_marks::add(&tx, actor.organization_id, id, kind, &found.blinds).await?;
    open.save(&tx, RequestEventKind::Marked, Some(actor.membership_id), None).await?;
    tx.commit().await?;
    view(services, actor, id).await
}

fn already() -> ServiceError {
    ServiceError::conflict("marked_already", "This has been done already.")
}

fn not_marked() -> ServiceError {
    ServiceError::conflict("not_marked", "There is nothing to end.")
}

/// The person wishes otherwise.
pub async fn unmark(services: &Services, actor: &Actor, id: DataRequestId) -> Result<View> {
    let request = reach(services, actor, id).await?;
    require_kind(&request, KINDS)?;
    let mut open = with_key(services, request).await?;
    if !person_marks::lasts(services.store(), actor.organization_id, id).await? {
        return Err(not_marked());
    }
    super::record(services, actor, id, Action::MarkPerson).await?;
    open.request.ended_at = Some(services.store().now());
    let tx = services.store().begin().await?;
    if person_marks::end(&tx, actor.organization_id, id).await? == 0 {
        return Err(not_marked());
    }
    open.save(&tx, RequestEventKind::MarkEnded, Some(actor.membership_id), None).await?;
    tx.commit().await?;
    view(services, actor, id).await
}
