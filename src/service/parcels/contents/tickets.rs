//! A ticket on its way into an export: its originals as files, the rest as JSON and as a page.

use std::collections::HashSet;

use super::model;
use super::pages;
use crate::crypto::KeyError;
use crate::domain::ids::{AttachmentId, ContactId, MessageId, OrganizationId, TicketId};
use crate::domain::words::MessageKind;
use crate::export::names;
use crate::mail::compose::Language;
use crate::mail::{self, Encoding};
use crate::service::names::Names;
use crate::service::parcels::Writer;
use crate::service::tickets as service_tickets;
use crate::service::{Result, Services, quotes};
use crate::store::messages::{self, Message, attachments, attachments::Attachment};
use crate::store::raw::{self, StoredRaw};
use crate::store::tickets::{self, Ticket};
use crate::store::{Scope, StoreError, events, outbox};

/// Bytes that are read of a mail at once.
const CHUNK: u64 = 1024 * 1024;

/// Whether a message goes into the export.
pub type Wanted<'w> = &'w (dyn Fn(&Message) -> bool + Send + Sync);

/// Reads tickets for an export.
#[derive(Debug)]
pub struct Reader<'a> {
    services: &'a Services,
    /// Where messages may have come by.
    scope: Scope,
    names: Names,
    /// Whether files lie beside the originals too.
    files: bool,
    /// Files that are kept back, and with them the originals that they are in.
    withheld: HashSet<AttachmentId>,
}

/// A ticket that was written.
#[derive(Debug)]
pub struct Written {
    /// What there is to say of it.
    pub ticket: model::Ticket,
    /// The customers in it.
    pub contacts: Vec<ContactId>,
}

impl<'a> Reader<'a> {
    /// A reader of what the scope reaches; with `files`, attachments are written as files too.
    pub async fn new(services: &'a Services, scope: Scope, files: bool) -> Result<Self> {
        let names = Names::load(services, scope.organization_id()).await?;
        Ok(Self { services, scope, names, files, withheld: HashSet::new() })
    }

    /// Keeps these files back: of their mails there is no original either.
    #[must_use]
    pub fn withholding(self, withheld: HashSet<AttachmentId>) -> Self {
        Self { withheld, ..self }
    }

    fn organization_id(&self) -> OrganizationId {
        self.scope.organization_id()
    }

    /// Writes the originals of a ticket's messages, as far as they are `wanted`, and tells the rest.
    /// Nothing when it is gone, or none of it is wanted.
    pub async fn ticket(
        &self,
        writer: &mut Writer<'_>,
        id: TicketId,
        wanted: Wanted<'_>,
    ) -> Result<Option<Written>> {
        let store = self.services.store();
        let whole = Scope::whole(self.organization_id());
        let Some(ticket) = tickets::find(store, &whole, id).await? else { return Ok(None) };
        // Whoever it is for may not know of it.
        if ticket.state.contact_id.is_some_and(|id| self.scope.hidden().contains(&id)) {
            return Ok(None);
        }
        let is_whole = self.scope.reaches(ticket.state.channel_id);
        let mut found = messages::list(store, &self.scope, id).await?;
        found.retain(|message| wanted(message));
        let hidden = self.scope.hidden();
        let cut =
            quotes::withhold_of(self.services, self.organization_id(), hidden, &mut found).await?;
        if found.is_empty() && !is_whole {
            return Ok(None);
        }
        let ids: Vec<MessageId> = found.iter().map(|message| message.id).collect();
        let files = attachments::list(store, &self.scope, &ids).await?;
        let sent = outbox::list_of_ticket(store, &self.scope, id).await?;
        let mut told = Vec::with_capacity(found.len());
        let mut contacts: Vec<ContactId> =
            ticket.state.contact_id.filter(|_| is_whole).into_iter().collect();
        for (position, message) in found.into_iter().enumerate() {
            contacts.extend(message.contact_id);
            let files: Vec<&Attachment> =
                files.iter().filter(|file| file.message_id == message.id).collect();
            let delivery =
                sent.iter().find(|entry| entry.message_id == message.id).map(|entry| entry.state);
            let place = format!("{}/{:03}", ticket.number, position + 1);
            let is_cut = cut.contains(&message.id);
            let (original, files) = self.files_of(writer, &message, &files, is_cut, &place).await?;
            told.push(model::Message { delivery, original, ..self.message(message, files) });
        }
        let events = self.events(&ticket, is_whole).await?;
        let tags = self.tags(&ticket, is_whole).await?;
        Ok(Some(Written { ticket: self.told(ticket, is_whole, tags, told, events), contacts }))
    }

    async fn tags(&self, ticket: &Ticket, is_whole: bool) -> Result<Vec<String>> {
        if !is_whole {
            return Ok(Vec::new());
        }
        let ids = [ticket.id];
        let found = service_tickets::tags_of(self.services, ticket.organization_id, &ids).await?;
        Ok(found.into_values().flatten().map(|tag| tag.name).collect())
    }

    fn told(
        &self,
        ticket: Ticket,
        is_whole: bool,
        tags: Vec<String>,
        messages: Vec<model::Message>,
        events: Vec<model::Event>,
    ) -> model::Ticket {
        let state = ticket.state;
        let assignee = state.assignee_id.and_then(|id| self.names.member(id));
        model::Ticket {
            id: ticket.id.0,
            number: ticket.number,
            mailbox_id: state.channel_id.0,
            is_whole,
            status: state.status,
            subject: is_whole.then_some(ticket.subject),
            customer: is_whole.then_some(model::Party {
                name: ticket.customer.name,
                address: ticket.customer.address,
            }),
            contact_id: state.contact_id.filter(|_| is_whole).map(|id| id.0),
            assignee: assignee.filter(|_| is_whole),
            team: state.team_id.and_then(|id| self.names.team(id)).filter(|_| is_whole),
            priority: state.priority,
            tags,
            snoozed_until: state.snoozed_until.filter(|_| is_whole),
            created_at: ticket.created_at,
            last_message_at: state.last_message_at,
            closed_at: state.closed_at,
            merged_into_id: state.merged_into_id.map(|id| id.0),
            kept_longer_because: ticket.exemption.map(|it| it.reason).filter(|_| is_whole),
            anonymized_at: ticket.anonymized_at,
            messages,
            events,
        }
    }

    fn message(&self, message: Message, attachments: Vec<model::Attachment>) -> model::Message {
        let envelope = message.envelope;
        let parties = |parties: Vec<messages::Party>| {
            parties
                .into_iter()
                .map(|party| model::Party { name: party.name, address: party.address })
                .collect()
        };
        model::Message {
            id: message.id.0,
            kind: message.kind,
            mailbox_id: message.channel_id.0,
            at: message.at,
            author: message.author_id.and_then(|id| self.names.member(id)),
            from: parties(envelope.from),
            to: parties(envelope.to),
            cc: parties(envelope.cc),
            bcc: parties(envelope.bcc),
            reply_to: parties(envelope.reply_to),
            subject: envelope.subject,
            message_id: envelope.message_id,
            in_reply_to: envelope.in_reply_to,
            sent_at: envelope.date,
            is_automatic: message.is_auto,
            is_bounce: message.is_bounce,
            text: message.text,
            quoted: message.quoted,
            delivery: None,
            original: None,
            attachments,
        }
    }

    async fn events(&self, ticket: &Ticket, is_whole: bool) -> Result<Vec<model::Event>> {
        let found =
            events::list_of_ticket(self.services.store(), self.organization_id(), ticket.id);
        let is_told = |channel: Option<_>| match channel {
            Some(channel) => self.scope.reaches(channel),
            None => is_whole,
        };
        Ok(found
            .await?
            .into_iter()
            .filter(|event| is_told(event.channel_id))
            .map(|event| model::Event {
                number: event.number,
                at: event.at,
                kind: event.kind,
                by: event.actor_id.and_then(|id| self.names.member(id)),
                message_id: event.message_id.map(|id| id.0),
                data: event.data,
            })
            .collect())
    }

    /// Writes a message as it went over the wire unless something of it is kept back, and its files. A
    /// note never did: it has files only.
    async fn files_of(
        &self,
        writer: &mut Writer<'_>,
        message: &Message,
        files: &[&Attachment],
        is_cut: bool,
        place: &str,
    ) -> Result<(Option<String>, Vec<model::Attachment>)> {
        let store = self.services.store();
        let found = raw::find(store, self.organization_id(), message.id).await?;
        let is_cut = is_cut
            || message.kind == MessageKind::Note
            || files.iter().any(|file| self.withheld.contains(&file.id));
        let original = match &found {
            Some(raw) if !is_cut => {
                self.original(writer, raw, &format!("messages/{place}.eml")).await?
            }
            _ => None,
        };
        let mut told = Vec::with_capacity(files.len());
        let shown = files.iter().filter(|file| !self.withheld.contains(&file.id));
        for (position, file) in shown.enumerate() {
            let at = format!("{place}-{:02}-{}", position + 1, names::safe(&file.meta.name));
            let written = match &found {
                Some(raw) if self.files && (original.is_some() || is_cut) => {
                    self.file(writer, raw, file, &format!("attachments/{at}")).await?
                }
                _ => None,
            };
            told.push(model::Attachment {
                name: file.meta.name.clone(),
                content_type: file.meta.content_type.clone(),
                size: file.size,
                is_inline: file.inline,
                file: written,
            });
        }
        Ok((original, told))
    }

    /// Writes a mail as it went over the wire; nothing when its key died meanwhile.
    pub async fn original(
        &self,
        writer: &mut Writer<'_>,
        raw: &StoredRaw,
        path: &str,
    ) -> Result<Option<String>> {
        let (store, blobs) = (self.services.store(), self.services.blobs());
        let size = raw.size();
        let Some(first) = living(raw.read(store, blobs, 0..size.min(CHUNK)).await)? else {
            return Ok(None);
        };
        writer.begin(path, true).await?;
        writer.write(first).await?;
        let mut begin = size.min(CHUNK);
        while begin < size {
            let end = size.min(begin + CHUNK);
            writer.write(raw.read(store, blobs, begin..end).await?).await?;
            begin = end;
        }
        Ok(Some(path.to_owned()))
    }

    async fn file(
        &self,
        writer: &mut Writer<'_>,
        raw: &StoredRaw,
        file: &Attachment,
        path: &str,
    ) -> Result<Option<String>> {
        let Some((range, encoding)) = file.raw.clone() else { return Ok(None) };
        let read = raw.read(self.services.store(), self.services.blobs(), range).await;
        let Some(encoded) = living(read)? else { return Ok(None) };
        let encoding = match encoding.as_str() {
            "base64" => Encoding::Base64,
            "quoted_printable" => Encoding::QuotedPrintable,
            _ => Encoding::Identity,
        };
        // What is packed already does not get smaller.
        let compress = file.meta.content_type.starts_with("text/");
        writer.begin(path, compress).await?;
        writer.write(mail::raw_attachment(&encoded, encoding).into_owned()).await?;
        Ok(Some(path.to_owned()))
    }

    /// Writes what is told of a ticket beside its originals: as JSON, and as a page.
    pub async fn put(
        &self,
        writer: &mut Writer<'_>,
        ticket: &model::Ticket,
        language: Language,
    ) -> Result<()> {
        let json = serde_json::to_vec_pretty(ticket).map_err(StoreError::from)?;
        writer.file(&format!("tickets/{}.json", ticket.number), json).await?;
        let page = pages::ticket(ticket, language).into_bytes();
        writer.file(&format!("tickets/{}.html", ticket.number), page).await
    }
}

/// What was read; nothing when its key is dead.
fn living<T>(read: Result<T, StoreError>) -> Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(StoreError::Key(KeyError::Destroyed(_) | KeyError::Missing(_))) => Ok(None),
        Err(other) => Err(other.into()),
    }
}
