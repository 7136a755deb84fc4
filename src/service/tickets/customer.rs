//! Puts the customer of a ticket right: another address, or the sender of the mail that a user
//! forwarded.

use serde_json::json;

use super::{Summary, reach, summarize};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::crypto::KeyKind;
use crate::domain::ids::{ContactId, MessageId};
use crate::domain::words::EventKind;
use crate::service::{Result, ServiceError, Services, access};
use crate::store::contacts::{self, NewContact};
use crate::store::events::NewEvent;
use crate::store::tickets::{self, Change, Customer, Ticket, participants};
use crate::store::{keys, messages};

/// Who the customer is.
#[derive(Debug, Clone)]
pub enum CustomerChange {
    /// This address.
    Address {
        /// The address.
        address: String,
        /// The name, if known.
        name: Option<String>,
    },
    /// The sender of the mail that this message forwards.
    Forwarded(MessageId),
}

/// Changes the customer; the ticket's own copy is sealed anew.
pub async fn set_customer(
    services: &Services,
    actor: &Actor,
    number: i64,
    change: CustomerChange,
) -> Result<Summary> {
    let ticket = reach(services, actor, Permission::WorkOnTickets, number).await?;
    let customer = wanted(services, actor, &ticket, change).await?;
    let (action, kind) = (Action::ChangeTicket, ObjectKind::Ticket);
    access::record(services, actor, action, kind, ticket.id.0, ticket.state.channel_id).await?;
    let store = services.store();
    let organization_key = keys::of_organization(store, actor.organization_id).await?;
    let blind = contacts::address_blind(&organization_key, &customer.address);
    let known =
        contacts::find_by_blinds(store, actor.organization_id, std::slice::from_ref(&blind))
            .await?
            .remove(&blind);
    let new = match known {
        Some(_) => None,
        None => Some(NewContact {
            id: ContactId(store.new_id()),
            key: store
                .keyring()
                .create(KeyKind::Profile, actor.organization_id.0, Some(&organization_key), None)
                .await?,
            name: customer.name.clone(),
            address: customer.address.clone(),
            address_blind: blind.clone(),
            channel_id: ticket.state.channel_id,
        }),
    };
    let contact_id = known.or(new.as_ref().map(|contact| contact.id));
    let key = store.keyring().get(ticket.key_id).await?;
    let mut state = ticket.state.clone();
    // Changed twice, it is still the first one whose mail asks to be answered elsewhere.
    let replaced = ticket.state.replaced_contact_id.or(ticket.state.contact_id);
    state.replaced_contact_id = replaced.filter(|id| Some(*id) != contact_id);
    state.contact_id = contact_id;
    let tx = store.begin().await?;
    if let Some(new) = &new {
        contacts::add(&tx, actor.organization_id, std::slice::from_ref(new)).await?;
    }
    let change =
        Change { version: ticket.version, state: &state, snippet: None, customer: Some(&customer) };
    tickets::update(&tx, actor.organization_id, ticket.id, &key, &change).await?;
    participants::add(&tx, actor.organization_id, [(ticket.id, blind)]).await?;
    tx.event(
        NewEvent::ticket(
            actor.organization_id,
            EventKind::TicketUpdated,
            state.channel_id,
            ticket.id,
        )
        .by(Some(actor.membership_id))
        .data(json!({ "contact": contact_id, "contact_before": ticket.state.contact_id })),
    );
    tx.commit().await?;
    let ticket = reach(services, actor, Permission::WorkOnTickets, number).await?;
    summarize(services, actor, vec![ticket]).await?.pop().ok_or(ServiceError::NotFound)
}

async fn wanted(
    services: &Services,
    actor: &Actor,
    ticket: &Ticket,
    change: CustomerChange,
) -> Result<Customer> {
    match change {
        CustomerChange::Address { address, name } => {
            let address = address.trim().to_owned();
            let wrong = |c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c);
            let halves = address.split_once('@');
            if address.len() > 254
                || address.contains(wrong)
                || !halves.is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
            {
                return Err(ServiceError::invalid(
                    "address",
                    "This is no e-mail address. It should look like name@example.com.",
                ));
            }
            Ok(Customer { name: name.filter(|name| !name.trim().is_empty()), address })
        }
        CustomerChange::Forwarded(id) => {
            let scope = services.scope(actor, Permission::WorkOnTickets)?;
            let message = messages::find(services.store(), &scope, id)
                .await?
                .filter(|message| message.ticket_id == ticket.id)
                .ok_or(ServiceError::NotFound)?;
            let from = message.envelope.forwarded_from.ok_or_else(|| {
                ServiceError::invalid(
                    "forwarded_message_id",
                    "This message forwards no mail whose sender could be read.",
                )
            })?;
            Ok(Customer { name: from.name, address: from.address })
        }
    }
}
