//! Notes between colleagues. A note changes no status.

use std::collections::HashSet;

use super::replies::write::{self, Sealed};
use super::tickets::{check_whole, readers};
use super::{Result, ServiceError, Services, notices, uploads};
use crate::authz::{Actor, Permission};
use crate::crypto::{KeyKind, OpenKey};
use crate::domain::desk::{DraftKind, NoticeKind};
use crate::domain::ids::{AttachmentId, ChannelId, MembershipId, MessageId, TeamId};
use crate::domain::words::{EventKind, MessageKind};
use crate::mail::{Address, Outgoing};
use crate::service::drafts::{self, MAX_FILES, MAX_TEXT};
use crate::store::events::NewEvent;
use crate::store::messages::attachments::{self, NewAttachment};
use crate::store::messages::{self, Envelope, NewMessage};
use crate::store::outbox::Leftover;
use crate::store::raw::{self, SealedRaw};
use crate::store::tickets::{self, Change, Ticket};
use crate::store::uploads::User;
use crate::store::{StoreError, keys, teams};

/// The domain of what is never sent (RFC 2606, section 2).
const NOWHERE: &str = "loket.invalid";

/// A note, and whom it names.
#[derive(Debug, Clone, Default)]
pub struct Note {
    /// As plain text.
    pub text: String,
    /// They are told.
    pub mentions: Vec<MembershipId>,
    /// Of these, those who can read the ticket are told.
    pub teams: Vec<TeamId>,
    /// Uploads of the author.
    pub attachment_ids: Vec<AttachmentId>,
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
    check(text, &note)?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let known = tickets::find_by_number(store, &scope, number).await?;
    let known = known.ok_or(ServiceError::NotFound)?;
    check_whole(services, &known).await?;
    let channel_id = known.state.channel_id;
    let named = named(services, actor, channel_id, &note).await?;
    let channel_key = keys::of_channel(store, organization_id, channel_id).await?;
    let id = MessageId(store.new_id());
    let (key, files) = seal(services, actor, &known, (&channel_key, id, &note)).await?;
    let leftover = files.as_ref().map(Files::leftover);
    let stored = store_note(services, actor, &known, (id, key, text), (files, &named)).await;
    if let (Err(_), Some(leftover)) = (&stored, leftover) {
        uploads::clear(services, leftover).await;
    }
    stored.map(|()| id)
}

/// One transaction: all of the note, or nothing.
async fn store_note(
    services: &Services,
    actor: &Actor,
    known: &Ticket,
    (id, key, text): (MessageId, OpenKey, &str),
    (files, named): (Option<Files>, &[MembershipId]),
) -> Result<()> {
    let store = services.store();
    let organization_id = actor.organization_id;
    let channel_id = known.state.channel_id;
    let ticket_key = store.keyring().get(known.key_id).await?;
    let note = NewMessage {
        id,
        ticket_id: known.id,
        channel_id,
        contact_id: None,
        author_id: Some(actor.membership_id),
        kind: MessageKind::Note,
        key,
        at: store.now(),
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
    let mut state = ticket.state.clone();
    state.message_count += 1;
    state.has_attachment |= files.is_some();
    messages::add(&tx, organization_id, &[note]).await?;
    if let Some(Files { rows, raw }) = files {
        attachments::add(&tx, organization_id, channel_id, &rows).await?;
        raw::add(&tx, organization_id, channel_id, vec![raw]).await?;
    }
    let change = Change { version: ticket.version, state: &state, snippet: None, customer: None };
    tickets::update(&tx, organization_id, ticket.id, &ticket_key, &change).await?;
    let owner = drafts::owner(actor, &ticket, DraftKind::Note);
    crate::store::drafts::remove(&tx, owner).await?;
    crate::store::notices::add_mentions(&tx, organization_id, id, named).await?;
    let told = notices::Told { ticket_id: ticket.id, by: Some(actor.membership_id) };
    notices::tell(&tx, organization_id, NoticeKind::Mention, told, named).await?;
    tx.event(
        NewEvent::ticket(organization_id, EventKind::MessageAdded, channel_id, ticket.id)
            .message(id)
            .by(Some(actor.membership_id)),
    );
    tx.commit().await?;
    Ok(())
}

fn check(text: &str, note: &Note) -> Result<()> {
    if text.trim().is_empty() && note.attachment_ids.is_empty() {
        return Err(ServiceError::invalid("text", "A note needs a text or a file."));
    }
    if text.len() > MAX_TEXT {
        return Err(ServiceError::invalid("text", "The text is longer than 1 MB."));
    }
    if note.attachment_ids.len() > MAX_FILES {
        let message = format!("At most {MAX_FILES} files can be added at once.");
        return Err(ServiceError::invalid("attachment_ids", message));
    }
    Ok(())
}

/// The files of a note, sealed.
struct Files {
    rows: Vec<NewAttachment>,
    raw: SealedRaw,
}

impl Files {
    /// What would be left over if the note were not stored.
    fn leftover(&self) -> Leftover {
        Leftover {
            keys: vec![self.raw.key_id],
            objects: self.raw.object_name.iter().cloned().collect(),
        }
    }
}

/// The key of the note, and its files. These are kept as those of a mail are, as parts of one: all
/// that reads, exports, restores and forgets the files of mails does the same with them. That mail
/// is from nobody to nobody, and never sent.
async fn seal(
    services: &Services,
    actor: &Actor,
    ticket: &Ticket,
    (channel_key, id, note): (&OpenKey, MessageId, &Note),
) -> Result<(OpenKey, Option<Files>)> {
    let store = services.store();
    let channel_id = ticket.state.channel_id;
    if note.attachment_ids.is_empty() {
        let ids = [store.new_id()];
        let keyring = store.keyring();
        let made =
            keyring.create_many(KeyKind::Content, channel_key, Some(channel_id.0), &ids).await?;
        return Ok((made.into_iter().next().ok_or(ServiceError::NotFound)?, None));
    }
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let draft_id = drafts::find_id(services, actor, ticket, DraftKind::Note).await?;
    let user = User { membership_id: actor.membership_id, draft_id };
    let mut attachments = Vec::new();
    for upload in uploads::get_all(services, &scope, user, &note.attachment_ids).await? {
        attachments.push(uploads::open(services, &upload).await?);
    }
    let nobody = Address { name: None, address: format!("note@{NOWHERE}") };
    let outgoing = Outgoing {
        to: vec![nobody.clone()],
        from: nobody,
        subject: String::new(),
        date: store.now(),
        message_id: format!("{}@{NOWHERE}", id.0),
        text: note.text.clone(),
        attachments,
        ..Outgoing::default()
    };
    let Sealed { raw, key, mail } =
        write::seal(services, (channel_id, channel_key), id, outgoing).await?;
    let rows = write::file_rows(id, &key, &mail);
    Ok((key, Some(Files { rows, raw })))
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
