//! What an actor may reach: the organization, and the channels in it.

use std::sync::Arc;

use sea_orm::sea_query::{Expr, ExprTrait as _, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use crate::domain::ids::{ChannelId, ContactId, OrganizationId};

/// What every query is limited to. `service` makes it from the actor; jobs and ingest, which
/// act for the organization itself, take [`Scope::whole`].
#[derive(Debug, Clone)]
pub struct Scope {
    organization_id: OrganizationId,
    channels: Option<Arc<[ChannelId]>>,
    hidden: Arc<[ContactId]>,
    /// Whether who reaches a ticket reaches what is in it, whichever channel it came by.
    by_ticket: bool,
}

impl Scope {
    /// The organization and just these channels of it.
    #[must_use]
    pub fn channels(
        organization_id: OrganizationId,
        channels: impl Into<Arc<[ChannelId]>>,
    ) -> Self {
        Self {
            organization_id,
            channels: Some(channels.into()),
            hidden: Arc::default(),
            by_ticket: false,
        }
    }

    /// Without tickets and messages of these customers.
    #[must_use]
    pub fn without(self, hidden: Arc<[ContactId]>) -> Self {
        Self { hidden, ..self }
    }

    /// With what is in the tickets of these channels: a message that came by another one is there
    /// because somebody moved or merged it. One whose channel is disconnected is left out, for that
    /// is open only to those who belong to it.
    #[must_use]
    pub fn by_ticket(self) -> Self {
        Self { by_ticket: true, ..self }
    }

    /// The whole organization: for what the server does by itself, never for a person.
    #[must_use]
    pub fn whole(organization_id: OrganizationId) -> Self {
        Self { organization_id, channels: None, hidden: Arc::default(), by_ticket: false }
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

    /// Whether it reaches this ticket: for rows that were found by their ids, which tell more apart
    /// than channels do.
    pub(super) fn admits(&self, channel: uuid::Uuid, contact: Option<uuid::Uuid>) -> bool {
        let is_hidden = contact.is_some_and(|id| self.hidden.contains(&ContactId(id)));
        self.reaches(ChannelId(channel)) && !is_hidden
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
        let condition = self.limit_parts(Column::OrganizationId, Column::ChannelId, || {
            self.in_tickets(Column::OrganizationId, Column::ChannelId, Column::TicketId)
        });
        if self.hidden.is_empty() {
            return condition;
        }
        condition
            .add(self.leaves(Column::ContactId))
            .add(Column::TicketId.not_in_subquery(self.hidden_tickets()))
    }

    /// As [`Self::limit`], and what `in_tickets` reaches.
    pub(super) fn limit_parts<C: ColumnTrait>(
        &self,
        organization: C,
        channel: C,
        in_tickets: impl FnOnce() -> Condition,
    ) -> Condition {
        match &self.channels {
            Some(channels) if self.by_ticket => {
                Condition::all().add(organization.eq(self.organization_id.0)).add(
                    Condition::any()
                        .add(channel.is_in(channels.iter().map(|c| c.0)))
                        .add(in_tickets()),
                )
            }
            _ => self.limit(organization, channel),
        }
    }

    /// That a row is part of a ticket within the scope, and of a channel that is connected.
    pub(super) fn in_tickets<C: ColumnTrait>(
        &self,
        organization: C,
        channel: C,
        ticket: C,
    ) -> Condition {
        use entity::{channel as home, ticket as tickets};
        let equals = |known: Expr, column: C| known.eq(Expr::col(column.as_column_ref()));
        let of = |column: tickets::Column| Expr::col(column.as_column_ref());
        let at = |column: home::Column| Expr::col(column.as_column_ref());
        let reached = tickets::Entity::find()
            .select_only()
            .column(tickets::Column::Id)
            .filter(self.limit(tickets::Column::OrganizationId, tickets::Column::ChannelId))
            .filter(equals(of(tickets::Column::OrganizationId), organization))
            .filter(equals(of(tickets::Column::Id), ticket));
        let connected = home::Entity::find()
            .select_only()
            .column(home::Column::Id)
            .filter(equals(at(home::Column::OrganizationId), organization))
            .filter(equals(at(home::Column::Id), channel))
            .filter(home::Column::DisconnectedAt.is_null());
        let exists = Expr::exists;
        Condition::all()
            .add(exists(sea_orm::QueryTrait::into_query(reached)))
            .add(exists(sea_orm::QueryTrait::into_query(connected)))
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
