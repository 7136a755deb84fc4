//! All files of a message in one ZIP.
//!
//! 1. Who asks must reach the message; each file is in the audit log before the first byte leaves,
//!    as if it had been fetched by itself.
//! 2. One file after the other is read, decoded and handed on: no more than one is held at a time,
//!    however slowly they are taken.

use std::collections::HashSet;

use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt as _, try_unfold};

use super::messages::{self, Attachment};
use super::{Result, ServiceError, Services, access};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::MessageId;
use crate::export::Packer;
use crate::mail::names;
use crate::store::messages::attachments;
use crate::store::raw::{self, StoredRaw};
use crate::store::tickets;

/// A ZIP on its way to who asked for it.
pub struct Packed {
    /// The name of its file.
    pub name: String,
    /// Its bytes. A failure breaks the answer off, which is then no whole ZIP.
    pub bytes: BoxStream<'static, Result<Bytes>>,
}

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packed").finish_non_exhaustive()
    }
}

struct Work {
    services: Services,
    raw: StoredRaw,
    packer: Packer,
    files: std::vec::IntoIter<Attachment>,
    names: HashSet<String>,
}

/// The files of a message. What stands in its HTML already is not among them.
pub async fn attachments(services: &Services, actor: &Actor, id: MessageId) -> Result<Packed> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let message = messages::reach(services, actor, id).await?;
    let store = services.store();
    let mut files = attachments::list(store, &scope, &[id]).await?;
    files.retain(|file| file.raw.is_some() && !(file.inline && message.has_html));
    if files.is_empty() {
        return Err(ServiceError::NotFound);
    }
    let raw = raw::find(store, actor.organization_id, id).await?.ok_or(ServiceError::NotFound)?;
    let ticket = tickets::find(store, &scope, message.ticket_id).await?;
    let number = ticket.ok_or(ServiceError::NotFound)?.number;
    let read = |file: &Attachment| {
        let object = access::Object::of(message.channel_id, ObjectKind::Attachment, file.id.0);
        (Action::ReadAttachment, object)
    };
    let entries: Vec<_> = files.iter().map(read).collect();
    access::record_all(services, actor, &entries).await?;
    let work = Work {
        services: services.clone(),
        raw,
        packer: Packer::new(message.at),
        files: files.into_iter(),
        names: HashSet::new(),
    };
    let bytes = try_unfold(Some(work), |work| async move {
        let Some(work) = work else { return Ok(None) };
        Box::pin(work.next()).await.map(Some)
    });
    Ok(Packed { name: format!("ticket-{number}.zip"), bytes: bytes.boxed() })
}

impl Work {
    /// The next file, packed; after the last one the directory.
    async fn next(mut self) -> Result<(Bytes, Option<Self>)> {
        let Some(file) = self.files.next() else {
            let rest = self.packer.finish().map_err(ServiceError::internal)?;
            return Ok((rest.into(), None));
        };
        let name = self.distinct(&file);
        let bytes = messages::decoded(&self.services, &self.raw, &file).await?;
        // Packed already, most of them: a second time takes a core and saves nothing.
        let packed = tokio::task::spawn_blocking(move || {
            self.packer.begin(&name, false)?;
            self.packer.write(&bytes)?;
            let packed = self.packer.take_all();
            Ok::<_, crate::export::PackError>((packed, self))
        });
        let (packed, work) =
            packed.await.map_err(ServiceError::internal)?.map_err(ServiceError::internal)?;
        Ok((packed.into(), Some(work)))
    }

    /// A name that no file before it has, also where letters of either size are one.
    fn distinct(&mut self, file: &Attachment) -> String {
        let wanted =
            names::safe(Some(&file.meta.name), &file.meta.content_type, self.names.len() + 1);
        let (stem, extension) = match wanted.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
            _ => (wanted.as_str(), String::new()),
        };
        let numbered = (2..).map(|number: u32| format!("{stem} ({number}){extension}"));
        let name = std::iter::once(wanted.clone())
            .chain(numbered)
            .find(|name| !self.names.contains(&name.to_lowercase()))
            .unwrap_or_default();
        self.names.insert(name.to_lowercase());
        name
    }
}
