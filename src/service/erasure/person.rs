//! Who is meant: addresses lead to profiles, and profiles to their other addresses.

use std::collections::BTreeSet;

use super::Subject;
use crate::domain::ids::{ContactId, OrganizationId};
use crate::service::{Result, ServiceError, Services};
use crate::store::contacts::{self, address_blind};
use crate::store::erasures::Person;
use crate::store::{erasure_rows, keys};

/// More addresses than a person has; a chain of profiles that long is a mistake.
const MOST: usize = 100;

pub(super) async fn resolve(
    services: &Services,
    organization_id: OrganizationId,
    subject: &Subject,
) -> Result<Person> {
    let store = services.store();
    let organization_key = keys::of_organization(store, organization_id).await?;
    let mut addresses: BTreeSet<String> = subject
        .addresses
        .iter()
        .map(|address| address.trim().to_lowercase())
        .filter(|address| !address.is_empty())
        .collect();
    let mut profiles: BTreeSet<ContactId> = subject.contact_id.into_iter().collect();
    let mut known: BTreeSet<ContactId> = BTreeSet::new();
    loop {
        let blinds: Vec<Vec<u8>> =
            addresses.iter().map(|address| address_blind(&organization_key, address)).collect();
        profiles.extend(erasure_rows::contacts_of(store, organization_id, &blinds).await?);
        let new: Vec<ContactId> = profiles.difference(&known).copied().collect();
        if new.is_empty() {
            break;
        }
        for id in new {
            known.insert(id);
            let found = contacts::find(store, organization_id, id).await?;
            let found = found
                .ok_or_else(|| ServiceError::invalid("contact_id", "there is no such customer"))?;
            addresses.extend(found.identities.into_iter().map(|(_, value)| value.to_lowercase()));
        }
        if addresses.len() > MOST {
            return Err(ServiceError::invalid("addresses", "name at most 100 addresses"));
        }
    }
    if addresses.is_empty() {
        return Err(ServiceError::invalid("addresses", "name an address or a customer"));
    }
    Ok(Person {
        addresses: addresses.into_iter().collect(),
        contacts: profiles.into_iter().collect(),
    })
}

/// The blinds of a person's addresses.
pub(super) async fn blinds(
    services: &Services,
    organization_id: OrganizationId,
    person: &Person,
) -> Result<Vec<Vec<u8>>> {
    let key = keys::of_organization(services.store(), organization_id).await?;
    Ok(person.addresses.iter().map(|address| address_blind(&key, address)).collect())
}
