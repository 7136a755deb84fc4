//! For whoever runs the server, at the command line: they act without signing in.

use std::sync::Arc;

use super::{Result, ServiceError, Services, users};
use crate::authz::Actor;
use crate::domain::ids::OrganizationId;
use crate::domain::words::Role;
use crate::store::organizations::{self, Organization};

/// The organization called so or with this id; without a name, the only one.
pub async fn find_organization(services: &Services, wanted: Option<&str>) -> Result<Organization> {
    let mut all = organizations::list(services.store()).await?;
    if let Some(wanted) = wanted {
        all.retain(|one| one.name == wanted || one.id.to_string() == wanted);
    }
    match (all.pop(), all.is_empty(), wanted) {
        (Some(only), true, _) => Ok(only),
        (Some(_), false, _) => Err(ServiceError::invalid(
            "organization",
            "there is more than one organization: name one by its id",
        )),
        (None, _, Some(_)) => Err(ServiceError::invalid(
            "organization",
            "there is no organization with this name or id",
        )),
        (None, _, None) => {
            Err(ServiceError::invalid("organization", "there is none yet: make one first"))
        }
    }
}

/// Somebody in whose place the operator acts: the organization's first owner, who belongs to no
/// channel here, and so can read no mail.
pub async fn act_for(services: &Services, organization_id: OrganizationId) -> Result<Actor> {
    let owner = users::list_of(services, organization_id)
        .await?
        .into_iter()
        .find(|user| user.role == Role::Owner)
        .ok_or(ServiceError::NotFound)?;
    Ok(Actor {
        account_id: owner.account_id,
        membership_id: owner.membership_id,
        organization_id,
        role: Role::Owner,
        channels: Arc::from([]),
        hidden: Arc::from([]),
    })
}
