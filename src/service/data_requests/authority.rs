//! The supervisory authority that answers name: whoever is not content may complain there.

use serde::{Deserialize, Serialize};

use super::words;
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::OrganizationId;
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services};
use crate::store::{keys, settings};

/// The setting.
const SETTING: &str = "authority";

/// A supervisory authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// Its name.
    pub name: String,
    /// Where it can be reached.
    pub address: String,
}

impl Default for Authority {
    /// The Dutch one, until an organization names its own.
    fn default() -> Self {
        Self {
            name: "Autoriteit Persoonsgegevens".to_owned(),
            address: "Postbus 93374, 2509 AJ Den Haag, autoriteitpersoonsgegevens.nl".to_owned(),
        }
    }
}

/// The organization's authority.
pub(super) async fn of(services: &Services, organization_id: OrganizationId) -> Result<Authority> {
    let found = settings::find(services.store(), organization_id, SETTING).await?;
    Ok(found.unwrap_or_default())
}

/// The organization's authority, for who handles requests.
pub async fn get(services: &Services, actor: &Actor) -> Result<Authority> {
    if !actor.may(Permission::ManageRequests) {
        return Err(ServiceError::Forbidden);
    }
    of(services, actor.organization_id).await
}

/// Names another one.
pub async fn set(services: &Services, actor: &Actor, authority: Authority) -> Result<Authority> {
    services.scope(actor, Permission::ManageOrganization)?;
    let authority = Authority {
        name: words("name", &authority.name)?,
        address: words("address", &authority.address)?,
    };
    let object = Object::new(ObjectKind::Organization, actor.organization_id.0);
    access::record_all(services, actor, &[(Action::ChangeSettings, object)]).await?;
    let store = services.store();
    let key = keys::of_organization(store, actor.organization_id).await?;
    let tx = store.begin().await?;
    settings::set(&tx, &key, actor.organization_id, SETTING, &authority).await?;
    tx.commit().await?;
    Ok(authority)
}
