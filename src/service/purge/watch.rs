//! Looks after the promise: grants that have been dead for two weeks start their countdown, and
//! admins are told of what takes longer than it may.

use chrono::{DateTime, TimeDelta, Utc};

use super::disconnect;
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, OrganizationId};
use crate::domain::words::{ChannelState, PurgeCause, PurgeState};
use crate::service::post::{self, Kind};
use crate::service::{Result, ServiceError, Services, access};
use crate::store::purges::{self, Purge};
use crate::store::{StoreError, Tx, channels, mailboxes, memberships};

/// A mailbox that needs a sign-in for so long is disconnected, unless an admin keeps it.
pub const DEAD_AFTER: TimeDelta = TimeDelta::days(14);

/// A purge that has begun ends within this.
const PURGE_LIMIT: TimeDelta = TimeDelta::hours(24);

/// A purge that is not at its end by then endangers the promise of 30 days.
const ALARM_AFTER: TimeDelta = TimeDelta::days(25);

/// As often the same is told again.
const AGAIN: TimeDelta = TimeDelta::hours(24);

/// Whether it takes longer than it may.
#[must_use]
pub fn is_late(purge: &Purge, now: DateTime<Utc>) -> bool {
    if purge.error_code.as_deref() == Some(super::held::HELD) {
        return false;
    }
    match purge.state {
        PurgeState::Done | PurgeState::Undone => false,
        PurgeState::Countdown => {
            purge.due_at + PURGE_LIMIT <= now || purge.requested_at + ALARM_AFTER <= now
        }
        PurgeState::Destroying | PurgeState::Deleting => {
            purge.planned_at.is_some_and(|at| at + PURGE_LIMIT <= now)
                || purge.requested_at + ALARM_AFTER <= now
        }
    }
}

/// The purges of all organizations that take longer than they may.
pub async fn late(services: &Services) -> Result<Vec<Purge>> {
    let now = services.store().now();
    let mut open = purges::list_open(services.store()).await?;
    open.retain(|purge| is_late(purge, now));
    Ok(open)
}

/// Disconnects mailboxes whose grant has been dead for two weeks; how many they were.
pub async fn disconnect_dead(services: &Services) -> Result<u64> {
    let store = services.store();
    let mut count = 0;
    for (organization_id, id) in channels::list_dead(store, store.now() - DEAD_AFTER).await? {
        let Some(mailbox) = mailboxes::find(store, organization_id, id).await? else { continue };
        disconnect::begin(services, Who::System, None, PurgeCause::DeadGrant, &mailbox).await?;
        let tx = store.begin().await?;
        tell_admins(services, &tx, organization_id).await?;
        tx.commit().await?;
        count += 1;
    }
    Ok(count)
}

/// An admin keeps the data of a mailbox that needs a sign-in.
pub async fn keep(services: &Services, actor: &Actor, id: ChannelId) -> Result<()> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let store = services.store();
    let mailbox = mailboxes::find(store, actor.organization_id, id).await?;
    let mailbox = mailbox.ok_or(ServiceError::NotFound)?;
    if mailbox.state != ChannelState::NeedsReauthorization {
        return Err(ServiceError::conflict(
            "mailbox_works",
            "This mailbox needs no sign-in, so nothing threatens its data.",
        ));
    }
    access::record(services, actor, Action::KeepMailbox, ObjectKind::Mailbox, id.0, id).await?;
    let tx = store.begin().await?;
    if !channels::keep(&tx, actor.organization_id, id, actor.membership_id).await? {
        return Err(ServiceError::Stale);
    }
    tx.commit().await?;
    Ok(())
}

/// Has admins told of purges that take longer than they may, once a day; how many mails.
pub async fn tell_late(services: &Services) -> Result<u64> {
    let store = services.store();
    let now = store.now();
    let mut told = 0;
    for purge in late(services).await? {
        let tx = store.begin().await?;
        let times = (now - AGAIN, now);
        if purges::set_told(&tx, purge.organization_id, &[purge.id], times).await? == 1 {
            tracing::error!(purge.id = %purge.id, "a purge takes longer than it may");
            tell_admins(services, &tx, purge.organization_id).await?;
            told += 1;
        }
        tx.commit().await?;
    }
    Ok(told)
}

/// Has owners and admins told by mail, in the transaction that gives reason to.
pub(super) async fn tell_admins(
    services: &Services,
    tx: &Tx,
    organization_id: OrganizationId,
) -> Result<(), StoreError> {
    for admin in memberships::list_admins(services.store(), organization_id).await? {
        post::enqueue(tx, Some(organization_id), Kind::Forgetting, admin.account_id).await?;
    }
    Ok(())
}
