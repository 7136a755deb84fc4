//! Where sealed bodies lie: files in a folder, or objects in an S3-compatible service.

use std::fmt;
use std::ops::Range;
use std::path::Path as FilePath;
use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::stream::{BoxStream, StreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload};
use secrecy::{ExposeSecret as _, SecretString};

use super::{BlobError, BlobTable};
use crate::crypto::random_bytes;

/// Frames that are fetched at once: 2 MiB of mail.
const WINDOW: u64 = 16;

/// A blob's name: 32 hexadecimal digits that say nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName(String);

impl BlobName {
    /// A fresh name.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0; 16];
        random_bytes(&mut bytes);
        Self(hex::encode(bytes))
    }

    /// As it is stored in the row.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn path(&self) -> Path {
        let folder: String = self.0.chars().take(2).collect();
        Path::from(format!("{folder}/{}", self.0))
    }
}

impl FromStr for BlobName {
    type Err = BlobError;

    fn from_str(text: &str) -> Result<Self, BlobError> {
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == 32 && text.bytes().all(digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BlobError::Name)
        }
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An object in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobMeta {
    /// Its name.
    pub name: BlobName,
    /// Its stored size in bytes.
    pub size: u64,
    /// When it was written.
    pub modified: DateTime<Utc>,
}

/// An S3-compatible service.
#[derive(Debug, Clone)]
pub struct S3Settings {
    /// The bucket.
    pub bucket: String,
    /// The region; services other than AWS take any.
    pub region: Option<String>,
    /// The service's URL; nothing means AWS.
    pub endpoint: Option<String>,
    /// Whose key.
    pub access_key_id: String,
    /// The key.
    pub secret_access_key: SecretString,
}

/// The place of sealed bodies. Cheap to clone.
#[derive(Debug, Clone)]
pub struct BlobStore(Arc<dyn ObjectStore>);

impl BlobStore {
    /// Files under `folder` (made if it is not there), in folders of two digits. A write returns
    /// when the file and its folder are synced.
    pub fn open_folder(folder: &FilePath) -> Result<Self, BlobError> {
        std::fs::create_dir_all(folder).map_err(|source| {
            BlobError::Store(object_store::Error::Generic {
                store: "LocalFileSystem",
                source: source.into(),
            })
        })?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(BlobError::Store)?;
        Ok(Self(Arc::new(store.with_fsync(true))))
    }

    /// Objects in a bucket.
    pub fn open_s3(settings: &S3Settings) -> Result<Self, BlobError> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(settings.region.as_deref().unwrap_or("us-east-1"))
            .with_access_key_id(&settings.access_key_id)
            .with_secret_access_key(settings.secret_access_key.expose_secret());
        if let Some(endpoint) = &settings.endpoint {
            // Bodies are sealed; plain http is for services on the same machine.
            builder =
                builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http:"));
        }
        Ok(Self(Arc::new(builder.build().map_err(BlobError::Store)?)))
    }

    /// Writes a body. It lasts when this returns.
    pub async fn put(
        &self,
        name: &BlobName,
        body: impl Into<Bytes> + Send,
    ) -> Result<(), BlobError> {
        let payload = PutPayload::from_bytes(body.into());
        self.0.put(&name.path(), payload).await.map_err(|error| failed(name, error))?;
        crate::crash::point();
        Ok(())
    }

    /// Reads a part of a body.
    pub async fn get_range(&self, name: &BlobName, range: Range<u64>) -> Result<Bytes, BlobError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let wanted = range.end.saturating_sub(range.start);
        let found =
            self.0.get_range(&name.path(), range).await.map_err(|error| failed(name, error))?;
        if u64::try_from(found.len()) == Ok(wanted) {
            Ok(found)
        } else {
            Err(BlobError::Damaged("its body is cut short"))
        }
    }

    /// Reads a whole body, as it is stored.
    pub async fn read(&self, name: &BlobName) -> Result<Bytes, BlobError> {
        let found = self.0.get(&name.path()).await.map_err(|error| failed(name, error))?;
        found.bytes().await.map_err(|error| failed(name, error))
    }

    /// Opens the bytes `range` of a blob, a few frames at a time.
    pub async fn open_range(
        &self,
        name: &BlobName,
        table: &BlobTable,
        range: Range<u64>,
    ) -> Result<Vec<u8>, BlobError> {
        let mut out = Vec::new();
        for part in table.windows(&range, WINDOW)? {
            let stored = self.get_range(name, table.stored_range(&part)?).await?;
            out.append(&mut table.open_stored(&stored, &part)?);
        }
        Ok(out)
    }

    /// Removes a body. One that is gone already is fine.
    pub async fn delete(&self, name: &BlobName) -> Result<(), BlobError> {
        match self.0.delete(&name.path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => crate::crash::point(),
            Err(error) => return Err(failed(name, error)),
        }
        Ok(())
    }

    /// Whether there is such a body.
    pub async fn exists(&self, name: &BlobName) -> Result<bool, BlobError> {
        match self.0.head(&name.path()).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(failed(name, error)),
        }
    }

    /// Whether the store answers: asks for a body that nobody has.
    pub async fn check(&self) -> Result<(), BlobError> {
        self.exists(&BlobName::random()).await.map(drop)
    }

    /// Everything in the store, in no order; what is not a blob is passed over.
    #[must_use]
    pub fn list(&self) -> BoxStream<'static, Result<BlobMeta, BlobError>> {
        self.0
            .list(None)
            .filter_map(|found| async {
                match found {
                    Ok(meta) => {
                        meta.location.filename().and_then(|name| name.parse().ok()).map(|name| {
                            Ok(BlobMeta { name, size: meta.size, modified: meta.last_modified })
                        })
                    }
                    Err(error) => Some(Err(BlobError::Store(error))),
                }
            })
            .boxed()
    }
}

fn failed(name: &BlobName, error: object_store::Error) -> BlobError {
    match error {
        object_store::Error::NotFound { .. } => BlobError::Missing(name.clone()),
        other => BlobError::Store(other),
    }
}
