//! Status and assignee.

use serde_json::json;

use super::{Summary, reach, summarize};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::desk::NoticeKind;
use crate::domain::ids::MembershipId;
use crate::domain::words::{EventKind, Status};
use crate::service::notices::{self, Told};
use crate::service::{Result, ServiceError, Services, access};
use crate::store::events::NewEvent;
use crate::store::tickets::{self, Change};

/// What changes. Fields that are `None` stay.
#[derive(Debug, Clone, Default)]
pub struct Patch {
    /// The new status.
    pub status: Option<Status>,
    /// The new assignee; `Some(None)` takes the ticket from whoever has it.
    pub assignee: Option<Option<MembershipId>>,
}

/// Changes a ticket that is still at `version`.
pub async fn update(
    services: &Services,
    actor: &Actor,
    number: i64,
    version: i32,
    patch: Patch,
) -> Result<Summary> {
    let ticket = reach(services, actor, Permission::WorkOnTickets, number).await?;
    if ticket.version != version {
        return Err(ServiceError::Stale);
    }
    let store = services.store();
    let mut state = ticket.state.clone();
    let mut data = serde_json::Map::new();
    if let Some(status) = patch.status.filter(|status| *status != state.status) {
        data.insert("status".into(), json!(status));
        data.insert("status_before".into(), json!(state.status));
        state.set_status(status, store.now());
    }
    if let Some(assignee) = patch.assignee.filter(|assignee| *assignee != state.assignee_id) {
        if let Some(id) = assignee {
            reaches(services, actor, id, &ticket).await?;
        }
        data.insert("assignee".into(), json!(assignee));
        data.insert("assignee_before".into(), json!(state.assignee_id));
        state.assignee_id = assignee;
    }
    let (action, kind) = (Action::ChangeTicket, ObjectKind::Ticket);
    access::record(services, actor, action, kind, ticket.id.0, ticket.state.channel_id).await?;
    if !data.is_empty() {
        let key = store.keyring().get(ticket.key_id).await?;
        let tx = store.begin().await?;
        let change = Change { version, state: &state, snippet: None, customer: None };
        tickets::update(&tx, actor.organization_id, ticket.id, &key, &change).await?;
        if let Some(Some(assignee)) = patch.assignee
            && ticket.state.assignee_id != Some(assignee)
        {
            let told = Told { ticket_id: ticket.id, by: Some(actor.membership_id) };
            let kind = NoticeKind::Assigned;
            notices::tell(&tx, actor.organization_id, kind, told, &[assignee]).await?;
        }
        tx.event(
            NewEvent::ticket(
                actor.organization_id,
                EventKind::TicketUpdated,
                state.channel_id,
                ticket.id,
            )
            .by(Some(actor.membership_id))
            .data(data.into()),
        );
        tx.commit().await?;
    }
    let ticket = reach(services, actor, Permission::WorkOnTickets, number).await?;
    summarize(services, actor, vec![ticket]).await?.pop().ok_or(ServiceError::NotFound)
}

/// A ticket goes only to somebody who can read it.
async fn reaches(
    services: &Services,
    actor: &Actor,
    assignee: MembershipId,
    ticket: &tickets::Ticket,
) -> Result<()> {
    let members = crate::store::channels::list_members(
        services.store(),
        actor.organization_id,
        ticket.state.channel_id,
    )
    .await?;
    let found = crate::store::memberships::find(services.store(), actor.organization_id, assignee);
    let can_work = found.await?.is_some_and(|member| member.disabled_at.is_none());
    if can_work && members.contains(&assignee) {
        Ok(())
    } else {
        Err(ServiceError::invalid(
            "assignee_id",
            "This user does not belong to the ticket's mailbox. Add them to it first.",
        ))
    }
}

/// The actor has seen the ticket as it is now.
pub async fn mark_read(services: &Services, actor: &Actor, number: i64) -> Result<()> {
    let ticket = reach(services, actor, Permission::ReadTickets, number).await?;
    let at = ticket.state.last_message_at;
    tickets::mark_seen(services.store(), actor.organization_id, ticket.id, actor.membership_id, at)
        .await?;
    notices::read_ticket(services, actor, ticket.id).await
}
