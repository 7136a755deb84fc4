//! Clears what has served its time: ended sessions, answered requests, uploads that nobody
//! sent, mail that was left out, exports whose time is over, keys that no row names.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{Result, Services, data_requests};
use crate::store::jobs::{self, NewJob};
use crate::store::{
    StoreError, acts, forget, idempotency, ledger, notices, pairing, presence, prune, raw,
    sessions, uploads,
};

/// Uploads and keys that nothing names are kept for this long: whoever made them may be about
/// to name them.
const KEPT: TimeDelta = TimeDelta::days(1);

/// How far the sweep of keys is: a setting of the keyring.
const LOOKED_AT: &str = "prune.looked_at";

/// Mail of our own that began no ticket is kept for this long: somebody may answer it.
const SENT_KEPT: TimeDelta = TimeDelta::days(30);

/// Rows per transaction.
const BATCH: u64 = 100;

/// How much was cleared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Sessions.
    pub sessions: u64,
    /// Answers to repeated requests.
    pub answers: u64,
    /// Uploads.
    pub uploads: u64,
    /// Raw mail that was left out.
    pub left_out: u64,
    /// What named the person of a closed request.
    pub requests: u64,
    /// Exports.
    pub exports: u64,
    /// What agents did, which cannot be undone any more.
    pub acts: u64,
    /// Keys.
    pub keys: u64,
}

/// The kind of job that prunes.
pub const KIND: &str = "prune";

/// Puts the job into the queue, unless it is there.
pub async fn schedule(services: &Services) -> Result<()> {
    let tx = services.store().begin().await?;
    let job = NewJob {
        kind: KIND,
        organization_id: None,
        subject_id: None,
        payload: serde_json::json!({}),
        unique_key: Some(KIND.to_owned()),
        run_at: services.store().now(),
    };
    jobs::add_once(&tx, job).await?;
    tx.commit().await?;
    Ok(())
}

/// Clears all of it.
pub async fn run(services: &Services) -> Result<Report> {
    let store = services.store();
    // What a process that died after destroying keys left to be written down.
    forget::copy(store).await?;
    presence::sweep(store).await?;
    notices::sweep(store, store.now() - super::notices::KEPT).await?;
    Ok(Report {
        sessions: sessions::sweep(store).await?,
        answers: idempotency::sweep(store).await?,
        uploads: stale_uploads(services).await?,
        left_out: left_out(services).await?,
        requests: data_requests::forget::run(services).await?,
        exports: super::parcels::sweep(services).await?,
        acts: old_acts(services).await?,
        keys: orphan_keys(services).await?,
    })
}

async fn old_acts(services: &Services) -> Result<u64> {
    let store = services.store();
    let before = store.now() - super::acts::undo::WITHIN;
    let mut count = 0;
    loop {
        let tx = store.begin().await?;
        let removed = acts::prune(&tx, before, BATCH).await?;
        tx.commit().await?;
        count += removed;
        if removed < BATCH {
            return Ok(count);
        }
    }
}

async fn stale_uploads(services: &Services) -> Result<u64> {
    let store = services.store();
    let before = store.now() - KEPT;
    let mut count = 0;
    loop {
        let tx = store.begin().await?;
        let leftover = uploads::remove_stale(&tx, before, BATCH).await?;
        tx.commit().await?;
        let removed = u64::try_from(leftover.keys.len()).unwrap_or(u64::MAX);
        super::uploads::clear(services, leftover).await;
        count += removed;
        if removed < BATCH {
            return Ok(count);
        }
    }
}

/// Copies of our own answers, reports about mail that nobody here has sent, and our own mail
/// that nobody has answered: the key dies first, then object and row go. What breaks off between
/// is found again by the ledger's line.
async fn left_out(services: &Services) -> Result<u64> {
    let store = services.store();
    let sent_before = store.now() - SENT_KEPT;
    let mut count = 0;
    loop {
        let lines = ledger::list_left_out(store, sent_before, BATCH).await?;
        if lines.is_empty() {
            return Ok(count);
        }
        let mut keys = Vec::new();
        let mut objects = Vec::new();
        for line in &lines {
            let Some(message_id) = line.message_id else { continue };
            if let Some(found) = raw::find(store, line.organization_id, message_id).await? {
                keys.push(found.key_id());
                objects.extend(found.object_name().map(str::to_owned));
            }
        }
        forget::destroy_keys(store, &keys).await?;
        for name in &objects {
            let name = name.parse().map_err(StoreError::from)?;
            services.blobs().delete(&name).await.map_err(StoreError::from)?;
        }
        let tx = store.begin().await?;
        for line in &lines {
            if let Some(message_id) = line.message_id {
                raw::remove(&tx, line.organization_id, message_id).await?;
            }
            ledger::forget_raw(&tx, line.organization_id, line.id).await?;
        }
        tx.commit().await?;
        count += lines.len() as u64;
    }
}

/// A key is committed before the row that names it; a crash between the two leaves it alone.
/// Keys are looked at in the order in which they were made, each once, a day later.
async fn orphan_keys(services: &Services) -> Result<u64> {
    let store = services.store();
    let keyring = store.keyring();
    if !pairing::is_paired(store).await? {
        tracing::error!("keys are not swept: the keyring belongs to another database");
        return Ok(0);
    }
    let before = store.now() - KEPT;
    let mut after = keyring.find_setting(LOOKED_AT).await?.and_then(|id| id.parse().ok());
    let mut count = 0;
    loop {
        let ids = keyring.list_orphan_candidates(before, after, BATCH).await?;
        let Some(last) = ids.last().copied() else { return Ok(count) };
        let named = prune::named_keys(store, &ids).await?;
        let orphans: Vec<Uuid> = ids.into_iter().filter(|id| !named.contains(id)).collect();
        count += forget::destroy_keys(store, &orphans).await?;
        keyring.set_setting(LOOKED_AT, &last.to_string()).await?;
        after = Some(last);
    }
}
