//! What an export is written with: packs, seals and stores as it goes.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::Parcel;
use crate::blob::BlobError;
use crate::crypto::OpenKey;
use crate::export::{self, PART, PackError, Packer};
use crate::service::{Result, ServiceError, Services};
use crate::store::StoreError;
use crate::store::parcels::{self, Content};

/// Progress is told after so many steps, beside each part.
const TELL: i64 = 100;

/// Writes an export. Entries come one after the other; each path is there once.
#[derive(Debug)]
pub struct Writer<'a> {
    services: &'a Services,
    parcel: &'a Parcel,
    key: OpenKey,
    /// The attempt: what the names of its parts are made from.
    attempt: String,
    packer: Option<Box<Packer>>,
    parts: u32,
    size: u64,
    done: i64,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        services: &'a Services,
        parcel: &'a Parcel,
        key: OpenKey,
        attempt: String,
    ) -> Self {
        let packer = Some(Box::new(Packer::new(services.store().now())));
        Self { services, parcel, key, attempt, packer, parts: 0, size: 0, done: 0 }
    }

    /// When the export was begun.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.services.store().now()
    }

    /// Writes a whole entry.
    pub async fn file(&mut self, path: &str, bytes: Vec<u8>) -> Result<()> {
        let path = path.to_owned();
        self.pack(move |packer| {
            packer.begin(&path, true)?;
            packer.write(&bytes)
        })
        .await
    }

    /// Begins an entry that is written in pieces; `compress` unless it is packed already.
    pub async fn begin(&mut self, path: &str, compress: bool) -> Result<()> {
        let path = path.to_owned();
        self.pack(move |packer| packer.begin(&path, compress)).await
    }

    /// Goes on with the entry that was begun.
    pub async fn write(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.pack(move |packer| packer.write(&bytes)).await
    }

    /// A ticket more is written: what progress counts.
    pub async fn step(&mut self) -> Result<()> {
        self.done += 1;
        if self.done % TELL == 0 { self.tell(self.parts).await } else { Ok(()) }
    }

    /// Packs away from the threads that answer requests, and stores what is finished.
    async fn pack(
        &mut self,
        work: impl FnOnce(&mut Packer) -> Result<(), PackError> + Send + 'static,
    ) -> Result<()> {
        let mut packer = self.packer.take().ok_or_else(broken)?;
        let (packer, full) = blocking(move || {
            work(&mut packer)?;
            let full = packer.take(PART);
            Ok::<_, PackError>((packer, full))
        })
        .await?
        .map_err(ServiceError::internal)?;
        self.packer = Some(packer);
        let mut next = full;
        while let Some(part) = next {
            self.store(part).await?;
            next = self.packer.as_mut().and_then(|packer| packer.take(PART));
        }
        Ok(())
    }

    /// Tells how far it is. An export that was begun anew by somebody else, or is wanted no more, ends
    /// here.
    async fn tell(&self, parts: u32) -> Result<()> {
        let store = self.services.store();
        if parcels::progress(store, self.parcel, &self.attempt, parts, self.done).await? {
            Ok(())
        } else {
            Err(ServiceError::Stale)
        }
    }

    async fn store(&mut self, part: Vec<u8>) -> Result<()> {
        let number = self.parts;
        self.tell(number + 1).await?;
        self.size += part.len() as u64;
        let (key, id) = (self.key.clone(), self.parcel.id.0);
        let sealed = blocking(move || export::seal_part(&key, id, number, &part)).await?;
        let sealed = sealed.map_err(StoreError::from)?;
        let name = export::part_name(&self.attempt, number).map_err(StoreError::from)?;
        self.services.blobs().put(&name, sealed).await.map_err(StoreError::from)?;
        self.parts = number + 1;
        // Removed meanwhile: then nobody knows of this part but us.
        if let Err(error) = self.tell(self.parts).await {
            self.services.blobs().delete(&name).await.map_err(StoreError::from)?;
            return Err(error);
        }
        Ok(())
    }

    /// Writes the end; what the parts are held against.
    pub(super) async fn finish(mut self, name: String) -> Result<Content> {
        let packer = self.packer.take().ok_or_else(broken)?;
        let rest = blocking(move || packer.finish()).await?.map_err(ServiceError::internal)?;
        for part in rest.chunks(PART) {
            self.store(part.to_vec()).await?;
        }
        Ok(Content { name, size: self.size, parts: self.parts })
    }
}

fn broken() -> ServiceError {
    ServiceError::internal(std::io::Error::other("an export was written to after it had failed"))
}

/// Work for a core, away from the threads that answer requests.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(ServiceError::internal)
}

/// Opens a part that was read, away from the threads that answer requests.
pub(super) async fn open_part(
    key: OpenKey,
    parcel: uuid::Uuid,
    number: u32,
    stored: Bytes,
) -> Result<Vec<u8>, BlobError> {
    let opened =
        tokio::task::spawn_blocking(move || export::open_part(&key, parcel, number, &stored));
    opened.await.map_err(|error| BlobError::Read(error.into()))?
}
