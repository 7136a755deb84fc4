//! Is a backup as it was made?

use std::path::Path;

use super::{BackupError, Kind, Manifest, Pool, Seal, files};

/// A backup whose files and objects are as its manifest says. Whether the manifest is the
/// server's is for its [`Seal`] and the keyring to tell.
#[derive(Debug)]
pub struct Verified {
    /// What is in it.
    pub manifest: Manifest,
    /// Who signed.
    pub seal: Seal,
}

/// Reads everything, and compares it with the manifest.
pub async fn verify(folder: &Path, wanted: Kind) -> Result<Verified, BackupError> {
    let (manifest, seal) = Manifest::read(folder)?;
    // What was altered together with its checksum fails here or, with the key, at the keyring.
    if !seal.public_key().is_some_and(|key| seal.verify(&key)) {
        return Err(BackupError::altered(&Manifest::path(folder), "its signature does not fit"));
    }
    if manifest.kind != wanted {
        return Err(BackupError::OtherKind {
            path: folder.to_owned(),
            found: manifest.kind.as_str(),
            wanted: wanted.as_str(),
        });
    }
    for file in &manifest.files {
        let path = folder.join(&file.name);
        if Path::new(&file.name).components().count() != 1 {
            return Err(BackupError::altered(&path, "it is outside the backup"));
        }
        let checked = path.clone();
        let (size, sha256) =
            tokio::task::spawn_blocking(move || files::digest(&checked))
                .await
                .map_err(|error| BackupError::at(&path)(std::io::Error::other(error)))??;
        if size != file.size {
            return Err(BackupError::altered(&path, "its size does not fit"));
        }
        if sha256 != file.sha256 {
            return Err(BackupError::altered(&path, "its checksum does not fit"));
        }
    }
    if !manifest.blobs.is_empty() {
        let pool = Pool::of_backup(folder)?.ok_or_else(|| {
            BackupError::altered(folder, "the folder blobs, which lies beside it, is missing")
        })?;
        for blob in &manifest.blobs {
            pool.read(blob).await?;
        }
    }
    Ok(Verified { manifest, seal })
}
