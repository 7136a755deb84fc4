//! The register, and one request of it.

use chrono::{DateTime, Utc};

use super::{DataRequest, View};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::DataRequestId;
use crate::service::access::{self, Object};
use crate::service::names::Names;
use crate::service::{Result, ServiceError, Services};
use crate::store::data_requests;

/// The register with the names that it shows.
#[derive(Debug, Clone)]
pub struct Register {
    /// The requests, the one that is due first at the beginning.
    pub requests: Vec<DataRequest>,
    /// Names of members.
    pub names: Names,
    /// The time of this look.
    pub now: DateTime<Utc>,
}

/// Every request of the organization.
pub async fn list(services: &Services, actor: &Actor) -> Result<Register> {
    if !actor.may(Permission::ManageRequests) {
        return Err(ServiceError::Forbidden);
    }
    let object = Object::list(ObjectKind::DataRequest);
    access::record_all(services, actor, &[(Action::ReadRequests, object)]).await?;
    Ok(Register {
        requests: data_requests::list(services.store(), actor.organization_id).await?,
        names: Names::load(services, actor.organization_id).await?,
        now: services.store().now(),
    })
}

/// One request.
pub async fn get(services: &Services, actor: &Actor, id: DataRequestId) -> Result<View> {
    super::reach(services, actor, id).await?;
    super::record(services, actor, id, Action::ReadRequests).await?;
    super::view(services, actor, id).await
}
