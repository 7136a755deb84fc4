//! Notes between colleagues. A note changes no status.

use std::collections::HashSet;

use super::tickets::{check_whole, readers};
use super::{Result, ServiceError, Services, notices};
use crate::authz::{Actor, Permission};
use crate::crypto::KeyKind;
use crate::domain::desk::{DraftKind, NoticeKind};
use crate::domain::ids::{ChannelId, MembershipId, MessageId, TeamId};
use crate::domain::words::{EventKind, MessageKind};
use crate::service::drafts::{self, MAX_TEXT};
use crate::store::events::NewEvent;
use crate::store::messages::{self, Envelope, NewMessage};
use crate::store::tickets::{self, Change};
use crate::store::{StoreError, keys, teams};

/// A note, and whom it names.
#[derive(Debug, Clone, Default)]
pub struct Note {
    /// As plain text.
    pub text: String,
    /// They are told.
    pub mentions: Vec<MembershipId>,
    /// Of these, those who can read the ticket are told.
    pub teams: Vec<TeamId>,
}

/// Adds a note that names nobody.
pub async fn create(
    services: &Services,
    actor: &Actor,
    number: i64,
    text: &str,
) -> Result<MessageId> {
    let note = Note { text: text.to_owned(), ..Note::default() };
    add(services, actor, number, note).await
}

/// Adds a note to a ticket; returns its id.
pub async fn add(services: &Services, actor: &Actor, number: i64, note: Note) -> Result<MessageId> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let text = note.text.trim_end();
    if text.trim().is_empty() {
        return Err(ServiceError::invalid("text", "A note needs a text."));
    }
    if text.len() > MAX_TEXT {
        return Err(ServiceError::invalid("text", "The text is longer than 1 MB."));
    }
    let store = services.store();
    let organization_id = actor.organization_id;
    let known = tickets::find_by_number(store, &scope, number).await?;
    let known = known.ok_or(ServiceError::NotFound)?;
    check_whole(services, &known).await?;
    let channel_id = known.state.channel_id;
    let named = named(services, actor, channel_id, &note).await?;
    let channel_key = keys::of_channel(store, organization_id, channel_id).await?;
    let ids = [store.new_id()];
    let key = store
        .keyring()
        .create_many(KeyKind::Content, &channel_key, Some(channel_id.0), &ids)
        .await?
        .pop()
        .ok_or(ServiceError::NotFound)?;
    let ticket_key = store.keyring().get(known.key_id).await?;
    let now = store.now();
    let id = MessageId(store.new_id());
    let note = NewMessage {
        id,
        ticket_id: known.id,
        channel_id,
        contact_id: None,
        author_id: Some(actor.membership_id),
        kind: MessageKind::Note,
        key,
        at: now,
        is_auto: false,
        is_bounce: false,
        has_remote_images: false,
        flags: Vec::new(),
        envelope: Envelope::default(),
        text: text.to_owned(),
        quoted: None,
        html: None,
    };
    let tx = store.begin().await?;
    let ticket = tickets::lock(&tx, organization_id, &[known.id]).await?.pop();
    let ticket = ticket.ok_or(StoreError::Stale)?;
    check_whole(services, &ticket).await?;
    messages::add(&tx, organization_id, &[note]).await?;
    let mut state = ticket.state.clone();
    state.message_count += 1;
    let change = Change { version: ticket.version, state: &state, snippet: None, customer: None };
    tickets::update(&tx, organization_id, ticket.id, &ticket_key, &change).await?;
    let owner = drafts::owner(actor, &ticket, DraftKind::Note);
    crate::store::drafts::remove(&tx, owner).await?;
    crate::store::notices::add_mentions(&tx, organization_id, id, &named).await?;
    let told = notices::Told { ticket_id: ticket.id, by: Some(actor.membership_id) };
    notices::tell(&tx, organization_id, NoticeKind::Mention, told, &named).await?;
    tx.event(
        NewEvent::ticket(organization_id, EventKind::MessageAdded, channel_id, ticket.id)
            .message(id)
            .by(Some(actor.membership_id)),
    );
    tx.commit().await?;
    Ok(id)
}

/// Those who are named, by themselves or with their team, each once. Only who can read the ticket
/// is: to name somebody else is a mistake, to name a team with somebody else in it is none.
async fn named(
    services: &Services,
    actor: &Actor,
    channel_id: ChannelId,
    note: &Note,
) -> Result<Vec<MembershipId>> {
    // Whoever names themselves knows.
    let mut named: HashSet<MembershipId> =
        note.mentions.iter().copied().filter(|id| *id != actor.membership_id).collect();
    if named.is_empty() && note.teams.is_empty() {
        return Ok(Vec::new());
    }
    let (store, organization_id) = (services.store(), actor.organization_id);
    let readers = readers(services, organization_id, channel_id).await?;
    let can_read = |id: &MembershipId| readers.contains(id);
    if !named.iter().all(can_read) {
        return Err(ServiceError::invalid(
            "mentions",
            "Somebody whom the note names does not belong to this mailbox.",
        ));
    }
    if !note.teams.is_empty() {
        let teams = teams::list(store, organization_id).await?;
        let wanted: HashSet<TeamId> = note.teams.iter().copied().collect();
        let found: Vec<_> = teams.into_iter().filter(|team| wanted.contains(&team.id)).collect();
        if found.len() < wanted.len() {
            return Err(ServiceError::invalid("teams", "A team that the note names is not there."));
        }
        let members = found.into_iter().flat_map(|team| team.members);
        named.extend(members.filter(|id| *id != actor.membership_id).filter(can_read));
    }
    let mut named: Vec<MembershipId> = named.into_iter().collect();
    named.sort_unstable();
    Ok(named)
}
