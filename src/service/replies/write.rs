//! Composes and seals an answer, before any transaction begins.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::conversation::{Conversation, FORWARDED};
use super::{Mode, ReplyRequest, defaults, forward, message_id, time_zone};
use crate::authz::Actor;
use crate::blob;
use crate::crypto::{KeyKind, OpenKey};
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::words::{MessageKind, Status};
use crate::mail::compose::{File, InlineImage, Language, Quoted, envelope, on_the_wire};
use crate::mail::{self, Address, ComposeError, Encoding, Limits, Outgoing};
use crate::service::{Result, ServiceError, Services, own_settings, uploads};
use crate::store::Scope;
use crate::store::drafts::Content;
use crate::store::messages::attachments::{Meta, NewAttachment};
use crate::store::messages::{self, Envelope, Message, NewMessage, Party};
use crate::store::raw::{self, SealedRaw};
use crate::store::uploads::User;

/// Ids in References beyond these are dropped from the middle: some servers refuse long headers,
/// and RFC 5322 §3.6.4 asks for the first and the last ones.
const MAX_REFERENCES: usize = 30;

/// The longest snippet, in characters.
const SNIPPET: usize = 160;

/// An answer, composed and sealed.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) message: NewMessage,
    pub(super) files: Vec<NewAttachment>,
    pub(super) raw: SealedRaw,
    pub(super) snippet: String,
    /// What undo brings back.
    pub(super) content: Content,
    pub(super) then: Option<Status>,
    pub(super) seen_version: i32,
    pub(super) snooze_until: Option<DateTime<Utc>>,
}

pub(super) async fn write(
    services: &Services,
    actor: &Actor,
    scope: &Scope,
    conversation: &Conversation,
    (request, draft_id): (ReplyRequest, Option<Uuid>),
) -> Result<Written> {
    let store = services.store();
    let content = address(conversation, request.mode, request.content);
    let user = User { membership_id: actor.membership_id, draft_id };
    let (mut attachments, mut inline_images) = files(services, scope, user, &content).await?;
    let passed = match &content.forwarded {
        Some(wanted) => {
            Some(forward::load(services, actor, scope, &conversation.ticket, wanted).await?)
        }
        None => None,
    };
    let quoted = match passed {
        Some(passed) => {
            attachments.extend(passed.files);
            inline_images.extend(passed.images);
            Some(passed.quoted)
        }
        None => quoted(services, scope, conversation).await?,
    };
    let signature = signature(services, actor, conversation, &content).await?;
    let id = store.new_id();
    // What stands in the Date header has whole seconds; the message says the same.
    let now = store.now();
    let outgoing = Outgoing {
        html: content.html.as_deref().map(|html| with_cids(html, &inline_images)),
        attachments,
        inline_images,
        quoted,
        signature,
        ..head(conversation, &content, (id, now))
    };
    let bcc = outgoing.bcc.iter().filter_map(on_the_wire).map(party).collect();
    let by = (conversation.mailbox.channel_id, &conversation.channel_key);
    let Sealed { raw, key, mail } = seal(services, by, MessageId(id), outgoing).await?;
    Ok(Written {
        files: file_rows(MessageId(id), &key, &mail),
        message: message(actor, conversation, (&content, bcc), key, (MessageId(id), now), mail),
        raw,
        snippet: snippet(&content.text),
        content,
        then: request.then,
        seen_version: request.seen_version,
        snooze_until: request.snooze_until,
    })
}

/// A mail, composed and sealed, and how Loket itself reads it.
pub(in crate::service) struct Sealed {
    pub(in crate::service) raw: SealedRaw,
    pub(in crate::service) key: OpenKey,
    pub(in crate::service) mail: mail::ParsedMail,
}

/// Composes a mail and seals it with a key of its own.
pub(in crate::service) async fn seal(
    services: &Services,
    (channel_id, channel_key): (ChannelId, &OpenKey),
    id: MessageId,
    outgoing: Outgoing,
) -> Result<Sealed> {
    let store = services.store();
    let limit = services.options().max_mail_bytes;
    let (raw, mail) = tokio::task::spawn_blocking(move || compose(&outgoing, limit))
        .await
        .map_err(ServiceError::internal)??;
    let key = store
        .keyring()
        .create_many(KeyKind::Content, channel_key, Some(channel_id.0), &[store.new_id()])
        .await?
        .pop()
        .ok_or(ServiceError::NotFound)?;
    let sealing = key.clone();
    let sealed = tokio::task::spawn_blocking(move || blob::seal_blob(&sealing, id.0, &raw))
        .await
        .map_err(ServiceError::internal)?
        .map_err(ServiceError::internal)?;
    let raw = raw::place(services.blobs(), id, &key, sealed).await?;
    Ok(Sealed { raw, key, mail })
}

/// Fills in whom the answer goes to, where the agent did not say.
fn address(conversation: &Conversation, mode: Mode, mut content: Content) -> Content {
    let named = !(content.to.is_empty() && content.cc.is_empty() && content.bcc.is_empty());
    if !named && mode != Mode::Forward {
        let defaults = defaults::of(conversation);
        content.to = defaults.to;
        content.cc = defaults.cc;
        if mode == Mode::ReplyAll {
            content.to.extend(defaults.others);
        }
    }
    content
}

async fn files(
    services: &Services,
    scope: &Scope,
    user: User,
    content: &Content,
) -> Result<(Vec<File>, Vec<InlineImage>)> {
    if content.attachment_ids.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let found = uploads::get_all(services, scope, user, &content.attachment_ids).await?;
    let (mut files, mut images) = (Vec::new(), Vec::new());
    for upload in found {
        let file = uploads::open(services, &upload).await?;
        let cid = upload.id.0.to_string();
        let shown = content.html.as_ref().is_some_and(|html| html.contains(&format!("cid:{cid}")));
        if shown && file.content_type.starts_with("image/") {
            images.push(InlineImage { cid: format!("{cid}@loket"), file });
        } else {
            files.push(file);
        }
    }
    Ok((files, images))
}

/// In the agent's HTML an image stands as `cid:` and the id of its upload. A Content-ID has the
/// form of a Message-ID (RFC 2392): some clients do not find it otherwise.
fn with_cids(html: &str, images: &[InlineImage]) -> String {
    images.iter().fold(html.to_owned(), |html, image| {
        let id = image.cid.trim_end_matches("@loket");
        html.replace(&format!("cid:{id}"), &format!("cid:{}", image.cid))
    })
}

/// The agent's own signature above that of the mailbox, unless the agent took both out.
async fn signature(
    services: &Services,
    actor: &Actor,
    conversation: &Conversation,
    content: &Content,
) -> Result<Option<String>> {
    if content.without_signature {
        return Ok(None);
    }
    let own = own_settings::get(services, actor).await?.signature;
    let parts: Vec<String> =
        own.into_iter().chain(conversation.mailbox.signature.clone()).collect();
    Ok(Some(parts.join("\n\n")).filter(|signature| !signature.trim().is_empty()))
}

fn head(
    conversation: &Conversation,
    content: &Content,
    (id, now): (Uuid, DateTime<Utc>),
) -> Outgoing {
    let Conversation { ticket, mailbox, channel_key, answered, .. } = conversation;
    // Whom a mail is passed on to has nothing that it could be an answer to.
    let answered = answered.as_ref().filter(|_| content.forwarded.is_none());
    let (in_reply_to, references) = thread(answered);
    Outgoing {
        from: Address {
            name: Some(mailbox.display_name.clone()).filter(|name| !name.trim().is_empty()),
            address: mailbox.address.clone(),
        },
        to: addresses(&content.to),
        cc: addresses(&content.cc),
        bcc: addresses(&content.bcc),
        reply_to: Vec::new(),
        subject: subject(&ticket.subject, content, answered),
        date: now,
        message_id: message_id(channel_key, ticket.id, id, &mailbox.address),
        in_reply_to,
        references,
        text: content.text.clone(),
        html: None,
        // Whoever writes with format sends that as well; a mail that is passed on has its own.
        plain: content.html.is_none() && content.forwarded.is_none(),
        signature: None,
        quoted: None,
        attachments: Vec::new(),
        inline_images: Vec::new(),
        language: Language::from_tag(&mailbox.language),
        auto_submitted: None,
    }
}

fn addresses(parties: &[Party]) -> Vec<Address> {
    let address = |party: &Party| Address {
        name: party.name.clone().filter(|name| !name.trim().is_empty()),
        address: party.address.trim().to_owned(),
    };
    parties.iter().map(address).collect()
}

fn subject(of_ticket: &str, content: &Content, answered: Option<&Message>) -> String {
    let subject = content.subject.as_deref().filter(|subject| !subject.trim().is_empty());
    let plain = subject.unwrap_or(of_ticket);
    let plain: String = plain.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let plain = plain.trim();
    if content.forwarded.is_some() {
        return if subject.is_some() { plain.to_owned() } else { format!("Fwd: {plain}") };
    }
    // The first mail of a conversation answers nothing.
    if answered.is_none() || mail::subject::is_reply(plain) {
        plain.to_owned()
    } else {
        format!("Re: {plain}")
    }
}

/// In-Reply-To and References (RFC 5322 §3.6.4), of ids that may stand in a header.
pub(in crate::service) fn thread(answered: Option<&Message>) -> (Option<String>, Vec<String>) {
    let Some(message) = answered else { return (None, Vec::new()) };
    let fits = |id: &&String| {
        (1..=900).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_graphic() && !b"<>".contains(&b))
    };
    let head = &message.envelope;
    let parent = head.message_id.as_ref().filter(fits).cloned();
    let before = if head.references.is_empty() { &head.in_reply_to } else { &head.references };
    let mut references: Vec<String> = Vec::new();
    for id in before.iter().filter(fits).chain(&parent) {
        references.retain(|known| known != id);
        references.push(id.clone());
    }
    if references.len() > MAX_REFERENCES {
        let surplus = references.len() - MAX_REFERENCES;
        references.drain(1..=surplus);
    }
    (parent, references)
}

async fn quoted(
    services: &Services,
    scope: &Scope,
    conversation: &Conversation,
) -> Result<Option<Quoted>> {
    let answered = conversation.answered.as_ref();
    let Some(message) = answered.filter(|message| message.kind == MessageKind::Inbound) else {
        return Ok(None);
    };
    let Some(from) = message.envelope.from.first() else { return Ok(None) };
    let zone = time_zone(services.store(), conversation.ticket.organization_id).await?;
    let mut text = message.text.clone();
    if let Some(earlier) = &message.quoted {
        text.push_str("\n\n");
        text.push_str(earlier);
    }
    let html = if message.has_html {
        messages::html(services.store(), scope, message.id).await?
    } else {
        None
    };
    Ok(Some(Quoted {
        at: message.at.with_timezone(&zone).fixed_offset(),
        from: Address { name: from.name.clone(), address: from.address.clone() },
        text,
        html,
        passed_on: None,
    }))
}

/// The mail, and how Loket itself reads it.
type Composed = (Vec<u8>, mail::ParsedMail);

fn compose(outgoing: &Outgoing, limit: usize) -> Result<Composed> {
    let raw = mail::compose(outgoing).map_err(refused)?;
    if raw.len() > limit {
        return Err(ServiceError::conflict(
            "too_large",
            format!(
                "With its files the answer is larger than {} MB, which mail servers refuse.",
                limit / 1024 / 1024
            ),
        ));
    }
    if envelope(outgoing).is_empty() {
        return Err(refused(ComposeError::NoRecipient));
    }
    let limits = Limits { size: raw.len().saturating_add(1), ..Limits::default() };
    let parsed = mail::parse(&raw, &limits).map_err(ServiceError::internal)?;
    Ok((raw, parsed))
}

fn refused(error: ComposeError) -> ServiceError {
    let field = match error {
        ComposeError::UnsafeHeader { field }
        | ComposeError::InvalidAddress { field }
        | ComposeError::NeedsSmtpUtf8 { field }
        | ComposeError::InvalidMessageId { field } => field,
        ComposeError::NoRecipient => "to",
    };
    ServiceError::invalid(field, error.to_string())
}

/// The files of a sealed mail.
pub(in crate::service) fn file_rows(
    id: MessageId,
    key: &OpenKey,
    mail: &mail::ParsedMail,
) -> Vec<NewAttachment> {
    let row = |file: &mail::Attachment| NewAttachment {
        message_id: id,
        key: key.clone(),
        meta: Meta {
            name: file.name.clone(),
            content_type: file.content_type.clone(),
            content_id: file.content_id.clone(),
        },
        size: file.size,
        inline: file.inline,
        raw_range: file.raw_range.clone(),
        encoding: match file.encoding {
            Encoding::Identity => "identity",
            Encoding::Base64 => "base64",
            Encoding::QuotedPrintable => "quoted_printable",
        },
    };
    mail.attachments.iter().map(row).collect()
}

fn message(
    actor: &Actor,
    conversation: &Conversation,
    (content, bcc): (&Content, Vec<Party>),
    key: OpenKey,
    (id, at): (MessageId, DateTime<Utc>),
    mail: mail::ParsedMail,
) -> NewMessage {
    let Conversation { ticket, mailbox, .. } = conversation;
    let parties = |list: Vec<Address>| list.into_iter().map(party).collect();
    let passed_on = content.forwarded.is_some();
    let written = content.html.is_some() || passed_on;
    let quoted = Some(mail.quoted_text).filter(|quoted| !quoted.trim().is_empty());
    NewMessage {
        id,
        ticket_id: ticket.id,
        channel_id: mailbox.channel_id,
        contact_id: ticket.state.contact_id,
        author_id: Some(actor.membership_id),
        kind: MessageKind::Outbound,
        key,
        at,
        is_auto: false,
        is_bounce: false,
        has_remote_images: false,
        flags: if passed_on { vec![FORWARDED] } else { Vec::new() },
        envelope: Envelope {
            from: parties(mail.from),
            to: parties(mail.to),
            cc: parties(mail.cc),
            bcc,
            subject: mail.subject,
            message_id: mail.message_id,
            in_reply_to: mail.in_reply_to,
            references: mail.references,
            date: mail.date,
            ..Envelope::default()
        },
        text: content.text.trim_end().to_owned(),
        quoted,
        html: mail.html.filter(|_| written),
    }
}

pub(in crate::service) fn party(address: Address) -> Party {
    Party { name: address.name, address: address.address }
}

/// The beginning of a text, on one line.
pub(in crate::service) fn snippet(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(SNIPPET).collect()
}
