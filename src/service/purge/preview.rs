//! What there is, what will happen and when; and what happens already.

use chrono::{DateTime, Utc};

use super::{PROMISE, grant_code, watch, window_end};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, MembershipId};
use crate::domain::words::{Provider, PurgeState, Status};
use crate::service::access::{self, Object};
use crate::service::names::Names;
use crate::service::{Result, ServiceError, Services};
use crate::store::purge_rows::{self, Of};
use crate::store::purges::{self, Counts, Purge};
use crate::store::tickets::{self, Filter};
use crate::store::{Scope, channels, mailboxes};

/// Open tickets that are named at most; the number of all is told beside them.
const NAMED: u64 = 100;

/// What disconnecting would do.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Where the mailbox lives.
    pub provider: Provider,
    /// Its address.
    pub address: String,
    /// What there is.
    pub counts: Counts,
    /// The first of the tickets that wait for somebody.
    pub open_tickets: Vec<OpenTicket>,
    /// How many there are.
    pub open_count: i64,
    /// How many answers wait to be sent.
    pub waiting_answers: u64,
    /// Days in which it can be undone.
    pub undo_days: u32,
    /// When that window would end.
    pub due_at: DateTime<Utc>,
    /// When the last backup of the keys would be gone.
    pub keyring_gone_at: DateTime<Utc>,
    /// When the last backup of data would be gone, in which nothing can be read by then.
    pub backups_gone_at: DateTime<Utc>,
}

/// A ticket that waits for somebody.
#[derive(Debug, Clone)]
pub struct OpenTicket {
    /// Its number.
    pub number: i64,
    /// What it is about, for who belongs to the mailbox.
    pub subject: Option<String>,
    /// Its status.
    pub status: Status,
}

/// Counts what disconnecting would delete.
pub async fn preview(services: &Services, actor: &Actor, id: ChannelId) -> Result<Preview> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let mailbox = mailboxes::find(store, organization_id, id).await?;
    let mailbox = mailbox.ok_or(ServiceError::NotFound)?;
    let of = Of { organization_id, channel_id: id };
    let counts = purge_rows::count(store, of).await?;
    let scope = Scope::whole(organization_id);
    let mut open_tickets = Vec::new();
    let mut open_count = 0;
    for status in [Status::Open, Status::OnHold, Status::Pending] {
        open_count += purge_rows::count_status(store, of, status).await?;
        let room = NAMED.saturating_sub(open_tickets.len() as u64);
        if room == 0 {
            continue;
        }
        let filter = Filter { status: Some(status), channel_id: Some(id), ..Filter::default() };
        let page = tickets::list(store, &scope, &filter, None, room).await?;
        open_tickets.extend(page.tickets.into_iter().map(|ticket| OpenTicket {
            number: ticket.number,
            subject: actor.reaches(id).then_some(ticket.subject),
            status,
        }));
    }
    let read = (Action::ListTickets, Object::of(id, ObjectKind::Mailbox, id.0));
    access::record_all(services, actor, &[read]).await?;
    let waiting_answers = crate::store::outbox::count_unsent(store, organization_id, id).await?;
    let forgetting = services.options().forgetting;
    let due_at = window_end(services);
    Ok(Preview {
        provider: mailbox.provider,
        address: mailbox.address,
        counts,
        open_tickets,
        open_count,
        waiting_answers,
        undo_days: forgetting.undo_days,
        due_at,
        keyring_gone_at: due_at + super::days(forgetting.keyring_backup_days),
        backups_gone_at: due_at + super::days(forgetting.last_backup_days),
    })
}

/// A purge with what is shown beside it.
#[derive(Debug, Clone)]
pub struct PurgeView {
    /// The purge.
    pub purge: Purge,
    /// The mailbox's address, while it can be read.
    pub address: Option<String>,
    /// Who asked for it.
    pub requested_by: Option<(MembershipId, String)>,
    /// Who asked for it before the window's end.
    pub early_by: Option<(MembershipId, String)>,
    /// What became of the grant, while the mailbox can come back.
    pub grant: Option<&'static str>,
    /// By then it is done.
    pub promised_at: DateTime<Utc>,
    /// Whether it takes longer than it may.
    pub is_late: bool,
    /// The statement, when it is signed.
    pub statement_id: Option<uuid::Uuid>,
}

/// The purges of the organization: those that run first, then the newest.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<PurgeView>> {
    if !actor.may(Permission::ManageMailboxes) && !actor.may(Permission::ReadAudit) {
        return Err(ServiceError::Forbidden);
    }
    let store = services.store();
    let organization_id = actor.organization_id;
    let names = Names::load(services, organization_id).await?;
    let statements = purges::list_statements(store, organization_id).await?;
    let leaving = mailboxes::list_disconnected(store, organization_id).await?;
    let channels = channels::list(store, organization_id).await?;
    let mut views: Vec<PurgeView> = Vec::new();
    for purge in purges::list(store, organization_id).await? {
        if purge.state == PurgeState::Undone {
            continue;
        }
        let mailbox = leaving.iter().find(|mailbox| mailbox.channel_id == purge.channel_id);
        let channel = channels.iter().find(|channel| channel.id == purge.channel_id);
        let name = |id: MembershipId| (id, names.member(id).unwrap_or_default());
        views.push(PurgeView {
            address: mailbox.map(|mailbox| mailbox.address.clone()),
            requested_by: purge.requested_by.map(name),
            early_by: purge.early_by.map(name),
            grant: channel.and_then(|channel| grant_code(channel.state_code.as_deref())),
            promised_at: purge.requested_at + PROMISE,
            is_late: watch::is_late(&purge, store.now()),
            statement_id: statements
                .iter()
                .find(|statement| statement.purge_id == purge.id)
                .map(|statement| statement.id),
            purge,
        });
    }
    views.sort_by_key(|view| view.purge.state == PurgeState::Done);
    Ok(views)
}
