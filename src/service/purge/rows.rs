//! Objects and rows of the channel, children before parents, in short transactions. The order:
//! messages with all that hangs on them, raw mail without a message, uploads, the ledger, tickets,
//! then the mailbox itself.

use std::time::Instant;

use super::batch::BatchSize;
use crate::service::{Result, Services};
use crate::store::purge_rows::{self, Loose, Of};
use crate::store::purges::{self, Purge};
use crate::store::{StoreError, removal};

/// Removes the next batch of anything; how many rows that were. None means that nothing is left.
pub(super) async fn next(services: &Services, purge: &Purge, size: &mut BatchSize) -> Result<u64> {
    let of = Of { organization_id: purge.organization_id, channel_id: purge.channel_id };
    for step in STEPS {
        let removed = match step {
            Step::Messages => messages(services, purge, of, size).await?,
            Step::Raws => {
                let loose = purge_rows::next_raws(services.store(), of, size.get()).await?;
                remove_loose(services, of, &loose, Step::Raws, size).await?
            }
            Step::Uploads => {
                let loose = purge_rows::next_uploads(services.store(), of, size.get()).await?;
                remove_loose(services, of, &loose, Step::Uploads, size).await?
            }
            Step::Ledger => ledger(services, of, size).await?,
            Step::Tickets => tickets(services, of, size).await?,
        };
        if removed > 0 {
            return Ok(removed);
        }
    }
    Ok(0)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Messages,
    Raws,
    Uploads,
    Ledger,
    Tickets,
}

const STEPS: [Step; 5] = [Step::Messages, Step::Raws, Step::Uploads, Step::Ledger, Step::Tickets];

async fn messages(services: &Services, purge: &Purge, of: Of, size: &mut BatchSize) -> Result<u64> {
    let store = services.store();
    let found = purge_rows::next_messages(store, of, size.get()).await?;
    if found.is_empty() {
        return Ok(0);
    }
    let (ids, keys): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let objects = removal::objects_of(store, of.organization_id, &ids).await?;
    delete_objects(services, &objects).await?;
    store.keyring().bury(&keys).await?;
    let tx = store.begin().await?;
    let begun = Instant::now();
    let removed = removal::messages(&tx, of.organization_id, &ids).await?;
    purges::add_removed(&tx, purge, i64::try_from(removed).unwrap_or(0)).await?;
    size.took(begun, ids.len());
    tx.commit().await?;
    Ok(ids.len() as u64)
}

async fn remove_loose(
    services: &Services,
    of: Of,
    loose: &[Loose],
    step: Step,
    size: &mut BatchSize,
) -> Result<u64> {
    if loose.is_empty() {
        return Ok(0);
    }
    let store = services.store();
    let objects: Vec<String> = loose.iter().filter_map(|one| one.object.clone()).collect();
    delete_objects(services, &objects).await?;
    let keys: Vec<_> = loose.iter().map(|one| one.key_id).collect();
    store.keyring().bury(&keys).await?;
    let ids: Vec<_> = loose.iter().map(|one| one.id).collect();
    let tx = store.begin().await?;
    let begun = Instant::now();
    if step == Step::Uploads {
        purge_rows::remove_uploads(&tx, of, &ids).await?;
    } else {
        purge_rows::remove_raws(&tx, of, &ids).await?;
    }
    size.took(begun, ids.len());
    tx.commit().await?;
    Ok(ids.len() as u64)
}

async fn ledger(services: &Services, of: Of, size: &mut BatchSize) -> Result<u64> {
    let tx = services.store().begin().await?;
    let begun = Instant::now();
    let removed = purge_rows::remove_ledger(&tx, of, size.get()).await?;
    size.took(begun, usize::try_from(removed).unwrap_or(usize::MAX));
    tx.commit().await?;
    Ok(removed)
}

async fn tickets(services: &Services, of: Of, size: &mut BatchSize) -> Result<u64> {
    let store = services.store();
    let found = purge_rows::next_tickets(store, of, size.get()).await?;
    if found.is_empty() {
        return Ok(0);
    }
    let (ids, keys): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    store.keyring().bury(&keys).await?;
    let tx = store.begin().await?;
    let begun = Instant::now();
    removal::tickets(&tx, of.organization_id, &ids).await?;
    size.took(begun, ids.len());
    tx.commit().await?;
    Ok(ids.len() as u64)
}

pub(in crate::service) async fn delete_objects(
    services: &Services,
    names: &[String],
) -> Result<()> {
    for name in names {
        let name = name.parse().map_err(StoreError::from)?;
        services.blobs().delete(&name).await.map_err(StoreError::from)?;
    }
    Ok(())
}
