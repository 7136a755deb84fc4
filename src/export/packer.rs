//! A ZIP that is written from front to end. What is finished is taken out as it comes.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

/// Measured for text it takes a third of the time of the default and packs nearly as well.
const LEVEL: i64 = 1;

/// Why a ZIP could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The path leads elsewhere, or nowhere.
    #[error("that is no path of an entry")]
    Name,
    /// The format does not take it: an entry of that name is there already.
    #[error("the ZIP cannot be written")]
    Zip(#[from] zip::result::ZipError),
    /// An entry's bytes.
    #[error("an entry cannot be written")]
    Write(#[from] io::Error),
}

/// Bytes that wait to be taken.
#[derive(Debug, Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a ZIP. Its work is for a core: call it on a blocking thread.
pub struct Packer {
    zip: ZipWriter<StreamWriter<Sink>>,
    sink: Sink,
    at: zip::DateTime,
}

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packer").finish_non_exhaustive()
    }
}

impl Packer {
    /// An empty ZIP whose entries are all dated `at`.
    #[must_use]
    pub fn new(at: DateTime<Utc>) -> Self {
        let sink = Sink::default();
        let part = |number: u32| u8::try_from(number).unwrap_or(0);
        let year = u16::try_from(at.year()).unwrap_or(1980);
        let date = zip::DateTime::from_date_and_time(
            year,
            part(at.month()),
            part(at.day()),
            part(at.hour()),
            part(at.minute()),
            part(at.second()),
        );
        Self { zip: ZipWriter::new_stream(sink.clone()), sink, at: date.unwrap_or_default() }
    }

    /// Begins an entry; what is written next is in it. One that does not get smaller is stored as
    /// it is.
    pub fn begin(&mut self, path: &str, compress: bool) -> Result<(), PackError> {
        let is_path = !path.is_empty()
            && path.len() <= 1_000
            && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !is_path {
            return Err(PackError::Name);
        }
        let options = SimpleFileOptions::default()
            .last_modified_time(self.at)
            .unix_permissions(0o600)
            // Its size is not known before: also an entry over 4 GiB is whole.
            .large_file(true);
        let options = if compress {
            options.compression_method(CompressionMethod::Deflated).compression_level(Some(LEVEL))
        } else {
            options.compression_method(CompressionMethod::Stored)
        };
        Ok(self.zip.start_file(path, options)?)
    }

    /// Goes on with the entry.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), PackError> {
        Ok(self.zip.write_all(bytes)?)
    }

    /// Takes out `size` bytes, if so many are finished.
    #[must_use]
    pub fn take(&mut self, size: usize) -> Option<Vec<u8>> {
        let mut held = self.sink.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() < size {
            return None;
        }
        let rest = held.split_off(size);
        Some(std::mem::replace(&mut *held, rest))
    }

    /// Takes out all that is finished.
    #[must_use]
    pub fn take_all(&mut self) -> Vec<u8> {
        std::mem::take(&mut *self.sink.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes the directory, and hands out all that was not taken.
    pub fn finish(self) -> Result<Vec<u8>, PackError> {
        let Self { zip, sink, .. } = self;
        drop(zip.finish()?);
        let mut held = sink.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::take(&mut *held))
    }
}
