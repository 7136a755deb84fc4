//! The objects of all backups of one destination: each is there once, under the random name that
//! it has in the store, and never changes.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use futures::TryStreamExt as _;

use super::{BackupError, BlobEntry, Destination, Manifest, files};
use crate::blob::{BlobError, BlobName, BlobStore};

/// The pool's folder in the destination.
const FOLDER: &str = "blobs";

/// What became of the objects of a backup.
#[derive(Debug, Default)]
pub struct Taken {
    /// All that the backup has.
    pub blobs: Vec<BlobEntry>,
    /// How many of them were copied now.
    pub copied: u64,
    /// How many had gone before they could be copied: their mail was being deleted.
    pub gone: u64,
}

/// The objects beside the backups.
#[derive(Debug, Clone)]
pub struct Pool {
    store: BlobStore,
    known: HashMap<String, BlobEntry>,
}

impl Pool {
    /// Opens the pool of a destination, and reads in its backups what the objects should be.
    pub fn open(destination: &Destination) -> Result<Self, BackupError> {
        let folder = destination.root().join(FOLDER);
        files::make_folder(&folder)?;
        let store = BlobStore::open_folder(&folder)?;
        let mut known = HashMap::new();
        for found in destination.list()? {
            // One that cannot be read is told of by `verify`; its objects are copied again.
            if let Ok((manifest, _)) = Manifest::read(&found.path) {
                known.extend(manifest.blobs.into_iter().map(|blob| (blob.name.clone(), blob)));
            }
        }
        Ok(Self { store, known })
    }

    /// Opens the pool that the backup in `folder` belongs to, to read.
    pub fn of_backup(folder: &Path) -> Result<Option<Self>, BackupError> {
        let root = folder.parent().unwrap_or(Path::new("..")).join(FOLDER);
        if !root.is_dir() {
            return Ok(None);
        }
        Ok(Some(Self { store: BlobStore::open_folder(&root)?, known: HashMap::new() }))
    }

    /// Copies what the pool lacks.
    pub async fn take(&self, from: &BlobStore, names: &[String]) -> Result<Taken, BackupError> {
        let mut taken = Taken::default();
        for name in names {
            let object: BlobName = name.parse()?;
            if let Some(known) = self.known.get(name)
                && self.store.exists(&object).await?
            {
                taken.blobs.push(known.clone());
                continue;
            }
            let body = match from.read(&object).await {
                Ok(body) => body,
                Err(BlobError::Missing(_)) => {
                    taken.gone += 1;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            taken.blobs.push(BlobEntry {
                name: name.clone(),
                size: body.len() as u64,
                sha256: files::digest_of(&body),
            });
            self.store.put(&object, body).await?;
            taken.copied += 1;
        }
        Ok(taken)
    }

    /// Reads an object and compares it with what it should be.
    pub async fn read(&self, blob: &BlobEntry) -> Result<bytes::Bytes, BackupError> {
        let object: BlobName = blob.name.parse()?;
        let body = self.store.read(&object).await?;
        if body.len() as u64 == blob.size && files::digest_of(&body) == blob.sha256 {
            Ok(body)
        } else {
            let path = Path::new(FOLDER).join(&blob.name);
            Err(BackupError::altered(&path, "its checksum does not fit"))
        }
    }

    /// Removes what no backup of the destination names. Nothing when one of them cannot be read:
    /// it may name anything. Returns how many went.
    pub async fn prune(&self, destination: &Destination) -> Result<u64, BackupError> {
        let mut named = HashSet::new();
        for found in destination.list()? {
            let Ok((manifest, _)) = Manifest::read(&found.path) else {
                tracing::warn!(
                    backup.name = found.name,
                    "objects are kept because a backup's manifest cannot be read"
                );
                return Ok(0);
            };
            named.extend(manifest.blobs.into_iter().map(|blob| blob.name));
        }
        let mut objects = self.store.list();
        let mut removed = 0;
        while let Some(object) = objects.try_next().await? {
            if !named.contains(object.name.as_str()) {
                self.store.delete(&object.name).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}
