//! Restriction (GDPR, article 18): a person's data is kept, and seen by nobody but those who are
//! named. New mail of theirs as well: it is hidden by the address, not ticket by ticket.
//!
//! What it does: [`crate::store::Scope`] leaves their tickets and messages out of every list, page,
//! file and event; retention passes them over; nothing optional reaches them
//! ([`crate::service::consent`]).
//!
//! It ends in two steps: the person is told, and a few days later it can be lifted.

use chrono::{DateTime, Utc};

use super::{View, begin, mail, person, reach, require_kind, view, with_key};
use crate::audit::Action;
use crate::authz::Actor;
use crate::domain::ids::{DataRequestId, MembershipId};
use crate::domain::requests::LIFT_NOTICE;
use crate::domain::words::{MarkKind, RequestEventKind, RequestKind, RequestMailKind};
use crate::service::names::Names;
use crate::service::{Result, ServiceError, Services};
use crate::store::person_marks;

const KINDS: &[RequestKind] = &[RequestKind::Restriction];

/// Hides the person's data from everybody but these; again, to name others.
pub async fn restrict(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    mut people: Vec<MembershipId>,
) -> Result<View> {
    let mut open = begin(services, actor, id).await?;
    require_kind(&open.request, KINDS)?;
    let store = services.store();
    let names = Names::load(services, actor.organization_id).await?;
    if people.is_empty() {
        return Err(ServiceError::invalid("people", "name who may read what is restricted"));
    }
    if people.iter().any(|id| names.member(*id).is_none()) {
        return Err(ServiceError::invalid("people", "there is no such user"));
    }
    people.sort_unstable();
    people.dedup();
    let found = person::find(services, actor.organization_id, open.addresses()).await?;
    let lasts = person_marks::lasts(store, actor.organization_id, id).await?;
    super::record(services, actor, id, Action::RestrictPerson).await?;
    open.request.acted_at = open.request.acted_at.or(Some(store.now()));
    let tx = store.begin().await?;
    if !lasts {
        let kind = MarkKind::Restriction;
        person_marks::add(&tx, actor.organization_id, id, kind, &found.blinds).await?;
    }
    person_marks::set_readers(&tx, actor.organization_id, id, &people).await?;
    open.save(&tx, RequestEventKind::Restricted, Some(actor.membership_id), None).await?;
    tx.commit().await?;
    view(services, actor, id).await
}

/// Tells the person that the restriction ends on a day that is at least three days away.
pub async fn announce_lift(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    at: DateTime<Utc>,
) -> Result<View> {
    let request = reach(services, actor, id).await?;
    require_kind(&request, KINDS)?;
    let mut open = with_key(services, request).await?;
    let store = services.store();
    if !person_marks::lasts(store, actor.organization_id, id).await? {
        return Err(not_restricted());
    }
    if at < store.now() + LIFT_NOTICE {
        return Err(ServiceError::invalid("at", "give the person three days at least"));
    }
    super::record(services, actor, id, Action::LiftRestriction).await?;
    open.request.lift_at = Some(at);
    let tx = store.begin().await?;
    let by = Some(actor.membership_id);
    mail::order(&tx, &open, RequestMailKind::Lift, None, by).await?;
    open.save(&tx, RequestEventKind::LiftAnnounced, by, None).await?;
    tx.commit().await?;
    view(services, actor, id).await
}

fn not_restricted() -> ServiceError {
    ServiceError::conflict("not_restricted", "No restriction of this request lasts.")
}

/// Ends the restriction, once the day has come that the person was told.
pub async fn lift(services: &Services, actor: &Actor, id: DataRequestId) -> Result<View> {
    let request = reach(services, actor, id).await?;
    require_kind(&request, KINDS)?;
    let mut open = with_key(services, request).await?;
    let store = services.store();
    let now = store.now();
    match open.request.lift_at {
        Some(at) if at <= now => {}
        Some(at) => {
            return Err(ServiceError::conflict(
                "lift_later",
                format!("The person was told that it ends on {}.", at.format("%Y-%m-%d")),
            ));
        }
        None => {
            return Err(ServiceError::conflict(
                "lift_untold",
                "Tell the person first that the restriction ends.",
            ));
        }
    }
    super::record(services, actor, id, Action::LiftRestriction).await?;
    open.request.ended_at = Some(now);
    let tx = store.begin().await?;
    if person_marks::end(&tx, actor.organization_id, id).await? == 0 {
        return Err(not_restricted());
    }
    open.save(&tx, RequestEventKind::Lifted, Some(actor.membership_id), None).await?;
    tx.commit().await?;
    view(services, actor, id).await
}
