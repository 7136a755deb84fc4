//! Where a person appears.

use std::collections::BTreeSet;

use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{MembershipId, OrganizationId};
use crate::domain::words::MarkKind;
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services, users};
use crate::store::contacts::Contact;
use crate::store::people::{self, Traces};
use crate::store::{accounts, contacts, keys, memberships, person_marks};

/// What is known of a person. Numbers, and never a word of their mail.
#[derive(Debug, Clone)]
pub struct Person {
    /// Every address that is known to be theirs, the one that was asked for first.
    pub addresses: Vec<String>,
    /// Their name.
    pub name: Option<String>,
    /// Where they appear.
    pub traces: Traces,
    /// The user whose sign-in address it is.
    pub membership_id: Option<MembershipId>,
    /// What they want of everything that is done with their data.
    pub marks: Vec<MarkKind>,
    /// The blinds of the addresses.
    pub blinds: Vec<Vec<u8>>,
}

impl Person {
    /// Whether anything is held of them.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !self.traces.is_empty() || self.membership_id.is_some()
    }
}

/// Looks a person up, for who handles requests.
pub async fn look_up(services: &Services, actor: &Actor, address: &str) -> Result<Person> {
    if !actor.may(Permission::ManageRequests) {
        return Err(ServiceError::Forbidden);
    }
    let address = users::check_email("address", address)?;
    let object = Object::list(ObjectKind::Contact);
    access::record_all(services, actor, &[(Action::LookUpPerson, object)]).await?;
    find(services, actor.organization_id, &[address]).await
}

/// The person with these addresses, and those that are known to be theirs as well.
pub(super) async fn find(
    services: &Services,
    organization_id: OrganizationId,
    addresses: &[String],
) -> Result<Person> {
    let store = services.store();
    let key = keys::of_organization(store, organization_id).await?;
    let blind = |address: &String| contacts::address_blind(&key, address);
    let given: Vec<Vec<u8>> = addresses.iter().map(blind).collect();
    let known = contacts::find_by_blinds(store, organization_id, &given).await?;
    let ids: BTreeSet<_> = known.into_values().collect();
    let mut addresses = addresses.to_vec();
    let mut name = None;
    for id in ids {
        let Some(contact) = contacts::find(store, organization_id, id).await? else { continue };
        name = name.or(contact.name);
        for (_, value) in contact.identities {
            if !addresses.iter().any(|known| known.eq_ignore_ascii_case(&value)) {
                addresses.push(value);
            }
        }
    }
    let blinds: Vec<Vec<u8>> = addresses.iter().map(blind).collect();
    Ok(Person {
        traces: people::trace(store, organization_id, &blinds).await?,
        membership_id: member(services, organization_id, &addresses).await?,
        marks: person_marks::of(store, organization_id, &blinds).await?,
        addresses,
        name,
        blinds,
    })
}

/// What a customer wants of everything that is done with their data.
pub(in crate::service) async fn marks_of(
    services: &Services,
    organization_id: OrganizationId,
    contact: &Contact,
) -> Result<Vec<MarkKind>> {
    let store = services.store();
    if !person_marks::any(store, organization_id).await? {
        return Ok(Vec::new());
    }
    let key = keys::of_organization(store, organization_id).await?;
    let blinds: Vec<Vec<u8>> = contact
        .identities
        .iter()
        .map(|(_, address)| contacts::address_blind(&key, address))
        .collect();
    let mut marks = person_marks::of(store, organization_id, &blinds).await?;
    marks.sort_unstable();
    Ok(marks)
}

async fn member(
    services: &Services,
    organization_id: OrganizationId,
    addresses: &[String],
) -> Result<Option<MembershipId>> {
    let store = services.store();
    for address in addresses {
        let Some(account) = accounts::find_by_email(store, address).await? else { continue };
        let found = memberships::find_of_account(store, organization_id, account.id).await?;
        if let Some(found) = found {
            return Ok(Some(found.id));
        }
    }
    Ok(None)
}
