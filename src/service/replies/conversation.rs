//! What an answer is written from: the ticket, its mailbox, and the message that it answers.

use std::borrow::Borrow;

use crate::authz::Permission;
use crate::crypto::OpenKey;
use crate::domain::ids::ChannelId;
use crate::domain::words::MessageKind;
use crate::service::{Result, ServiceError, Services};
use crate::store::mailboxes::{self, Mailbox};
use crate::store::messages::moves::OTHER_CUSTOMER;
use crate::store::messages::{self, Message};
use crate::store::tickets::Ticket;
use crate::store::{Scope, keys};

/// The permission that every answer needs.
pub(super) const PERMISSION: Permission = Permission::WorkOnTickets;

/// The flag of an outgoing message that passes another one on.
pub(super) const FORWARDED: &str = "forwarded";

#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) ticket: Ticket,
    pub(super) mailbox: Mailbox,
    pub(super) channel_key: OpenKey,
    /// The message that is answered: the customer's last, or else the last one of all.
    pub(super) answered: Option<Message>,
    /// Every address of the organization's own mailboxes, in lower case.
    pub(super) own: Vec<String>,
}

impl Conversation {
    pub(super) async fn load(services: &Services, scope: &Scope, ticket: &Ticket) -> Result<Self> {
        let messages = messages::list(services.store(), scope, ticket.id).await?;
        Self::with(services, ticket, answered(messages)).await
    }

    /// The conversation whose message to answer is known, or that is yet to begin.
    pub(super) async fn with(
        services: &Services,
        ticket: &Ticket,
        answered: Option<Message>,
    ) -> Result<Self> {
        let store = services.store();
        let organization_id = ticket.organization_id;
        let wanted = channel(ticket, answered.as_ref());
        let all = mailboxes::list(store, organization_id).await?;
        let own = all.iter().map(|mailbox| mailbox.address.to_lowercase()).collect();
        let mailbox = all.into_iter().find(|mailbox| mailbox.channel_id == wanted);
        let mailbox = mailbox.ok_or_else(disconnected)?;
        let channel_key = keys::of_channel(store, organization_id, mailbox.channel_id).await?;
        Ok(Self { ticket: ticket.clone(), mailbox, channel_key, answered, own })
    }
}

pub(super) fn disconnected() -> ServiceError {
    ServiceError::conflict(
        "mailbox_disconnected",
        "The mailbox of this ticket is no longer connected, so nothing can be sent.",
    )
}

/// An answer goes out by the mailbox that the customer wrote to.
pub(super) fn channel(ticket: &Ticket, answered: Option<&Message>) -> ChannelId {
    answered.map_or(ticket.state.channel_id, |message| message.channel_id)
}

pub(super) fn answered<M: Borrow<Message>>(messages: impl IntoIterator<Item = M>) -> Option<M> {
    let rank = |message: &Message| match message.kind {
        MessageKind::Inbound if !message.is_auto && !message.is_bounce => 3,
        MessageKind::Inbound if !message.is_bounce => 2,
        // What was passed on went to others than the customer.
        MessageKind::Outbound if message.flags.iter().any(|flag| flag == FORWARDED) => 0,
        MessageKind::Inbound | MessageKind::Outbound => 1,
        MessageKind::Note | MessageKind::Event => 0,
    };
    // Of another customer since a merge: their mail addresses no answer to this one.
    let is_others = |message: &Message| message.flags.iter().any(|flag| flag == OTHER_CUSTOMER);
    let ours = messages.into_iter().filter(|message| !is_others(message.borrow()));
    // Of equal rank the last one wins.
    ours.filter(|message| rank(message.borrow()) > 0).max_by_key(|message| rank(message.borrow()))
}
