//! Legal holds: what they name is not deleted, by nobody and by nothing, until somebody ends them.
//!
//! A hold is placed on a ticket, a customer, a mailbox or the organization, with a reason and a day
//! on which it is to be looked at again. Whose data is being purged meanwhile: see
//! [`super::purge`]. When it ends, what was due is deleted.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::access::{self, Object};
use super::names::Names;
use super::{Result, ServiceError, Services, erasure, purge};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, ContactId, HoldId, MembershipId, TicketId};
use crate::domain::words::HoldKind;
use crate::store::holds::{self, Hold};
use crate::store::{Scope, contacts, keys, mailboxes, tickets};

/// The longest reason, in characters.
const LONGEST: usize = 1_000;

/// A hold to be placed.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// What it keeps.
    pub kind: HoldKind,
    /// Which one; nothing for the organization.
    pub subject_id: Option<Uuid>,
    /// Instead of the id of a ticket: its number.
    pub ticket_number: Option<i64>,
    /// Why.
    pub reason: String,
    /// When somebody is to look whether it is needed yet.
    pub review_at: DateTime<Utc>,
    /// Who may read what it keeps, once everybody else may not.
    pub people: Vec<MembershipId>,
}

/// A hold with the names of who is in it.
#[derive(Debug, Clone)]
pub struct HoldView {
    /// The hold.
    pub hold: Hold,
    /// Names of members.
    pub names: Names,
}

/// The holds of the organization, the newest first.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<HoldView>> {
    if !actor.may(Permission::ManageHolds) && !actor.may(Permission::ReadAudit) {
        return Err(ServiceError::Forbidden);
    }
    let store = services.store();
    let key = keys::of_organization(store, actor.organization_id).await?;
    let names = Names::load(services, actor.organization_id).await?;
    let found = holds::list(store, &key, actor.organization_id).await?;
    let read = (Action::ReadHolds, Object::list(ObjectKind::Hold));
    access::record_all(services, actor, &[read]).await?;
    Ok(found.into_iter().map(|hold| HoldView { hold, names: names.clone() }).collect())
}

/// Places a hold.
pub async fn place(services: &Services, actor: &Actor, new: NewHold) -> Result<HoldView> {
    services.scope(actor, Permission::ManageHolds)?;
    let store = services.store();
    let reason = new.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        return Err(ServiceError::invalid("reason", "say why, in at most 1,000 characters"));
    }
    if new.review_at <= store.now() {
        return Err(ServiceError::invalid("review_at", "choose a day that is to come"));
    }
    if new.people.is_empty() {
        return Err(ServiceError::invalid("people", "name who may read what is kept"));
    }
    let names = Names::load(services, actor.organization_id).await?;
    if new.people.iter().any(|id| names.member(*id).is_none()) {
        return Err(ServiceError::invalid("people", "there is no such user"));
    }
    let subject_id = subject(services, actor, &new).await?;
    let mut people = new.people;
    people.sort_unstable();
    people.dedup();
    let hold = Hold {
        organization_id: actor.organization_id,
        id: HoldId(store.new_id()),
        kind: new.kind,
        subject_id,
        reason,
        placed_by: actor.membership_id,
        placed_at: store.now(),
        review_at: new.review_at,
        ended_by: None,
        ended_at: None,
        people,
    };
    let key = keys::of_organization(store, actor.organization_id).await?;
    let object = Object::new(ObjectKind::Hold, hold.id.0);
    access::record_all(services, actor, &[(Action::PlaceHold, object)]).await?;
    let tx = store.begin().await?;
    holds::add(&tx, &key, &hold).await?;
    tx.commit().await?;
    Ok(HoldView { hold, names })
}

/// What is to be kept must be there. Being an admin opens no mail: a ticket is named by who can
/// reach it, or by its number.
async fn subject(services: &Services, actor: &Actor, new: &NewHold) -> Result<Uuid> {
    let store = services.store();
    let organization_id = actor.organization_id;
    let missing = || ServiceError::invalid("subject_id", "there is no such thing");
    let given = || new.subject_id.ok_or_else(missing);
    match new.kind {
        HoldKind::Organization => Ok(organization_id.0),
        HoldKind::Mailbox => {
            let id = ChannelId(given()?);
            let there = mailboxes::find(store, organization_id, id).await?.is_some()
                || mailboxes::find_disconnected(store, organization_id, id).await?.is_some();
            there.then_some(id.0).ok_or_else(missing)
        }
        HoldKind::Contact => {
            let id = ContactId(given()?);
            contacts::find(store, organization_id, id).await?.ok_or_else(missing)?;
            Ok(id.0)
        }
        HoldKind::Ticket => {
            let scope = Scope::whole(organization_id);
            let found = match (new.subject_id, new.ticket_number) {
                (Some(id), _) => tickets::find(store, &scope, TicketId(id)).await?,
                (None, Some(number)) => tickets::find_by_number(store, &scope, number).await?,
                (None, None) => None,
            };
            Ok(found.ok_or_else(missing)?.id.0)
        }
    }
}

/// Ends a hold; what was due is deleted.
pub async fn end(services: &Services, actor: &Actor, id: HoldId) -> Result<()> {
    services.scope(actor, Permission::ManageHolds)?;
    let store = services.store();
    let key = keys::of_organization(store, actor.organization_id).await?;
    let known = holds::list(store, &key, actor.organization_id).await?;
    let hold = known.iter().find(|hold| hold.id == id).ok_or(ServiceError::NotFound)?;
    if hold.ended_at.is_some() {
        return Err(ServiceError::conflict("hold_ended", "This hold has ended already."));
    }
    let object = Object::new(ObjectKind::Hold, id.0);
    access::record_all(services, actor, &[(Action::EndHold, object)]).await?;
    let tx = store.begin().await?;
    if !holds::end(&tx, actor.organization_id, id, actor.membership_id).await? {
        return Err(ServiceError::Stale);
    }
    purge::resume_held(&tx, actor.organization_id).await?;
    erasure::resume_held(&tx, actor.organization_id).await?;
    tx.commit().await?;
    Ok(())
}
