//! Makes an export, from the beginning each time.

use super::contents;
use super::remove::remove_parts;
use super::writer::Writer;
use super::{LASTS, Parcel};
use crate::blob::BlobName;
use crate::domain::ids::{OrganizationId, ParcelId};
use crate::domain::words::{ParcelKind, ParcelState};
use crate::service::{Result, ServiceError, Services, closing, data_requests};
use crate::store::parcels;

/// After so many failures it is given up, and says so.
pub const TRIES: i32 = 4;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// It can be downloaded.
    Ready,
    /// It is wanted no more, or somebody else makes it.
    Unwanted,
    /// It failed, and will not be tried again.
    GivenUp,
}

/// Makes it; `tries` counts how often this has been tried, this time included.
pub async fn make(
    services: &Services,
    organization_id: OrganizationId,
    id: ParcelId,
    tries: i32,
) -> Result<Made> {
    let store = services.store();
    let Some(parcel) = parcels::find(store, organization_id, id).await? else {
        return Ok(Made::Unwanted);
    };
    if parcel.state != ParcelState::Preparing {
        return Ok(Made::Unwanted);
    }
    // What an attempt that broke off has left.
    remove_parts(services, &parcel).await?;
    match Box::pin(attempt(services, &parcel)).await {
        Ok(made) => Ok(made),
        // Removed while it was written, or begun anew by another process.
        Err(ServiceError::Stale) => Ok(Made::Unwanted),
        Err(error) if tries >= TRIES => {
            tracing::error!(
                parcel.id = %parcel.id,
                error = &error as &dyn std::error::Error,
                "an export failed and is given up"
            );
            let tx = store.begin().await?;
            parcels::fail(&tx, &parcel, "failed").await?;
            tx.commit().await?;
            clear(services, &parcel).await?;
            Ok(Made::GivenUp)
        }
        Err(error) => Err(error),
    }
}

async fn attempt(services: &Services, parcel: &Parcel) -> Result<Made> {
    let store = services.store();
    let key = store.keyring().get(parcel.key_id).await?;
    let name = parcel.content(&key)?.name;
    let attempt = BlobName::random().as_str().to_owned();
    let total = contents::count(services, parcel).await?;
    if !parcels::begin(store, parcel, &attempt, total).await? {
        return Ok(Made::Unwanted);
    }
    let mut writer = Writer::new(services, parcel, key.clone(), attempt.clone());
    contents::write(services, parcel, &mut writer).await?;
    let content = writer.finish(name).await?;
    let of_request = match parcel.kind {
        ParcelKind::Person => Some(data_requests::parcel::key_for(services, parcel).await?),
        ParcelKind::Organization | ParcelKind::Mailbox => None,
    };
    let tx = store.begin().await?;
    let expires_at = store.now() + LASTS;
    if !parcels::ready(&tx, parcel, &attempt, &key, &content, expires_at).await? {
        return Err(ServiceError::Stale);
    }
    if let Some(key) = of_request {
        data_requests::parcel::ready(&tx, parcel, key, expires_at).await?;
    } else if parcel.kind == ParcelKind::Organization {
        closing::exported(services, &tx, parcel).await?;
    }
    tx.commit().await?;
    tracing::info!(parcel.id = %parcel.id, parcel.bytes = content.size, "an export is ready");
    Ok(Made::Ready)
}

/// Removes the parts of the last attempt.
async fn clear(services: &Services, parcel: &Parcel) -> Result<()> {
    let now = parcels::find(services.store(), parcel.organization_id, parcel.id).await?;
    match now {
        Some(parcel) => remove_parts(services, &parcel).await,
        None => Ok(()),
    }
}
