//! The end of an export.

use super::Parcel;
use crate::export;
use crate::service::{Result, Services};
use crate::store::{StoreError, forget, parcels};

/// Exports that are looked at together.
const BATCH: u64 = 50;

/// Removes an export: from the first step on nobody can download it. What breaks off in between is
/// found again by [`sweep`].
pub async fn remove(services: &Services, parcel: &Parcel) -> Result<()> {
    let store = services.store();
    let tx = store.begin().await?;
    parcels::expire(&tx, parcel.organization_id, &[parcel.id]).await?;
    tx.commit().await?;
    forget::destroy_keys(store, &[parcel.key_id]).await?;
    // As it is now: one that was being written may have more parts than were known.
    if let Some(parcel) = parcels::find(store, parcel.organization_id, parcel.id).await? {
        remove_parts(services, &parcel).await?;
        parcels::remove(store, &parcel).await?;
    }
    Ok(())
}

/// Removes every export whose time is over; how many they were.
pub async fn sweep(services: &Services) -> Result<u64> {
    let store = services.store();
    let mut count = 0;
    loop {
        let over = parcels::list_over(store, store.now(), BATCH).await?;
        if over.is_empty() {
            return Ok(count);
        }
        for parcel in over {
            remove(services, &parcel).await?;
            count += 1;
        }
    }
}

/// Removes the parts that may be in the object store. Those that are not there are no failure.
pub(super) async fn remove_parts(services: &Services, parcel: &Parcel) -> Result<()> {
    let Some(attempt) = &parcel.object_name else { return Ok(()) };
    for number in 0..parcel.parts {
        let name = export::part_name(attempt, number).map_err(StoreError::from)?;
        services.blobs().delete(&name).await.map_err(StoreError::from)?;
    }
    Ok(())
}
