//! Raw mail and attachments as encrypted objects.
//!
//! In order: [`seal_blob`] cuts the bytes into frames of 128 KiB, compresses each by itself (zstd,
//! or not at all where that does not help) and seals it; the lengths of the sealed frames go into
//! a table that is sealed too. The row keeps the table; the body goes into the row (small) or into
//! a [`BlobStore`] under a random name, written and synced *before* the row commits.
//! [`open_range`] reads only the frames that a range touches.
//!
//! ```text
//! body  = frame, frame, …     frame = nonce (12) | ciphertext of (mode (1) | payload) | tag (16)
//! table = sealed value of: format (1) | blob id (16) | size (8) | frame size (4) | lengths (4 each)
//! ```
//! Every frame is bound to its key, its row, the id that was drawn for this sealing, its number,
//! whether it is the last, and the whole size: frames that are cut off, swapped, doubled, or taken
//! from another blob (or from an older sealing of the same one) do not open. What a frame
//! decompresses to is known before, so a decompression bomb stops at 128 KiB.
//!
//! Sealing and opening are CPU work: for large mail, call them on a blocking thread.
//!
//! To extend: a new format of frames gets a new format number in the table (`table.rs`); old ones
//! keep opening.

mod frame;
mod store;
mod table;

#[cfg(test)]
mod tests;

use std::ops::Range;

use uuid::Uuid;

use crate::crypto::{CryptoError, OpenKey};

pub use self::store::{BlobMeta, BlobName, BlobStore, S3Settings};
pub use self::table::BlobTable;

/// Raw bytes per frame. Large enough to compress well, small enough to read a part cheaply.
pub const FRAME: u32 = 128 * 1024;

/// Why a blob could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The table or a frame does not open.
    #[error("the blob does not open")]
    Sealed(#[from] CryptoError),
    /// The table or a frame opens, and contradicts itself or the body's length.
    #[error("the blob is damaged: {0}")]
    Damaged(&'static str),
    /// The range is not inside the blob.
    #[error("bytes {}..{} are not inside a blob of {size} bytes", range.start, range.end)]
    Range {
        /// What was asked for.
        range: Range<u64>,
        /// The blob's size.
        size: u64,
    },
    /// No such object.
    #[error("blob {0} is not in the store")]
    Missing(BlobName),
    /// The text is not the name of a blob.
    #[error("that is not the name of a blob")]
    Name,
    /// The store's folder or service.
    #[error("the blob store failed")]
    Store(#[source] object_store::Error),
    /// The caller's reader.
    #[error("the blob's bytes could not be read")]
    Read(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A blob ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedBlob {
    /// The sealed offset table: kept in the row.
    pub table: Vec<u8>,
    /// The sealed frames, one after another.
    pub body: Vec<u8>,
    /// The size of the bytes that were sealed.
    pub size: u64,
}

/// Seals `data` for the row `row`.
pub fn seal_blob(key: &OpenKey, row: Uuid, data: &[u8]) -> Result<SealedBlob, BlobError> {
    let size = u64::try_from(data.len()).map_err(|_| BlobError::Damaged("too large"))?;
    let mut table = BlobTable::new(key, row, size);
    let mut body = Vec::new();
    for (number, raw) in data.chunks(FRAME as usize).enumerate() {
        let start = body.len();
        frame::seal(&table, number, raw, &mut body)?;
        table.push(body.len().saturating_sub(start))?;
    }
    body.shrink_to_fit();
    Ok(SealedBlob { table: table.seal(key), body, size })
}

/// Opens a whole blob whose body is at hand.
pub fn open_blob(
    key: &OpenKey,
    row: Uuid,
    table: &[u8],
    body: &[u8],
) -> Result<Vec<u8>, BlobError> {
    let table = BlobTable::open(key, row, table)?;
    if u64::try_from(body.len()) != Ok(table.stored_size()) {
        return Err(BlobError::Damaged("its body has another length than its table says"));
    }
    let all = 0..table.size();
    table.open_stored(body, &all)
}

/// Opens the bytes `range` of a blob. `read` is given ranges of the body, in order, a frame each.
pub fn open_range<B, E>(
    key: &OpenKey,
    row: Uuid,
    table: &[u8],
    mut read: impl FnMut(Range<u64>) -> Result<B, E>,
    range: Range<u64>,
) -> Result<Vec<u8>, BlobError>
where
    B: AsRef<[u8]>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let table = BlobTable::open(key, row, table)?;
    let mut out = Vec::new();
    for part in table.windows(&range, 1)? {
        let stored =
            read(table.stored_range(&part)?).map_err(|error| BlobError::Read(error.into()))?;
        out.append(&mut table.open_stored(stored.as_ref(), &part)?);
    }
    Ok(out)
}
