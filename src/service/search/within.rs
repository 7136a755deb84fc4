//! Finds words in one ticket: its messages are opened and looked at, as a page would show them.

use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::MessageId;
use crate::search::index::language_of;
use crate::search::language::{Forms, Marks, Snippet, mark};
use crate::search::query::{self, Mode};
use crate::service::access::Object;
use crate::service::tickets::reach;
use crate::service::{Result, ServiceError, Services, access, quotes};
use crate::store::messages;

/// Bytes of a snippet.
const SNIPPET: usize = 180;

/// A message with the words.
#[derive(Debug, Clone)]
pub struct Within {
    /// The message.
    pub message_id: MessageId,
    /// Around the hits.
    pub snippet: Snippet,
}

/// The messages of a ticket that have any of the words, oldest first.
pub async fn within(
    services: &Services,
    actor: &Actor,
    number: i64,
    text: &str,
) -> Result<Vec<Within>> {
    let query = query::parse(text, Mode::Typing).map_err(ServiceError::Query)?;
    let ticket = reach(services, actor, Permission::ReadTickets, number).await?;
    let object = Object::of(ticket.state.channel_id, ObjectKind::Ticket, ticket.id.0);
    access::record_all(services, actor, &[(Action::Search, object)]).await?;
    let mut marks = Marks::new();
    for wanted in query.wanted() {
        marks.add(&Forms::of(wanted.text), true);
    }
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let mut read = messages::list(services.store(), &scope, ticket.id).await?;
    quotes::withhold(services, actor, &mut read).await?;
    let mut found = Vec::new();
    for message in read {
        let language = language_of(&message.envelope.subject, &message.text);
        let quoted = message.quoted.as_deref().unwrap_or_default();
        let snippet = [message.text.as_str(), quoted]
            .into_iter()
            .map(|text| mark(text, language, &marks, SNIPPET))
            .find(|snippet| snippet.distinct > 0);
        if let Some(snippet) = snippet {
            found.push(Within { message_id: message.id, snippet });
        }
    }
    Ok(found)
}
