//! Erasure: a dry run first, then the act ([`crate::service::erasure`]), then the copies that are at
//! providers yet.

use super::{DataRequest, Open, View, begin, require_identity, require_kind, view};
use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::crypto::OpenKey;
use crate::domain::ids::{DataRequestId, ErasureId, OrganizationId};
use crate::domain::words::{RequestEventKind, RequestKind};
use crate::service::access::{self, Object};
use crate::service::erasure::{self, Preview, ProviderCopy, Subject};
use crate::service::{Result, ServiceError, Services};
use crate::store::Tx;
use crate::store::data_requests::{self, timeline};

const KINDS: &[RequestKind] = &[RequestKind::Erasure];

fn subject(open: &Open) -> Subject {
    Subject { contact_id: None, addresses: open.addresses().to_vec() }
}

/// What would become of what: numbers, tickets by their numbers, holds, copies at providers.
pub async fn preview(services: &Services, actor: &Actor, id: DataRequestId) -> Result<Preview> {
    let open = begin(services, actor, id).await?;
    require_kind(&open.request, KINDS)?;
    let object = Object::new(ObjectKind::DataRequest, id.0);
    access::record_all(services, actor, &[(Action::LookUpPerson, object)]).await?;
    erasure::preview(services, actor.organization_id, &subject(&open)).await
}

/// Erases the person. Nothing brings it back.
pub async fn erase(services: &Services, actor: &Actor, id: DataRequestId) -> Result<View> {
    let mut open = begin(services, actor, id).await?;
    require_kind(&open.request, KINDS)?;
    require_identity(&open.request)?;
    if open.request.erasure_id.is_some() {
        return Err(ServiceError::conflict("erasure_begun", "Erasing has begun already."));
    }
    super::record(services, actor, id, Action::ErasePerson).await?;
    let store = services.store();
    let prepared = erasure::prepare(services, actor.organization_id, &subject(&open)).await?;
    open.request.acted_at = Some(store.now());
    let tx = store.begin().await?;
    let by = Some(actor.membership_id);
    let erasure = erasure::begin(&tx, &prepared, by).await?;
    open.request.erasure_id = Some(erasure.0);
    open.save(&tx, RequestEventKind::ErasureBegun, by, None).await?;
    tx.commit().await?;
    view(services, actor, id).await
}

/// The request that an erasure is for, with its key; before the transaction of [`ended`]. None where there
/// is no request, or nobody knows any more whose it was.
pub(in crate::service) async fn asked_by(
    services: &Services,
    organization_id: OrganizationId,
    id: ErasureId,
) -> Result<Option<(DataRequest, OpenKey)>> {
    let store = services.store();
    let found = data_requests::find_of_erasure(store, organization_id, id.0).await?;
    let Some(request) = found else { return Ok(None) };
    let key = data_requests::key_of(store, &request).await?;
    Ok(key.map(|key| (request, key)))
}

/// Everything is erased, in the transaction that says so: it is in the request's timeline.
pub(in crate::service) async fn ended(tx: &Tx, of: Option<(DataRequest, OpenKey)>) -> Result<()> {
    if let Some((request, key)) = of {
        timeline::add(tx, &key, &request, RequestEventKind::Erased, None, None).await?;
    }
    Ok(())
}

/// The copies that are at providers yet: somebody has to remove them there.
pub async fn copies(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
) -> Result<Vec<ProviderCopy>> {
    let request = super::reach(services, actor, id).await?;
    let erasure = request.erasure_id.map(ErasureId).ok_or(ServiceError::NotFound)?;
    super::record(services, actor, id, Action::ReadRequests).await?;
    erasure::copies(services, actor.organization_id, erasure).await
}
