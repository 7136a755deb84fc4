//! A ticket or a message as its page shows it: with the actor's draft, how far answers are on
//! their way, and whom a reply goes to.

use std::collections::HashMap;

use super::names::Names;
use super::outbox::{self, Delivery};
use super::replies::{self, Defaults};
use super::tickets::{self, TicketView};
use super::{Result, ServiceError, Services, access, drafts, messages, quotes};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::desk::DraftKind;
use crate::domain::ids::MessageId;
use crate::store::messages::Message;
use crate::store::messages::attachments::{self, Attachment};

/// A ticket's page.
#[derive(Debug)]
pub struct Conversation {
    /// The ticket.
    pub view: TicketView,
    /// What the actor has written and not sent, of each kind.
    pub drafts: HashMap<DraftKind, drafts::View>,
    /// How far answers are, by message.
    pub deliveries: HashMap<MessageId, Delivery>,
    /// The HTML of its newest messages, where it was asked for.
    pub html: HashMap<MessageId, String>,
    /// Whom a reply goes to; `None` when the actor cannot answer.
    pub defaults: Option<Defaults>,
}

/// A message by itself.
#[derive(Debug)]
pub struct MessageView {
    /// The message.
    pub message: Message,
    /// Its files.
    pub files: Vec<Attachment>,
    /// How far it is on its way.
    pub delivery: Option<Delivery>,
    /// Whether what it quotes is kept from the actor.
    pub quote_hidden: bool,
    /// Names of members.
    pub names: Names,
}

/// Opens a ticket, with the HTML of as many of its newest messages as are small.
pub async fn get(
    services: &Services,
    actor: &Actor,
    number: i64,
    with_html: usize,
) -> Result<Conversation> {
    let view = tickets::get(services, actor, number).await?;
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let deliveries = outbox::deliveries(services, &scope, view.summary.ticket.id).await?;
    let (found, files) = (&view.messages, &view.attachments);
    let html = messages::newest_html(services, &scope, found, files, with_html).await?;
    let has_mailbox = !view.summary.mailbox_name.is_empty();
    let is_whole = view.merged_into.is_none();
    let (drafts, defaults) = if has_mailbox && is_whole && actor.may(Permission::WorkOnTickets) {
        let defaults = match replies::defaults(services, &view.summary.ticket, &view.messages).await
        {
            Ok(defaults) => Some(defaults),
            // It can be read until its data is deleted, and not be answered.
            Err(ServiceError::Conflict { code: "mailbox_disconnected", .. }) => None,
            Err(error) => return Err(error),
        };
        let ticket = &view.summary.ticket;
        (drafts::find_all(services, actor, &scope, ticket).await?, defaults)
    } else {
        (HashMap::new(), None)
    };
    Ok(Conversation { view, drafts, deliveries, html, defaults })
}

/// Opens a message.
pub async fn message(services: &Services, actor: &Actor, id: MessageId) -> Result<MessageView> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let mut message = messages::reach(services, actor, id).await?;
    let withheld = quotes::withhold(services, actor, std::slice::from_mut(&mut message)).await?;
    let (action, kind) = (Action::ReadMessage, ObjectKind::Message);
    access::record(services, actor, action, kind, id.0, message.channel_id).await?;
    let files = attachments::list(services.store(), &scope, &[id]).await?;
    let delivery = outbox::deliveries(services, &scope, message.ticket_id).await?.remove(&id);
    let names = Names::load(services, actor.organization_id).await?;
    Ok(MessageView { message, files, delivery, quote_hidden: !withheld.is_empty(), names })
}
