//! What is read of a message: its HTML, its original, its files. Each read is in the audit log
//! before the answer leaves.

use std::collections::HashMap;

use super::{Result, ServiceError, Services, quotes};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{AttachmentId, MessageId};
use crate::domain::words::MessageKind;
use crate::mail::{self, Encoding, ImageRef, sanitize};
use crate::service::access;
use crate::store::Scope;
use crate::store::messages::{self, attachments};
use crate::store::raw::{self, StoredRaw};

pub use crate::store::messages::attachments::Attachment;
pub use crate::store::messages::{Message, Party};

/// A file, decoded.
#[derive(Debug)]
pub struct File {
    /// Name, type, size.
    pub attachment: Attachment,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// The message, if the actor reaches its channel.
pub async fn reach(services: &Services, actor: &Actor, id: MessageId) -> Result<Message> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    messages::find(services.store(), &scope, id).await?.ok_or(ServiceError::NotFound)
}

/// The HTML to show in the frame. Embedded images come from the message's own files; remote
/// ones, when `remote_images` is set, through our own proxy, and else not at all.
pub async fn html(
    services: &Services,
    actor: &Actor,
    id: MessageId,
    remote_images: bool,
) -> Result<String> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let message = reach(services, actor, id).await?;
    quotes::refuse(services, actor, &message).await?;
    let html = messages::html(services.store(), &scope, id).await?.ok_or(ServiceError::NotFound)?;
    let files = attachments::list(services.store(), &scope, &[id]).await?;
    access::record(
        services,
        actor,
        Action::ReadMessage,
        ObjectKind::Message,
        id.0,
        message.channel_id,
    )
    .await?;
    Ok(render(id, &html, &files, remote_images))
}

/// As much HTML as comes with a ticket: what is longer is read apart.
const WITH_TICKET: usize = 128 * 1024;

/// The HTML of the newest of a ticket's messages, without remote images, for a page that shows the
/// ticket at once: as many of the last `most` as are small. They were read with the ticket, which is
/// in the audit log.
pub(super) async fn newest_html(
    services: &Services,
    scope: &Scope,
    found: &[Message],
    files: &HashMap<MessageId, Vec<Attachment>>,
    most: usize,
) -> Result<HashMap<MessageId, String>> {
    let newest = found.iter().rev().filter(|message| message.has_html).take(most);
    let newest: Vec<MessageId> = newest.map(|message| message.id).collect();
    if newest.is_empty() {
        return Ok(HashMap::new());
    }
    let stored = messages::html_of(services.store(), scope, &newest).await?;
    let mut stored: HashMap<MessageId, String> = stored.into_iter().collect();
    let mut left = WITH_TICKET;
    let mut shown = HashMap::new();
    for id in newest {
        let Some(html) = stored.remove(&id).filter(|html| html.len() <= left) else { continue };
        left -= html.len();
        let files = files.get(&id).map(Vec::as_slice).unwrap_or_default();
        shown.insert(id, render(id, &html, files, false));
    }
    Ok(shown)
}

fn render(id: MessageId, html: &str, files: &[Attachment], remote_images: bool) -> String {
    let by_content_id = |content_id: &str| {
        files.iter().find(|file| file.meta.content_id.as_deref() == Some(content_id))
    };
    sanitize::render(html, |image| match image {
        ImageRef::Cid(content_id) => by_content_id(content_id).map(|file| {
            format!("/api/v1/messages/{id}/attachments/{}?disposition=inline", file.id)
        }),
        ImageRef::Remote(url) if remote_images => {
            let url: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
            Some(format!("/api/v1/messages/{id}/images?url={url}"))
        }
        ImageRef::Remote(_) => None,
    })
}

/// Whether the message's HTML names this image, so that the proxy may fetch it.
pub async fn names_image(
    services: &Services,
    actor: &Actor,
    id: MessageId,
    url: &str,
) -> Result<()> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let message = reach(services, actor, id).await?;
    quotes::refuse(services, actor, &message).await?;
    let html = messages::html(services.store(), &scope, id).await?.ok_or(ServiceError::NotFound)?;
    if !sanitize::remote_images(&html).iter().any(|known| known == url) {
        return Err(ServiceError::NotFound);
    }
    access::record(
        services,
        actor,
        Action::ReadMessage,
        ObjectKind::Message,
        id.0,
        message.channel_id,
    )
    .await
}

/// The message as it went over the wire.
pub async fn original(services: &Services, actor: &Actor, id: MessageId) -> Result<Vec<u8>> {
    let message = reach(services, actor, id).await?;
    // What keeps a note's files went nowhere.
    if message.kind == MessageKind::Note {
        return Err(ServiceError::NotFound);
    }
    quotes::refuse(services, actor, &message).await?;
    let store = services.store();
    let found = raw::find(store, actor.organization_id, id).await?.ok_or(ServiceError::NotFound)?;
    access::record(
        services,
        actor,
        Action::ReadOriginal,
        ObjectKind::Message,
        id.0,
        message.channel_id,
    )
    .await?;
    Ok(found.read_all(store, services.blobs()).await?)
}

/// A file of a message.
pub async fn attachment(
    services: &Services,
    actor: &Actor,
    id: MessageId,
    attachment_id: AttachmentId,
) -> Result<File> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let message = reach(services, actor, id).await?;
    let store = services.store();
    let attachment = attachments::list(store, &scope, &[id])
        .await?
        .into_iter()
        .find(|attachment| attachment.id == attachment_id)
        .ok_or(ServiceError::NotFound)?;
    if attachment.raw.is_none() {
        return Err(ServiceError::NotFound);
    }
    let found = raw::find(store, actor.organization_id, id).await?.ok_or(ServiceError::NotFound)?;
    access::record(
        services,
        actor,
        Action::ReadAttachment,
        ObjectKind::Attachment,
        attachment_id.0,
        message.channel_id,
    )
    .await?;
    let bytes = decoded(services, &found, &attachment).await?;
    Ok(File { attachment, bytes })
}

/// The bytes of a file, read out of the mail that it came in.
pub(super) async fn decoded(
    services: &Services,
    raw: &StoredRaw,
    attachment: &Attachment,
) -> Result<Vec<u8>> {
    let (range, encoding) = attachment.raw.clone().ok_or(ServiceError::NotFound)?;
    let encoded = raw.read(services.store(), services.blobs(), range).await?;
    let encoding = match encoding.as_str() {
        "base64" => Encoding::Base64,
        "quoted_printable" => Encoding::QuotedPrintable,
        _ => Encoding::Identity,
    };
    Ok(mail::raw_attachment(&encoded, encoding).into_owned())
}
