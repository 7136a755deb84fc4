//! Files that wait for an answer.

use bytes::Bytes;

use super::{Result, ServiceError, Services, access};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::blob;
use crate::crypto::KeyKind;
use crate::domain::ids::{AttachmentId, ChannelId, MessageId};
use crate::mail::compose::File;
use crate::mail::names;
use crate::store::messages::attachments::Meta;
use crate::store::outbox::Leftover;
use crate::store::uploads::{self, NewUpload, User};
use crate::store::{Scope, forget, keys, raw, tickets};

pub use crate::store::uploads::Upload;

/// A file to upload.
#[derive(Debug)]
pub struct NewFile {
    /// Its name, as the browser gave it.
    pub name: Option<String>,
    /// Its media type, as the browser gave it.
    pub content_type: Option<String>,
    /// The file.
    pub bytes: Bytes,
    /// The number of the ticket that it is for, if that is known.
    pub ticket: Option<i64>,
}

/// Keeps a file for an answer. It is gone after a day, unless a draft or an answer names it.
pub async fn add(services: &Services, actor: &Actor, file: NewFile) -> Result<Upload> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let limit = services.options().max_mail_bytes;
    if file.bytes.len() > limit {
        return Err(ServiceError::conflict(
            "too_large",
            format!("The file is too large: at most {} MB can be sent.", limit / 1024 / 1024),
        ));
    }
    let store = services.store();
    let channel_id = channel_for(services, &scope, actor, file.ticket).await?;
    let channel_key = keys::of_channel(store, actor.organization_id, channel_id).await?;
    let id = AttachmentId(store.new_id());
    let key_id = store.new_id();
    let key = store
        .keyring()
        .create_many(KeyKind::Content, &channel_key, Some(channel_id.0), &[key_id])
        .await?
        .pop()
        .ok_or(ServiceError::NotFound)?;
    let content_type = media_type(file.content_type.as_deref());
    let meta = Meta {
        name: names::safe(file.name.as_deref(), &content_type, 1),
        content_type,
        content_id: None,
    };
    let sealed = blob::seal_blob(&key, id.0, &file.bytes).map_err(ServiceError::internal)?;
    // The place is the upload's own: a raw message is told apart by its table.
    let sealed = raw::place(services.blobs(), MessageId(id.0), &key, sealed).await?;
    let tx = store.begin().await?;
    let uploaded_by = actor.membership_id;
    let new = NewUpload { id, channel_id, key: &key, meta: &meta, sealed, uploaded_by };
    uploads::add(&tx, actor.organization_id, new).await?;
    tx.commit().await?;
    let user = User { membership_id: uploaded_by, draft_id: None };
    uploads::list(store, &scope, user, &[id]).await?.pop().ok_or(ServiceError::NotFound)
}

/// A file that waits for an answer, for whoever writes that answer.
pub async fn get(services: &Services, actor: &Actor, id: AttachmentId) -> Result<(Meta, Vec<u8>)> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let found = uploads::find(services.store(), &scope, actor.membership_id, id).await?;
    let (upload, channel_id) = found.ok_or(ServiceError::NotFound)?;
    let (action, kind) = (Action::ReadAttachment, ObjectKind::Attachment);
    access::record(services, actor, action, kind, id.0, channel_id).await?;
    let bytes = upload.read(services.blobs()).await?;
    Ok((upload.meta, bytes))
}

/// The channel whose keys an upload hangs on: the ticket's, or else any of the actor's.
async fn channel_for(
    services: &Services,
    scope: &Scope,
    actor: &Actor,
    ticket: Option<i64>,
) -> Result<ChannelId> {
    if let Some(number) = ticket {
        let ticket = tickets::find_by_number(services.store(), scope, number).await?;
        return Ok(ticket.ok_or(ServiceError::NotFound)?.state.channel_id);
    }
    actor.channels.first().copied().ok_or(ServiceError::Forbidden)
}

/// `type/subtype` in lower case, or what says nothing.
fn media_type(given: Option<&str>) -> String {
    let token = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    given
        .and_then(|given| given.split(';').next())
        .map(|given| given.trim().to_ascii_lowercase())
        .filter(|given| given.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub)))
        // A multipart or a message would become part of the mail's structure.
        .filter(|given| !given.starts_with("multipart/") && !given.starts_with("message/"))
        .unwrap_or_else(|| "application/octet-stream".to_owned())
}

/// The uploads of those ids; an error names the field when one is not there (any more).
pub(super) async fn get_all(
    services: &Services,
    scope: &Scope,
    user: User,
    ids: &[AttachmentId],
) -> Result<Vec<Upload>> {
    let found = uploads::list(services.store(), scope, user, ids).await?;
    if found.len() == ids.len() {
        Ok(found)
    } else {
        Err(ServiceError::invalid(
            "attachment_ids",
            "A file is no longer there. Take it out, and attach it again.",
        ))
    }
}

/// An upload as a file of what is written.
pub(super) async fn open(services: &Services, upload: &Upload) -> Result<File> {
    Ok(File {
        name: upload.meta.name.clone(),
        content_type: upload.meta.content_type.clone(),
        bytes: Bytes::from(upload.read(services.blobs()).await?),
    })
}

/// Destroys keys and removes objects that no row names any more. What fails here is found by
/// the sweep of orphans.
pub(super) async fn clear(services: &Services, leftover: Leftover) {
    if let Err(error) = forget::destroy_keys(services.store(), &leftover.keys).await {
        let error = &error as &dyn std::error::Error;
        tracing::warn!(error, keys.count = leftover.keys.len(), "keys were not destroyed yet");
    }
    for name in &leftover.objects {
        let gone = async { services.blobs().delete(&name.parse()?).await };
        if let Err(error) = gone.await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "an object was not removed yet");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn a_media_type_is_one_or_says_nothing() {
        assert_eq!(media_type(Some("Image/PNG; x=y")), "image/png");
        for wrong in [None, Some("x"), Some("a/b\r\nBcc: c"), Some("message/rfc822"), Some("/")] {
            assert_eq!(media_type(wrong), "application/octet-stream", "{wrong:?}");
        }
    }
}
