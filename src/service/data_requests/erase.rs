//! Erasure: a dry run first, then the act ([`crate::service::erasure`]), then the copies that are at
//! providers yet.

use super::{Open, View, begin, require_identity, require_kind, view};
use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::domain::ids::{DataRequestId, ErasureId};
use crate::domain::words::{RequestEventKind, RequestKind};
use crate::service::access::{self, Object};
use crate::service::erasure::{self, Preview, ProviderCopy, Subject};
use crate::service::{Result, ServiceError, Services};

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
