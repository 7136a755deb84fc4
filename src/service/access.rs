//! Writes to the audit log who reads what, before it is handed out.

use uuid::Uuid;

use super::{Result, Services};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::Actor;
use crate::domain::ids::ChannelId;
use crate::store::audit::{self, NewAuditEntry};

/// Returns once the entry is committed.
pub async fn record(
    services: &Services,
    actor: &Actor,
    action: Action,
    object_kind: ObjectKind,
    object_id: Uuid,
    channel_id: ChannelId,
) -> Result<()> {
    let entry = NewAuditEntry {
        organization_id: actor.organization_id,
        actor: Who::Member(actor.membership_id.0),
        action,
        object_kind,
        object_id: Some(object_id),
        channel_id: Some(channel_id),
    };
    Ok(audit::record(services.store(), entry).await?)
}
