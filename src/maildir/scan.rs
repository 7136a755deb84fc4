//! Listing and reading.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use rustix::fs::{Mode, OFlags};
use sha2::{Digest as _, Sha256};

use super::MaildirError;

/// A mail in a Maildir.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The file's name before `:2,`: the mail's identity.
    pub unique_name: String,
    /// Where it was when the folder was scanned.
    pub path: PathBuf,
    /// When the file was written, which is when the mail was delivered.
    pub modified: Option<DateTime<Utc>>,
    pub size: u64,
    /// The letters after `:2,`; `S` is "seen".
    pub flags: String,
}

impl Entry {
    /// A number for the ledger, always the same for the same unique name.
    #[must_use]
    pub fn uid(&self) -> i64 {
        uid_of(&self.unique_name)
    }

    /// Somebody has read it in a mail client.
    #[must_use]
    pub fn seen(&self) -> bool {
        self.flags.contains('S')
    }
}

/// The first 63 bits of the name's SHA-256, so that it fits a database's integer. Among ten million mails
/// the chance of any two sharing one is about 1 in 180,000, and the ledger's de-duplication by content
/// tells those apart.
#[must_use]
pub fn uid_of(unique_name: &str) -> i64 {
    let hash: [u8; 32] = Sha256::digest(unique_name.as_bytes()).into();
    let first = hash.first_chunk::<8>().copied().unwrap_or_default();
    i64::from_be_bytes(first) & i64::MAX
}

/// Lists the mails of a Maildir, oldest first (by time, then name). Blocking.
pub fn scan(maildir: &Path) -> Result<Vec<Entry>, MaildirError> {
    let mut entries = Vec::new();
    for folder in ["new", "cur"] {
        let folder = maildir.join(folder);
        let is_folder = fs::symlink_metadata(&folder).is_ok_and(|meta| meta.is_dir());
        if !is_folder {
            return Err(MaildirError::NotAMaildir);
        }
        for file in fs::read_dir(folder)? {
            entries.extend(entry(&file?)?);
        }
    }
    entries.sort_by(|a, b| (a.modified, &a.unique_name).cmp(&(b.modified, &b.unique_name)));
    // A client that moves a mail while we look makes it appear twice.
    let mut met = std::collections::HashSet::with_capacity(entries.len());
    entries.retain(|entry| met.insert(entry.unique_name.clone()));
    Ok(entries)
}

fn entry(file: &fs::DirEntry) -> Result<Option<Entry>, MaildirError> {
    let name = file.file_name();
    if name.as_bytes().starts_with(b".") {
        return Ok(None);
    }
    // Does not follow a symbolic link, so a link is not a file here.
    let meta = match file.metadata() {
        Ok(meta) => meta,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if !meta.is_file() {
        return Ok(None);
    }
    let (unique_name, flags) = parts(&name);
    Ok(Some(Entry {
        unique_name,
        path: file.path(),
        modified: meta.modified().ok().map(DateTime::from),
        size: meta.len(),
        flags,
    }))
}

/// Two names that differ only in bytes that are not text stay different: those bytes are escaped.
fn parts(name: &OsStr) -> (String, String) {
    let bytes = name.as_bytes();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.escape_ascii().to_string(),
    };
    match text.split_once(":2,") {
        Some((unique, flags)) => (unique.to_owned(), flags.to_owned()),
        None => (text, String::new()),
    }
}

/// Reads a mail of at most `max` bytes. When it is no longer where the scan saw it, it is looked for
/// under its unique name. Blocking.
pub fn read(maildir: &Path, entry: &Entry, max: u64) -> Result<Bytes, MaildirError> {
    match read_file(&entry.path, max) {
        Err(MaildirError::Missing) => {
            let moved = scan(maildir)?.into_iter().find(|e| e.unique_name == entry.unique_name);
            read_file(&moved.ok_or(MaildirError::Missing)?.path, max)
        }
        other => other,
    }
}

fn read_file(path: &Path, max: u64) -> Result<Bytes, MaildirError> {
    // NOFOLLOW: the file may have become a link since the scan; NONBLOCK: or a pipe.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(rustix::io::Errno::NOENT | rustix::io::Errno::LOOP) => {
            return Err(MaildirError::Missing);
        }
        Err(error) => return Err(io::Error::from(error).into()),
    };
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(MaildirError::Missing);
    }
    let mut raw = Vec::with_capacity(usize::try_from(meta.len().min(max)).unwrap_or(0));
    file.take(max + 1).read_to_end(&mut raw)?;
    if raw.len() as u64 > max { Err(MaildirError::TooLarge(max)) } else { Ok(raw.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maildir() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["new", "cur", "tmp"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        dir
    }

    fn snapshot(dir: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
        let mut all = Vec::new();
        for folder in ["new", "cur", "tmp"] {
            for file in fs::read_dir(dir.join(folder)).unwrap() {
                let file = file.unwrap();
                let meta = fs::symlink_metadata(file.path()).unwrap();
                all.push((file.path(), meta.modified().unwrap()));
            }
        }
        all.sort();
        all
    }

    #[test]
    fn mails_keep_their_uid_when_a_client_moves_or_flags_them() {
        let dir = maildir();
        fs::write(dir.path().join("new/1.M1P1.host"), "one").unwrap();
        fs::write(dir.path().join("cur/2.M2P2.host:2,FS"), "two").unwrap();
        let before = scan(dir.path()).unwrap();
        assert_eq!(before.len(), 2);
        let (from, to) = ("new/1.M1P1.host", "cur/1.M1P1.host:2,S");
        fs::rename(dir.path().join(from), dir.path().join(to)).unwrap();
        let after = scan(dir.path()).unwrap();
        let ids = |entries: &[Entry]| entries.iter().map(Entry::uid).collect::<Vec<_>>();
        assert_eq!(ids(&before), ids(&after));
        assert!(ids(&after).iter().all(|uid| *uid > 0) && ids(&after)[0] != ids(&after)[1]);
        assert!(after.iter().all(Entry::seen) && !before.iter().all(Entry::seen));
        // The old path is stale, the mail is found all the same.
        let moved = before.iter().find(|e| e.unique_name == "1.M1P1.host").unwrap();
        assert_eq!(read(dir.path(), moved, 100).unwrap(), "one");
    }

    #[test]
    fn reading_changes_nothing() {
        let dir = maildir();
        fs::write(dir.path().join("new/1"), "one").unwrap();
        fs::write(dir.path().join("cur/2:2,"), "two").unwrap();
        let before = snapshot(dir.path());
        for entry in scan(dir.path()).unwrap() {
            read(dir.path(), &entry, 100).unwrap();
        }
        assert_eq!(snapshot(dir.path()), before);
    }

    #[test]
    fn links_pipes_folders_and_hidden_files_are_passed_over() {
        let dir = maildir();
        let secret = dir.path().join("secret");
        fs::write(&secret, "not a mail").unwrap();
        std::os::unix::fs::symlink(&secret, dir.path().join("new/link")).unwrap();
        let pipe = dir.path().join("new/pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            Mode::RUSR | Mode::WUSR,
            0,
        )
        .unwrap();
        fs::create_dir(dir.path().join("new/folder")).unwrap();
        fs::write(dir.path().join("new/.hidden"), "x").unwrap();
        fs::write(dir.path().join("new/mail"), "x").unwrap();
        let entries = scan(dir.path()).unwrap();
        assert_eq!(entries.len(), 1);
        // Also when a mail becomes a link or a pipe between scan and read.
        for swapped in ["link", "pipe"] {
            let mut entry = entries[0].clone();
            entry.unique_name = swapped.into();
            entry.path = dir.path().join("new").join(swapped);
            assert!(matches!(read(dir.path(), &entry, 9), Err(MaildirError::Missing)), "{swapped}");
        }
    }

    #[test]
    fn a_mail_beyond_the_limit_and_a_folder_that_is_none_are_told() {
        let dir = maildir();
        fs::write(dir.path().join("new/big"), "0123456789").unwrap();
        let entry = scan(dir.path()).unwrap().remove(0);
        assert_eq!(read(dir.path(), &entry, 10).unwrap().len(), 10);
        assert!(matches!(read(dir.path(), &entry, 9), Err(MaildirError::TooLarge(9))));
        assert!(matches!(scan(&dir.path().join("tmp")), Err(MaildirError::NotAMaildir)));
    }

    #[test]
    fn names_that_are_not_text_stay_apart() {
        let of = |bytes: &[u8]| uid_of(&parts(OsStr::from_bytes(bytes)).0);
        assert_ne!(of(b"a\xff:2,S"), of(b"a\xfe:2,S"));
        assert_eq!(of(b"a\xff:2,S"), of(b"a\xff"));
    }
}
