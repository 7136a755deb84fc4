//! What an actor may reach: the organization, and the channels in it.

use std::sync::Arc;

use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use crate::domain::ids::{ChannelId, ContactId, OrganizationId};

/// What every query is limited to. `service` makes it from the actor; jobs and ingest, which
/// act for the organization itself, take [`Scope::whole`].
#[derive(Debug, Clone)]
pub struct Scope {
    organization_id: OrganizationId,
    channels: Option<Arc<[ChannelId]>>,
    hidden: Arc<[ContactId]>,
}

impl Scope {
    /// The organization and just these channels of it.
    #[must_use]
    pub fn channels(
        organization_id: OrganizationId,
        channels: impl Into<Arc<[ChannelId]>>,
    ) -> Self {
        Self { organization_id, channels: Some(channels.into()), hidden: Arc::default() }
    }

    /// Without tickets and messages of these customers.
    #[must_use]
    pub fn without(self, hidden: Arc<[ContactId]>) -> Self {
        Self { hidden, ..self }
    }

    /// The whole organization: for what the server does by itself, never for a person.
    #[must_use]
    pub fn whole(organization_id: OrganizationId) -> Self {
        Self { organization_id, channels: None, hidden: Arc::default() }
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

    /// The customers whose tickets and messages are left out.
    #[must_use]
    pub fn hidden(&self) -> &[ContactId] {
        &self.hidden
    }

    /// The condition that keeps a query for tickets within the scope.
    pub(super) fn limit_tickets(&self) -> Condition {
        use entity::ticket::Column;
        let condition = self.limit(Column::OrganizationId, Column::ChannelId);
        // Few organizations restrict anybody: all others ask as if there were no such thing.
        if self.hidden.is_empty() {
            return condition;
        }
        condition.add(self.leaves(Column::ContactId))
    }

    /// As [`Self::limit_tickets`], for messages: those of the customers that are left out, and
    /// all in their tickets.
    pub(super) fn limit_messages(&self) -> Condition {
        use entity::message::Column;
        let condition = self.limit(Column::OrganizationId, Column::ChannelId);
        if self.hidden.is_empty() {
            return condition;
        }
        condition
            .add(self.leaves(Column::ContactId))
            .add(Column::TicketId.not_in_subquery(self.hidden_tickets()))
    }

    /// The tickets of the customers that are left out.
    pub(super) fn hidden_tickets(&self) -> SelectStatement {
        use entity::ticket::Column;
        sea_orm::QueryTrait::into_query(
            entity::ticket::Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(Column::OrganizationId.eq(self.organization_id.0))
                .filter(Column::ContactId.is_in(self.hidden.iter().map(|id| id.0))),
        )
    }

    fn leaves<C: ColumnTrait>(&self, contact: C) -> Condition {
        Condition::any()
            .add(contact.is_null())
            .add(contact.is_not_in(self.hidden.iter().map(|id| id.0)))
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
