//! Organizations: made by the setup page or the command line, changed by admins.

use serde_json::json;

use super::access::{self, Object};
use super::users::{self, NewUser};
use super::{Result, ServiceError, Services, still_at};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::crypto::KeyKind;
use crate::domain::ids::{AccountId, MembershipId, OrganizationId};
use crate::domain::words::{EventKind, Role};
use crate::store::events::NewEvent;
use crate::store::organizations;
use crate::store::versions::{self, Versioned};

pub use crate::store::organizations::Organization;

/// An organization to be made, with its owner.
#[derive(Debug)]
pub struct NewOrganization {
    /// Its name.
    pub name: String,
    /// An IANA time zone.
    pub time_zone: String,
    /// Who owns it; the role is `owner` whatever stands here.
    pub owner: NewUser,
}

/// What was made.
#[derive(Debug, Clone, Copy)]
pub struct Created {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The owner's account.
    pub account_id: AccountId,
    /// The owner in the organization.
    pub membership_id: MembershipId,
}

/// Makes an organization and its owner. For the setup page and the operator.
pub async fn create(services: &Services, new: NewOrganization) -> Result<Created> {
    let name = check_name(&new.name)?;
    let time_zone = check_time_zone("time_zone", &new.time_zone)?;
    let owner = users::prepare(services, None, NewUser { role: Role::Owner, ..new.owner }).await?;
    let store = services.store();
    let id = OrganizationId(store.new_id());
    let key = store.keyring().create(KeyKind::Organization, id.0, None, None).await?;
    let (key_id, created_at) = (key.id(), store.now());
    let organization = Organization { id, name, time_zone, key_id, created_at, version: 1 };
    users::record_made(services, id, &owner).await?;
    let tx = store.begin().await?;
    organizations::add(&tx, &organization).await?;
    let (account_id, membership_id) = users::add(&tx, services, id, &owner).await?;
    tx.commit().await?;
    tracing::info!(organization.id = %id, "an organization was made");
    Ok(Created { organization_id: id, account_id, membership_id })
}

/// The actor's organization.
pub async fn get(services: &Services, actor: &Actor) -> Result<Organization> {
    organizations::find(services.store(), actor.organization_id)
        .await?
        .ok_or(ServiceError::NotFound)
}

/// Changes name or time zone of the organization that is still at `version`.
pub async fn update(
    services: &Services,
    actor: &Actor,
    version: i32,
    name: Option<&str>,
    time_zone: Option<&str>,
) -> Result<Organization> {
    services.scope(actor, Permission::ManageOrganization)?;
    let mut organization = get(services, actor).await?;
    still_at(organization.version, version)?;
    if let Some(name) = name {
        organization.name = check_name(name)?;
    }
    if let Some(time_zone) = time_zone {
        organization.time_zone = check_time_zone("time_zone", time_zone)?;
    }
    let changed = Object::new(ObjectKind::Organization, organization.id.0);
    access::record_all(services, actor, &[(Action::ChangeSettings, changed)]).await?;
    let tx = services.store().begin().await?;
    let (name, time_zone) = (organization.name.as_str(), organization.time_zone.as_str());
    versions::raise(&tx, organization.id, Versioned::Organization, version).await?;
    organizations::update(&tx, organization.id, name, time_zone).await?;
    let (kind, data) = (EventKind::OrganizationChanged, json!({ "id": organization.id }));
    tx.event(NewEvent::about(organization.id, kind, data).by(Some(actor.membership_id)));
    tx.commit().await?;
    Ok(Organization { version: version + 1, ..organization })
}

fn check_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(ServiceError::invalid("name", "give it a name of 1 to 100 characters"));
    }
    Ok(name.to_owned())
}

pub(super) fn check_time_zone(field: &'static str, time_zone: &str) -> Result<String> {
    time_zone.parse::<chrono_tz::Tz>().map(|zone| zone.name().to_owned()).map_err(|_| {
        ServiceError::invalid(field, "give an IANA time zone, such as Europe/Amsterdam")
    })
}
