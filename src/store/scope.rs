//! What an actor may reach: the organization, and the channels in it.

use std::sync::Arc;

use sea_orm::{ColumnTrait, Condition};

use crate::domain::ids::{ChannelId, OrganizationId};

/// What every query is limited to. `service` makes it from the actor; jobs and ingest, which
/// act for the organization itself, take [`Scope::whole`].
#[derive(Debug, Clone)]
pub struct Scope {
    organization_id: OrganizationId,
    channels: Option<Arc<[ChannelId]>>,
}

impl Scope {
    /// The organization and just these channels of it.
    #[must_use]
    pub fn channels(
        organization_id: OrganizationId,
        channels: impl Into<Arc<[ChannelId]>>,
    ) -> Self {
        Self { organization_id, channels: Some(channels.into()) }
    }

    /// The whole organization: for what the server does by itself, never for a person.
    #[must_use]
    pub fn whole(organization_id: OrganizationId) -> Self {
        Self { organization_id, channels: None }
    }

    /// The organization.
    #[must_use]
    pub fn organization_id(&self) -> OrganizationId {
        self.organization_id
    }

    /// Whether the channel may be reached.
    #[must_use]
    pub fn reaches(&self, channel: ChannelId) -> bool {
        self.channels.as_ref().is_none_or(|channels| channels.contains(&channel))
    }

    /// The channels, or `None` for all.
    #[must_use]
    pub fn channel_ids(&self) -> Option<&[ChannelId]> {
        self.channels.as_deref()
    }

    /// The condition that keeps a query within the scope.
    pub(super) fn limit<C: ColumnTrait>(&self, organization: C, channel: C) -> Condition {
        let condition = Condition::all().add(organization.eq(self.organization_id.0));
        match &self.channels {
            None => condition,
            Some(channels) => condition.add(channel.is_in(channels.iter().map(|c| c.0))),
        }
    }
}
