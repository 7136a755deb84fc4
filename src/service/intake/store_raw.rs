//! Step 2: nothing is lost from here on.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{Batch, Context, Incoming, Report, Stored};
use crate::blob::{SealedBlob, seal_blob};
use crate::crypto::{BlindDomain, KeyKind, OpenKey};
use crate::domain::ids::{LedgerId, MessageId};
use crate::domain::words::{EventKind, LedgerState};
use crate::service::{Result, ServiceError, Services};
use crate::store::events::NewEvent;
use crate::store::{StoreError, channels, folders, ledger, raw};

/// Why a mail is quarantined without having been stored.
const QUARANTINED: &[&str] = &["too_large", "unreadable"];

/// A mail that is new, and what it was given.
struct Fresh {
    mail: Incoming,
    content_blind: Vec<u8>,
    message_id: MessageId,
    key: OpenKey,
}

/// Stores raw mail, ledger lines and the cursor; returns what is to be understood.
pub(super) async fn store(
    services: &Services,
    context: &Context,
    batch: Batch,
) -> Result<(Vec<Stored>, Report)> {
    let store = services.store();
    let target = &context.target;
    let Batch { folder, mails, missing, skipped, cursor } = batch;
    let uids: Vec<i64> = mails
        .iter()
        .map(|mail| mail.uid)
        .chain(missing.iter().copied())
        .chain(skipped.iter().map(|(uid, _)| *uid))
        .collect();
    let known =
        ledger::known_uids(store, target.organization_id, folder.id, cursor.uid_validity, &uids)
            .await?;
    let line = |uid: i64, state: LedgerState, reason: Option<&str>| ledger::Entry {
        organization_id: target.organization_id,
        id: LedgerId(store.new_id()),
        channel_id: target.channel_id,
        folder_id: folder.id,
        uid_validity: cursor.uid_validity,
        uid,
        state,
        reason: reason.map(str::to_owned),
        message_id: None,
        content_blind: None,
        id_blind: None,
        attempts: 0,
        is_history: false,
        received_at: None,
        seen_at: store.now(),
    };
    let mut lines = Vec::new();
    let unknown = |uid: &i64| !known.contains(uid);
    for uid in missing.iter().filter(|uid| unknown(uid)) {
        lines.push(line(*uid, LedgerState::Missing, Some("not_handed_out")));
    }
    let mut report = Report { skipped: lines.len() as u64, ..Report::default() };
    for (uid, reason) in skipped.iter().filter(|(uid, _)| unknown(uid)) {
        // What cannot be had is for an admin to see; what is left out on purpose is not.
        if QUARANTINED.contains(reason) {
            lines.push(line(*uid, LedgerState::Quarantined, Some(reason)));
            report.quarantined += 1;
        } else {
            lines.push(line(*uid, LedgerState::Skipped, Some(reason)));
            report.skipped += 1;
        }
    }
    let mails: Vec<Incoming> = mails.into_iter().filter(|mail| unknown(&mail.uid)).collect();

    let blinds = content_blinds(&mails, &context.channel_key).await?;
    let had =
        ledger::known_contents(store, target.organization_id, target.channel_id, &blinds).await?;
    let (new, again) = split(mails, blinds, &had);
    for (uid, blind) in again {
        let mut entry = line(uid, LedgerState::Duplicate, Some("same_content"));
        entry.message_id = had.get(&blind).and_then(|(_, message_id)| *message_id);
        entry.content_blind = Some(blind);
        lines.push(entry);
        report.duplicate += 1;
    }
    let fresh = give_keys(services, context, new).await?;
    let (fresh, sealed) = seal(fresh).await?;
    let mut raws = Vec::with_capacity(fresh.len());
    for (item, blob) in fresh.iter().zip(sealed) {
        raws.push(raw::place(services.blobs(), item.message_id, &item.key, blob).await?);
    }
    let mut stored = Vec::with_capacity(fresh.len());
    for item in fresh {
        let mut entry = line(item.mail.uid, LedgerState::Pending, None);
        entry.message_id = Some(item.message_id);
        entry.content_blind = Some(item.content_blind);
        entry.is_history = item.mail.is_history;
        entry.received_at = item.mail.received_at;
        // Counted here, since the attempt follows at once: one commit fewer per batch.
        entry.attempts = 1;
        stored.push(Stored {
            ledger_id: entry.id,
            message_id: item.message_id,
            key: item.key,
            raw: item.mail.raw,
            received_at: item.mail.received_at,
            is_history: item.mail.is_history,
            role: folder.role,
        });
        lines.push(entry);
    }
    if lines.is_empty() && cursor == folder.cursor() {
        return Ok((stored, report));
    }
    let tx = store.begin().await?;
    channels::require_connected(&tx, target.organization_id, target.channel_id).await?;
    raw::add(&tx, target.organization_id, target.channel_id, raws).await?;
    let new: Vec<i64> = lines.iter().map(|line| line.uid).collect();
    ledger::remove_wanted(&tx, target.organization_id, folder.id, cursor.uid_validity, &new)
        .await?;
    ledger::add(&tx, &lines).await?;
    folders::set_cursor(&tx, target.organization_id, folder.id, cursor).await?;
    if report.quarantined > 0 {
        let (organization_id, kind) = (target.organization_id, EventKind::MailboxChanged);
        tx.event(NewEvent::channel(organization_id, kind, target.channel_id));
    }
    tx.commit().await?;
    Ok((stored, report))
}

/// The blind of each mail's content.
async fn content_blinds(mails: &[Incoming], key: &OpenKey) -> Result<Vec<Vec<u8>>> {
    let raws: Vec<_> = mails.iter().map(|mail| mail.raw.clone()).collect();
    let key = key.clone();
    on_cpu(move || {
        raws.par_iter()
            .map(|raw| key.blind(BlindDomain::Content, &Sha256::digest(raw)).to_vec())
            .collect()
    })
    .await
}

/// Tells new mail from mail that the mailbox has already, or twice in this batch.
type Split = (Vec<(Incoming, Vec<u8>)>, Vec<(i64, Vec<u8>)>);

fn split<V>(mails: Vec<Incoming>, blinds: Vec<Vec<u8>>, had: &HashMap<Vec<u8>, V>) -> Split {
    let mut seen = HashSet::new();
    let mut new = Vec::new();
    let mut again = Vec::new();
    for (mail, blind) in mails.into_iter().zip(blinds) {
        if had.contains_key(&blind) || !seen.insert(blind.clone()) {
            again.push((mail.uid, blind));
        } else {
            new.push((mail, blind));
        }
    }
    (new, again)
}

/// Commits a content key for each mail in the keyring, before any data names it.
async fn give_keys(
    services: &Services,
    context: &Context,
    new: Vec<(Incoming, Vec<u8>)>,
) -> Result<Vec<Fresh>> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let store = services.store();
    let ids: Vec<_> = new.iter().map(|_| store.new_id()).collect();
    let keys = store
        .keyring()
        .create_many(
            KeyKind::Content,
            &context.channel_key,
            Some(context.target.channel_id.0),
            &ids,
        )
        .await?;
    Ok(new
        .into_iter()
        .zip(keys)
        .map(|((mail, content_blind), key)| Fresh {
            mail,
            content_blind,
            message_id: MessageId(store.new_id()),
            key,
        })
        .collect())
}

async fn seal(fresh: Vec<Fresh>) -> Result<(Vec<Fresh>, Vec<SealedBlob>)> {
    on_cpu(move || {
        let sealed: Result<Vec<_>, _> = fresh
            .par_iter()
            .map(|item| seal_blob(&item.key, item.message_id.0, &item.mail.raw))
            .collect();
        Ok((fresh, sealed.map_err(StoreError::from)?))
    })
    .await?
}

/// Runs work that fills a core away from the tasks that wait for the network.
pub(super) async fn on_cpu<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(ServiceError::internal)
}
