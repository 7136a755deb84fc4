//! Writes a request down: by hand, or from a ticket.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use super::list::Register;
use super::person::{self, Person};
use super::{Content, DataRequest, words};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::crypto::KeyKind;
use crate::domain::ids::{ChannelId, DataRequestId, TicketId};
use crate::domain::requests::due;
use crate::domain::words::{RequestEventKind, RequestKind, RequestState};
use crate::service::access::{self, Object};
use crate::service::names::Names;
use crate::service::tickets::reach;
use crate::service::{Result, ServiceError, Services, users};
use crate::store::data_requests::{self, timeline};
use crate::store::{accounts, contacts, keys, mailboxes};

/// A letter may have lain about for as long.
const OLDEST: TimeDelta = TimeDelta::days(366);

/// A request to be written down.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// What is asked.
    pub kind: RequestKind,
    /// The person's address; nothing when a ticket says whose it is.
    pub address: Option<String>,
    /// The ticket whose customer asks.
    pub ticket_number: Option<i64>,
    /// What they asked for, in the words of who writes it down.
    pub note: Option<String>,
    /// When it came in; now, unless said otherwise.
    pub received_at: Option<DateTime<Utc>>,
}

/// Writes a request down. Whoever handles requests does so for any address; an agent for the
/// customer of a ticket that they can read. The address is the one that the customer's mail names
/// as its sender, never one that it asks to be answered at.
pub async fn open(services: &Services, actor: &Actor, new: NewRequest) -> Result<Register> {
    let store = services.store();
    let now = store.now();
    let note = new.note.as_deref().filter(|note| !note.trim().is_empty());
    let note = note.map(|note| words("note", note)).transpose()?;
    // As exactly as it is kept.
    let received_at = new.received_at.map_or(now, |at| at.trunc_subsecs(3));
    if received_at > now || received_at < now - OLDEST {
        return Err(ServiceError::invalid(
            "received_at",
            "give the day on which the request came in, at most a year ago",
        ));
    }
    let (addresses, ticket) = asked_by(services, actor, &new).await?;
    let person = person::find(services, actor.organization_id, &addresses).await?;
    let channel = ticket.map(|(_, channel)| channel).or(person.traces.channel_id);
    let language = language(services, actor, channel).await?;
    let organization_key = keys::of_organization(store, actor.organization_id).await?;
    let key = store
        .keyring()
        .create(KeyKind::Profile, actor.organization_id.0, Some(&organization_key), None)
        .await?;
    let is_known = person.is_known();
    let Person { addresses, name, membership_id, .. } = person;
    let request = DataRequest {
        organization_id: actor.organization_id,
        id: DataRequestId(store.new_id()),
        kind: new.kind,
        state: RequestState::Open,
        is_known,
        membership_id,
        ticket_id: ticket.map(|(id, _)| id),
        channel_id: channel,
        language,
        key_id: key.id(),
        content: Some(Content { addresses, name, note }),
        received_at,
        due_at: due(received_at, 0),
        extended_months: 0,
        opened_by: actor.membership_id,
        opened_at: now,
        handler_id: actor.may(Permission::ManageRequests).then_some(actor.membership_id),
        code_blind: None,
        code_at: None,
        code_tries: 0,
        identified_at: None,
        parcel_id: None,
        parcel_until: None,
        erasure_id: None,
        acted_at: None,
        lift_at: None,
        ended_at: None,
        closed_at: None,
        told_at: None,
        version: 1,
    };
    let object = Object::new(ObjectKind::DataRequest, request.id.0);
    access::record_all(services, actor, &[(Action::OpenRequest, object)]).await?;
    let tx = store.begin().await?;
    data_requests::add(&tx, &key, &request).await?;
    let (kind, by) = (RequestEventKind::Opened, Some(actor.membership_id));
    timeline::add(&tx, &key, &request, kind, by, None).await?;
    tx.commit().await?;
    let names = Names::load(services, actor.organization_id).await?;
    Ok(Register { requests: vec![request], names, now })
}

/// Whose request it is, and the ticket that it came by.
async fn asked_by(
    services: &Services,
    actor: &Actor,
    new: &NewRequest,
) -> Result<(Vec<String>, Option<(TicketId, ChannelId)>)> {
    let Some(number) = new.ticket_number else {
        if !actor.may(Permission::ManageRequests) {
            return Err(ServiceError::Forbidden);
        }
        let address = new.address.as_deref().ok_or_else(|| {
            ServiceError::invalid("address", "say whose request it is: an address or a ticket")
        })?;
        return Ok((vec![users::check_email("address", address)?], None));
    };
    let ticket = reach(services, actor, Permission::WorkOnTickets, number).await?;
    let nobody = || ServiceError::invalid("ticket_number", "this ticket has no customer");
    let contact = ticket.state.contact_id.ok_or_else(nobody)?;
    let contact = contacts::find(services.store(), actor.organization_id, contact).await?;
    let mut addresses: Vec<String> =
        contact.ok_or_else(nobody)?.identities.into_iter().map(|(_, value)| value).collect();
    // The address by which they wrote in this ticket is the one that is written to.
    let written = &ticket.customer.address;
    addresses.sort_by_key(|address| !address.eq_ignore_ascii_case(written));
    if addresses.is_empty() {
        return Err(nobody());
    }
    Ok((addresses, Some((ticket.id, ticket.state.channel_id))))
}

/// The mailbox's language, or that of who writes it down.
async fn language(
    services: &Services,
    actor: &Actor,
    channel: Option<ChannelId>,
) -> Result<String> {
    let store = services.store();
    if let Some(id) = channel
        && let Some(mailbox) = mailboxes::find(store, actor.organization_id, id).await?
    {
        return Ok(mailbox.language);
    }
    let account = accounts::find(store, actor.account_id).await?;
    Ok(account.map_or_else(|| "en".to_owned(), |account| account.locale))
}
