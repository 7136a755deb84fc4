//! Writes to the audit log who reads and who changes what: reads before they are handed out,
//! changes before they are made. So an entry may tell of a change that then failed, and never is
//! one missing.

use uuid::Uuid;

use super::{Result, Services};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::Actor;
use crate::domain::ids::{ChannelId, OrganizationId};
use crate::store::audit::{self, NewAuditEntry};

/// The log of what happens before anybody is known to belong to an organization.
pub const SERVER: OrganizationId = OrganizationId(Uuid::nil());

/// What is read or changed.
#[derive(Debug, Clone, Copy)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// Which one; `None` for a list.
    pub id: Option<Uuid>,
    /// The channel that it belongs to, if it belongs to one.
    pub channel_id: Option<ChannelId>,
}

impl Object {
    /// A thing of the organization, of no channel.
    #[must_use]
    pub const fn new(kind: ObjectKind, id: Uuid) -> Self {
        Self { kind, id: Some(id), channel_id: None }
    }

    /// A thing of a channel.
    #[must_use]
    pub const fn of(channel_id: ChannelId, kind: ObjectKind, id: Uuid) -> Self {
        Self { kind, id: Some(id), channel_id: Some(channel_id) }
    }

    /// A list of things of several channels.
    #[must_use]
    pub const fn list(kind: ObjectKind) -> Self {
        Self { kind, id: None, channel_id: None }
    }
}

/// Returns once the entry is committed.
pub async fn record(
    services: &Services,
    actor: &Actor,
    action: Action,
    kind: ObjectKind,
    id: Uuid,
    channel_id: ChannelId,
) -> Result<()> {
    record_all(services, actor, &[(action, Object::of(channel_id, kind, id))]).await
}

/// As [`record`], several entries in one commit.
pub async fn record_all(
    services: &Services,
    actor: &Actor,
    entries: &[(Action, Object)],
) -> Result<()> {
    let who = Who::Member(actor.membership_id.0);
    let entries = entries
        .iter()
        .map(|(action, object)| entry(actor.organization_id, who, *action, *object))
        .collect();
    Ok(audit::record_all(services.store(), entries).await?)
}

/// As [`record`], by the server itself or by its operator.
pub async fn record_by(
    services: &Services,
    organization_id: OrganizationId,
    who: Who,
    action: Action,
    object: Object,
) -> Result<()> {
    Ok(audit::record(services.store(), entry(organization_id, who, action, object)).await?)
}

fn entry(
    organization_id: OrganizationId,
    actor: Who,
    action: Action,
    object: Object,
) -> NewAuditEntry {
    NewAuditEntry {
        organization_id,
        actor,
        action,
        object_kind: object.kind,
        object_id: object.id,
        channel_id: object.channel_id,
    }
}
