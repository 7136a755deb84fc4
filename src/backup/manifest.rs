//! What is in a backup, signed.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{BackupError, Kind, files};
use crate::crypto::{PublicKey, Signer};

/// The newest format that this build reads.
pub const FORMAT: u32 = 1;

/// The manifest's file.
pub(super) const MANIFEST: &str = "manifest.json";
/// Its signature's file.
pub(super) const SIGNATURE: &str = "manifest.sig";

const LABEL: &str = "backup.manifest.1";

/// Which database a backup came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseKind {
    /// Files.
    Sqlite,
    /// A dump.
    Postgres,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name in the backup's folder.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, in hexadecimal digits.
    pub sha256: String,
}

impl FileEntry {
    /// Every file that is in the folder, by name.
    pub fn of_folder(folder: &Path) -> Result<Vec<Self>, BackupError> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(BackupError::at(folder))? {
            let entry = entry.map_err(BackupError::at(folder))?;
            let (size, sha256) = files::digest(&entry.path())?;
            entries.push(Self {
                name: entry.file_name().to_string_lossy().into_owned(),
                size,
                sha256,
            });
        }
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }
}

/// An object that belongs to a backup, in the destination's pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobEntry {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// What is in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of manifest and folder.
    pub format: u32,
    /// What was backed up.
    pub kind: Kind,
    /// The version of Loket that made it.
    pub loket: String,
    /// How many migrations the data had seen; 0 in a backup of the keyring, which has its own.
    pub schema: u32,
    /// The id that database and keyring of one server share.
    pub pairing: String,
    /// Which database it came from.
    pub database: DatabaseKind,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// The number of the last entry of the forget-list by then.
    pub last_forgotten: u64,
    /// The files.
    pub files: Vec<FileEntry>,
    /// The objects.
    #[serde(default)]
    pub blobs: Vec<BlobEntry>,
}

/// Who signed a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The key's id.
    pub signing_key_id: Uuid,
    /// Its public key, in hexadecimal digits. Says nothing by itself: the keyring tells whether
    /// it is the server's.
    pub public_key: String,
    /// Ed25519, in hexadecimal digits.
    pub signature: String,
    #[serde(skip)]
    signed: Vec<u8>,
}

impl Seal {
    /// Whether the manifest is as this key has signed it.
    #[must_use]
    pub fn verify(&self, key: &PublicKey) -> bool {
        hex::decode(&self.signature)
            .is_ok_and(|signature| key.verify(LABEL, &self.signed, &signature))
    }

    /// The key that the seal itself names.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(&self.public_key, &mut bytes).ok()?;
        Some(PublicKey(bytes))
    }
}

impl Manifest {
    /// Writes and signs it.
    pub fn write(&self, folder: &Path, signer: &Signer) -> Result<(), BackupError> {
        let path = folder.join(MANIFEST);
        let invalid = |error: serde_json::Error| BackupError::at(&path)(error.into());
        let bytes = serde_json::to_vec_pretty(self).map_err(invalid)?;
        let seal = Seal {
            signing_key_id: signer.key_id(),
            public_key: hex::encode(signer.public_key().0),
            signature: hex::encode(signer.sign(LABEL, &bytes)),
            signed: Vec::new(),
        };
        files::write(&path, &bytes)?;
        let seal = serde_json::to_vec_pretty(&seal).map_err(invalid)?;
        files::write(&folder.join(SIGNATURE), &seal)
    }

    /// Reads it. Whoever believes it asks [`Seal::verify`] first.
    pub fn read(folder: &Path) -> Result<(Self, Seal), BackupError> {
        let path = folder.join(MANIFEST);
        let signed = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(BackupError::NotABackup { path: folder.to_owned() });
            }
            Err(error) => return Err(BackupError::at(&path)(error)),
        };
        let format: Format = serde_json::from_slice(&signed)
            .map_err(|_| BackupError::altered(&path, "it is not JSON"))?;
        if format.format > FORMAT {
            return Err(BackupError::Newer { path });
        }
        let manifest = serde_json::from_slice(&signed)
            .map_err(|_| BackupError::altered(&path, "it is no manifest"))?;
        let path = folder.join(SIGNATURE);
        let seal = std::fs::read(&path).map_err(BackupError::at(&path))?;
        let seal: Seal = serde_json::from_slice(&seal)
            .map_err(|_| BackupError::altered(&path, "it is no signature"))?;
        Ok((manifest, Seal { signed, ..seal }))
    }

    /// Where it is, for what is told about it.
    #[must_use]
    pub fn path(folder: &Path) -> std::path::PathBuf {
        folder.join(MANIFEST)
    }
}

#[derive(Deserialize)]
struct Format {
    format: u32,
}
