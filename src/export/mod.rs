//! ZIPs that never lie anywhere in the clear.
//!
//! In order: a [`Packer`] writes entries into a ZIP that it never looks back into, so that what is
//! written can go at once; [`PART`] bytes at a time are taken out of it, sealed ([`seal_part`]) and put
//! into the object store under a name that says nothing ([`part_name`]). [`open_part`] opens them in the same
//! order for whoever downloads. Memory holds a part and the ZIP's own directory (some hundred
//! bytes for each entry), and the disk sealed parts only.
//!
//! Each part is a blob (see [`crate::blob`]) that is bound to the export and to its number: parts that
//! are swapped, doubled or taken from another export do not open. How many parts there are, and
//! how many bytes, is sealed in the export's row.
//!
//! - [`names`]: names of entries that are safe on any system.
//!
//! To extend: another kind of export is a use case (`service::parcels`), not a change here.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::blob::{self, BlobError, BlobName, SealedBlob};
use crate::crypto::OpenKey;

pub mod names;
mod packer;

pub use packer::{PackError, Packer};

/// Bytes of the ZIP that are sealed together: 64 frames of a blob.
pub const PART: usize = 8 * 1024 * 1024;

/// The name of a part in the object store. Whoever knows the row knows the names of all its parts,
/// also of those that a process wrote which died.
pub fn part_name(base: &str, number: u32) -> Result<BlobName, BlobError> {
    let digest = Sha256::digest(format!("{base}.{number}").as_bytes());
    let name = digest.iter().take(16).fold(String::with_capacity(32), |mut name, byte| {
        // Writing to a string does not fail.
        let _ = write!(name, "{byte:02x}");
        name
    });
    name.parse()
}

/// What a part is bound to, beside its key.
fn part_row(export: Uuid, number: u32) -> Uuid {
    let digest = Sha256::new()
        .chain_update(b"loket export part 1\0")
        .chain_update(export.as_bytes())
        .chain_update(number.to_be_bytes())
        .finalize();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    Uuid::from_bytes(bytes)
}

/// Seals a part: the length of its table (4 bytes), its table, its frames. Work for a core.
pub fn seal_part(
    key: &OpenKey,
    export: Uuid,
    number: u32,
    bytes: &[u8],
) -> Result<Vec<u8>, BlobError> {
    let SealedBlob { table, body, .. } = blob::seal_blob(key, part_row(export, number), bytes)?;
    let length = u32::try_from(table.len()).map_err(|_| BlobError::Damaged("its table is long"))?;
    let mut part = Vec::with_capacity(4 + table.len() + body.len());
    part.extend_from_slice(&length.to_be_bytes());
    part.extend_from_slice(&table);
    part.extend_from_slice(&body);
    Ok(part)
}

/// Opens what [`seal_part`] sealed for the same export and number. Work for a core.
pub fn open_part(
    key: &OpenKey,
    export: Uuid,
    number: u32,
    stored: &[u8],
) -> Result<Vec<u8>, BlobError> {
    let cut = || BlobError::Damaged("a part is cut short");
    let (length, rest) = stored.split_first_chunk::<4>().ok_or_else(cut)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| cut())?;
    let (table, body) = rest.split_at_checked(length).ok_or_else(cut)?;
    blob::open_blob(key, part_row(export, number), table, body)
}
