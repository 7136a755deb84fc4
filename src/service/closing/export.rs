//! Exports of everything, for owners: the one that closing makes, and others at any time before
//! the window's end.

use secrecy::SecretString;

use super::{allow, order};
use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::domain::words::{ClosingState, ParcelKind, ParcelState};
use crate::service::access::{self, Object};
use crate::service::parcels::mailbox::{ParcelView, views};
use crate::service::{Result, ServiceError, Services, parcels, passwords};
use crate::store::{closings, organizations};

/// The exports of the organization, the newest first.
pub async fn list_exports(services: &Services, actor: &Actor) -> Result<Vec<ParcelView>> {
    allow(actor)?;
    let id = actor.organization_id;
    let found = parcels::list_of(services, id, ParcelKind::Organization, id.0).await?;
    views(services, actor, found).await
}

/// Orders an export of everything.
pub async fn create_export(
    services: &Services,
    actor: &Actor,
    password: SecretString,
) -> Result<ParcelView> {
    allow(actor)?;
    passwords::confirm(services, actor, password).await?;
    let store = services.store();
    let id = actor.organization_id;
    if let Some(closing) = closings::find_open(store, id).await? {
        let is_late = closing.due_at.is_some_and(|due| due <= store.now());
        if is_late || !matches!(closing.state, ClosingState::Asked | ClosingState::Countdown) {
            return Err(super::over());
        }
    }
    let known = parcels::list_of(services, id, ParcelKind::Organization, id.0).await?;
    if known.iter().any(|parcel| parcel.state == ParcelState::Preparing) {
        return Err(ServiceError::conflict(
            "export_under_way",
            "An export of this organization is being made already.",
        ));
    }
    let organization = organizations::find(store, id).await?.ok_or(ServiceError::NotFound)?;
    let object = Object::new(ObjectKind::Organization, id.0);
    access::record_all(services, actor, &[(Action::OrderExport, object)]).await?;
    let order = order(services, actor, &organization.name);
    let ordered = parcels::order(services, &order).await?;
    let parcel = parcels::find(services, id, ordered).await?.ok_or(ServiceError::NotFound)?;
    let mut made = views(services, actor, vec![parcel]).await?;
    made.pop().ok_or(ServiceError::NotFound)
}
