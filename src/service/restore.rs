//! A server that was put back, before it may serve: what is forgotten is destroyed again, nothing
//! leaves by itself, nobody is signed in.

use std::collections::HashMap;

use super::backup::Failure;
use super::{Services, outbox, post};
use crate::audit::{Action, Actor, ObjectKind};
use crate::backup::{BlobEntry, Pool};
use crate::blob::BlobName;
use crate::domain::delivery::code;
use crate::store::audit::{self, NewAuditEntry};
use crate::store::reconcile::{self, Replay, Union};
use crate::store::restored::{self, Stopped};
use crate::store::{StoreError, keys, organizations, search_indexes, settings};

/// The setting that keeps why an operator went on without a complete forget-list.
pub const OVERRIDE: &str = "restore_override";

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// What the forget-list did.
    pub replay: Replay,
    /// What was stopped.
    pub stopped: Stopped,
    /// The objects.
    pub blobs: Blobs,
}

/// The objects that rows name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Blobs {
    /// Were there.
    pub present: u64,
    /// Were put back.
    pub restored: u64,
    /// Are neither there nor in the backup.
    pub missing: u64,
}

/// Replays the forget-list, then stops what must not go on, then brings the objects of what is
/// left. `pool` has the objects of the data's backup; without one the data stayed as it was, and
/// goes on.
pub async fn finish(
    services: &Services,
    union: &Union,
    pool: Option<(&Pool, &[BlobEntry])>,
    reason: Option<&str>,
) -> Result<Done, Failure> {
    let store = services.store();
    let replay = reconcile::replay(store, services.blobs(), union).await?;
    let tx = store.begin().await?;
    // Indexes are derived: those on disk may know what the restored data does not, and the other way round.
    search_indexes::remove_all(&tx).await?;
    let stopped = restored::stop(&tx, code::INTERRUPTED, &[outbox::SEND, post::MAIL]).await?;
    tx.commit().await?;
    let blobs = blobs(services, pool).await?;
    record(services, reason).await?;
    Ok(Done { replay, stopped, blobs })
}

async fn blobs(services: &Services, pool: Option<(&Pool, &[BlobEntry])>) -> Result<Blobs, Failure> {
    let failed = |error| Failure::Backup(crate::backup::BackupError::Blob(error));
    let entries: HashMap<&str, &BlobEntry> = pool
        .map(|(_, entries)| entries.iter().map(|entry| (entry.name.as_str(), entry)).collect())
        .unwrap_or_default();
    let mut counts = Blobs::default();
    for name in restored::object_names(services.store()).await? {
        let object: BlobName = name.parse().map_err(failed)?;
        if services.blobs().exists(&object).await.map_err(failed)? {
            counts.present += 1;
        } else if let (Some((pool, _)), Some(entry)) = (pool, entries.get(name.as_str())) {
            let body = pool.read(entry).await?;
            services.blobs().put(&object, body).await.map_err(failed)?;
            counts.restored += 1;
        } else {
            counts.missing += 1;
        }
    }
    Ok(counts)
}

/// Writes into each organization's audit log that this is a restored server, and why it was
/// allowed to be one without a complete forget-list.
async fn record(services: &Services, reason: Option<&str>) -> Result<(), Failure> {
    let store = services.store();
    for organization in organizations::list(store).await? {
        let entry = |action| NewAuditEntry {
            organization_id: organization.id,
            actor: Actor::Cli,
            action,
            object_kind: ObjectKind::Organization,
            object_id: Some(organization.id.0),
            channel_id: None,
        };
        let mut entries = vec![entry(Action::Restore)];
        if let Some(reason) = reason {
            entries.push(entry(Action::OverrideForgetList));
            let key = match keys::of_organization(store, organization.id).await {
                Ok(key) => key,
                // The organization was closed, and its key is gone again.
                Err(StoreError::Key(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            let value = serde_json::json!({ "at": store.now(), "reason": reason });
            let tx = store.begin().await?;
            settings::set(&tx, &key, organization.id, OVERRIDE, &value).await?;
            tx.commit().await?;
        }
        audit::record_all(store, entries).await?;
    }
    Ok(())
}
