//! Writes a file of blocks: what is not sealed yet is in memory, and wiped.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use tantivy::directory::{AntiCallToken, TerminatingWrite};
use zeroize::{Zeroize as _, Zeroizing};

use super::{BLOCK, MAGIC, SEALED, Secret, block_aad, file_key, new_salt, pad};
use crate::crypto::frame;

/// A file that is being written.
pub(super) struct SealedWriter {
    file: File,
    key: Secret,
    /// Less than a block. Room for a whole one was made, so that it is never moved.
    pending: Zeroizing<Vec<u8>>,
    sealed: Vec<u8>,
    number: u64,
}

impl SealedWriter {
    pub(super) fn new(mut file: File, index: &Secret, path: &Path) -> io::Result<Self> {
        let salt = new_salt();
        file.write_all(MAGIC)?;
        file.write_all(&salt)?;
        Ok(Self {
            file,
            key: file_key(index, &salt, path)?,
            pending: Zeroizing::new(Vec::with_capacity(BLOCK)),
            sealed: Vec::with_capacity(SEALED),
            number: 0,
        })
    }

    fn put(&mut self, is_last: bool) -> io::Result<()> {
        self.sealed.clear();
        let aad = block_aad(self.number, is_last);
        frame::seal(&self.key, &aad, &self.pending, &mut self.sealed);
        self.file.write_all(&self.sealed)?;
        self.pending.as_mut_slice().zeroize();
        self.pending.clear();
        self.number += 1;
        Ok(())
    }
}

impl Write for SealedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let room = BLOCK - self.pending.len();
        let taken = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        self.pending.extend_from_slice(taken);
        if self.pending.len() == BLOCK {
            self.put(false)?;
        }
        Ok(taken.len())
    }

    /// What fills no block waits: only whole blocks and the last one are written.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for SealedWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        pad(&mut self.pending, BLOCK);
        self.put(true)?;
        crate::crash::point();
        self.file.sync_data()?;
        crate::crash::point();
        Ok(())
    }
}
