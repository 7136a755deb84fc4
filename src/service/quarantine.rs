//! Mail that could not be processed: kept, shown to an admin of its mailbox, tried again.

use uuid::Uuid;

use super::intake::{self, Target};
use super::{Result, ServiceError, Services, access, import};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::LedgerId;
use crate::domain::words::{EventKind, LedgerState};
use crate::mail::blank::addresses_in;
use crate::store::contacts::address_blind;
use crate::store::events::NewEvent;
use crate::store::ledger::{self, Entry};
use crate::store::mailboxes::Mailbox;
use crate::store::{folders, keys, mailboxes, person_marks, raw};

pub use crate::store::ledger::QuarantineFilter;

/// Mails on a page.
const PAGE: u64 = 100;

/// As much of a mail is read to see whose it is; a longer head is a bomb.
const HEAD: u64 = 256 * 1024;

/// The fields that say whose it is.
const SENDERS: &[&str] = &["from", "sender", "reply-to", "return-path"];

/// A mail that could not be processed.
#[derive(Debug, Clone)]
pub struct Quarantined {
    /// Its line in the ledger.
    pub entry: Entry,
    /// The name of its mailbox.
    pub mailbox_name: String,
    /// Its size in bytes, where it was fetched.
    pub size: Option<i64>,
}

/// A page of them.
#[derive(Debug)]
pub struct QuarantinePage {
    /// The mails.
    pub items: Vec<Quarantined>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// What lies in the quarantine of the actor's mailboxes, newest first. It says of no mail what
/// is in it.
pub async fn list(
    services: &Services,
    actor: &Actor,
    filter: &QuarantineFilter,
    cursor: Option<&str>,
) -> Result<QuarantinePage> {
    let scope = services.scope(actor, Permission::ManageQuarantine)?;
    let before = cursor.map(parse_cursor).transpose()?;
    let store = services.store();
    let mut entries = ledger::list_quarantined(store, &scope, filter, before, PAGE + 1).await?;
    let more = entries.len() as u64 > PAGE;
    entries.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next_cursor = entries.last().filter(|_| more).map(|entry| entry.id.0.simple().to_string());
    let ids: Vec<_> = entries.iter().filter_map(|entry| entry.message_id).collect();
    let sizes = raw::sizes(store, actor.organization_id, &ids).await?;
    let entries = without_hidden(services, actor, entries).await?;
    let mailboxes = mailboxes::list(store, actor.organization_id).await?;
    let name = |id| mailboxes.iter().find(|mailbox| mailbox.channel_id == id);
    let items = entries
        .into_iter()
        .map(|entry| Quarantined {
            mailbox_name: name(entry.channel_id)
                .map_or_else(String::new, |mailbox| mailbox.display_name.clone()),
            size: entry.message_id.and_then(|id| sizes.get(&id).copied()),
            entry,
        })
        .collect();
    Ok(QuarantinePage { items, next_cursor })
}

fn parse_cursor(text: &str) -> Result<LedgerId> {
    Uuid::try_parse(text).map(LedgerId).map_err(|_| {
        ServiceError::invalid("cursor", "Pass on next_cursor of the page before, unchanged.")
    })
}

/// One of them.
pub async fn reach(services: &Services, actor: &Actor, id: LedgerId) -> Result<Entry> {
    let scope = services.scope(actor, Permission::ManageQuarantine)?;
    let found = ledger::find(services.store(), actor.organization_id, id)
        .await?
        .filter(|entry| scope.reaches(entry.channel_id))
        .filter(|entry| entry.state == LedgerState::Quarantined);
    let found = without_hidden(services, actor, found.into_iter().collect()).await?.pop();
    found.ok_or(ServiceError::NotFound)
}

/// Without the mail of people whose data is restricted. Nobody has read whose it is, so that its
/// head is read here, where anybody is restricted at all.
async fn without_hidden(
    services: &Services,
    actor: &Actor,
    entries: Vec<Entry>,
) -> Result<Vec<Entry>> {
    let (store, id) = (services.store(), actor.organization_id);
    let hidden = person_marks::blinds_hidden_from(store, id, actor.membership_id).await?;
    if hidden.is_empty() {
        return Ok(entries);
    }
    let key = keys::of_organization(store, id).await?;
    let mut seen = Vec::with_capacity(entries.len());
    for entry in entries {
        let stored = match entry.message_id {
            Some(message) => raw::find(store, id, message).await?,
            None => None,
        };
        let is_hidden = match stored {
            Some(stored) => {
                let head = stored.read(store, services.blobs(), 0..stored.size().min(HEAD)).await?;
                let senders = addresses_in(&head, SENDERS);
                senders.iter().any(|address| hidden.contains(&address_blind(&key, address)))
            }
            None => false,
        };
        if !is_hidden {
            seen.push(entry);
        }
    }
    Ok(seen)
}

/// The mail as it came in.
pub async fn original(services: &Services, actor: &Actor, id: LedgerId) -> Result<Vec<u8>> {
    let entry = reach(services, actor, id).await?;
    let store = services.store();
    let message_id = entry.message_id.ok_or(ServiceError::NotFound)?;
    let found =
        raw::find(store, actor.organization_id, message_id).await?.ok_or(ServiceError::NotFound)?;
    let (action, kind) = (Action::ReadQuarantined, ObjectKind::QuarantinedMessage);
    access::record(services, actor, action, kind, id.0, entry.channel_id).await?;
    Ok(found.read_all(store, services.blobs()).await?)
}

/// Tries to process it again.
pub async fn retry(services: &Services, actor: &Actor, id: LedgerId) -> Result<()> {
    let entry = reach(services, actor, id).await?;
    let mailbox = mailboxes::find(services.store(), actor.organization_id, entry.channel_id)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let target = Target {
        organization_id: actor.organization_id,
        channel_id: entry.channel_id,
        own_addresses: vec![mailbox.address.to_lowercase()],
    };
    if entry.message_id.is_none() {
        return fetch_again(services, &mailbox, &entry).await;
    }
    intake::retry(services, &target, actor.organization_id, id).await?;
    Ok(())
}

/// A mail that was never stored is fetched again by the mailbox's reader.
async fn fetch_again(services: &Services, mailbox: &Mailbox, entry: &Entry) -> Result<()> {
    let store = services.store();
    let (organization_id, channel_id) = (mailbox.organization_id, mailbox.channel_id);
    let key = keys::of_channel(store, organization_id, channel_id).await?;
    let folders = folders::list(store, &key, organization_id, channel_id).await?;
    let folder = folders.iter().find(|folder| folder.id == entry.folder_id);
    let folder = folder.ok_or(ServiceError::NotFound)?;
    if folder.name == import::FOLDER {
        return Err(ServiceError::conflict(
            "import_again",
            "This mail came from a file and was too large. Raise limits.mail_mb and import the file again.",
        ));
    }
    if folder.uid_validity != entry.uid_validity {
        return Err(ServiceError::conflict(
            "renumbered",
            "The mail server has numbered this folder anew since; everything in it was read again.",
        ));
    }
    let tx = store.begin().await?;
    ledger::want(&tx, organization_id, entry.id).await?;
    tx.event(NewEvent::channel(organization_id, EventKind::MailboxChanged, channel_id));
    tx.commit().await?;
    services.ports().wake.wake(channel_id);
    Ok(())
}
