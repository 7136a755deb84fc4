//! Nothing comes in and nothing goes out any more; the countdown begins.

use chrono::{DateTime, Utc};

use super::{END_GRANT, enqueue, window_end};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::delivery::code;
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId, PurgeId};
use crate::domain::words::{ClosingState, OutboxState, Provider, PurgeCause};
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services, outbox as delivery};
use crate::store::jobs::{self, NewJob};
use crate::store::mailboxes::{self, Mailbox};
use crate::store::purges::{self, Purge};
use crate::store::{Scope, StoreError, Tx, channels, closings, outbox, tickets};

/// What was begun.
#[derive(Debug, Clone)]
pub struct Disconnected {
    /// The purge.
    pub purge: Purge,
    /// The numbers of the tickets whose answers were stopped.
    pub stopped: Vec<i64>,
}

/// Disconnects a mailbox.
pub async fn disconnect(services: &Services, actor: &Actor, id: ChannelId) -> Result<Disconnected> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let mailbox = mailboxes::find(services.store(), actor.organization_id, id).await?;
    let mailbox = mailbox.ok_or(ServiceError::NotFound)?;
    let who = Who::Member(actor.membership_id.0);
    let by = Some(actor.membership_id);
    begin(services, who, by, PurgeCause::Request, &mailbox).await
}

/// Disconnects a mailbox whose organization is being closed, until `due_at`: what opens it stays where
/// it can be used again when an owner takes that back.
pub(in crate::service) async fn disconnect_for_closing(
    services: &Services,
    mailbox: &Mailbox,
    by: MembershipId,
    due_at: DateTime<Utc>,
) -> Result<()> {
    let cause = PurgeCause::Closing;
    begin_until(services, Who::Member(by.0), Some(by), cause, mailbox, due_at).await?;
    Ok(())
}

/// Disconnects it for whoever asks, or for the server itself.
pub(super) async fn begin(
    services: &Services,
    who: Who,
    by: Option<MembershipId>,
    cause: PurgeCause,
    mailbox: &Mailbox,
) -> Result<Disconnected> {
    let due_at = window_end(services);
    begin_until(services, who, by, cause, mailbox, due_at).await
}

async fn begin_until(
    services: &Services,
    who: Who,
    by: Option<MembershipId>,
    cause: PurgeCause,
    mailbox: &Mailbox,
    due_at: DateTime<Utc>,
) -> Result<Disconnected> {
    let store = services.store();
    let (organization_id, id) = (mailbox.organization_id, mailbox.channel_id);
    let object = Object::of(id, ObjectKind::Mailbox, id.0);
    access::record_by(services, organization_id, who, Action::DisconnectMailbox, object).await?;
    let of = (organization_id, id);
    let times = (store.now(), due_at);
    let purge = Purge::new(of, PurgeId(store.new_id()), mailbox.provider, cause, by, times);
    let tx = store.begin().await?;
    if cause == PurgeCause::Closing {
        // An owner may have taken it back a moment ago.
        let found = closings::find_open_in(&tx, organization_id).await?;
        if found.is_none_or(|it| it.state != ClosingState::Countdown) {
            return Err(ServiceError::Stale);
        }
    }
    channels::require_connected(&tx, organization_id, id).await?;
    purges::add(&tx, &purge).await.map_err(|error| match error {
        StoreError::Duplicate(_) => ServiceError::Stale,
        other => other.into(),
    })?;
    channels::disconnect(&tx, organization_id, id, super::grant::begun(mailbox.provider)).await?;
    let stopped = stop_answers(&tx, organization_id, id).await?;
    if matches!(mailbox.provider, Provider::Google) {
        jobs::add(&tx, end_grant_job(organization_id, id, store.now())).await?;
    } else if cause != PurgeCause::Closing || mailbox.provider == Provider::Microsoft {
        mailboxes::remove_credentials(&tx, organization_id, id).await?;
    }
    enqueue(&tx, &purge).await?;
    tx.commit().await?;
    services.ports().wake.wake(id);
    let scope = Scope::whole(organization_id);
    let mut stopped: Vec<i64> = tickets::find_many(store, &scope, &stopped)
        .await?
        .into_iter()
        .map(|ticket| ticket.number)
        .collect();
    stopped.sort_unstable();
    Ok(Disconnected { purge, stopped })
}

fn end_grant_job(organization_id: OrganizationId, id: ChannelId, run_at: DateTime<Utc>) -> NewJob {
    NewJob {
        kind: END_GRANT,
        organization_id: Some(organization_id),
        subject_id: Some(id.0),
        payload: serde_json::json!({}),
        unique_key: Some(format!("{END_GRANT}:{id}")),
        run_at,
    }
}

/// Answers that were not handed over yet are stopped, and say why. One that a worker is handing
/// over right now goes through.
async fn stop_answers(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<Vec<crate::domain::ids::TicketId>, StoreError> {
    let mut stopped = Vec::new();
    for mut entry in outbox::lock_unsent_of_channel(tx, organization_id, id).await? {
        entry.state = OutboxState::Failed;
        entry.error_code = Some(code::DISCONNECTED.to_owned());
        entry.lease_until = None;
        entry.save(tx).await?;
        jobs::remove(tx, &delivery::unique_key(delivery::SEND, entry.id)).await?;
        delivery::changed(tx, &entry, None);
        stopped.push(entry.ticket_id);
    }
    stopped.sort_unstable();
    stopped.dedup();
    Ok(stopped)
}
