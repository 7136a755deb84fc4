//! Hands an export out, part by part.

use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt as _};

use super::writer::open_part;
use super::{Parcel, is_there};
use crate::blob::BlobError;
use crate::domain::words::ParcelState;
use crate::export;
use crate::service::{Result, ServiceError, Services};
use crate::store::StoreError;
use crate::store::parcels::{self, Content};

/// An export on its way to who asked for it.
pub struct Opened {
    /// The name of its file.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// The bytes. A failure breaks the answer off: what arrived is shorter than was announced.
    pub bytes: BoxStream<'static, Result<Bytes, StoreError>>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("size", &self.size).finish_non_exhaustive()
    }
}

/// Opens an export for a download, and counts it. The audit entry is the caller's, before.
pub async fn open(services: &Services, parcel: &Parcel) -> Result<Opened> {
    let store = services.store();
    if !is_there(services, parcel) {
        return Err(ServiceError::NotFound);
    }
    if parcel.state != ParcelState::Ready {
        return Err(ServiceError::conflict(
            "export_not_ready",
            "This export is not ready yet, or has failed.",
        ));
    }
    let key = store.keyring().get(parcel.key_id).await?;
    let content = parcel.content(&key)?;
    // Before anything is promised: after a restore the parts are not there.
    let first = match part(services, parcel, &content, 0).await {
        Ok(first) => first,
        Err(StoreError::Blob(BlobError::Missing(_))) => return Err(lost(services, parcel).await?),
        Err(other) => return Err(other.into()),
    };
    if !parcels::downloaded(store, parcel).await? {
        return Err(ServiceError::NotFound);
    }
    let (name, size, parts) = (content.name.clone(), content.size, content.parts);
    let (services, parcel) = (services.clone(), parcel.clone());
    let rest = stream::unfold(1, move |number| {
        let (services, parcel, content) = (services.clone(), parcel.clone(), content.clone());
        async move {
            if number >= parts {
                return None;
            }
            let next = part(&services, &parcel, &content, number).await;
            if let Err(error) = &next {
                let error = error as &dyn std::error::Error;
                tracing::error!(parcel.id = %parcel.id, error, "a download broke off");
            }
            // Nothing follows a failure.
            let after = if next.is_ok() { number + 1 } else { parts };
            Some((next, after))
        }
    });
    let bytes = stream::iter([Ok(first)]).chain(rest).boxed();
    Ok(Opened { name, size, bytes })
}

/// Reads and opens a part. The key is asked for each time: an export that is removed meanwhile
/// breaks off.
async fn part(
    services: &Services,
    parcel: &Parcel,
    content: &Content,
    number: u32,
) -> Result<Bytes, StoreError> {
    let corrupt = StoreError::Corrupt { table: "parcel", what: "parts that do not fit" };
    if number >= content.parts {
        return Err(corrupt);
    }
    let Some(attempt) = &parcel.object_name else { return Err(corrupt) };
    let key = services.store().keyring().get(parcel.key_id).await?;
    let stored = services.blobs().read(&export::part_name(attempt, number)?).await?;
    let opened = open_part(key, parcel.id.0, number, stored).await?;
    let begin = u64::from(number) * export::PART as u64;
    let wanted = content.size.saturating_sub(begin).min(export::PART as u64);
    if opened.len() as u64 == wanted { Ok(opened.into()) } else { Err(corrupt) }
}

/// The row came back with a backup, which holds no exports.
async fn lost(services: &Services, parcel: &Parcel) -> Result<ServiceError> {
    let tx = services.store().begin().await?;
    parcels::fail(&tx, parcel, "lost").await?;
    tx.commit().await?;
    Ok(ServiceError::conflict(
        "export_lost",
        "The server was restored since, and backups hold no exports. Order it again.",
    ))
}
