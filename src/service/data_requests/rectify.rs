//! Rectification: a customer's facts are put right. What they wrote stays what they wrote: no
//! message is touched. The profile is sealed anew under another key and the old key destroyed, so
//! that what was wrong is in no backup either; what is left of it is the time.

use super::{View, begin, person, require_identity, require_kind, view};
use crate::audit::Action;
use crate::authz::Actor;
use crate::crypto::KeyKind;
use crate::domain::ids::{ContactId, DataRequestId, OrganizationId, TicketId};
use crate::domain::words::{RequestEventKind, RequestKind};
use crate::service::{Result, ServiceError, Services, dead_keys, users};
use crate::store::contacts::facts::{self, Correction};
use crate::store::tickets::{self, participants};
use crate::store::{Scope, contacts, keys};

/// Tickets whose line of the list is put right in one transaction.
const TOGETHER: usize = 32;

/// What is right.
#[derive(Debug, Clone)]
pub struct Right {
    /// The name; `None` leaves it.
    pub name: Option<String>,
    /// The address in place of the one that the request is about; `None` leaves it.
    pub address: Option<String>,
}

/// Puts a customer's facts right.
pub async fn rectify(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    right: Right,
) -> Result<View> {
    let mut open = begin(services, actor, id).await?;
    require_kind(&open.request, &[RequestKind::Rectification])?;
    require_identity(&open.request)?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let name = right.name.as_deref().map(check_name).transpose()?;
    let address = right.address.as_deref().map(|to| users::check_email("address", to));
    let address = address.transpose()?;
    if name.is_none() && address.is_none() {
        return Err(ServiceError::invalid("name", "say what is to be put right"));
    }
    let found = person::find(services, organization_id, open.addresses()).await?;
    let organization_key = keys::of_organization(store, organization_id).await?;
    let from = open.addresses().first().cloned().unwrap_or_default();
    let address = match address {
        None => None,
        Some(to) => {
            let blind = contacts::address_blind(&organization_key, &to);
            let blinds = std::slice::from_ref(&blind);
            let taken = contacts::find_by_blinds(store, organization_id, blinds).await?;
            if taken.values().any(|id| !found.traces.contacts.contains(id)) {
                return Err(ServiceError::invalid("address", "another customer has this address"));
            }
            Some((from.clone(), to, blind))
        }
    };
    if found.traces.contacts.is_empty() {
        return Err(ServiceError::conflict(
            "no_contact",
            "No customer is known by this address, so there is nothing to put right.",
        ));
    }
    super::record(services, actor, id, Action::RectifyPerson).await?;
    let correction = Correction { name, address };
    for contact in &found.traces.contacts {
        correct(services, organization_id, *contact, &correction).await?;
    }
    let own: Vec<TicketId> = found.traces.own.iter().copied().collect();
    for chunk in own.chunks(TOGETHER) {
        correct_tickets(services, organization_id, chunk, &from, &correction).await?;
    }
    open.request.acted_at = Some(store.now());
    let tx = store.begin().await?;
    open.save(&tx, RequestEventKind::Rectified, Some(actor.membership_id), None).await?;
    tx.commit().await?;
    view(services, actor, id).await
}

fn check_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(ServiceError::invalid("name", "give a name of 1 to 200 characters"));
    }
    Ok(name.to_owned())
}

async fn correct(
    services: &Services,
    organization_id: OrganizationId,
    id: ContactId,
    correction: &Correction,
) -> Result<()> {
    let store = services.store();
    let organization_key = keys::of_organization(store, organization_id).await?;
    let new = store
        .keyring()
        .create(KeyKind::Profile, organization_id.0, Some(&organization_key), None)
        .await?;
    let tx = store.begin().await?;
    let old = facts::correct(&tx, organization_id, id, correction, &new).await?;
    let dead: Vec<_> = old.into_iter().collect();
    dead_keys::order(&tx, &dead).await?;
    tx.commit().await?;
    dead_keys::destroy(services, &dead).await?;
    Ok(())
}

/// What the list shows beside a ticket.
async fn correct_tickets(
    services: &Services,
    organization_id: OrganizationId,
    ids: &[TicketId],
    from: &str,
    correction: &Correction,
) -> Result<()> {
    let store = services.store();
    let found = tickets::find_many(store, &Scope::whole(organization_id), ids).await?;
    let key_ids: Vec<_> = found.iter().map(|ticket| ticket.key_id).collect();
    let keys = store.keyring().get_many(&key_ids).await?;
    let tx = store.begin().await?;
    for ticket in found {
        let Some(key) = keys.get(&ticket.key_id) else { continue };
        let mut customer = ticket.customer.clone();
        if let Some(name) = &correction.name {
            customer.name = Some(name.clone());
        }
        if let Some((_, to, blind)) = &correction.address {
            if customer.address.eq_ignore_ascii_case(from) {
                customer.address.clone_from(to);
            }
            participants::add(&tx, organization_id, [(ticket.id, blind.clone())]).await?;
        }
        tickets::set_customer(&tx, organization_id, ticket.id, key, &customer).await?;
    }
    tx.commit().await?;
    Ok(())
}
