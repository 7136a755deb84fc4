//! Mail that became no message and is kept: in quarantine, or left out. Nobody has read whose it
//! is, so that its head is read here.

use uuid::Uuid;

use crate::crypto::KeyError;
use crate::domain::ids::{LedgerId, MessageId, OrganizationId};
use crate::domain::words::{HoldKind, LedgerState};
use crate::mail::blank::field_names;
use crate::service::purge::delete_objects;
use crate::service::{Result, Services};
use crate::store::erasures::{Copy, Person};
use crate::store::purge_rows::{self, Of};
use crate::store::retention;
use crate::store::{StoreError, erasure_rows, forget, holds, mailboxes, raw};

/// As much of a mail is read; a longer head is a bomb.
const HEAD: u64 = 256 * 1024;

/// Who wrote a mail.
const SENDERS: &[&str] = &["from", "sender", "reply-to", "return-path"];

/// Whom a mail of ours is for.
const RECIPIENTS: &[&str] = &["from", "sender", "reply-to", "return-path", "to", "cc", "bcc"];

/// A mail without a message.
#[derive(Debug, Clone)]
pub(super) struct Unfiled {
    of: Of,
    line: LedgerId,
    message_id: MessageId,
    key_id: Uuid,
    object: Option<String>,
    id_blind: Option<Vec<u8>>,
    copy: Copy,
}

impl Unfiled {
    pub(super) fn copy(&self) -> Copy {
        self.copy
    }
}

/// The person's. What a hold on the mailbox or on everything keeps is passed over.
pub(super) async fn find(
    services: &Services,
    organization_id: OrganizationId,
    person: &Person,
) -> Result<Vec<Unfiled>> {
    let store = services.store();
    let lasting = holds::lasting(store, organization_id).await?;
    if lasting.iter().any(|hold| hold.kind == HoldKind::Organization) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let is_held = |id: Uuid| {
        lasting.iter().any(|hold| hold.kind == HoldKind::Mailbox && hold.subject_id == id)
    };
    for mailbox in mailboxes::list(store, organization_id).await? {
        let channel_id = mailbox.channel_id;
        if is_held(channel_id.0) {
            continue;
        }
        for entry in erasure_rows::unfiled(store, organization_id, channel_id).await? {
            let Some(message_id) = entry.message_id else { continue };
            let Some(stored) = raw::find(store, organization_id, message_id).await? else {
                continue;
            };
            let fields = if entry.state == LedgerState::Quarantined { SENDERS } else { RECIPIENTS };
            let start = stored.read(store, services.blobs(), 0..stored.size().min(HEAD)).await;
            let is_theirs = match start {
                Ok(start) => field_names(&start, fields, &person.addresses),
                // A run that broke off has destroyed it, and left the row.
                Err(StoreError::Key(KeyError::Destroyed(_))) => true,
                // It is damaged, or its object is lost: nobody reads it any more.
                Err(StoreError::Key(_) | StoreError::Sealed(_) | StoreError::Blob(_)) => false,
                Err(other) => return Err(other.into()),
            };
            if is_theirs {
                found.push(Unfiled {
                    of: Of { organization_id, channel_id },
                    line: entry.id,
                    message_id,
                    key_id: stored.key_id(),
                    object: stored.object_name().map(str::to_owned),
                    id_blind: entry.id_blind.filter(|blind| !blind.is_empty()),
                    copy: Copy {
                        channel_id,
                        folder_id: entry.folder_id,
                        uid_validity: entry.uid_validity,
                        uid: entry.uid,
                        received_at: entry.received_at,
                    },
                });
            }
        }
    }
    Ok(found)
}

/// Removes them; the ledger keeps a line without a word of each.
pub(super) async fn remove(services: &Services, unfiled: &[Unfiled]) -> Result<()> {
    let store = services.store();
    for one in unfiled {
        forget::erase_keys(store, &[one.key_id]).await?;
        let objects: Vec<String> = one.object.iter().cloned().collect();
        delete_objects(services, &objects).await?;
        let tx = store.begin().await?;
        purge_rows::remove_raws(&tx, one.of, &[one.message_id.0]).await?;
        let blinds = one.id_blind.iter().map(|blind| (one.of.channel_id.0, blind.clone()));
        erasure_rows::add_blinds(&tx, one.of.organization_id, blinds.collect()).await?;
        retention::bury_line(&tx, one.of.organization_id, one.line.0).await?;
        tx.commit().await?;
    }
    Ok(())
}
