//! What agents do with tickets, one file per act. Each act writes what was before (`store::acts`), so
//! that it can be undone.
//!
//! - [`change`]: status, assignee, team, priority, tags, snooze: one ticket, against the version
//!   that the agent saw.
//! - [`merge`]: a ticket goes up in another; [`split`]: a message becomes a ticket of its own.
//! - [`moving`]: a ticket lives in another mailbox from now on.
//! - [`deletion`]: a ticket is deleted for good, after a delay.
//! - [`bulk`]: several tickets at once.
//! - [`undo`]: takes an act back, unless somebody changed the same since.
//! - [`due`]: snoozes end, and what is to be deleted goes.
//!
//! Messages keep the channel that they came by, whatever becomes of their ticket: a purge follows
//! them there.

use serde_json::{Map, Value, json};

use super::{Result, ServiceError, Services};
use crate::authz::Actor;
use crate::domain::ids::{ActId, OrganizationId, TicketId};
use crate::domain::words::{ActKind, EventKind, HoldKind, Status};
use crate::store::acts::{self, Act, Trace};
use crate::store::events::NewEvent;
use crate::store::tickets::{self, Locked, TicketState};
use crate::store::{StoreError, Tx, holds, messages, tags};

pub mod bulk;
pub mod change;
pub mod deletion;
pub mod due;
pub mod merge;
pub mod moving;
pub mod split;
pub mod undo;

use super::tickets::Summary;

/// A ticket after an act.
#[derive(Debug, Clone)]
pub struct Changed {
    /// As the list shows it now.
    pub summary: Summary,
    /// What can be undone; nothing when nothing was done.
    pub act: Option<ActId>,
}

/// A ticket that was left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its number.
    pub number: i64,
    /// Why, as a word.
    pub code: &'static str,
    /// Why, as a sentence.
    pub message: String,
}

impl Refused {
    fn new(number: i64, error: ServiceError) -> Result<Self> {
        let (code, message) = match error {
            ServiceError::Conflict { code, message } => (code, message),
            ServiceError::Invalid { message, .. } => ("invalid", message),
            ServiceError::NotFound => ("not_found", "There is no such ticket.".to_owned()),
            ServiceError::Stale => ("stale", "It was changed in the meantime.".to_owned()),
            ServiceError::Forbidden => ("forbidden", "You may not do this.".to_owned()),
            other => return Err(other),
        };
        Ok(Self { number, code, message })
    }
}

/// An act that is done to one ticket after the other.
#[derive(Debug, Clone, Copy)]
struct Part {
    act: ActId,
    kind: ActKind,
    /// Whether the act is written down with this part of it.
    begins: bool,
}

impl Part {
    /// All there is of an act.
    fn whole(services: &Services, kind: ActKind) -> Self {
        Self { act: ActId(services.store().new_id()), kind, begins: true }
    }

    async fn begin(self, tx: &Tx, actor: &Actor) -> Result<(), StoreError> {
        if self.begins { begin(tx, actor, self.act, self.kind).await } else { Ok(()) }
    }
}

/// Begins an act.
async fn begin(tx: &Tx, actor: &Actor, id: ActId, kind: ActKind) -> Result<(), StoreError> {
    let at = tx.store().now();
    let act = Act { id, kind, by: actor.membership_id, at, undone_at: None };
    acts::add(tx, actor.organization_id, &act).await
}

/// Writes a ticket's new state and tags.
async fn write(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket: &Locked,
    state: &TicketState,
    trace: &Trace,
) -> Result<(), StoreError> {
    tickets::update_state(tx, organization_id, ticket.id, ticket.version, state).await?;
    tags::put_on(tx, organization_id, ticket.id, &trace.tags_added).await?;
    tags::take_from(tx, organization_id, ticket.id, &trace.tags_removed).await?;
    if state.snoozed_until.is_some() || state.delete_at.is_some() {
        due::order(tx, [state.snoozed_until, state.delete_at]).await?;
    }
    Ok(())
}

/// Tells of it in the ticket and to the browsers.
fn tell(tx: &Tx, actor: &Actor, ticket: TicketId, state: &TicketState, data: Map<String, Value>) {
    tx.event(
        NewEvent::ticket(actor.organization_id, EventKind::TicketUpdated, state.channel_id, ticket)
            .by(Some(actor.membership_id))
            .data(Value::Object(data)),
    );
}

/// What an act did, as ids and words.
fn told(trace: &Trace) -> Map<String, Value> {
    let mut data = Map::new();
    let mut step = |name: &str, after: Value, before: Value| {
        data.insert(name.to_owned(), after);
        data.insert(format!("{name}_before"), before);
    };
    if let Some(of) = &trace.status {
        step("status", json!(of.after), json!(of.before));
    }
    if let Some(of) = &trace.assignee {
        step("assignee", json!(of.after), json!(of.before));
    }
    if let Some(of) = &trace.team {
        step("team", json!(of.after), json!(of.before));
    }
    if let Some(of) = &trace.priority {
        step("priority", json!(of.after), json!(of.before));
    }
    if let Some(of) = &trace.snoozed_until {
        step("snoozed_until", json!(of.after), json!(of.before));
    }
    if let Some(of) = &trace.delete_at {
        step("delete_at", json!(of.after), json!(of.before));
    }
    if let Some(of) = &trace.channel {
        step("mailbox", json!(of.after), json!(of.before));
    }
    if !trace.tags_added.is_empty() {
        data.insert("tags_added".to_owned(), json!(trace.tags_added));
    }
    if !trace.tags_removed.is_empty() {
        data.insert("tags_removed".to_owned(), json!(trace.tags_removed));
    }
    data
}

/// With the act that did it.
fn by_act(mut data: Map<String, Value>, id: ActId, kind: ActKind) -> Map<String, Value> {
    data.insert("act".to_owned(), json!(id));
    data.insert("act_kind".to_owned(), json!(kind));
    data
}

/// What an act is called that did this.
fn kind_of(trace: &Trace) -> ActKind {
    match &trace.status {
        Some(step) if step.after == Status::Spam => ActKind::Spam,
        Some(step) if step.after == Status::Trash => ActKind::Trash,
        Some(step) if step.before.is_thrown_away() => ActKind::Restore,
        _ => ActKind::Change,
    }
}

/// The holds that keep a ticket: that on the organization apart, which keeps everything wherever it
/// is.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    /// A hold names the ticket, its customers or its mailbox.
    by_name: bool,
    /// A hold keeps all of the organization.
    whole: bool,
}

async fn held(
    services: &Services,
    organization_id: OrganizationId,
    id: TicketId,
    state: &TicketState,
) -> Result<Held> {
    let store = services.store();
    let lasting = holds::lasting(store, organization_id).await?;
    let mut found = Held::default();
    let mut contacts = Vec::new();
    for hold in &lasting {
        match hold.kind {
            HoldKind::Organization => found.whole = true,
            HoldKind::Mailbox => found.by_name |= hold.subject_id == state.channel_id.0,
            HoldKind::Ticket => found.by_name |= hold.subject_id == id.0,
            HoldKind::Contact => contacts.push(hold.subject_id.into()),
        }
    }
    found.by_name |= state.contact_id.is_some_and(|id| contacts.contains(&id));
    if !found.by_name && !contacts.is_empty() {
        let wrote = messages::tickets_with(store, organization_id, &[id], &contacts).await?;
        found.by_name = !wrote.is_empty();
    }
    Ok(found)
}

fn is_held() -> ServiceError {
    ServiceError::conflict(
        "held",
        "A legal hold keeps this ticket as it is. End the hold first, or leave it.",
    )
}
