//! Changing a role, disabling, enabling.
//!
//! Whoever is disabled is signed out at once. Their name stays where they wrote, and so do their
//! mailboxes for when they are enabled again. Their tickets stay theirs unless the actor says so.

use serde_json::json;

use super::{User, get, owners_only, tell};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::MembershipId;
use crate::domain::words::{EventKind, Role, UserState};
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services, still_at};
use crate::store::events::NewEvent;
use crate::store::versions::{self, Versioned};
use crate::store::{Tx, memberships, sessions, tickets};

/// Tickets taken from somebody in one transaction: it holds the only writer.
const BATCH: u64 = 50;

/// What to change; `None` stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct UserChange {
    /// What they may do.
    pub role: Option<Role>,
    /// Shut (true) or open again (false).
    pub disabled: Option<bool>,
    /// Whether the tickets of whoever is disabled become nobody's.
    pub unassign: bool,
}

/// How many tickets somebody has that are open, pending or on hold: in all mailboxes, for the
/// actor may have to find somebody for them.
pub async fn count_tickets(services: &Services, actor: &Actor, id: MembershipId) -> Result<u64> {
    services.scope(actor, Permission::ManageUsers)?;
    let store = services.store();
    memberships::find(store, actor.organization_id, id).await?.ok_or(ServiceError::NotFound)?;
    Ok(tickets::count_assigned(store, actor.organization_id, id).await?)
}

/// Changes a user who is still at `version`.
pub async fn update(
    services: &Services,
    actor: &Actor,
    id: MembershipId,
    version: i32,
    change: UserChange,
) -> Result<User> {
    services.scope(actor, Permission::ManageUsers)?;
    let user = get(services, actor, id).await?;
    still_at(user.version, version)?;
    let role = change.role.filter(|role| *role != user.role);
    let is_disabled = user.state == UserState::Disabled;
    let disabled = change.disabled.filter(|disabled| *disabled != is_disabled);
    if role.is_none() && disabled.is_none() {
        return Ok(user);
    }
    if id == actor.membership_id {
        return Err(ServiceError::conflict(
            "own_membership",
            "Nobody changes their own role or disables themselves. Ask another owner or admin.",
        ));
    }
    owners_only(actor, user.role)?;
    owners_only(actor, role.unwrap_or(user.role))?;
    let unassign = change.unassign && disabled == Some(true);
    record(services, actor, id, role, disabled, unassign).await?;
    while unassign && take_tickets(services, actor, id).await? == BATCH {}
    write(services, actor, id, version, (role, disabled)).await?;
    get(services, actor, id).await
}

async fn record(
    services: &Services,
    actor: &Actor,
    id: MembershipId,
    role: Option<Role>,
    disabled: Option<bool>,
    unassign: bool,
) -> Result<()> {
    let object = Object::new(ObjectKind::Membership, id.0);
    let changed = role.map(|_| (Action::ChangeMembership, object));
    let shut = disabled.map(|disabled| {
        let shut = if disabled { Action::DisableMembership } else { Action::EnableMembership };
        (shut, object)
    });
    let taken = unassign.then(|| (Action::ChangeTicket, Object::list(ObjectKind::Ticket)));
    let entries: Vec<_> = changed.into_iter().chain(shut).chain(taken).collect();
    access::record_all(services, actor, &entries).await
}

/// Takes some tickets from somebody; how many.
async fn take_tickets(services: &Services, actor: &Actor, id: MembershipId) -> Result<u64> {
    let tx = services.store().begin().await?;
    let taken = tickets::take_from(&tx, actor.organization_id, id, BATCH).await?;
    for (ticket, channel) in &taken {
        let (organization_id, kind) = (actor.organization_id, EventKind::TicketUpdated);
        tx.event(
            NewEvent::ticket(organization_id, kind, *channel, *ticket)
                .by(Some(actor.membership_id))
                .data(json!({ "assignee": null, "assignee_before": id })),
        );
    }
    tx.commit().await?;
    Ok(u64::try_from(taken.len()).unwrap_or(u64::MAX))
}

async fn write(
    services: &Services,
    actor: &Actor,
    id: MembershipId,
    version: i32,
    (role, disabled): (Option<Role>, Option<bool>),
) -> Result<()> {
    let store = services.store();
    let tx = store.begin().await?;
    let members = memberships::lock_all(&tx, actor.organization_id).await?;
    let member = members.iter().find(|member| member.id == id).cloned();
    let mut member = member.ok_or(ServiceError::NotFound)?;
    versions::raise(&tx, actor.organization_id, Versioned::Membership(id), version).await?;
    if member.role == Role::Owner {
        last_owner(&members, actor, id)?;
    }
    if let Some(role) = role {
        member.role = role;
    }
    if let Some(disabled) = disabled {
        member.disabled_at = disabled.then(|| store.now());
    }
    memberships::update(&tx, &member).await?;
    tell(&tx, actor.organization_id, id);
    if disabled == Some(true) {
        end_sessions(&tx, &member).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// An account signs in to one organization: all its sessions are of this one.
async fn end_sessions(tx: &Tx, member: &memberships::Membership) -> Result<()> {
    Ok(sessions::remove_of_account(tx, member.account_id, None).await?)
}

/// Somebody must stay who can do everything. Asked with all memberships locked: two owners who
/// unmake each other at once both were owners when they asked.
fn last_owner(members: &[memberships::Membership], actor: &Actor, id: MembershipId) -> Result<()> {
    let is_owner = |member: &&memberships::Membership| {
        member.role == Role::Owner && member.disabled_at.is_none()
    };
    let left = members.iter().filter(is_owner).filter(|member| member.id != id);
    if left.into_iter().any(|member| member.id == actor.membership_id) {
        return Ok(());
    }
    Err(ServiceError::conflict(
        "last_owner",
        "An organization needs an owner. Make somebody else an owner first.",
    ))
}
