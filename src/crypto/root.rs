//! The root key: one small file that everything hangs on, and the folder that keeps it.
//!
//! ```text
//! loket-root-key 1
//! key <64 hexadecimal digits>
//! checksum <16 hexadecimal digits>
//! ```
//! The checksum (of the key, by SHA-256) tells a mistyped or cut copy from a wrong key.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::KeyError;
use super::random;
use super::suite::Secret;

const TITLE: &str = "loket-root-key 1";
/// Permission bits that give group or others anything.
const OTHERS: u32 = 0o077;

/// Reads the root key; nothing when there is no such file.
pub(crate) fn find(path: &Path) -> Result<Option<Secret>, KeyError> {
    match fs::metadata(path) {
        Ok(_) => {}
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(KeyError::Io { path: path.into(), source }),
    }
    check_private(path, 0o600)?;
    let text = fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|source| KeyError::Io { path: path.into(), source })?;
    parse(&text).map(Some).map_err(|problem| KeyError::RootKeyFile { path: path.into(), problem })
}

/// Draws a root key and writes it, synced, in a folder that only the owner can enter. If another
/// process was faster, its key is the one.
pub(crate) fn find_or_create(path: &Path) -> Result<Secret, KeyError> {
    if let Some(key) = find(path)? {
        return Ok(key);
    }
    let folder = folder_of(path);
    private_folder(&folder)?;
    let key = random::secret();
    // A process that dies here leaves a stray file, never half a root key.
    let mut unique = [0; 8];
    random::random_bytes(&mut unique);
    let temporary = folder.join(format!(".root-key-{}", hex::encode(unique)));
    let written = write_synced(&temporary, &print(&key))
        .and_then(|()| fs::hard_link(&temporary, path).or_else(exists_is_fine))
        .and_then(|()| fs::remove_file(&temporary))
        .and_then(|()| File::open(&folder)?.sync_all());
    written.map_err(|source| KeyError::Io { path: path.into(), source })?;
    find(path)?.ok_or_else(|| KeyError::RootKeyMissing { path: path.into() })
}

/// The file that a new root key is written to before the keyring belongs to it.
pub(crate) fn next_path(path: &Path) -> PathBuf {
    beside(path, ".next")
}

/// The file that keeps the root key from before.
pub(crate) fn previous_path(path: &Path) -> PathBuf {
    beside(path, ".previous")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Writes a root key beside the one in use, synced. One that an earlier try left opens nothing.
pub(crate) fn write_next(path: &Path, key: &Secret) -> Result<(), KeyError> {
    let next = next_path(path);
    let written = remove_if_there(&next)
        .and_then(|()| write_synced(&next, &print(key)))
        .and_then(|()| File::open(folder_of(path))?.sync_all());
    written.map_err(|source| KeyError::Io { path: next, source })
}

/// The new root key takes the place of the old one, which is kept beside it. Done again, it goes on
/// where it was broken off.
pub(crate) fn promote(path: &Path) -> Result<(), KeyError> {
    let (next, previous) = (next_path(path), previous_path(path));
    let renamed = match fs::rename(path, previous) {
        // The first rename had been done.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    };
    crate::crash::point();
    let done = renamed
        .and_then(|()| fs::rename(&next, path))
        .and_then(|()| File::open(folder_of(path))?.sync_all());
    done.map_err(|source| KeyError::Io { path: path.into(), source })
}

/// The root key of a keyring that is in use: `belongs` tells by the keyring's check value. A
/// rotation that was broken off after the keyring was committed is completed; one that was broken
/// off before leaves nothing.
pub(crate) fn settle(path: &Path, belongs: impl Fn(&Secret) -> bool) -> Result<Secret, KeyError> {
    let found = find(path)?;
    if let Some(key) = found.as_ref().filter(|key| belongs(key)) {
        return Ok(key.clone());
    }
    if let Some(key) = find(&next_path(path))?.filter(|key| belongs(key)) {
        promote(path)?;
        return Ok(key);
    }
    let previous = previous_path(path);
    if find(&previous)?.is_some_and(|key| belongs(&key)) {
        return Err(KeyError::PreviousRootKey { path: path.into(), previous });
    }
    Err(match found {
        Some(_) => KeyError::WrongRootKey { path: path.into() },
        None => KeyError::RootKeyMissing { path: path.into() },
    })
}

fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn exists_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == ErrorKind::AlreadyExists { Ok(()) } else { Err(error) }
}

/// Makes `folder` with mode 0700 if it is not there, and refuses one that others can enter.
pub(crate) fn private_folder(folder: &Path) -> Result<(), KeyError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| KeyError::Io { path: folder.into(), source })?;
    check_private(folder, 0o700)
}

/// Makes `file` with mode 0600 if it is not there, and refuses one that others can read.
pub(crate) fn private_file(file: &Path) -> Result<(), KeyError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    match made {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => check_private(file, 0o600),
        Err(source) => Err(KeyError::Io { path: file.into(), source }),
    }
}

/// Refuses what group or others can touch.
pub(crate) fn check_private(path: &Path, wanted: u32) -> Result<(), KeyError> {
    let mode =
        fs::metadata(path).map_err(|source| KeyError::Io { path: path.into(), source })?.mode()
            & 0o7777;
    if mode & OTHERS == 0 {
        Ok(())
    } else {
        Err(KeyError::Permissions { path: path.into(), mode, wanted })
    }
}

/// The folder that a file lies in.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.into(),
        _ => PathBuf::from("."),
    }
}

fn write_synced(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn checksum(key: &[u8; 32]) -> String {
    let mut digest =
        hex::encode(Sha256::new().chain_update("loket root key").chain_update(key).finalize());
    digest.truncate(16);
    digest
}

/// The file's text.
fn print(key: &Secret) -> Zeroizing<String> {
    let digits = Zeroizing::new(hex::encode(key.as_slice()));
    Zeroizing::new(format!("{TITLE}\nkey {}\nchecksum {}\n", *digits, checksum(key)))
}

fn parse(text: &str) -> Result<Secret, &'static str> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    match lines.next() {
        Some(TITLE) => {}
        Some(title) if title.starts_with("loket-root-key ") => {
            return Err("it has a newer format: upgrade Loket");
        }
        _ => return Err("it is not a root key file"),
    }
    let digits = lines.next().and_then(|line| line.strip_prefix("key "));
    let expected = lines.next().and_then(|line| line.strip_prefix("checksum "));
    let (Some(digits), Some(expected)) = (digits, expected) else {
        return Err("it is cut short");
    };
    let mut key = Zeroizing::new([0; 32]);
    hex::decode_to_slice(digits.trim(), key.as_mut_slice())
        .map_err(|_| "its key is not 64 hexadecimal digits")?;
    if checksum(&key) != expected.trim().to_ascii_lowercase() {
        return Err("its checksum does not match: the copy is damaged");
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_key_reads_back_and_a_damaged_copy_is_told_apart() {
        let key = random::secret();
        let text = print(&key);
        assert_eq!(*parse(&text).unwrap(), *key);
        let (head, tail) = text.split_once("\nkey ").unwrap();
        let flipped = if tail.starts_with('0') { '1' } else { '0' };
        let damaged: String =
            format!("{head}\nkey {flipped}{}", tail.chars().skip(1).collect::<String>());
        assert!(parse(&damaged).unwrap_err().contains("checksum"));
        assert!(parse("loket-root-key 2\n").unwrap_err().contains("newer"));
        assert!(parse("hello").unwrap_err().contains("not a root key"));
        assert!(parse("loket-root-key 1\nkey 00").unwrap_err().contains("cut short"));
    }
}
