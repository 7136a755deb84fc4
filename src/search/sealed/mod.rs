//! A [`tantivy::Directory`] whose files are sealed.
//!
//! Tantivy writes a file once, from its first byte to its last, and reads ranges of it; two small
//! files (`meta.json`, `.managed.json`) it replaces as a whole. So there are two kinds of file:
//!
//! - [`writer`] and [`reader`]: a file of blocks. Each block is sealed by itself under a key of the
//!   file's own, with its number and whether it is the last: none can be moved, left out or
//!   added, and a file that was cut off does not open. A range is read by opening its blocks, which
//!   stay for a while in the bounded [`cache`].
//! - [`whole`]: a file that is replaced, with a number that grows with every replacement: an
//!   index that somebody put back as it once was is noticed by who remembers the number.
//!
//! Nothing is ever written to disk in the clear, temporary files and those of merges among them, for they
//! are files of this directory like all others.
//!
//! # A file of blocks
//! ```text
//! "LKSB" | version (1) | salt (16) | block | block | … | last block
//! block: nonce (12) | ciphertext (16 KiB) | tag (16)
//! ```
//! The last block is filled up with a byte 0x80 and zeros, so that a file's size tells its content's only to the
//! block. What is replaced as a whole is filled up in steps of 4 KiB.
//!
//! The file's key is derived from the index's key, the salt and the file's name. A block's associated data
//! is its number (8, big endian) and one byte that is 1 for the last.

mod cache;
mod directory;
mod reader;
#[cfg(test)]
mod tests;
mod whole;
mod writer;

use std::io;
use std::path::Path;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::crypto::random_bytes;

pub use cache::BlockCache;
pub use directory::SealedDirectory;

/// What a file of blocks starts with.
const MAGIC: &[u8; 5] = b"LKSB\x01";

/// Tells files apart, so that each has a key of its own.
type Salt = [u8; 16];

/// Bytes before the first block.
const HEADER: usize = MAGIC.len() + size_of::<Salt>();

/// Bytes in a block.
const BLOCK: usize = 16 * 1024;

/// Where the content of a file ends.
const PADDING: u8 = 0x80;

/// Bytes of a block on disk.
const SEALED: usize = BLOCK + crate::crypto::frame::OVERHEAD;

type Secret = Zeroizing<[u8; 32]>;

/// Tells opened blocks of one file from those of others, whatever they are called.
type Tag = [u8; 16];

/// The key of one file.
fn file_key(index: &Secret, salt: &Salt, path: &Path) -> io::Result<Secret> {
    derive(index, salt, path, b"loket search file 1\0")
}

/// What its blocks are kept under once they are opened. It says nothing of the key.
fn file_tag(index: &Secret, salt: &Salt, path: &Path) -> io::Result<Tag> {
    let whole = derive(index, salt, path, b"loket search tag 1\0")?;
    Ok(whole.first_chunk().copied().unwrap_or_default())
}

fn derive(index: &Secret, salt: &Salt, path: &Path, label: &[u8]) -> io::Result<Secret> {
    let mut key = Zeroizing::new([0; 32]);
    let info = [label, salt, path.as_os_str().as_encoded_bytes()];
    Hkdf::<Sha256>::from_prk(index.as_slice())
        .map_err(|_| ())
        .and_then(|hkdf| hkdf.expand_multi_info(&info, key.as_mut_slice()).map_err(|_| ()))
        .map_err(|()| io::Error::other("no key can be derived for a file of the index"))?;
    Ok(key)
}

/// What a block is bound to.
fn block_aad(number: u64, is_last: bool) -> [u8; 9] {
    let mut aad = [u8::from(is_last); 9];
    for (to, from) in aad.iter_mut().zip(number.to_be_bytes()) {
        *to = from;
    }
    aad
}

/// Fills up to a multiple of `step`, by one byte at the least.
fn pad(content: &mut Vec<u8>, step: usize) {
    content.push(PADDING);
    content.resize(content.len().next_multiple_of(step), 0);
}

/// How long a content was before it was filled up.
fn unpadded(content: &[u8]) -> Option<usize> {
    let end = content.iter().rposition(|byte| *byte != 0)?;
    (content.get(end) == Some(&PADDING)).then_some(end)
}

fn new_salt() -> Salt {
    let mut salt = [0; size_of::<Salt>()];
    random_bytes(&mut salt);
    salt
}

/// A file that is not what was written: cut off, changed, or of another index.
fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
