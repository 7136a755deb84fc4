//! Files that nobody else reads and that last.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::BackupError;

/// Bytes that are read at once.
const CHUNK: usize = 256 * 1024;

/// Makes a folder for its owner alone.
pub(super) fn make_folder(path: &Path) -> Result<(), BackupError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(BackupError::at(path))
}

/// Writes a new file, for its owner alone; it lasts once its folder is synced too.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = open.map_err(BackupError::at(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(BackupError::at(path))
}

/// What others wrote for us lasts, and nobody else reads it.
pub(super) fn settle(path: &Path) -> Result<(), BackupError> {
    let file = File::open(path).map_err(BackupError::at(path))?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
        .and_then(|()| file.sync_all())
        .map_err(BackupError::at(path))
}

/// What was made, renamed or removed in the folder lasts.
pub fn sync_folder(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(BackupError::at(path))
}

/// A file's size and the SHA-256 of what is in it.
pub(super) fn digest(path: &Path) -> Result<(u64, String), BackupError> {
    let mut file = File::open(path).map_err(BackupError::at(path))?;
    let (mut hash, mut size) = (Sha256::new(), 0_u64);
    let mut buffer = vec![0; CHUNK];
    loop {
        let count = file.read(&mut buffer).map_err(BackupError::at(path))?;
        if count == 0 {
            return Ok((size, hex::encode(hash.finalize())));
        }
        hash.update(buffer.get(..count).unwrap_or_default());
        size += count as u64;
    }
}

/// The SHA-256 of bytes.
pub(super) fn digest_of(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
