//! Reads mails back in the order of the index, in bounded batches.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use bytes::Bytes;
use chrono::DateTime;
use sha2::{Digest, Sha256};

use super::files::Kind;
use super::index::{Entry, Index, unreadable};
use super::{ImportError, labels, mbox};
use crate::service::intake::Incoming;

/// Mails and bytes in one batch; memory holds two batches.
const BATCH_MAILS: usize = 200;
const BATCH_BYTES: u64 = 6 << 20;

/// Which bytes end a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Those of the file.
    AsItIs,
    /// CR LF, as IMAP hands mail out.
    Crlf,
}

/// A batch.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) mails: Vec<Incoming>,
    /// Left out, with the reason.
    pub(super) skipped: Vec<(i64, &'static str)>,
}

/// Reads one batch after the other.
#[derive(Debug)]
pub(super) struct Reader {
    index: Index,
    form: Form,
    /// A larger mail is not read.
    max_bytes: u64,
    at: usize,
    /// The file that was read last: an mbox is opened once.
    open: Option<(u32, File)>,
}

impl Reader {
    pub(super) fn new(index: Index, form: Form, max_bytes: u64) -> Self {
        Self { index, form, max_bytes, at: 0, open: None }
    }

    /// The next batch; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Read>, ImportError> {
        let mut read = Read::default();
        let mut bytes = 0;
        while read.mails.len() + read.skipped.len() < BATCH_MAILS
            && bytes < BATCH_BYTES
            && let Some(entry) = self.index.mails.get(self.at).copied()
        {
            self.at += 1;
            if entry.length > self.max_bytes {
                read.skipped.push((self.place(entry), "too_large"));
                continue;
            }
            bytes += entry.length;
            let raw = self.mail(entry)?;
            if let Some(reason) = labels::unwanted(&raw) {
                read.skipped.push((uid(&[&raw]), reason));
                continue;
            }
            let received_at = DateTime::from_timestamp_millis(entry.at);
            read.mails.push(Incoming { uid: uid(&[&raw]), raw, received_at, is_history: true });
        }
        Ok((!read.mails.is_empty() || !read.skipped.is_empty()).then_some(read))
    }

    fn mail(&mut self, entry: Entry) -> Result<Bytes, ImportError> {
        let Some(source) = self.index.sources.get(entry.source as usize) else {
            return Ok(Bytes::new());
        };
        let file = match self.open.take() {
            Some((number, file)) if number == entry.source => file,
            _ => File::open(&source.path).map_err(|error| unreadable(&source.path, error))?,
        };
        let mut raw = vec![0; usize::try_from(entry.length).unwrap_or(usize::MAX)];
        match file.read_exact_at(&mut raw, entry.start) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(ImportError::Changed(source.path.clone()));
            }
            Err(error) => return Err(unreadable(&source.path, error)),
        }
        if source.kind == Kind::Mbox {
            raw = mbox::unescape(&raw);
        }
        self.open = Some((entry.source, file));
        Ok(match self.form {
            Form::AsItIs => raw.into(),
            Form::Crlf => crlf(raw).into(),
        })
    }

    /// Stands for a mail that is not read, by where it is.
    fn place(&self, entry: Entry) -> i64 {
        let path = self.index.sources.get(entry.source as usize).map(|source| &source.path);
        let path = path.map(|path| path.as_os_str().as_encoded_bytes()).unwrap_or_default();
        uid(&[path, &entry.start.to_be_bytes(), &entry.length.to_be_bytes()])
    }
}

/// The first 63 bits of the SHA-256, so that it fits a database's integer.
fn uid(parts: &[&[u8]]) -> i64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let hash: [u8; 32] = hash.finalize().into();
    i64::from_be_bytes(hash.first_chunk::<8>().copied().unwrap_or_default()) & i64::MAX
}

/// Puts a CR before each LF that has none.
fn crlf(raw: Vec<u8>) -> Vec<u8> {
    let bare = memchr::memchr_iter(b'\n', &raw)
        .filter(|at| *at == 0 || raw.get(at - 1) != Some(&b'\r'))
        .count();
    if bare == 0 {
        return raw;
    }
    let mut out = Vec::with_capacity(raw.len() + bare);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(text) if !text.ends_with(b"\r") => {
                out.extend_from_slice(text);
                out.extend_from_slice(b"\r\n");
            }
            _ => out.extend_from_slice(line),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_those_of_the_wire() {
        assert_eq!(crlf(b"a\nb\r\n\nc".to_vec()), b"a\r\nb\r\n\r\nc");
        assert_eq!(crlf(b"a\r\nb\rc".to_vec()), b"a\r\nb\rc");
    }
}
