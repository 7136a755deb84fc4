//! Where every mail is and when it was sent.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::files::{self, Kind, Source};
use super::mbox::{self, DateHeader, Lines};
use super::{ImportError, Progress, Tell};

/// Of a mail's head this much is searched for its date.
const HEAD: u64 = 256 << 10;

/// How often it is told how many mails were found.
const TELL_EVERY: usize = 500;

/// A mail in a file: 32 bytes, since there may be very many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Milliseconds; the Date header's, or else the file's.
    pub(super) at: i64,
    /// Which of the files.
    pub(super) source: u32,
    pub(super) start: u64,
    pub(super) length: u64,
}

/// The mails, oldest first.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) sources: Vec<Source>,
    pub(super) mails: Vec<Entry>,
}

/// Goes through everything once.
pub(super) fn build(path: &Path, tell: &Tell) -> Result<Index, ImportError> {
    let sources = files::list(path)?;
    let mut mails = Vec::new();
    for (number, source) in (0_u32..).zip(&sources) {
        let before = mails.len();
        find(source, number, &mut mails, tell).map_err(|error| unreadable(&source.path, error))?;
        if before / TELL_EVERY != mails.len() / TELL_EVERY {
            tell(Progress::Found(mails.len() as u64));
        }
    }
    mails.sort_unstable();
    Ok(Index { sources, mails })
}

pub(super) fn unreadable(path: &Path, source: io::Error) -> ImportError {
    ImportError::Unreadable { path: PathBuf::from(path), source }
}

fn find(source: &Source, number: u32, mails: &mut Vec<Entry>, tell: &Tell) -> io::Result<()> {
    let file = File::open(&source.path)?;
    let metadata = file.metadata()?;
    let written: Option<DateTime<Utc>> = metadata.modified().ok().map(DateTime::from);
    let millis =
        |date: Option<DateTime<Utc>>| date.or(written).map_or(0, |date| date.timestamp_millis());
    match source.kind {
        Kind::Mail => {
            let at = millis(date(io::Read::take(file, HEAD))?);
            mails.push(Entry { at, source: number, start: 0, length: metadata.len() });
        }
        Kind::Mbox => mbox::scan(BufReader::with_capacity(1 << 20, file), |found| {
            let (start, length) = (found.start, found.end - found.start);
            mails.push(Entry { at: millis(found.date), source: number, start, length });
            if mails.len().is_multiple_of(TELL_EVERY) {
                tell(Progress::Found(mails.len() as u64));
            }
        })?,
    }
    Ok(())
}

fn date(head: impl io::Read) -> io::Result<Option<DateTime<Utc>>> {
    let mut lines = Lines::new(BufReader::new(head));
    let mut date = DateHeader::default();
    while let Some(line) = lines.next()? {
        date.take(&line.head);
        if date.is_over() {
            break;
        }
    }
    Ok(date.date())
}
