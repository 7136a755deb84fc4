//! The forget-list in a file, a line of JSON for each entry. It is only ever appended to.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rustix::fs::FlockOperation;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{BackupError, files};
use crate::crypto::{ForgetEntry, ForgetKind};

/// As much of the end is looked at first; an entry may be longer.
const TAIL: u64 = 64 * 1024;

/// A file that keeps the forget-list.
#[derive(Debug, Clone)]
pub struct ForgetFile {
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Line {
    number: u64,
    at: i64,
    kind: i32,
    ids: String,
    signing_key_id: Uuid,
    signature: String,
}

impl ForgetFile {
    /// The file `path`; touches nothing.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything in it; nothing when there is no such file. Signatures are the keyring's to
    /// verify.
    pub fn read(&self) -> Result<Option<Vec<ForgetEntry>>, BackupError> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(BackupError::at(&self.path)(error)),
        };
        let mut entries = Vec::new();
        let mut lines = BufReader::new(file);
        let mut line = Vec::new();
        loop {
            line.clear();
            lines.read_until(b'\n', &mut line).map_err(BackupError::at(&self.path))?;
            // An append that was broken off: its entry is in the databases, and comes again.
            let Some(whole) = line.strip_suffix(b"\n") else { return Ok(Some(entries)) };
            let number = entries.len() as u64 + 1;
            let entry = parse(whole);
            let entry =
                entry.ok_or_else(|| BackupError::ForgetList { path: self.path.clone(), number })?;
            entries.push(entry);
        }
    }

    /// The last whole entry.
    pub fn last(&self) -> Result<Option<ForgetEntry>, BackupError> {
        match File::open(&self.path) {
            Ok(mut file) => Ok(self.tail(&mut file)?.1),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(BackupError::at(&self.path)(error)),
        }
    }

    /// Appends those of `entries` that the file lacks; they last when this returns. The file is
    /// made if it is not there.
    pub fn append(&self, entries: &[ForgetEntry]) -> Result<(), BackupError> {
        let at = || BackupError::at(&self.path);
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let is_new = !self.path.exists();
        if is_new {
            files::make_folder(folder)?;
        }
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut file = options.open(&self.path).map_err(at())?;
        rustix::fs::flock(&file, FlockOperation::LockExclusive)
            .map_err(|error| at()(error.into()))?;
        let (end, last) = self.tail(&mut file)?;
        let last = last.map_or(0, |entry| entry.number);
        let new = entries.iter().filter(|entry| entry.number > last);
        let text: Vec<u8> = new.flat_map(print).collect();
        file.set_len(end).map_err(at())?;
        file.seek(SeekFrom::Start(end)).map_err(at())?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(at())?;
        if is_new { files::sync_folder(folder) } else { Ok(()) }
    }

    /// Where the last whole line ends, and that line.
    fn tail(&self, file: &mut File) -> Result<(u64, Option<ForgetEntry>), BackupError> {
        let at = || BackupError::at(&self.path);
        let size = file.metadata().map_err(at())?.len();
        let mut length = TAIL.min(size);
        loop {
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(size - length)).map_err(at())?;
            Read::by_ref(file).take(length).read_to_end(&mut bytes).map_err(at())?;
            let whole = memchr::memrchr(b'\n', &bytes).map(|end| bytes.get(..end).unwrap_or(&[]));
            let begin = whole.and_then(|whole| memchr::memrchr(b'\n', whole));
            match (whole, begin) {
                (None, _) if length == size => return Ok((0, None)),
                (Some(whole), begin) if begin.is_some() || length == size => {
                    let line = whole.get(begin.map_or(0, |begin| begin + 1)..).unwrap_or(&[]);
                    let entry = parse(line).ok_or_else(|| {
                        BackupError::altered(
                            &self.path,
                            "its last line is no entry of a forget-list",
                        )
                    })?;
                    return Ok((size - length + whole.len() as u64 + 1, Some(entry)));
                }
                _ => length = (length * 4).min(size),
            }
        }
    }
}

fn print(entry: &ForgetEntry) -> Vec<u8> {
    let line = Line {
        number: entry.number,
        at: entry.at.timestamp_millis(),
        kind: entry.kind.number(),
        ids: hex::encode(entry.id_bytes()),
        signing_key_id: entry.signing_key_id,
        signature: hex::encode(&entry.signature),
    };
    // Numbers and digits: nothing in it can fail.
    let mut text = serde_json::to_vec(&line).unwrap_or_default();
    text.push(b'\n');
    text
}

fn parse(line: &[u8]) -> Option<ForgetEntry> {
    let line: Line = serde_json::from_slice(line).ok()?;
    let ids = hex::decode(&line.ids).ok()?;
    let (ids, rest) = ids.as_chunks::<16>();
    rest.is_empty().then_some(())?;
    Some(ForgetEntry {
        number: line.number,
        at: DateTime::<Utc>::from_timestamp_millis(line.at)?,
        kind: ForgetKind::from_number(line.kind)?,
        ids: ids.iter().map(|id| Uuid::from_bytes(*id)).collect(),
        signing_key_id: line.signing_key_id,
        signature: hex::decode(&line.signature).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u64, ids: usize) -> ForgetEntry {
        ForgetEntry {
            number,
            at: DateTime::from_timestamp_millis(1_700_000_000_000).unwrap(),
            kind: ForgetKind::Keys,
            ids: vec![Uuid::from_u128(number.into()); ids],
            signing_key_id: Uuid::from_u128(7),
            signature: vec![9; 64],
        }
    }

    #[test]
    fn what_is_appended_is_there_once_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let file = ForgetFile::new(folder.path().join("made/forget-list"));
        assert_eq!((file.read().unwrap(), file.last().unwrap()), (None, None));
        // The second is longer than what is looked at first.
        let all = [entry(1, 1), entry(2, 9_000), entry(3, 2)];
        file.append(&all[..2]).unwrap();
        assert_eq!(file.last().unwrap().as_ref(), Some(&all[1]));
        file.append(&all).unwrap();
        assert_eq!(file.read().unwrap().unwrap(), all);
    }

    #[test]
    fn an_append_that_was_broken_off_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = ForgetFile::new(folder.path().join("forget-list"));
        file.append(&[entry(1, 1)]).unwrap();
        let whole = std::fs::read(file.path()).unwrap();
        for torn in [&b"{\"number\":2,"[..], &whole[..whole.len() - 1]] {
            std::fs::write(file.path(), [&whole, torn].concat()).unwrap();
            assert_eq!(file.read().unwrap().unwrap(), [entry(1, 1)]);
            file.append(&[entry(1, 1), entry(2, 1)]).unwrap();
            assert_eq!(file.read().unwrap().unwrap(), [entry(1, 1), entry(2, 1)]);
        }
        std::fs::write(file.path(), b"hello\n").unwrap();
        assert!(file.read().is_err() && file.last().is_err() && file.append(&[]).is_err());
    }
}
